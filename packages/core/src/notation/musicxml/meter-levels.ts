import type { Bar } from './bars.ts';

/**
 * The nested divisions of a bar, in ticks, from the whole bar over beats down to the shortest binary division:
 * 4/4 is bar, half, quarter, eighth …; 6/8 bar, dotted quarter, eighth, sixteenth …
 */
export interface MeterLevels {
  readonly lengths: readonly number[];
  /** Index of the beat in `lengths`: a dotted note in compound meters. */
  readonly beat: number;
  readonly isCompound: boolean;
  /** Index of the strongest division that a position (ticks in a full bar) stands on. */
  depth(position: number): number;
}

export function meterLevels({ meter, fullLength }: Pick<Bar, 'meter' | 'fullLength'>): MeterLevels {
  const isCompound = meter.numerator % 3 === 0 && meter.denominator >= 8;
  const lengths = [fullLength];
  const divide = (by: number): number => lengths.push(lengths.at(-1)! / by);
  let beats = isCompound ? meter.numerator / 3 : meter.numerator;
  for (; beats % 2 === 0; beats /= 2) divide(2);
  for (; beats % 3 === 0; beats /= 3) divide(3);
  if (beats > 1) divide(beats);
  const beat = lengths.length - 1;
  if (isCompound) divide(3);
  while (lengths.at(-1)! % 2 === 0) divide(2);
  return {
    lengths,
    beat,
    isCompound,
    depth: (position) => {
      const index = lengths.findIndex((length) => position % length === 0);
      return index < 0 ? lengths.length : index;
    },
  };
}
