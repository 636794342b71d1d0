import { clsx } from 'clsx';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { strings } from '@/strings/index.ts';

const { tabs, tabsLabel } = strings.studio;
const PLACES = { compose: '/studio', others: '/studio/others' } as const;

/** The two pages of the Studio. */
export function StudioTabs({ current }: { current: keyof typeof PLACES }): ReactNode {
  return (
    <nav aria-label={tabsLabel} className="flex gap-1 overflow-x-auto border-b border-line">
      {(['compose', 'others'] as const).map((name) => (
        <Link
          key={name}
          href={PLACES[name]}
          aria-current={name === current ? 'page' : undefined}
          className={clsx(
            'flex min-h-11 items-center border-b-2 px-4 whitespace-nowrap',
            name === current ? 'border-accent font-medium text-accent' : 'border-transparent hover:bg-hover',
          )}
        >
          {tabs[name]}
        </Link>
      ))}
    </nav>
  );
}
