import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { detectOnsets } from './onset-times.ts';

/** Peaks of the given heights at the given frames. */
function curveOf(peaks: Readonly<Record<number, number>>, length = 100): Float32Array {
  const curve = new Float32Array(length);
  for (const [frame, height] of Object.entries(peaks)) curve[Number(frame)] = height;
  return curve;
}

describe('detectOnsets', () => {
  it('finds peaks where they are, the first frame and the last included', () => {
    expect(detectOnsets(curveOf({ 0: 1, 20: 0.5, 50: 1, 99: 0.7 }), 100)).toEqual([0, 0.2, 0.5, 0.99]);
  });

  it('leaves out what is small, close to a larger one, or too soon', () => {
    expect(detectOnsets(curveOf({ 20: 1, 50: 0.05 }), 100)).toEqual([0.2]);
    expect(detectOnsets(curveOf({ 20: 1, 22: 0.9 }), 100)).toEqual([0.2]);
    expect(detectOnsets(curveOf({ 20: 1, 40: 0.9 }), 100, { gapSeconds: 0.3 })).toEqual([0.2]);
    expect(detectOnsets(curveOf({ 50: 0.05, 20: 1 }), 100, { threshold: 0.01 })).toEqual([0.2, 0.5]);
  });

  it('counts a plateau once, and finds nothing in silence or a held level', () => {
    expect(detectOnsets(curveOf({ 30: 1, 31: 1, 32: 1 }), 100)).toEqual([0.3]);
    expect(detectOnsets(new Float32Array(50), 100)).toEqual([]);
    expect(detectOnsets(new Float32Array(50).fill(2), 100)).toEqual([]);
    expect(detectOnsets(new Float32Array(0), 100)).toEqual([]);
  });

  it('finds the onsets of a random rhythm in noise', () => {
    const rng = createRng(6);
    const curve = Float32Array.from({ length: 4000 }, () => 0.1 * rng.uniform());
    const times: number[] = [];
    for (let at = 20; at < 3980; at += 12 + rng.integer(60)) {
      curve[at]! += 0.6 + 0.4 * rng.uniform();
      times.push(at / 100);
    }
    expect(detectOnsets(curve, 100, { threshold: 0.3 })).toEqual(times);
  });

  it('refuses rates and options that make no sense', () => {
    const refused = expect.objectContaining({ code: 'feature/invalid' }) as Error;
    expect(() => detectOnsets(new Float32Array(5), 0)).toThrow(refused);
    expect(() => detectOnsets(new Float32Array(5), 43, { peakSeconds: -1 })).toThrow(refused);
    expect(() => detectOnsets(new Float32Array(5), 43, { threshold: NaN })).toThrow(refused);
  });
});
