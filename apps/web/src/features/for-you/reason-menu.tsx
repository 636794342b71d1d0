'use client';
import { Menu } from '@base-ui/react/menu';
import { Ban, ExternalLink, Minus, Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ReactElement, ReactNode } from 'react';
import type { Reason } from '@/api/types.ts';
import { strings } from '@/strings/index.ts';
import { useSteer } from './use-steer.ts';

const ACTIONS = [
  { action: 'more', label: strings.forYou.more, icon: Plus },
  { action: 'less', label: strings.forYou.less, icon: Minus },
  { action: 'never', label: strings.forYou.never, icon: Ban },
] as const;

const ITEM =
  'flex min-h-11 w-full cursor-default items-center gap-3 rounded-sm px-3 outline-none data-highlighted:bg-hover';

interface ReasonMenuProps {
  readonly reason: Reason;
  /** The chip itself. */
  readonly trigger: ReactElement;
  readonly onOpenChange: (open: boolean) => void;
}

/** The menu behind a chip, open from the start: it is loaded when a chip is pressed first. */
export default function ReasonMenu({ reason, trigger, onOpenChange }: ReasonMenuProps): ReactNode {
  const { steer, busy } = useSteer();
  const router = useRouter();
  return (
    <Menu.Root defaultOpen onOpenChange={onOpenChange}>
      <Menu.Trigger disabled={busy} render={trigger} />
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
