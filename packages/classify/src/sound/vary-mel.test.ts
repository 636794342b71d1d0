import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { MEL_BANDS, type MelWindow } from './mel-window.ts';
import { noiseWindows } from './noises.ts';
import { DEFAULT_VARIATION, maskMel, varyMel } from './vary-mel.ts';

const NOISES = noiseWindows();
const PLAIN = { ...DEFAULT_VARIATION, noise: 0, colour: 0, tempo: 0 };
/** Frame t holds t + 1 in every band. */
const ramp = (frames: number): MelWindow => ({
  frames,
  power: Float32Array.from({ length: frames * MEL_BANDS }, (_, i) => 1 + Math.floor(i / MEL_BANDS)),
});

describe('a varied window', () => {
  it('without variation is a stretch of it that goes round', () => {
    const out = varyMel(ramp(5), 12, [], PLAIN, createRng(1));
    const frames = Array.from({ length: 12 }, (_, t) => Math.round(out[t * MEL_BANDS]!));
    frames.forEach((value, t) => expect(value).toBe(((frames[0]! - 1 + t) % 5) + 1));
  });
  it('is the same for the same seed, finite and of no negative power', () => {
    for (let seed = 1; seed < 20; seed++) {
      const out = varyMel(ramp(30), 25, NOISES, DEFAULT_VARIATION, createRng(seed));
      expect(varyMel(ramp(30), 25, NOISES, DEFAULT_VARIATION, createRng(seed))).toEqual(out);
      expect(out.length).toBe(25 * MEL_BANDS);
      expect(out.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
    }
  });
  it('keeps its total whatever noise is added', () => {
    const one: MelWindow = { frames: 4, power: new Float32Array(4 * MEL_BANDS).fill(1) };
    const half: MelWindow = {
      frames: 1,
      power: Float32Array.from({ length: MEL_BANDS }, (_, band) => (band < 20 ? 1 : 0)),
    };
    const out = varyMel(one, 4, [half], { ...PLAIN, noise: 1, ratio: [0, 0] }, createRng(1));
    expect(out[0]! / out[MEL_BANDS - 1]!).toBeGreaterThan(1.5); // as much noise as signal, all of it in the lower bands
    const bandsOf = (from: number, to: number): number => out.subarray(from, to).reduce((a, b) => a + b, 0);
    expect(bandsOf(20, 40)).toBeCloseTo(20 * 0.5, 3); // half of the power is left to the signal
  });
});

describe('a masked window', () => {
  it('loses some bands or frames at most, and whole ones', () => {
    for (let seed = 1; seed < 30; seed++) {
      const values = new Float32Array(40 * MEL_BANDS).fill(1);
      maskMel(values, createRng(seed));
      const bands = Array.from({ length: MEL_BANDS }, (_, band) => band).filter((band) =>
        Array.from({ length: 40 }, (_, t) => values[t * MEL_BANDS + band]).every((value) => value === 0),
      );
      const frames = Array.from({ length: 40 }, (_, t) => t).filter((t) =>
        values.subarray(t * MEL_BANDS, (t + 1) * MEL_BANDS).every((value) => value === 0),
      );
      expect(bands.length).toBeLessThanOrEqual(6);
      expect(frames.length).toBeLessThanOrEqual(5);
      expect(values.filter((value) => value === 0).length).toBe(
        bands.length * 40 + frames.length * (MEL_BANDS - bands.length),
      );
    }
  });
});
