import type { ReactNode } from 'react';
import type { Mark } from './map-geometry.ts';

/** The mark of a label as it is drawn on the map. */
export function MarkIcon({ mark }: { mark: Mark }): ReactNode {
  return (
    <svg
      viewBox="-7 -7 14 14"
      width="14"
      height="14"
      aria-hidden
      className={`shrink-0 instrument-${mark.colour + 1}`}
    >
      {mark.shape === 'circle' ? <circle r="5" fill="currentColor" /> : null}
      {mark.shape === 'square' ? <rect x="-4.5" y="-4.5" width="9" height="9" fill="currentColor" /> : null}
      {mark.shape === 'triangle' ? <path d="M0-6 5.5 4h-11z" fill="currentColor" /> : null}
      {mark.shape === 'diamond' ? <path d="M0-6.5 5.5 0 0 6.5-5.5 0z" fill="currentColor" /> : null}
    </svg>
  );
}
