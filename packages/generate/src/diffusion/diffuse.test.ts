import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { diffuse } from './diffuse.ts';
import type { Denoiser } from './denoiser.ts';
import { noiseAt } from './noise-schedule.ts';
import { TINY_DIFFUSION } from './tiny-denoiser.ts';

const { latent } = TINY_DIFFUSION.shape;
const [MEAN, DEVIATION] = [0.7, 0.4];

/**
 * The best denoiser there can be for latents that are N(0.7, 0.4²) in each dimension: from y = a·x + b·ε follow
 * E[x | y] = m + a s² (y − a m) / (a² s² + b²) and E[ε | y] = b (y − a m) / (a² s² + b²), and v = a·E[ε] − b·E[x].
 */
function gaussianDenoiser(): Denoiser {
  let time = 0;
  return {
    config: TINY_DIFFUSION,
    scale: { means: new Float32Array(latent), deviations: new Float32Array(latent).fill(1) },
    velocity({ noisy, conditions }) {
      time = Math.asin(conditions[0]!) / (Math.PI / 2); // the slowest sine of the condition row tells the time
      const { signal: a, noise: b } = noiseAt(time);
      const total = a * a * DEVIATION ** 2 + b * b;
      return noisy.map((y) => {
        const apart = (y - a * MEAN) / total;
        return a * b * apart - b * (MEAN + a * DEVIATION ** 2 * apart);
      });
    },
  };
}

describe('diffusion', () => {
  it('the noise schedule keeps the variance and goes from music to noise', () => {
    for (const time of [0, 0.25, 0.5, 1]) {
      const { signal, noise } = noiseAt(time);
      expect(signal * signal + noise * noise).toBeCloseTo(1, 12);
    }
    expect(noiseAt(0).signal).toBeGreaterThan(0.999);
    expect(noiseAt(1).signal).toBeCloseTo(0, 12);
  });

  it('with the best denoiser for a Gaussian world draws from that world', async () => {
    const values: number[] = [];
    const rng = createRng(1);
    for (let i = 0; i < 20; i++) {
      for (const z of await diffuse(gaussianDenoiser(), { phrases: 16, steps: 60 }, rng)) values.push(...z);
    }
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    expect(mean).toBeCloseTo(MEAN, 1);
    expect(Math.abs(deviation - DEVIATION)).toBeLessThan(0.03);
  });

  it('phrases of one letter are as alike as asked, others are drawn apart, and all are of that world', async () => {
    const rng = createRng(3);
    const letters = Int32Array.from({ length: 16 }, (_, p) => p % 8);
    const [all, twins, others]: [number[], number[], number[]] = [[], [], []];
    for (let i = 0; i < 40; i++) {
      const made = await diffuse(gaussianDenoiser(), { phrases: 16, letters, likeness: 0.9, steps: 40 }, rng);
      const scaled = made.map((z) => z.map((value) => (value - MEAN) / DEVIATION));
      for (let p = 0; p < 8; p++) {
        for (let d = 0; d < latent; d++) {
          all.push(scaled[p + 8]![d]!);
          twins.push(scaled[p]![d]! * scaled[p + 8]![d]!);
          others.push(scaled[p]![d]! * scaled[((p + 1) % 8) + 8]![d]!);
        }
      }
    }
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const variance = mean(all.map((value) => value * value));
    expect(Math.abs(variance - 1)).toBeLessThan(0.15);
    expect(Math.abs(mean(twins) / variance - 0.9)).toBeLessThan(0.1);
    expect(Math.abs(mean(others))).toBeLessThan(0.1);
  });

  it('gives back what is given exactly, and moves the rest along a taste', async () => {
    const given = [undefined, Float32Array.from({ length: latent }, (_, d) => d / 7), undefined];
    const made = await diffuse(gaussianDenoiser(), { phrases: 3, given }, createRng(2));
    expect(made[1]).toEqual(given[1]);
    const towards = Float32Array.from({ length: latent }, (_, d) => (d === 2 ? 3 : 0));
    const moved = await diffuse(gaussianDenoiser(), { phrases: 3, given, towards }, createRng(2));
    expect(moved[1]).toEqual(given[1]);
    expect(moved[0]![2]! - made[0]![2]!).toBeGreaterThan(0.1);
    expect(moved[0]![1]).toBeCloseTo(made[0]![1]!, 5);
  });

  it('gives the same for the same seed, refuses no or too many phrases, and stops when told', async () => {
    const make = (seed: number) => diffuse(gaussianDenoiser(), { phrases: 2, steps: 5 }, createRng(seed));
    expect(await make(1)).toEqual(await make(1));
    expect(await make(1)).not.toEqual(await make(2));
    const invalid = expect.objectContaining({ code: 'argument/invalid' }) as Error;
    await expect(diffuse(gaussianDenoiser(), { phrases: 0 }, createRng(1))).rejects.toThrow(invalid);
    await expect(diffuse(gaussianDenoiser(), { phrases: 33 }, createRng(1))).rejects.toThrow(invalid);
    await expect(
      diffuse(gaussianDenoiser(), { phrases: 1 }, createRng(1), AbortSignal.abort()),
    ).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }) as Error);
  });
});
