import type { ReactNode } from 'react';

interface PlainTableProps {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[];
}

/** A table that only shows; the first cell of each row is its header. */
export function PlainTable({ caption, columns, rows }: PlainTableProps): ReactNode {
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={caption}>
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-12 text-quiet">
            {columns.map((column) => (
              <th key={column} scope="col" className="p-2 font-medium whitespace-nowrap">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, cells: [first, ...rest] }) => (
            <tr key={id} className="border-b border-line">
              <th scope="row" className="p-2 font-medium">
                {first}
              </th>
              {rest.map((cell, index) => (
                <td key={index} className="p-2">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
