'use client';
import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { Keyboard } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { IconButton } from '@/components/ui/button.tsx';
import { useShortcutSheet } from '@/features/shortcuts/player-keys.tsx';
import { strings } from '@/strings/index.ts';
import { useTRPC } from '@/trpc/context.ts';
import { ACCOUNT_ITEM, ADMIN_ITEM, MAIN_ITEMS, SEARCH_ITEM, type NavItem } from './nav-items.ts';
import { ThemeToggle } from './theme-toggle.tsx';

/** Side rail on wide screens; on phones a top bar, and the main pages in a bar under the player. */
export function Nav(): ReactNode {
  const trpc = useTRPC();
  const viewer = useQuery(trpc.viewer.me.queryOptions());
  const openSheet = useShortcutSheet();
  const extra = viewer.data?.role === 'admin' ? [ADMIN_ITEM, ACCOUNT_ITEM] : [ACCOUNT_ITEM];

  return (
    <header className="z-30 flex h-14 items-center justify-between gap-2 border-b border-line bg-paper px-4 max-md:sticky max-md:top-0 md:fixed md:inset-y-0 md:left-0 md:h-auto md:w-[208px] md:flex-col md:items-stretch md:justify-start md:border-r md:border-b-0 md:px-3 md:py-4 md:pb-[calc(var(--player-height)+16px)]">
      <Link href="/" className="flex min-h-11 items-center gap-2 text-20 font-semibold md:px-3">
        <BrandMark />
        {strings.app.name}
      </Link>
      <nav
        aria-label={strings.nav.label}
        className="max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:z-30 max-md:h-(--nav-height) max-md:border-t max-md:border-line max-md:bg-paper md:mt-4"
      >
        <ul className="flex max-md:h-full max-md:justify-around md:flex-col md:gap-1">
          {MAIN_ITEMS.map((item) => (
            <li key={item.href} className="max-md:flex-1">
              <NavLink item={item} stacked />
            </li>
          ))}
          <li className="max-md:hidden">
            <NavLink item={SEARCH_ITEM} />
          </li>
        </ul>
      </nav>
      <div className="flex items-center gap-1 md:mt-auto md:flex-col md:items-stretch">
        <span className="md:hidden">
          <NavLink item={SEARCH_ITEM} iconOnPhone />
        </span>
        {extra.map((item) => (
          <NavLink key={item.href} item={item} iconOnPhone />
        ))}
        <div className="flex items-center gap-1">
          <ThemeToggle />
          <IconButton className="max-md:hidden" label={strings.nav.shortcuts} hotkey="?" onClick={openSheet}>
            <Keyboard size={20} aria-hidden />
          </IconButton>
        </div>
      </div>
    </header>
  );
}

interface NavLinkProps {
  readonly item: NavItem;
  readonly stacked?: boolean;
  readonly iconOnPhone?: boolean;
}

function NavLink({ item, stacked = false, iconOnPhone = false }: NavLinkProps): ReactNode {
  const pathname = usePathname();
  const current = item.href === '/' ? pathname === '/' : pathname.startsWith(item.href);
  const Icon = item.icon;
  return (
    <Link
      href={item.href}
      aria-current={current ? 'page' : undefined}
      className={clsx(
        'flex min-h-11 min-w-11 items-center gap-3 rounded-md px-3 font-medium text-quiet hover:bg-hover hover:text-ink',
        'aria-[current=page]:bg-tint aria-[current=page]:text-accent',
        stacked &&
          'max-md:h-full max-md:flex-col max-md:justify-center max-md:gap-0 max-md:px-1 max-md:text-12',
        iconOnPhone && 'max-md:justify-center',
      )}
    >
      <Icon size={20} aria-hidden />
      <span className={iconOnPhone ? 'max-md:sr-only' : undefined}>{item.label}</span>
    </Link>
  );
}

/** Three notes, in three of the instrument colours. */
function BrandMark(): ReactNode {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden>
      <rect x="2" y="15" width="8" height="4" rx="1" fill="var(--instrument-1)" />
      <rect x="8" y="10" width="8" height="4" rx="1" fill="var(--instrument-2)" />
      <rect x="14" y="5" width="8" height="4" rx="1" fill="var(--instrument-3)" />
    </svg>
  );
}
