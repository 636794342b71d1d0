import { describe, expect, it } from 'vitest';
import { densityOfEnergy, rawOfQuantile, tempoQuantileOf } from './mood-wishes.ts';
import { TINY_CONDITIONS } from './test-checkpoint.ts';

describe('rawOfQuantile', () => {
  it('meets the edges at their quantiles and goes on in a line', () => {
    const edges = [1, 2, 4]; // at 1/4, 1/2, 3/4
    expect([0.25, 0.5, 0.75, 0.375].map((q) => rawOfQuantile(edges, q))).toEqual([1, 2, 4, 1.5]);
    expect(rawOfQuantile(edges, 0)).toBe(0);
    expect(rawOfQuantile(edges, 1)).toBe(6);
  });
});

describe('densityOfEnergy', () => {
  it('rises with energy, falls with tempo and stays open without a wish', () => {
    const at = (energy: number, tempo: number): number =>
      densityOfEnergy(TINY_CONDITIONS, { energy, instruments: [0] }, tempo)!;
    expect(at(0.9, 60)).toBeGreaterThan(at(0.5, 60));
    expect(at(0.7, 120)).toBeLessThan(at(0.7, 60));
    expect(densityOfEnergy(TINY_CONDITIONS, { instruments: [0] }, 100)).toBeUndefined();
  });

  it('leaves every instrument of a band something to play', () => {
    const calm = (instruments: number[]): number =>
      densityOfEnergy(TINY_CONDITIONS, { energy: 0, instruments }, 240)!;
    expect(calm([0])).toBeCloseTo(0.6, 12);
    expect(calm([40, 41, 42])).toBeCloseTo(1.8, 12);
    expect(calm([26, 32, 56, 128])).toBeCloseTo(3 * 0.6 + 2, 12);
  });

  it('inverts the energy axis: 4 notes a second of piano are worth 0.45·log2(5)/5 + 0.3·0.63 + 0.1·0.5', () => {
    const raw = (0.45 * Math.log2(5)) / 5 + 0.3 * 0.63 + 0.1 * 0.5;
    const quantile = 1 / 3 + (raw - 0.3) / (0.6 - 0.3) / 3; // edges 0.3 and 0.6 at 1/3 and 2/3
    expect(densityOfEnergy(TINY_CONDITIONS, { energy: quantile, instruments: [0] }, 60)).toBeCloseTo(4, 6);
  });
});

describe('tempoQuantileOf', () => {
  it('is the mean of the moods that pull on tempo', () => {
    expect(tempoQuantileOf({ energy: 0.8, valence: 0.4 })).toBeCloseTo(0.6, 12);
    expect(tempoQuantileOf({ energy: 0.8 })).toBe(0.8);
    expect(tempoQuantileOf({})).toBeUndefined();
  });
});
