'use client';
import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { strings } from '@/strings/index.ts';
import { IconButton } from './button.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
}

/** A modal built on the browser's own dialog: focus is kept inside, Escape closes, focus returns afterwards. */
export function Dialog({ open, onClose, title, children }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);

  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
      className="m-auto w-[min(560px,calc(100vw-32px))] max-h-[calc(100dvh-32px)] rounded-md border border-line bg-paper p-0 text-ink"
    >
      <div className="flex flex-col gap-4 p-6">
        <div className="flex items-start justify-between gap-4">
          <h2 id={titleId} className="pt-2 text-20">
            {title}
          </h2>
          <IconButton label={strings.common.close} onClick={onClose}>
            <X size={20} aria-hidden />
          </IconButton>
        </div>
        {open ? children : null}
      </div>
    </dialog>
  );
}
