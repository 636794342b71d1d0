import { describe, expect, it } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { createRng } from '../foundation/rng.ts';
import type { AudioFeatures } from './audio-features.ts';
import { createFeaturePlan, extractAudioFeatures } from './feature-plan.ts';
import { melEdges } from './filter-banks.ts';
import { FRAME_FEATURE_NAMES } from './frame-features.ts';
import { FrameSpectrum } from '../spectral/frame-spectrum.ts';

const RATE = 22_050;
const N = 2048;
const BIN = RATE / N; // Hz
const plan = createFeaturePlan({ sampleRate: RATE });
const plain = createFeaturePlan({ sampleRate: RATE, centred: false });

function tone(hertz: number, seconds = 1, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: RATE * seconds },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / RATE),
  );
}

function argmax(values: Float32Array): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}

function faultOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return isAttuneError(error) ? { code: error.code, place: error.place } : error;
  }
}

function everyValue({ settings: _, tempo, ...curves }: AudioFeatures): number[] {
  return [
    tempo.bpm ?? 0,
    tempo.clarity,
    ...Object.values(curves).flatMap((v) => (typeof v === 'number' ? [v] : [...v])),
  ];
}

describe('a tone in the middle of a bin', () => {
  // A periodic Hann window turns it into magnitudes 1/2, 1, 1/2 around its bin: everything follows in closed form.
  it.each([20, 93, 500])('bin %i: centroid, spread, rolloff, RMS, zero crossings', (bin) => {
    const features = plain.extract(tone(bin * BIN));
    const t = 10;
    expect(features.centroid[t]!).toBeCloseTo(bin * BIN, 1);
    // the rounding of the samples to float32, far from the tone, widens it by under 1 Hz
    expect(Math.abs(features.spread[t]! - Math.SQRT1_2 * BIN)).toBeLessThan(1);
    expect(features.rolloff[t]!).toBeCloseTo((bin + 1) * BIN, 3); // shares add up to 1/4, 3/4, 1
    expect(features.rms[t]!).toBeCloseTo(0.5 / Math.SQRT2, 5);
    expect(Math.abs(features.zeroCrossings[t]! - (2 * bin * BIN) / RATE)).toBeLessThanOrEqual(1 / N);
    expect(features.flatness[t]!).toBeLessThan(1e-6);
  });

  it('has its chroma split between neighbours by semitone distance', () => {
    const bin = 41; // 441.4 Hz
    const { chroma } = plain.extract(tone(bin * BIN));
    const semitones = (k: number): number => 12 * Math.log2((k * BIN) / 440); // from A
    const share = (k: number): number => 1 - Math.abs(semitones(k)); // all three bins are within one semitone of A
    const expected = (share(bin - 1) + 4 * share(bin) + share(bin + 1)) / 6; // powers 1/4, 1, 1/4
    expect(chroma[10 * 12 + 9]!).toBeCloseTo(expected, 4);
    expect(chroma.subarray(120, 132).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  });

  it('has the mel power Σ weight × |X|², in dB', () => {
    const bin = 93;
    const hertz = bin * BIN;
    const { logMel } = plain.extract(tone(hertz));
    const edges = melEdges(128, 0, RATE / 2);
    let expected = -Infinity;
    let band = -1;
    for (let m = 0; m < 128; m++) {
      const [a, b, c] = [edges[m]!, edges[m + 1]!, edges[m + 2]!];
      const weight = (f: number): number =>
        Math.max(0, Math.min((f - a) / (b - a), (c - f) / (c - b))) * (2 / (c - a));
      const peak = (0.5 * N) / 4; // amplitude × N / 2 × mean of the window
      const power = peak ** 2 * (weight(hertz) + 0.25 * weight(hertz - BIN) + 0.25 * weight(hertz + BIN));
      if (10 * Math.log10(power) > expected) [expected, band] = [10 * Math.log10(power), m];
    }
    const frame = logMel.subarray(10 * 128, 11 * 128);
    expect(argmax(frame)).toBe(band);
    expect(frame[band]!).toBeCloseTo(expected, 2);
  });
});

describe('known signals', () => {
  it.each([
    [261.63, 0],
    [329.63, 4],
    [440, 9],
    [1864.66, 10],
  ])('%d Hz is pitch class %i', (hertz, pitchClass) => {
    expect(argmax(plan.extract(tone(hertz)).chroma.subarray(240, 252))).toBe(pitchClass);
  });

  it('follows the instantaneous frequency of a chirp', () => {
    const [from, to, seconds] = [500, 8000, 4];
    const chirp = Float32Array.from({ length: RATE * seconds }, (_, i) => {
      const t = i / RATE;
      return 0.5 * Math.sin(2 * Math.PI * (from * t + ((to - from) * t * t) / (2 * seconds)));
    });
    const { centroid, frames, frameRate } = plan.extract(chirp);
    for (let t = 5; t < frames - 5; t++) {
      const expected = from + ((to - from) * (t / frameRate)) / seconds;
      expect(Math.abs(centroid[t]! - expected) / expected).toBeLessThan(0.05);
    }
  });

  it('an impulse has a flat spectrum', () => {
    const impulse = new Float32Array(N);
    impulse[700] = 1;
    const { flatness, centroid } = plain.extract(impulse);
    expect(flatness[0]!).toBeCloseTo(1, 6);
    expect(centroid[0]!).toBeCloseTo(RATE / 4, 2); // the mean of 0 … Nyquist
  });

  it('white noise has the flatness e^−γ of exponentially distributed powers', () => {
    const rng = createRng(1);
    const noise = Float32Array.from({ length: RATE * 20 }, () => 0.1 * rng.normal());
    const { flatness, zeroCrossings } = plan.extract(noise);
    const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;
    expect(Math.abs(mean(flatness) - Math.exp(-0.5772156649))).toBeLessThan(0.01);
    expect(Math.abs(mean(zeroCrossings) - 0.5)).toBeLessThan(0.01);
  });

  it('silence is finite, at the floor, without tempo', () => {
    const features = plan.extract(new Float32Array(RATE));
    expect(everyValue(features).every(Number.isFinite)).toBe(true);
    expect([...features.logMel].every((level) => Math.abs(level + 100) < 1e-4)).toBe(true);
    expect(features.tempo).toEqual({ bpm: undefined, clarity: 0 });
    expect(
      Math.max(...features.centroid, ...features.chroma, ...features.onsetStrength, ...features.rms),
    ).toBe(0);
  });

  it.each([1, 2, 511, 512, 2047, 2048, 2049])('%i samples make finite features', (length) => {
    for (const p of [plan, plain]) {
      const features = p.extract(new Float32Array(length).fill(0.5));
      expect(everyValue(features).every(Number.isFinite)).toBe(true);
    }
    expect(plan.extract(new Float32Array(length)).frames).toBe(1 + Math.floor(length / 512));
  });

  it('values of a loud float file stay finite', () => {
    expect(everyValue(plan.extract(tone(440, 1, 60_000))).every(Number.isFinite)).toBe(true);
  });
});

describe('the frames', () => {
  it('keep energy: squared Hann windows a quarter apart add up to 3/2 (Parseval)', () => {
    const rng = createRng(2);
    const samples = Float32Array.from({ length: 8000 }, () => rng.normal());
    const spectrum = new FrameSpectrum(N);
    let energy = 0;
    for (let start = -N; start < samples.length; start += N / 4) {
      spectrum.read(samples, start);
      spectrum.power.forEach((power, k) => (energy += (k === 0 || k === N / 2 ? power : 2 * power) / N));
    }
    const expected = 1.5 * samples.reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(energy / expected - 1)).toBeLessThan(1e-12);
  });

  it('centred frames are plain frames of a signal with N / 2 zeros before it', () => {
    const samples = tone(700);
    const shifted = new Float32Array(samples.length + N / 2);
    shifted.set(samples, N / 2);
    const [a, b] = [plan.extract(samples), plain.extract(shifted)];
    expect(a.logMel.subarray(0, 20 * 128)).toEqual(b.logMel.subarray(0, 20 * 128));
    expect(a.rms.subarray(0, 20)).toEqual(b.rms.subarray(0, 20));
  });

  it('a hop that does not divide the frame gives the same RMS as its definition', () => {
    const samples = tone(300);
    const { rms, frames } = createFeaturePlan({ sampleRate: RATE, hopSize: 500, centred: false }).extract(
      samples,
    );
    for (let t = 0; t < frames; t++) {
      const frame = samples.subarray(t * 500, t * 500 + N);
      expect(rms[t]!).toBeCloseTo(Math.sqrt(frame.reduce((sum, x) => sum + x * x, 0) / N), 6);
    }
  });

  it('a plan gives the same again, whatever it saw between', () => {
    const first = plan.extract(tone(440));
    plan.extract(tone(3000, 2));
    expect(plan.extract(tone(440))).toEqual(first);
  });
});

