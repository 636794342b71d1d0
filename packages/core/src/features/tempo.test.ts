import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { createFeaturePlan } from './feature-plan.ts';
import { estimateTempo } from './tempo.ts';

const RATE = 22_050;

/** Short bursts of noise, one a beat, the first of four louder. */
function clicks(bpm: number, seconds: number): Float32Array {
  const rng = createRng(4);
  const samples = new Float32Array(RATE * seconds);
  for (let beat = 0; beat < (seconds * bpm) / 60; beat++) {
    const at = Math.round((beat * 60 * RATE) / bpm);
    for (let i = 0; i < 600 && at + i < samples.length; i++) {
      samples[at + i] = (beat % 4 === 0 ? 0.8 : 0.5) * (2 * rng.uniform() - 1) * Math.exp(-i / 150);
    }
  }
  return samples;
}

describe('estimateTempo', () => {
  it.each([72, 84, 96, 100, 110, 120, 128, 140, 160])('hears clicks at %i bpm within 1 %%', (bpm) => {
    const { tempo } = createFeaturePlan({ sampleRate: RATE }).extract(clicks(bpm, 20));
    expect(Math.abs(tempo.bpm! / bpm - 1)).toBeLessThan(0.01);
    expect(tempo.clarity).toBeGreaterThan(0.3);
  });

  it('finds no tempo in a constant curve, nor in an empty one', () => {
    expect(estimateTempo(new Float32Array(500).fill(3), 43)).toEqual({ bpm: undefined, clarity: 0 });
    expect(estimateTempo(new Float32Array(0), 43)).toEqual({ bpm: undefined, clarity: 0 });
  });

  it('prefers the period of a sine that has one', () => {
    const curve = Float32Array.from({ length: 1000 }, (_, t) => 1 + Math.sin((2 * Math.PI * 2 * t) / 50)); // 2 Hz at 50 Hz
    expect(Math.abs(estimateTempo(curve, 50).bpm! - 120)).toBeLessThan(2);
  });
});
