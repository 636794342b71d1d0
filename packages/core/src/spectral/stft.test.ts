import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { createInverseRealFft } from './inverse-real-fft.ts';
import { createRealFft } from './real-fft.ts';
import { magnitudeOf } from './spectrogram.ts';
import { createStft, inverseStft, stft } from './stft.ts';
import type { StftSettings } from './stft-settings.ts';
import { createWindow, WINDOW_NAMES } from './window.ts';

const INVALID = expect.objectContaining({ code: 'argument/invalid' }) as Error;

function noise(length: number, seed = 1): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from({ length }, () => 2 * rng.uniform() - 1);
}

/** ‖a − b‖ / ‖b‖. */
function relativeError(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  return Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / b.reduce((sum, x) => sum + x * x, 0));
}

describe('createWindow', () => {
  it('gives the periodic windows of 4 and 8 samples, computed by hand', () => {
    expect([...createWindow('hann', 4)]).toEqual([0, expect.closeTo(0.5, 15), 1, expect.closeTo(0.5, 15)]);
    expect([...createWindow('hamming', 4)].map((w) => Number(w.toFixed(12)))).toEqual([0.08, 0.54, 1, 0.54]);
    expect([...createWindow('blackman', 4)].map((w) => Math.abs(Number(w.toFixed(12))))).toEqual([
      0, 0.34, 1, 0.34,
    ]);
    expect([...createWindow('rectangular', 3)]).toEqual([1, 1, 1]);
    const root = createWindow('sqrt-hann', 8);
    createWindow('hann', 8).forEach((w, n) => expect(root[n]! ** 2).toBeCloseTo(w, 15));
  });

  it('refuses other names and sizes', () => {
    expect(() => createWindow('kaiser' as 'hann', 8)).toThrow(INVALID);
    for (const size of [0, 1.5, NaN]) expect(() => createWindow('hann', size)).toThrow(INVALID);
  });
});

describe('createInverseRealFft', () => {
  it.each([4, 8, 64, 2048])('undoes the forward transform at N = %i', (size) => {
    const frame = noise(size, size);
    const [re, im] = [new Float64Array(size / 2 + 1), new Float64Array(size / 2 + 1)];
    createRealFft(size).transform(frame, re, im);
    const back = new Float64Array(size);
    createInverseRealFft(size).inverse(re, im, back);
    expect(relativeError(back, frame)).toBeLessThan(1e-15 * Math.log2(size));
  });

  it('equals the sum that defines it, and counts the imaginary ends as 0', () => {
    const [re, im] = [noise(9, 3), noise(9, 4)];
    const frame = new Float64Array(16);
    createInverseRealFft(16).inverse(re, im, frame);
    for (let n = 0; n < 16; n++) {
      let sum = re[0]! + re[8]! * (n % 2 === 0 ? 1 : -1);
      for (let k = 1; k < 8; k++) {
        const angle = (2 * Math.PI * k * n) / 16;
        sum += 2 * (re[k]! * Math.cos(angle) - im[k]! * Math.sin(angle));
      }
      expect(frame[n]).toBeCloseTo(sum / 16, 14);
    }
    expect(() => createInverseRealFft(12)).toThrow(/power of two/);
  });
});