describe('settings', () => {
  it.each([
    { frameSize: 1000 },
    { hopSize: 0 },
    { melBands: 0 },
    { mfccs: 129 },
    { rolloffShare: 1 },
    { maxFrequency: 20_000 },
    { minFrequency: -1 },
    { tuning: 0 },
    { sampleRate: 22_050.5 },
  ])('refuses %o', (settings) => {
    expect(() => createFeaturePlan({ sampleRate: RATE, ...settings })).toThrowError(
      expect.objectContaining({ code: 'feature/invalid' }),
    );
  });

  it.each([
    { melScale: 'bark' as 'htk' },
    { melNorm: 'slaney' as 'area' },
    { precision: 'f16' as 'f32' },
    { precision: 'f32' as const, frameSize: 32 },
    { precision: 'f32' as const, frameSize: 2 ** 19 },
    { features: [] },
    { features: ['loudness' as 'rms'] },
    { features: ['contrast' as const], sampleRate: 12_800 }, // the highest octave begins at 6,400 Hz, its Nyquist
    { features: ['contrast' as const], frameSize: 64 }, // no bin under 200 Hz but the one left out
  ])('refuses %o', (settings) => {
    expect(() => createFeaturePlan({ sampleRate: RATE, ...settings })).toThrowError(
      expect.objectContaining({ code: 'feature/invalid' }),
    );
  });

  it('refuses an empty signal', () => {
    expect(() => plan.extract(new Float32Array(0))).toThrowError(
      expect.objectContaining({ code: 'feature/invalid' }),
    );
  });

  it.each([NaN, Infinity, -Infinity, 2e12])('refuses a sample that is %d and says where', (value) => {
    const samples = tone(440);
    samples[12_345] = value;
    for (const precision of ['f64', 'f32'] as const) {
      expect(faultOf(() => createFeaturePlan({ sampleRate: RATE, precision }).extract(samples))).toEqual({
        code: 'feature/invalid',
        place: { index: 12_345, value: samples[12_345] },
      });
    }
  });

  it.each([1, 100, 201, 11_127, 192_000])('takes a sample rate of %i Hz', (sampleRate) => {
    for (const precision of ['f64', 'f32'] as const) {
      const features = createFeaturePlan({ sampleRate, precision }).extract(tone(440));
      expect(everyValue(features).every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    { hopSize: 5000 },
    { frameSize: 64, hopSize: 100_000 },
    { frameSize: 64, hopSize: 30 },
    { frameSize: 16_384 },
  ])('takes %o', (settings) => {
    for (const precision of ['f64', 'f32'] as const) {
      const features = createFeaturePlan({ sampleRate: RATE, precision, ...settings }).extract(tone(440));
      expect(everyValue(features).every(Number.isFinite)).toBe(true);
      expect(features.frames).toBe(1 + Math.floor(RATE / features.settings.hopSize));
    }
  });
});

describe('the choice of features', () => {
  it('gives those that were asked for, with the values of the whole set', () => {
    const all = plan.extract(tone(440));
    const some = createFeaturePlan({ sampleRate: RATE, features: ['mfcc', 'rms', 'tempo'] }).extract(
      tone(440),
    );
    expect(Object.keys(some).sort()).toEqual(['frameRate', 'frames', 'mfcc', 'rms', 'settings', 'tempo']);
    expect(some.mfcc).toEqual(all.mfcc);
    expect(some.rms).toEqual(all.rms);
    expect(some.tempo).toEqual(all.tempo);
  });

  it.each([...FRAME_FEATURE_NAMES])('%s alone is as among all', (name) => {
    const samples = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(0.01 * i * (1 + i / 900)));
    for (const precision of ['f64', 'f32'] as const) {
      const together = createFeaturePlan({ sampleRate: RATE, precision, features: FRAME_FEATURE_NAMES });
      const alone = createFeaturePlan({ sampleRate: RATE, precision, features: [name] });
      expect(alone.extract(samples)[name]).toEqual(together.extract(samples)[name]);
    }
  });

  it('mel power is what logMel is the level of', () => {
    const features = createFeaturePlan({ sampleRate: RATE, features: ['mel', 'logMel', 'power'] }).extract(
      tone(440),
    );
    features.logMel.forEach((level, i) =>
      expect(Math.abs(level - 10 * Math.log10(Math.max(1e-10, features.mel[i]!)))).toBeLessThan(1e-4),
    );
    expect(features.power.length).toBe(features.frames * 1025);
  });
});

describe('extractAudioFeatures', () => {
  it('mixes to mono and resamples to 22,050 Hz', () => {
    const left = Float32Array.from({ length: 44_100 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / 44_100));
    const features = extractAudioFeatures({
      sampleRate: 44_100,
      channels: [left, left.map((x) => -x * 0.5)],
    });
    expect(features.settings.sampleRate).toBe(22_050);
    expect(features.frames).toBe(1 + Math.floor(22_050 / 512));
    expect(features.centroid[20]!).toBeCloseTo(1000, -1);
    expect(features.rms[20]!).toBeCloseTo(0.25 / Math.SQRT2, 3);
  });
});
