import { describe, expect, it } from 'vitest';
import { addTap, NO_TAPS, tapTimes, type Taps } from './taps.ts';

const tap = (...seconds: number[]): Taps => seconds.reduce(addTap, NO_TAPS);

describe('taps', () => {
  it('count from the first', () => {
    expect(tapTimes(tap(10, 10.5, 11.25))).toEqual([0, 0.5, 1.25]);
    expect(tapTimes(NO_TAPS)).toEqual([]);
  });

  it('pass over a bounce, and begin anew after a pause', () => {
    expect(tapTimes(tap(1, 1.01, 1.5))).toEqual([0, 0.5]);
    expect(tapTimes(tap(1, 1.5, 6, 6.5, 7))).toEqual([0, 0.5, 1]);
  });

  it('end at sixty', () => {
    expect(tap(...Array.from({ length: 80 }, (_, i) => i)).onsets).toHaveLength(60);
  });
});
