import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { createFeaturePlan } from './feature-plan.ts';

const RATE = 22_050;
const N = 2048;
const BINS = N / 2 + 1;
const FEATURES = [
  'centroid',
  'spread',
  'skewness',
  'kurtosis',
  'rolloff',
  'flatness',
  'entropy',
  'flux',
  'contrast',
] as const;

function tone(bin: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * bin * i) / N));
}
function joined(...parts: Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}
function mean(values: Float32Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

describe.each(['f64', 'f32'] as const)('spectral shape in %s', (precision) => {
  const plan = createFeaturePlan({
    sampleRate: RATE,
    precision,
    centred: false,
    hopSize: N,
    features: FEATURES,
  });

  it('of an impulse is that of equal magnitudes', () => {
    const impulse = new Float32Array(N);
    impulse[700] = 1;
    const shape = plan.extract(impulse);
    expect(shape.centroid[0]!).toBeCloseTo(RATE / 4, 2);
    // variance, skewness and kurtosis of n equal steps: (n² − 1) / 12, 0, 3/5 (3n² − 7) / (n² − 1)
    expect(Math.abs(shape.spread[0]! / ((Math.sqrt((BINS ** 2 - 1) / 12) * RATE) / N) - 1)).toBeLessThan(
      1e-5,
    );
    expect(shape.skewness[0]!).toBeCloseTo(0, 4);
    expect(shape.kurtosis[0]!).toBeCloseTo((0.6 * (3 * BINS ** 2 - 7)) / (BINS ** 2 - 1), 4);
    expect(shape.rolloff[0]!).toBe((871 * RATE) / N); // 0.85 × 1025 = 871.25 bins: bins 0 … 871
    expect(shape.flatness[0]!).toBeCloseTo(1, 5);
    expect(shape.entropy[0]!).toBeCloseTo(1, 5);
    shape.contrast.forEach((level) => expect(Math.abs(level)).toBeLessThan(1e-4));
  });

  it('of two impulses side by side is that of the magnitudes 2 cos(πk / N)', () => {
    const pair = new Float32Array(N);
    const window = (n: number): number => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / N);
    pair[900] = 1 / window(900);
    pair[901] = 1 / window(901);
    const shape = plan.extract(pair);
    // a cosine from 0 to π/2 as a density: mean π/2 − 1, variance π − 3, and by ∫ θ³ cos θ and ∫ θ⁴ cos θ
    const mu = Math.PI / 2 - 1;
    const [e2, e3] = [Math.PI ** 2 / 4 - 2, Math.PI ** 3 / 8 - 3 * Math.PI + 6];
    const e4 = Math.PI ** 4 / 16 - 3 * Math.PI ** 2 + 24;
    const variance = Math.PI - 3;
    const third = e3 - 3 * mu * e2 + 2 * mu ** 3;
    const fourth = e4 - 4 * mu * e3 + 6 * mu ** 2 * e2 - 3 * mu ** 4;
    const hertz = RATE / Math.PI; // of an angle πk / N, which is 1
    expect(Math.abs(shape.centroid[0]! / (mu * hertz) - 1)).toBeLessThan(2e-3);
    expect(Math.abs(shape.spread[0]! / (Math.sqrt(variance) * hertz) - 1)).toBeLessThan(2e-3);
    expect(shape.skewness[0]!).toBeCloseTo(third / variance ** 1.5, 2);
    expect(shape.kurtosis[0]!).toBeCloseTo(fourth / variance ** 2, 2);
  });

  it('of a tone has the entropy of the powers 1/6, 2/3, 1/6', () => {
    const { entropy } = plan.extract(tone(300, N));
    const expected = ((2 / 6) * Math.log(6) + (2 / 3) * Math.log(1.5)) / Math.log(BINS);
    expect(entropy[0]!).toBeCloseTo(expected, 5);
  });

  it('flux is 0 from a tone to itself, 2/3 to its neighbour bin, 2 to another tone, 1 to silence and back', () => {
    const { flux } = plan.extract(
      joined(tone(300, 2 * N), tone(301, N), tone(500, N), new Float32Array(2 * N), tone(40, N)),
    );
    // magnitudes 1/2, 1, 1/2 and their shift by one: 2 − 2 (1/2 + 1/2) / (3/2)
    [0, 0, 2 / 3, 2, 1, 0, 1].forEach((expected, t) => expect(flux[t]!).toBeCloseTo(expected, 4));
  });

  it('of white noise is that of independent exponential powers', () => {
    const rng = createRng(3);
    const { entropy, flux, flatness, skewness, kurtosis } = plan.extract(
      Float32Array.from({ length: N * 400 }, () => 0.1 * rng.normal()),
    );
    const gamma = 0.5772156649;
    expect(mean(flatness)).toBeCloseTo(Math.exp(-gamma), 2);
    expect(mean(entropy)).toBeCloseTo(1 - (1 - gamma) / Math.log(BINS), 3);
    expect(mean(flux.subarray(1))).toBeCloseTo(2 - Math.PI / 2, 2); // Rayleigh magnitudes: E[r]² / E[r²] = π/4
    expect(mean(skewness)).toBeCloseTo(0, 2);
    expect(mean(kurtosis)).toBeCloseTo(1.8, 1);
  });

  it('follows the instantaneous frequency of a chirp', () => {
    const [from, to, seconds] = [500, 8000, 4];
    const chirp = Float32Array.from({ length: RATE * seconds }, (_, i) => {
      const t = i / RATE;
      return 0.5 * Math.sin(2 * Math.PI * (from * t + ((to - from) * t * t) / (2 * seconds)));
    });
    const { centroid, frames } = plan.extract(chirp);
    for (let t = 2; t < frames - 2; t++) {
      const expected = from + ((to - from) * ((t + 0.5) * N)) / RATE / seconds; // in the middle of the frame
      expect(Math.abs(centroid[t]! - expected) / expected).toBeLessThan(0.05);
    }
  });
});

interface Meyda {
  sampleRate: number;
  bufferSize: number;
  windowingFunction: string;
  extract(features: readonly string[], frame: Float32Array): Record<string, number>;
}

it('agrees with meyda 5.6 on centroid, spread and skewness (its kurtosis has an exponent missing)', () => {
  const meyda = createRequire(import.meta.url)('meyda') as Meyda;
  const saved = { sampleRate: meyda.sampleRate, bufferSize: meyda.bufferSize };
  Object.assign(meyda, { sampleRate: RATE, bufferSize: N, windowingFunction: 'rect' });
  // many partials under half of the Nyquist frequency, whose bin meyda leaves out
  const frame = Float32Array.from({ length: N }, (_, i) => {
    let sum = 0;
    for (let partial = 1; partial <= 12; partial++)
      sum += Math.sin((2 * Math.PI * 40.3 * partial * i) / N) / partial;
    return 0.3 * sum;
  });
  const windowed = frame.map((x, n) => x * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / N)));
  const theirs = meyda.extract(['spectralCentroid', 'spectralSpread', 'spectralSkewness'], windowed);
  Object.assign(meyda, { ...saved, windowingFunction: 'hanning' });
  const ours = createFeaturePlan({ sampleRate: RATE, centred: false, features: FEATURES }).extract(frame);
  expect((ours.centroid[0]! * N) / RATE).toBeCloseTo(theirs.spectralCentroid!, 2);
  expect((ours.spread[0]! * N) / RATE).toBeCloseTo(theirs.spectralSpread!, 2);
  expect(ours.skewness[0]!).toBeCloseTo(theirs.spectralSkewness!, 3);
});
