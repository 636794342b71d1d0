'use client';
import { ChevronRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';

interface DisclosureProps {
  readonly label: string;
  /** Built only once opened. */
  readonly children: ReactNode | (() => ReactNode);
}

/** Something more, one click away. */
export function Disclosure({ label, children }: DisclosureProps): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details className="group" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="inline-flex min-h-11 list-none items-center gap-1 rounded-md pr-2 text-quiet hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight size={16} aria-hidden className="group-open:rotate-90" />
        {label}
      </summary>
      {open ? (typeof children === 'function' ? children() : children) : null}
    </details>
  );
}
