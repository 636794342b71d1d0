import { describe, expect, it } from 'vitest';
import { AUDIO_SUMMARY_NAMES, summariseAudioFeatures } from './audio-summary.ts';
import { createFeaturePlan } from './feature-plan.ts';

const RATE = 22_050;
const plan = createFeaturePlan({ sampleRate: RATE });

function summary(samples: Float32Array): (name: string) => number {
  const values = summariseAudioFeatures(plan.extract(samples));
  return (name) => values[AUDIO_SUMMARY_NAMES.indexOf(name)]!;
}

describe('summariseAudioFeatures', () => {
  it('has a name of its own for each of 148 values', () => {
    expect(AUDIO_SUMMARY_NAMES.length).toBe(148);
    expect(new Set(AUDIO_SUMMARY_NAMES).size).toBe(148);
    expect(summariseAudioFeatures(plan.extract(new Float32Array(5000))).length).toBe(148);
  });

  it('describes a tone by what it is', () => {
    const bin = 60;
    const hertz = (bin * RATE) / 2048;
    const value = summary(
      Float32Array.from({ length: RATE * 4 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / RATE)),
    );
    expect(Math.abs(value('centroid mean') - hertz / 1000)).toBeLessThan(0.05);
    expect(value('level mean')).toBeCloseTo(20 * Math.log10(0.5 / Math.SQRT2), 0);
    expect(value('zeroCrossings mean')).toBeCloseTo((2 * hertz) / RATE, 2);
    expect(value('quiet share')).toBe(0);
  });

  it('counts onsets a second', () => {
    const beats = new Float32Array(RATE * 10);
    for (let i = 0; i < beats.length; i++) beats[i] = Math.sin(0.7 * i) * Math.exp(-(i % (RATE / 2)) / 800);
    expect(summary(beats)('onset rate')).toBeCloseTo(2, 0);
    expect(Math.abs(summary(beats)('tempo') / 120 - 1)).toBeLessThan(0.02);
  });

  it('has chroma intervals that do not change with the key', () => {
    const chord = (semitones: number): Float32Array =>
      Float32Array.from({ length: RATE }, (_, i) =>
        [0, 4, 7].reduce(
          (sum, p) => sum + 0.2 * Math.sin((2 * Math.PI * 523.25 * 2 ** ((p + semitones) / 12) * i) / RATE),
          0,
        ),
      );
    const [low, high] = [summary(chord(0)), summary(chord(1))]; // C and D flat major
    for (let i = 0; i < 12; i++) {
      expect(Math.abs(low(`chroma interval ${i} mean`) - high(`chroma interval ${i} mean`))).toBeLessThan(
        0.05,
      );
    }
    expect(Math.abs(low('chroma C mean') - high('chroma C mean'))).toBeGreaterThan(0.1);
  });

  it.each([
    ['silence', new Float32Array(RATE)],
    ['one sample', Float32Array.of(1)],
    ['a constant', new Float32Array(9000).fill(-0.3)],
  ])('is finite for %s', (_, samples) => {
    expect(summariseAudioFeatures(plan.extract(samples)).every(Number.isFinite)).toBe(true);
  });

  it('refuses features of another size', () => {
    const other = createFeaturePlan({ sampleRate: RATE, melBands: 64 });
    expect(() => summariseAudioFeatures(other.extract(new Float32Array(4000)))).toThrowError(
      expect.objectContaining({ code: 'feature/invalid' }),
    );
  });
});
