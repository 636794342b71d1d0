import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import type { ThumbnailNote } from '@/api/types.ts';

const WIDTH = 100;
const HEIGHT = 40;
const NOTE = 2;

/** The static picture of a piece; decoration beside its title, so silent to screen readers. */
export function Thumbnail({
  notes,
  className,
}: {
  notes: readonly ThumbnailNote[];
  className?: string;
}): ReactNode {
  const path = notes
    .map(([x, y, width]) => {
      const left = (x * WIDTH).toFixed(1);
      const top = ((1 - y) * (HEIGHT - NOTE)).toFixed(1);
      return `M${left} ${top}h${Math.max(0.8, width * WIDTH).toFixed(1)}v${NOTE}h-${Math.max(0.8, width * WIDTH).toFixed(1)}z`;
    })
    .join('');
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
      className={clsx('rounded-sm bg-panel instrument-1', className)}
    >
      <path d={path} fill="currentColor" />
    </svg>
  );
}
