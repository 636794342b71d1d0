'use client';
import { RotateCcw } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import type { TasteDimension } from '@/api/types.ts';
import { Disclosure } from '@/components/ui/disclosure.tsx';
import { IconButton } from '@/components/ui/button.tsx';
import { formatSigned } from '@/lib/format.ts';
import { strings } from '@/strings/index.ts';
import { IntervalBar } from './interval-bar.tsx';
import { certaintyWords, leanWords } from './taste-words.ts';

interface DimensionRowProps {
  readonly dimension: TasteDimension;
  readonly busy: boolean;
  /** null takes the correction back. */
  readonly onCorrect: (value: number | null) => void;
}

const t = strings.taste;

/** One trait of the music: what Attune believes, how surely, why, and a slider to correct it. */
export function DimensionRow({ dimension, busy, onCorrect }: DimensionRowProps): ReactNode {
  const { lowWord, highWord, mean, low, high, certainty, corrected, evidence } = dimension;
  return (
    <li className="grid gap-x-8 gap-y-2 border-b border-line py-4 md:grid-cols-2">
      <div className="flex flex-col gap-1">
        <h3 className="text-16 font-medium">
          {leanWords(dimension, mean)}
          <span className="ml-2 text-12 font-normal text-quiet">
            {corrected ? t.corrected : certaintyWords(certainty)}
          </span>
        </h3>
        <IntervalBar mean={mean} low={low} high={high} />
        <div className="flex justify-between text-12 text-quiet">
          <span>{lowWord}</span>
          <span>{highWord}</span>
        </div>
      </div>
      <div className="flex flex-col gap-1">
        <Correction key={mean} dimension={dimension} busy={busy} onCorrect={onCorrect} />
        <Disclosure label={t.evidence}>
          {evidence.length === 0 ? <p className="text-quiet">{t.noEvidence}</p> : null}
          <ul className="flex flex-col">
            {evidence.map((item) => (
              <li key={item.trackId} className="flex items-center justify-between gap-2">
                <Link
                  href={`/track/${item.trackId}`}
                  className="flex min-h-8 items-center truncate hover:underline"
                >
                  {item.title}
                </Link>
                <span className="shrink-0 text-quiet">{strings.rating.stars(item.stars)}</span>
              </li>
            ))}
          </ul>
          <p className="text-12 text-quiet">{`${t.interval(formatSigned(low), formatSigned(high))}, ${t.scale}`}</p>
        </Disclosure>
      </div>
    </li>
  );
}

function Correction({ dimension, busy, onCorrect }: DimensionRowProps): ReactNode {
  const { lowWord, highWord, mean, corrected } = dimension;
  const [value, setValue] = useState(mean);
  const label = t.correct(lowWord, highWord);
  const commit = (): void => {
    if (value !== mean) onCorrect(value);
  };
  return (
    <div className="flex min-h-11 items-center gap-2">
      <span aria-hidden className="shrink-0 text-12 text-quiet">
        {t.correctShort}
      </span>
      <input
        type="range"
        min={-1}
        max={1}
        step={0.05}
        value={value}
        disabled={busy}
        aria-label={label}
        aria-valuetext={leanWords(dimension, value)}
        title={label}
        onChange={(event) => setValue(Number(event.target.value))}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
        className="h-6 w-full"
      />
      {corrected ? (
        <IconButton label={t.uncorrect(lowWord, highWord)} disabled={busy} onClick={() => onCorrect(null)}>
          <RotateCcw size={16} aria-hidden />
        </IconButton>
      ) : null}
    </div>
  );
}
