'use client';
import { X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Button, IconButton } from '@/components/ui/button.tsx';
import { strings } from '@/strings/index.ts';

export interface Toast {
  readonly message: string;
  /** A second line that may come later, such as what a rating changed. */
  readonly detail?: string;
  readonly tone?: 'plain' | 'error';
  readonly action?: { readonly label: string; readonly run: () => void };
}

const SHOWN_FOR = 10_000;

/** Leaves after ten seconds, but never while it is pointed at or focused. */
export function ToastView({ toast, onGone }: { toast: Toast; onGone: () => void }): ReactNode {
  const [held, setHeld] = useState(false);

  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onGone, SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [held, onGone]);

  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex w-full max-w-[440px] items-center gap-2 rounded-md border border-edge bg-paper py-1 pr-1 pl-4"
    >
      <div className="min-w-0 flex-1 py-1">
        <p className={toast.tone === 'error' ? 'text-danger' : undefined}>{toast.message}</p>
        {toast.detail ? <p className="text-12 text-quiet">{toast.detail}</p> : null}
      </div>
      {toast.action ? (
        <Button
          tone="ghost"
          className="text-accent"
          onClick={() => {
            toast.action?.run();
            onGone();
          }}
        >
          {toast.action.label}
        </Button>
      ) : null}
      <IconButton label={strings.common.close} onClick={onGone}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}
