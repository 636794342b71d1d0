import { describe, expect, it } from 'vitest';
import { trainGridNgram } from './grid-ngram.ts';
import { blendWay, nearestGrid, noteAccuracy, sliderEffects, smoothness } from './measures.ts';
import { MELODY, TRIO } from './voice-sets.ts';
import { HOLD as H, REST as R } from './voices.ts';

describe('measures of a VAE', () => {
  it('counts steps and onsets that are right', () => {
    const truth = [Uint16Array.of(60, H, 62, R)];
    expect(noteAccuracy(truth, [Uint16Array.of(60, H, 64, R)], MELODY.voices)).toEqual({
      steps: 0.75,
      onsets: 0.5,
      voices: [0.75],
    });
    expect(noteAccuracy(truth, truth, MELODY.voices)).toEqual({ steps: 1, onsets: 1, voices: [1] });
  });

  it('counts the voices of a step apart', () => {
    const truth = [Uint16Array.of(1, 40, 60, 0, H, R)];
    const made = [Uint16Array.of(1, 41, 60, 8, H, R)];
    expect(noteAccuracy(truth, made, TRIO.voices)).toEqual({
      steps: 4 / 6,
      onsets: 2 / 3,
      voices: [0.5, 0.5, 1],
    });
  });

  it('finds the window that shares most', () => {
    const pool = [Uint16Array.of(1, 2, 3), Uint16Array.of(1, 2, 4), Uint16Array.of(9, 2, 4)];
    expect(nearestGrid(Uint16Array.of(1, 2, 4), pool)).toBe(pool[1]);
  });

  it('a blend goes from one piece to the other, and never back', () => {
    const [a, b] = [new Uint16Array(64).fill(60), new Uint16Array(64).fill(72)];
    const way = blendWay(1, MELODY)(a, b, [0, 0.5, 1]);
    expect(way[0]).toEqual(a);
    expect(way[2]).toEqual(b);
    const later = way[1]!.filter((value) => value === 72).length;
    expect(later).toBeGreaterThan(16);
    expect(later).toBeLessThan(48);
  });

  it('an even way has no bend and equal jumps; one that leaps has all of it in one', () => {
    const [a, b] = [new Uint16Array(20).fill(60), new Uint16Array(20).fill(80)];
    const ngram = trainGridNgram([a], MELODY.voices);
    const deviations = Float64Array.of(1, 1, 1, 1);
    const even = smoothness(
      [[a, b]],
      (from, to, shares) => shares.map((share) => from.map((v, t) => Math.round(v + share * (to[t]! - v)))),
      ngram,
      MELODY,
      deviations,
    );
    expect(even.bend).toBeCloseTo(0, 9);
    expect(even.largestJump).toBeCloseTo(0.1, 9);
    const leap = smoothness(
      [[a, b]],
      (from, to, shares) => shares.map((share) => (share < 0.5 ? from : to)),
      ngram,
      MELODY,
      deviations,
    );
    expect(leap.largestJump).toBeCloseTo(1, 9);
    expect(leap.bend).toBeGreaterThan(0.5);
  });

  it('tells a slider that works from one that does not', () => {
    const decode = (z: Float32Array): Uint16Array =>
      new Uint16Array(16).map((_, t) => (t === 0 || t === 8 ? 60 + 2 * z[1]! : H));
    const move = (z: Float32Array, amounts: readonly number[]): Uint16Array =>
      decode(z.map((value, d) => value + amounts[d]!));
    const effects = sliderEffects([new Float32Array(4)], move, MELODY, Float64Array.of(1, 2, 1, 1));
    expect(effects[1]).toEqual({ monotone: 1, change: 4, others: 0 });
    expect(effects[0]).toEqual({ monotone: 0, change: 0, others: 0 });
  });
});
