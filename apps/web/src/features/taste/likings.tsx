import type { ReactNode } from 'react';
import type { TasteShare } from '@/api/types.ts';
import { styleName } from '@/lib/describe.ts';
import { certaintyWords, likingWords, scalePercent } from './taste-words.ts';

/** Styles or instruments with how much they are liked; the surest and strongest first. */
export function Likings({ title, shares }: { title: string; shares: readonly TasteShare[] }): ReactNode {
  if (shares.length === 0) return null;
  const ordered = [...shares].sort((a, b) => b.liking * b.certainty - a.liking * a.certainty);
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-20">{title}</h2>
      <ul className="flex flex-col gap-2">
        {ordered.map(({ name, liking, certainty }) => (
          <li
            key={name}
            className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)] items-center gap-3"
          >
            <span className="truncate">{styleName(name)}</span>
            <span className="relative h-2 rounded-full bg-hover" aria-hidden>
              <span
                className="absolute inset-y-0 rounded-full bg-accent"
                style={{
                  left: `${Math.min(50, scalePercent(liking))}%`,
                  width: `${Math.abs(scalePercent(liking) - 50)}%`,
                  opacity: 0.35 + 0.65 * certainty,
                }}
              />
            </span>
            <span className="truncate text-12 text-quiet">{`${likingWords(liking)}, ${certaintyWords(certainty)}`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
