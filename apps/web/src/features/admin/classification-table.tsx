'use client';
import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import type { AdminClassification, ShownClassification } from '@/api/types.ts';
import { PlayButton } from '@/features/player/play-button.tsx';
import { styleName } from '@/lib/describe.ts';
import { formatPercent } from '@/lib/format.ts';
import { isSameLabel } from '@/lib/same-label.ts';
import { strings } from '@/strings/index.ts';

const { broadLabel, columns, saidBy, table, unsureLabel } = strings.admin;

interface ClassificationTableProps {
  readonly rows: readonly AdminClassification[];
  readonly chosenId: string | null;
  readonly onChoose: (trackId: string) => void;
}

export function ClassificationTable({ rows, chosenId, onChoose }: ClassificationTableProps): ReactNode {
  const queue = rows.map((row) => row.track);
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{table}</caption>
        <thead>
          <tr className="border-b border-line text-12 text-quiet">
            {[
              columns.play,
              columns.track,
              columns.label,
              columns.confidence,
              columns.others,
              columns.corrected,
            ].map((name) => (
              <th key={name} scope="col" className="p-2 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.track.id}
              aria-current={row.track.id === chosenId ? 'true' : undefined}
              className={clsx('border-b border-line', row.track.id === chosenId && 'bg-tint')}
            >
              <td className="p-1">
                <PlayButton track={row.track} queue={queue} />
              </td>
              <th scope="row" className="max-w-52 p-0 font-medium">
                <button
                  id={`admin-row-${row.track.id}`}
                  type="button"
                  onClick={() => onChoose(row.track.id)}
                  className="block min-h-11 w-full truncate px-2 text-left hover:underline"
                >
                  {row.track.title}
                </button>
              </th>
              <td className="p-2">
                {labelWords(row.classification)}
                <span className="block text-12 text-quiet">{row.classification.model}</span>
              </td>
              <td className="p-2 tabular-nums">{formatPercent(row.classification.confidence)}</td>
              <td className="p-2 text-quiet">
                {row.others
                  .filter(({ label }) => !isSameLabel(label, row.classification.label))
                  .map((other) => saidBy(labelWords(other), other.model))
                  .join(', ')}
              </td>
              <td className="p-2">
                {row.correctedLabel ? (
                  <span
                    className={
                      isSameLabel(row.correctedLabel, row.classification.label)
                        ? undefined
                        : 'font-medium text-accent'
                    }
                  >
                    {styleName(row.correctedLabel)}
                  </span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function labelWords({ label, broad }: ShownClassification): string {
  if (label !== null) return styleName(label);
  return broad ? broadLabel(styleName(broad.label).toLowerCase()) : unsureLabel;
}
