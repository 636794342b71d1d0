import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { createRhythmPlan, measureRhythmPattern, RHYTHM_PATTERN_NAMES } from './rhythm-pattern.ts';

const RATE = 16_000;
const plan = createRhythmPlan(RATE);

/** Five seconds with a short burst of one pitch at each of these places of each period, dying away within 50 ms. */
function pulses(hertz: number, period: number, places: readonly number[] = [0]): Float32Array {
  const samples = new Float32Array(5 * RATE);
  for (let beat = 0; beat * period < 5; beat++) {
    for (const place of places) {
      const start = Math.round((beat + place) * period * RATE);
      for (let n = 0; n < 0.05 * RATE && start + n < samples.length; n++) {
        samples[start + n]! +=
          0.5 * Math.exp(-n / (0.012 * RATE)) * Math.sin((2 * Math.PI * hertz * n) / RATE);
      }
    }
  }
  return samples;
}
function measure(samples: Float32Array): Record<string, number> {
  const values = measureRhythmPattern(samples, plan);
  expect(values).toHaveLength(RHYTHM_PATTERN_NAMES.length);
  return Object.fromEntries(RHYTHM_PATTERN_NAMES.map((name, i) => [name, values[i]!]));
}

describe('the rhythm of six bands', () => {
  it('has a name for each value, each once', () => {
    expect(new Set(RHYTHM_PATTERN_NAMES).size).toBe(RHYTHM_PATTERN_NAMES.length);
  });
  it('finds the beat of pulses, and that they repeat with it', () => {
    const found = measure(pulses(100, 0.5));
    expect(found.beat).toBeCloseTo(0.5, 1);
    expect(found['kick repeats after 500 ms']).toBeGreaterThan(0.7);
    expect(found['kick repeats after 330 ms']).toBeLessThan(0.1);
    expect(found['kick strokes a second']).toBeCloseTo(2, 0);
  });
  it('tells triplet from straight division', () => {
    const straight = measure(pulses(5000, 0.6, [0, 0.5]));
    const swung = measure(pulses(5000, 0.6, [0, 2 / 3]));
    // With a beat of 0.6 s a straight stroke comes again after 0.3 s, a swung one after 0.2 and 0.4 s.
    const half = Math.max(
      straight['cymbals repeats after 280 ms']!,
      straight['cymbals repeats after 330 ms']!,
    );
    expect(half).toBeGreaterThan(0.5);
    expect(swung['cymbals repeats after 200 ms']).toBeGreaterThan(0.2);
    expect(
      Math.max(swung['cymbals repeats after 280 ms']!, swung['cymbals repeats after 330 ms']!),
    ).toBeLessThan(0.1);
    expect(straight['cymbals repeats after 200 ms']).toBeLessThan(0.1);
  });
  it('hears which bands sound together and which alternate', () => {
    const [low, high, late] = [pulses(100, 0.5), pulses(5000, 0.5), pulses(5000, 0.5, [0.5])];
    expect(measure(low.map((x, i) => x + high[i]!))['kick with cymbals']).toBeGreaterThan(0.4);
    expect(measure(low.map((x, i) => x + late[i]!))['kick with cymbals']).toBeLessThan(0.1);
  });
  it('changes little with noise 30 dB below, and not at all with the volume', () => {
    const rng = createRng(1);
    const clean = pulses(400, 0.5);
    const rms = Math.sqrt(clean.reduce((sum, x) => sum + x * x, 0) / clean.length);
    const noisy = measure(clean.map((x) => x + rms * 10 ** (-30 / 20) * rng.normal()));
    expect(
      Math.abs(noisy['middle repeats after 500 ms']! - measure(clean)['middle repeats after 500 ms']!),
    ).toBeLessThan(0.2);
    const soft = measureRhythmPattern(
      clean.map((x) => x / 4),
      plan,
    );
    measureRhythmPattern(clean, plan).forEach((value, i) => expect(soft[i]).toBeCloseTo(value, 3));
  });
  it('is finite for silence and for one sample', () => {
    for (const samples of [new Float32Array(RATE), Float32Array.of(0.5)]) {
      expect(measureRhythmPattern(samples, plan).every(Number.isFinite)).toBe(true);
    }
  });
});