describe('stft', () => {
  it('shows a tone in the middle of a bin as half the window sum there, and half of that beside it', () => {
    const tone = Float64Array.from({ length: 4096 }, (_, n) => Math.cos((2 * Math.PI * 32 * n) / 512));
    const { frames, bins, magnitude } = magnitudeOf(
      stft(tone, { frameSize: 512, hopSize: 128, padding: 'none' }),
    );
    expect([frames, bins]).toEqual([29, 257]);
    for (let t = 0; t < frames; t++) {
      const row = magnitude.subarray(t * bins, (t + 1) * bins);
      expect(row[32]).toBeCloseTo(128, 9);
      expect(row[31]).toBeCloseTo(64, 9);
      expect(row[40]).toBeCloseTo(0, 9);
    }
  });

  it('puts an impulse where the padding says, with the phase of its place in the frame', () => {
    const impulse = new Float32Array(64);
    impulse[5] = 1;
    const centred = stft(impulse, { frameSize: 16, hopSize: 4, window: 'rectangular' });
    expect(centred.frames).toBe(17);
    for (let k = 0; k < 9; k++) {
      const angle = -(2 * Math.PI * k * (5 - (4 - 8))) / 16; // frame 1 begins at sample −4
      expect(centred.re[9 + k]).toBeCloseTo(Math.cos(angle), 12);
      expect(centred.im[9 + k]).toBeCloseTo(Math.sin(angle), 12);
    }
    const reflected = stft(impulse, { frameSize: 16, hopSize: 4, window: 'rectangular', padding: 'reflect' });
    expect(reflected.re[0]).toBeCloseTo(2, 12); // frame 0 holds sample 5 twice: at 5 and mirrored at −5
    expect(centred.re[0]).toBeCloseTo(1, 12);
  });

  it('is the same with a plan that is used again', () => {
    const plan = createStft({ frameSize: 64, hopSize: 16 });
    const [first, second] = [noise(400, 1), noise(400, 2)];
    const into = plan.analyse(first);
    expect(plan.analyse(second, into)).toBe(into);
    expect(into.re).toEqual(stft(second, plan.settings).re);
    expect(() => plan.analyse(noise(500), into)).toThrow(INVALID);
  });

  it.each<[string, Partial<StftSettings>]>([
    ['a size', { frameSize: 1000 }],
    ['a hop', { hopSize: 0 }],
    ['a broken hop', { hopSize: 1.5 }],
    ['a window', { window: 'boxcar' as 'hann' }],
    ['a padding', { padding: 'wrap' as 'zero' }],
  ])('refuses %s that makes no sense', (_, settings) => {
    expect(() => createStft(settings)).toThrow(INVALID);
  });

  it('refuses an empty signal, and one too short to be mirrored', () => {
    expect(() => stft(new Float32Array(0))).toThrow(INVALID);
    expect(() => stft(new Float32Array(32), { frameSize: 64, padding: 'reflect' })).toThrow(INVALID);
    expect(stft(new Float32Array(33), { frameSize: 64, padding: 'reflect' }).frames).toBe(3);
  });
});

describe('inverseStft', () => {
  it('gives back every centred signal for hops up to 3N / 8, whatever the window', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WINDOW_NAMES),
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 33, max: 700 }),
        fc.constantFrom('zero' as const, 'reflect' as const),
        (window, hopSize, length, padding) => {
          const samples = noise(length, length);
          const spectrogram = stft(samples, { frameSize: 64, hopSize, window, padding });
          expect(relativeError(inverseStft(spectrogram, length), samples)).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([512, 640, 768, 1024])('gives back 20 hops of %i under a window of 1,024', (hopSize) => {
    const samples = noise(20 * hopSize);
    const settings = { frameSize: 1024, hopSize, window: hopSize === 1024 ? 'rectangular' : 'hann' } as const;
    expect(relativeError(inverseStft(stft(samples, settings)), samples)).toBeLessThan(1e-12);
  });

  it('is the least-squares answer for a spectrogram that no signal has', () => {
    // one frame changed: nearest signal by the normal equations, solved here as a weighted mean of the two frames
    const settings = { frameSize: 4, hopSize: 2, window: 'hamming', padding: 'none' } as const;
    const spectrogram = stft(noise(6), settings);
    spectrogram.re[0]! += 1; // adds 1/4 to each sample of frame 0
    const w = createWindow('hamming', 4);
    const changed = inverseStft(spectrogram);
    const expected = noise(6).map((x, n) => {
      if (n >= 4) return x;
      const second = n >= 2 ? w[n - 2]! ** 2 : 0;
      return x + (w[n]! * 0.25) / (w[n]! ** 2 + second);
    });
    expect(relativeError(changed, expected)).toBeLessThan(1e-14);
  });

  it('refuses what is not in the spectrogram', () => {
    const samples = noise(1000);
    const centred = stft(samples, { frameSize: 64, hopSize: 16 });
    expect(inverseStft(centred, 1000)).toHaveLength(1000);
    expect(inverseStft(centred)).toHaveLength(992);
    expect(() => inverseStft(centred, 1100)).toThrow(/Sample 1023 of 1100|Sample 102\d of 1100/);
    expect(() => inverseStft(stft(samples, { frameSize: 64, hopSize: 64 }))).toThrow(INVALID);
    expect(() => inverseStft(stft(samples, { frameSize: 64, padding: 'none' }))).toThrow(/Sample 0/);
    expect(() => inverseStft({ ...centred, re: centred.re.subarray(1) })).toThrow(INVALID);
    expect(() => inverseStft(centred, 10.5)).toThrow(INVALID);
  });
});
