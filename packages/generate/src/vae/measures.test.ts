import { describe, expect, it } from 'vitest';
import { trainClassNgram } from './class-ngram.ts';
import { blendWay, nearestGrid, noteAccuracy, sliderEffects, smoothness } from './measures.ts';
import { HOLD as H, REST as R } from './melody-grid.ts';

describe('measures of a VAE', () => {
  it('counts steps and onsets that are right', () => {
    const truth = [Uint8Array.of(60, H, 62, R)];
    expect(noteAccuracy(truth, [Uint8Array.of(60, H, 64, R)])).toEqual({ steps: 0.75, onsets: 0.5 });
    expect(noteAccuracy(truth, truth)).toEqual({ steps: 1, onsets: 1 });
  });

  it('finds the window that shares most', () => {
    const pool = [Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 4), Uint8Array.of(9, 2, 4)];
    expect(nearestGrid(Uint8Array.of(1, 2, 4), pool)).toBe(pool[1]);
  });

  it('a blend goes from one piece to the other, and never back', () => {
    const [a, b] = [new Uint8Array(64).fill(60), new Uint8Array(64).fill(72)];
    const way = blendWay(1)(a, b, [0, 0.5, 1]);
    expect(way[0]).toEqual(a);
    expect(way[2]).toEqual(b);
    const later = way[1]!.filter((value) => value === 72).length;
    expect(later).toBeGreaterThan(16);
    expect(later).toBeLessThan(48);
  });

  it('an even way has no bend and equal jumps; one that leaps has all of it in one', () => {
    const [a, b] = [new Uint8Array(20).fill(60), new Uint8Array(20).fill(80)];
    const ngram = trainClassNgram([a]);
    const deviations = Float64Array.of(1, 1, 1, 1);
    const even = smoothness(
      [[a, b]],
      (from, to, shares) => shares.map((share) => from.map((v, t) => Math.round(v + share * (to[t]! - v)))),
      ngram,
      deviations,
    );
    expect(even.bend).toBeCloseTo(0, 9);
    expect(even.largestJump).toBeCloseTo(0.1, 9);
    const leap = smoothness(
      [[a, b]],
      (from, to, shares) => shares.map((share) => (share < 0.5 ? from : to)),
      ngram,
      deviations,
    );
    expect(leap.largestJump).toBeCloseTo(1, 9);
    expect(leap.bend).toBeGreaterThan(0.5);
  });

  it('tells a slider that works from one that does not', () => {
    const decode = (z: Float32Array): Uint8Array =>
      new Uint8Array(16).map((_, t) => (t === 0 || t === 8 ? 60 + 2 * z[1]! : H));
    const move = (z: Float32Array, amounts: readonly number[]): Uint8Array =>
      decode(z.map((value, d) => value + amounts[d]!));
    const effects = sliderEffects([new Float32Array(4)], move, Float64Array.of(1, 2, 1, 1));
    expect(effects[1]).toEqual({ monotone: 1, change: 4, others: 0 });
    expect(effects[0]).toEqual({ monotone: 0, change: 0, others: 0 });
  });
});
