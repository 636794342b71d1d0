'use client';
import { WifiOff } from 'lucide-react';
import { useSyncExternalStore, type ReactNode } from 'react';
import { strings } from '@/strings/index.ts';

function subscribe(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Says so while the browser is offline. */
export function OfflineNote(): ReactNode {
  const online = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  return (
    <div role="status">
      {online ? null : (
        <p className="mb-4 flex items-center gap-2 rounded-md border border-edge px-4 py-2">
          <WifiOff size={16} aria-hidden />
          {strings.common.offline}
        </p>
      )}
    </div>
  );
}
