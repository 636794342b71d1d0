import type { ReactNode } from 'react';
import { scalePercent } from './taste-words.ts';

interface IntervalBarProps {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Where the taste likely lies between two ends: a band as wide as the doubt, a mark at its middle. */
export function IntervalBar({ mean, low, high }: IntervalBarProps): ReactNode {
  const left = scalePercent(low);
  return (
    <div aria-hidden className="relative h-4">
      <div className="absolute inset-x-0 top-[6px] h-1 rounded-full bg-hover" />
      <div className="absolute top-0 left-1/2 h-4 w-px bg-edge" />
      <div
        className="absolute top-1 h-2 rounded-full bg-accent opacity-40"
        style={{ left: `${left}%`, width: `${Math.max(1, scalePercent(high) - left)}%` }}
      />
      <div
        className="absolute top-0 h-4 w-1 -translate-x-1/2 rounded-full bg-accent"
        style={{ left: `${scalePercent(mean)}%` }}
      />
    </div>
  );
}
