'use client';
import { Menu } from '@base-ui/react/menu';
import { Ban, ChevronDown, ExternalLink, Minus, Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import type { Reason } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import { useSteer } from './use-steer.ts';

const ACTIONS = [
  { action: 'more', label: strings.forYou.more, icon: Plus },
  { action: 'less', label: strings.forYou.less, icon: Minus },
  { action: 'never', label: strings.forYou.never, icon: Ban },
] as const;

/** Why a track is here; every reason opens "more, less, never". */
export function ReasonChips({ reasons }: { reasons: readonly Reason[] }): ReactNode {
  if (reasons.length === 0) return null;
  return (
    <ul aria-label={strings.forYou.why} className="mt-1 flex flex-wrap gap-1">
      {reasons.map((reason) => (
        <li key={`${reason.kind}:${reason.label}`}>
          <ReasonChip reason={reason} />
        </li>
      ))}
    </ul>
  );
}

const ITEM =
  'flex min-h-11 w-full cursor-default items-center gap-3 rounded-sm px-3 outline-none data-highlighted:bg-hover';

function ReasonChip({ reason }: { reason: Reason }): ReactNode {
  const { steer, busy } = useSteer();
  const router = useRouter();
  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label={strings.forYou.reason(reason.label)}
        disabled={busy}
        className="inline-flex min-h-8 items-center gap-1 rounded-full border border-line bg-panel px-3 text-12 hover:border-edge data-popup-open:border-accent pointer-coarse:min-h-11"
      >
        {reason.label}
        <ChevronDown size={12} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="start" className="z-50">
          <Menu.Popup className="min-w-44 rounded-md border border-edge bg-paper p-1">
            {ACTIONS.map(({ action, label, icon: Icon }) => (
              <Menu.Item key={action} className={ITEM} onClick={() => steer(reason, action)}>
                <Icon size={16} aria-hidden />
                {label}
              </Menu.Item>
            ))}
            {reason.trackId ? (
              <Menu.Item className={ITEM} onClick={() => router.push(`/track/${reason.trackId}`)}>
                <ExternalLink size={16} aria-hidden />
                {strings.forYou.openTrack}
              </Menu.Item>
            ) : null}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
