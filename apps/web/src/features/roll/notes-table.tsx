'use client';
import { useId, useState, type ReactNode } from 'react';
import type { PianoRollData } from '@/api/types.ts';
import { Disclosure } from '@/components/ui/disclosure.tsx';
import { strings } from '@/strings/index.ts';
import { partName, tabulateBars } from './summary.ts';

const BARS_SHOWN = 16;

/** The notes of the roll as a table, sixteen bars at a time; built only when opened. */
export function NotesTable({ roll, title }: { roll: PianoRollData; title: string }): ReactNode {
  return <Disclosure label={strings.roll.table}>{() => <BarTable roll={roll} title={title} />}</Disclosure>;
}

function BarTable({ roll, title }: { roll: PianoRollData; title: string }): ReactNode {
  const [from, setFrom] = useState(1);
  const selectId = useId();
  const starts = Array.from(
    { length: Math.ceil(roll.bars.length / BARS_SHOWN) },
    (_, index) => index * BARS_SHOWN + 1,
  );
  return (
    <div className="flex flex-col gap-2">
      {starts.length > 1 ? (
        <label htmlFor={selectId} className="flex items-center gap-2">
          {strings.roll.allBars}
          <select
            id={selectId}
            value={from}
            onChange={(event) => setFrom(Number(event.target.value))}
            className="min-h-11 rounded-md border border-edge bg-paper px-2"
          >
            {starts.map((start) => (
              <option key={start} value={start}>
                {strings.roll.more(start, Math.min(start + BARS_SHOWN - 1, roll.bars.length))}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={strings.roll.table}>
        <table className="w-full border-collapse text-12">
          <caption className="sr-only">{`${title}: ${strings.roll.table}`}</caption>
          <thead>
            <tr className="border-b border-line text-left">
              <th scope="col" className="p-2 font-medium">
                {strings.roll.bar}
              </th>
              {roll.tracks.map((track, index) => (
                <th key={index} scope="col" className="p-2 font-medium">
                  {partName(track, index)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tabulateBars(roll, from, from + BARS_SHOWN - 1).map((row) => (
              <tr key={row.bar} className="border-b border-line align-top">
                <th scope="row" className="p-2 text-left font-medium">
                  {row.bar}
                </th>
                {row.cells.map((cell, index) => (
                  <td key={index} className="p-2 text-quiet">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
