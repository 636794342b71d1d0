import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { griffinLim } from './griffin-lim.ts';
import { IndexHeap } from './index-heap.ts';
import { estimatePhase } from './phase-gradient.ts';
import { logSpectralDistance, signalToNoise, spectralConvergence } from './spectral-distance.ts';
import { magnitudeOf } from './spectrogram.ts';
import { inverseStft, stft } from './stft.ts';

const INVALID = expect.objectContaining({ code: 'argument/invalid' }) as Error;
const SETTINGS = { frameSize: 256, hopSize: 64 } as const;

/** Two gliding tones that decay every 2,000 samples. */
function melody(length = 6400): Float64Array {
  return Float64Array.from({ length }, (_, n) => {
    const envelope = Math.exp(-(n % 2000) / 900);
    return envelope * (Math.sin(0.2 * n + 2e-5 * n * n) + 0.4 * Math.sin(0.71 * n));
  });
}

describe('griffinLim', () => {
  const target = magnitudeOf(stft(melody(), SETTINGS));

  it.each([
    ['random', 0],
    ['random', 0.99],
    ['gradient', 0.99],
  ] as const)(
    'reports the convergence that the signal has (%s start, momentum %d)',
    async (start, momentum) => {
      const result = await griffinLim(target, { rng: createRng(1), iterations: 30, start, momentum });
      expect(result.samples).toHaveLength(6400);
      const found = magnitudeOf(stft(result.samples, SETTINGS)).magnitude;
      expect(result.convergence[30]).toBeCloseTo(spectralConvergence(found, target.magnitude), 12);
      expect(result.convergence[30]).toBeLessThan(0.5 * result.convergence[0]!);
    },
  );

  it('never gets worse without momentum, as Griffin and Lim proved', async () => {
    const { convergence } = await griffinLim(target, { rng: createRng(2), iterations: 40, momentum: 0 });
    for (let i = 1; i <= 40; i++) expect(convergence[i]).toBeLessThanOrEqual(convergence[i - 1]! + 1e-12);
  });

  it('gets further with momentum, and starts further with phase gradients', async () => {
    const last = async (options: object): Promise<number> =>
      (await griffinLim(target, { rng: createRng(3), iterations: 40, ...options })).convergence[40]!;
    expect(await last({ momentum: 0.99 })).toBeLessThan(0.7 * (await last({ momentum: 0 })));
    expect(await last({ start: 'gradient', iterations: 40 })).toBeLessThan(await last({}));
  });

  it('leaves a signal alone whose phases are right', async () => {
    // all frames of a constant are alike, and its phases follow from its magnitudes
    const constant = magnitudeOf(stft(new Float64Array(640).fill(1), { ...SETTINGS, padding: 'reflect' }));
    const { samples, convergence } = await griffinLim(constant, {
      rng: createRng(1),
      start: 'gradient',
      iterations: 3,
    });
    expect(convergence[3]).toBeLessThan(1e-6);
    samples.forEach((x) => expect(Math.abs(x)).toBeCloseTo(1, 5));
  });

  it('is the same for a seed, and keeps silence silent', async () => {
    const once = await griffinLim(target, { rng: createRng(5), iterations: 3 });
    expect(await griffinLim(target, { rng: createRng(5), iterations: 3 })).toEqual(once);
    const silence = magnitudeOf(stft(new Float64Array(640), SETTINGS));
    for (const start of ['random', 'gradient'] as const) {
      const { samples, convergence } = await griffinLim(silence, { rng: createRng(5), iterations: 2, start });
      expect([...samples].every((x) => x === 0)).toBe(true);
      expect([...convergence]).toEqual([0, 0, 0]);
    }
  });

  it('reports progress, and stops when told to', async () => {
    const seen: number[] = [];
    const controller = new AbortController();
    const work = griffinLim(target, {
      rng: createRng(1),
      iterations: 100,
      signal: controller.signal,
      onProgress: ({ done, total }) => {
        expect(total).toBe(100);
        seen.push(done);
        if (done === 5) controller.abort();
      },
    });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('refuses values and settings that make no sense', async () => {
    const rng = createRng(1);
    const bad = { ...target, magnitude: target.magnitude.map((x, i) => (i === 300 ? -1 : x)) };
    await expect(griffinLim(bad, { rng })).rejects.toThrow(INVALID);
    await expect(griffinLim({ ...target, frames: 3 }, { rng })).rejects.toThrow(INVALID);
    await expect(griffinLim(target, { rng, momentum: 1.5 })).rejects.toThrow(INVALID);
    await expect(griffinLim(target, { rng, iterations: -1 })).rejects.toThrow(INVALID);
    await expect(griffinLim(target, { rng, length: 9000 })).rejects.toThrow(INVALID);
    expect(() => estimatePhase(target, { rng, tolerance: 0 })).toThrow(INVALID);
  });
});

describe('estimatePhase', () => {
  it.each(['hann', 'hamming', 'blackman', 'sqrt-hann'] as const)(
    'brings back a chirp under a %s window',
    (window) => {
      const chirp = Float64Array.from({ length: 8192 }, (_, n) => Math.sin(0.3 * n + 6e-5 * n * n));
      const target = magnitudeOf(stft(chirp, { ...SETTINGS, window }));
      const phase = estimatePhase(target, { rng: createRng(1) });
      const rebuilt = inverseStft({
        ...target,
        re: target.magnitude.map((s, i) => s * Math.cos(phase[i]!)),
        im: target.magnitude.map((s, i) => s * Math.sin(phase[i]!)),
      });
      const { magnitude } = magnitudeOf(stft(rebuilt, target.settings));
      expect(spectralConvergence(magnitude, target.magnitude)).toBeLessThan(0.1);
    },
  );
});

describe('IndexHeap', () => {
  it('gives indices by falling key', () => {
    const rng = createRng(8);
    const keys = Float64Array.from({ length: 200 }, () => rng.normal());
    const heap = new IndexHeap(keys);
    keys.forEach((_, i) => {
      heap.push(i);
    });
    const order = Array.from(keys, () => heap.pop());
    expect(order).toEqual([...keys.keys()].sort((a, b) => keys[b]! - keys[a]!));
    expect(heap.size).toBe(0);
  });
});

describe('distances', () => {
  it('are what their formulas give by hand', () => {
    expect(spectralConvergence(Float64Array.of(3, 0), Float64Array.of(3, 4))).toBeCloseTo(0.8, 15);
    expect(logSpectralDistance(Float64Array.of(10, 1), Float64Array.of(1, 1), 2)).toBeCloseTo(
      20 / Math.SQRT2,
      12,
    );
    expect(logSpectralDistance(Float64Array.of(10, 1), Float64Array.of(1, 1), 1)).toBeCloseTo(10, 12);
    expect(logSpectralDistance(Float64Array.of(1, 0), Float64Array.of(1, 1e-9), 2)).toBe(0); // both under the floor
    expect(signalToNoise(Float64Array.of(1, 1), Float64Array.of(1, 0.9))).toBeCloseTo(
      10 * Math.log10(181),
      9,
    );
  });

  it('have an answer for equal signals, and none for unequal lengths or silence', () => {
    const x = Float64Array.of(0, 0);
    expect(spectralConvergence(x, x)).toBe(0);
    expect(signalToNoise(x, x)).toBe(Infinity);
    expect(() => spectralConvergence(x, Float64Array.of(1))).toThrow(INVALID);
    expect(() => signalToNoise(x, Float64Array.of(1))).toThrow(INVALID);
    expect(() => logSpectralDistance(x, x, 2)).toThrow(INVALID);
    expect(() => logSpectralDistance(x, x, 3)).toThrow(INVALID);
  });
});
