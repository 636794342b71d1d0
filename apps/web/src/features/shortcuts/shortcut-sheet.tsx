'use client';
import type { ReactNode } from 'react';
import { Dialog } from '@/components/ui/dialog.tsx';
import { strings } from '@/strings/index.ts';
import { useShortcuts } from './shortcuts-provider.tsx';

const { keys, groups, title, enabled: enabledLabel, note } = strings.shortcuts;

const GROUPS: readonly (readonly [string, readonly string[][]])[] = [
  [groups.play, [keys.toggle, keys.seekBack, keys.seekForward, keys.previous, keys.next]],
  [groups.rate, [keys.stars, keys.skip, keys.notForMe, keys.moreLikeThis, keys.undo]],
  [groups.other, [keys.help]],
];

/** The list of keys, and the switch that turns them off. */
export default function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }): ReactNode {
  const { enabled, setEnabled } = useShortcuts();
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      {GROUPS.map(([group, rows]) => (
        <section key={group} className="flex flex-col gap-2">
          <h3 className="font-medium">{group}</h3>
          <dl className="grid grid-cols-[96px_1fr] gap-y-1">
            {rows.map(([key, action]) => (
              <div key={key} className="contents">
                <dt>
                  <kbd className="rounded-sm border border-line bg-panel px-2 font-mono text-12">{key}</kbd>
                </dt>
                <dd>{action}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className="text-12 text-quiet">{note}</p>
      <label className="flex min-h-11 items-center gap-3">
        <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
        {enabledLabel}
      </label>
    </Dialog>
  );
}
