'use client';
import type { ReactNode } from 'react';
import type { ConfusionCell } from '@/api/types.ts';
import { styleName } from '@/lib/describe.ts';
import { strings } from '@/strings/index.ts';
import type { Cell } from './admin-page.tsx';

const t = strings.admin;

interface ConfusionMatrixProps {
  readonly cells: readonly ConfusionCell[];
  readonly onOpen: (cell: Cell) => void;
}

/** Rows: what a person said; columns: what the model said. A cell opens its tracks. */
export function ConfusionMatrix({ cells, onOpen }: ConfusionMatrixProps): ReactNode {
  const rows = [...new Set(cells.map((cell) => cell.corrected))].sort();
  const columns = [...new Set(cells.map((cell) => cell.predicted))].sort((a, b) =>
    a === null ? 1 : b === null ? -1 : a.localeCompare(b),
  );
  const most = Math.max(...cells.map((cell) => cell.count));
  const countOf = (corrected: string, predicted: string | null): number =>
    cells.find((cell) => cell.corrected === corrected && cell.predicted === predicted)?.count ?? 0;

  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={t.confusion}>
      <table className="border-collapse">
        <caption className="sr-only">{t.confusion}</caption>
        <thead>
          <tr>
            <th scope="col" className="p-2 text-left text-12 font-normal text-quiet">
              {t.corner}
            </th>
            {columns.map((predicted) => (
              <th key={predicted ?? ''} scope="col" className="p-2 text-12 font-medium">
                {predictedName(predicted)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((corrected) => (
            <tr key={corrected}>
              <th scope="row" className="p-2 text-left text-12 font-medium whitespace-nowrap">
                {styleName(corrected)}
              </th>
              {columns.map((predicted) => {
                const count = countOf(corrected, predicted);
                return (
                  <td key={predicted ?? ''} className="p-0 text-center">
                    {count > 0 ? (
                      <button
                        type="button"
                        aria-label={`${count}: ${t.onlyCell(styleName(corrected), predictedName(predicted))}`}
                        onClick={() => onOpen({ corrected, predicted })}
                        className="size-11 rounded-sm tabular-nums hover:outline-2 hover:outline-accent"
                        style={{
                          background: `color-mix(in srgb, var(--accent) ${Math.round(8 + 22 * (count / most))}%, var(--paper))`,
                        }}
                      >
                        {count}
                      </button>
                    ) : (
                      <span className="text-quiet">·</span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function predictedName(predicted: string | null): string {
  return predicted === null ? t.unsureLabel : styleName(predicted);
}
