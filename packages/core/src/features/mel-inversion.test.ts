import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { griffinLim } from '../spectral/griffin-lim.ts';
import { createFeaturePlan } from './feature-plan.ts';
import { invertLogMel } from './mel-inversion.ts';

const RATE = 22_050;
const REFUSED = expect.objectContaining({ code: 'feature/invalid' }) as Error;

/** Decaying harmonic notes over quiet noise. */
function sound(): Float32Array {
  const rng = createRng(4);
  return Float32Array.from({ length: RATE }, (_, n) => {
    const envelope = Math.exp(-(n % 5512) / 2500);
    const root = 0.06 * 1.26 ** Math.floor(n / 5512);
    return 0.3 * envelope * (Math.sin(root * n) + 0.5 * Math.sin(2 * root * n)) + 0.003 * rng.normal();
  });
}

/** Mean |difference| of two sequences of levels, those 60 dB under the loudest of `b` left out. */
function levelDifference(a: Float32Array, b: Float32Array): number {
  const floor = b.reduce((most, x) => Math.max(most, x), -Infinity) - 60;
  let sum = 0;
  let count = 0;
  b.forEach((level, i) => {
    if (level < floor) return;
    sum += Math.abs(level - a[i]!);
    count++;
  });
  return sum / count;
}

describe('invertLogMel', () => {
  const plan = createFeaturePlan({ sampleRate: RATE, frameSize: 1024, hopSize: 256, melBands: 64 });
  const features = plan.extract(sound());

  it('finds powers that have the mel levels asked for', () => {
    const { magnitude, frames, bins, settings } = invertLogMel(features, { iterations: 200 });
    expect([frames, bins]).toEqual([features.frames, 513]);
    expect(settings).toEqual({ frameSize: 1024, hopSize: 256, window: 'hann', padding: 'zero' });
    // the mel triangles once more, written from their definition (Slaney 1998): slopes between neighbouring edges
    const hertz = (mel: number): number => (mel < 15 ? (200 * mel) / 3 : 1000 * 6.4 ** ((mel - 15) / 27));
    const top = 15 + (27 * Math.log(RATE / 2000)) / Math.log(6.4);
    let worst = 0;
    for (const t of [3, 30, 60]) {
      const levels = features.logMel.subarray(t * 64, t * 64 + 64);
      const loudest = Math.max(...levels);
      levels.forEach((level, band) => {
        const [from, centre, to] = [0, 1, 2].map((i) => hertz(((band + i) * top) / 65)) as [
          number,
          number,
          number,
        ];
        let sum = 0;
        for (let k = 0; k < bins; k++) {
          const f = (k * RATE) / 1024;
          const weight = Math.max(0, Math.min((f - from) / (centre - from), (to - f) / (to - centre)));
          sum += ((2 * weight) / (to - from)) * magnitude[t * bins + k]! ** 2;
        }
        if (level > loudest - 40) worst = Math.max(worst, Math.abs(10 * Math.log10(sum) - level));
      });
    }
    expect(worst).toBeLessThan(0.5);
  });

  it('makes log-mel frames audible: their sound has nearly their levels', async () => {
    const { samples } = await griffinLim(invertLogMel(features), {
      rng: createRng(1),
      start: 'gradient',
      iterations: 16,
      length: RATE,
    });
    const again = plan.extract(Float32Array.from(samples));
    expect(levelDifference(again.logMel, features.logMel)).toBeLessThan(1.5);
  });

  it('gives silence for silence, and 0 outside the bank', () => {
    const narrow = createFeaturePlan({
      sampleRate: RATE,
      melBands: 20,
      minFrequency: 500,
      maxFrequency: 4000,
    });
    const { magnitude, bins } = invertLogMel(narrow.extract(sound()));
    const hertzPerBin = RATE / 2048;
    for (let k = 0; k < bins; k++) {
      const isOutside = k * hertzPerBin < 490 || k * hertzPerBin > 4010;
      if (isOutside) expect(magnitude[5 * bins + k]).toBe(0);
    }
    const silent = invertLogMel(plan.extract(new Float32Array(3000)));
    expect(silent.magnitude.every((x) => x < 1e-3)).toBe(true);
  });

  it('refuses other shapes and levels', () => {
    expect(() => invertLogMel({ ...features, frames: 3 })).toThrow(REFUSED);
    expect(() => invertLogMel({ ...features, logMel: features.logMel.map(() => NaN) })).toThrow(REFUSED);
    expect(() => invertLogMel(features, { iterations: -1 })).toThrow(REFUSED);
  });
});
