import type { ReactNode } from 'react';
import { formatPercent } from '@/lib/format.ts';

/** A named share of one as a bar with its percentage. */
export function ShareBar({
  name,
  share,
  strong = false,
}: {
  name: string;
  share: number;
  strong?: boolean;
}): ReactNode {
  return (
    <li className="grid grid-cols-[minmax(0,9rem)_1fr_56px] items-center gap-3">
      <span className={strong ? 'truncate font-medium' : 'truncate'}>{name}</span>
      <span className="h-2 overflow-hidden rounded-full bg-hover" aria-hidden>
        <span
          className={strong ? 'block h-full bg-accent' : 'block h-full bg-edge'}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      <span className="text-right tabular-nums">{formatPercent(share)}</span>
    </li>
  );
}
