import { Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PressedChip } from '@/api/types.ts';
import { IconButton } from '@/components/ui/button.tsx';
import { strings } from '@/strings/index.ts';

const t = strings.taste.chips;

interface PressedChipsProps {
  readonly chips: readonly PressedChip[];
  readonly busy: boolean;
  readonly onTakeBack: (chip: PressedChip) => void;
}

/** What the listener asked for by pressing reasons, each with a way to take it back. */
export function PressedChips({ chips, busy, onTakeBack }: PressedChipsProps): ReactNode {
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-20">{t.title}</h2>
      <p className="text-quiet">{chips.length === 0 ? t.none : t.lead}</p>
      <ul className="flex flex-wrap gap-2">
        {chips.map((chip) => {
          const words = strings.forYou.steered[chip.action](chip.label);
          return (
            <li
              key={`${chip.kind}:${chip.name}:${chip.direction}`}
              className="inline-flex items-center rounded-full border border-line pl-4"
            >
              {words}
              <IconButton label={t.takeBack(words)} disabled={busy} onClick={() => onTakeBack(chip)}>
                <Undo2 size={16} aria-hidden />
              </IconButton>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
