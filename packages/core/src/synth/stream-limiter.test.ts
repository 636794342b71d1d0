import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStreamLimiter } from './stream-limiter.ts';

const RATE = 8000;
const OPTIONS = { sampleRate: RATE, channelCount: 1, ceiling: 0.5, lookAhead: 0.005, release: 0.1 };

/** One channel through a limiter, cut into blocks of the given lengths (repeated). */
function limited(samples: Float32Array, lengths: readonly number[] = [samples.length || 1]): Float32Array {
  const limiter = createStreamLimiter(OPTIONS);
  const out: number[] = [];
  for (let at = 0, i = 0; at < samples.length; i++) {
    const length = lengths[i % lengths.length]!;
    out.push(...limiter.push([samples.subarray(at, at + length)])[0]!);
    at += length;
  }
  out.push(...limiter.flush()[0]!);
  return Float32Array.from(out);
}

const sound = fc
  .array(fc.float({ min: -4, max: 4, noNaN: true }), { maxLength: 400 })
  .map((samples) => Float32Array.from(samples));

describe('createStreamLimiter', () => {
  it('holds the ceiling, keeps signs and the number of frames, and never makes a sample louder', () => {
    fc.assert(
      fc.property(sound, (samples) => {
        const out = limited(samples);
        expect(out.length).toBe(samples.length);
        out.forEach((value, i) => {
          expect(Math.abs(value)).toBeLessThanOrEqual(Math.min(0.5, Math.abs(samples[i]!)));
          expect(value * samples[i]!).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });

  it('gives the same bits however the sound is cut', () => {
    fc.assert(
      fc.property(sound, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (samples, lengths) => {
        expect(limited(samples, lengths)).toEqual(limited(samples));
      }),
    );
  });

  it('leaves sound under the ceiling as it is', () => {
    const samples = Float32Array.from({ length: 500 }, (_, i) => 0.5 * Math.sin(i));
    expect(limited(samples, [7])).toEqual(samples);
  });

  it('brings a steady loud tone to the ceiling', () => {
    const out = limited(Float32Array.from({ length: RATE }, (_, i) => 2 * Math.sin((2 * Math.PI * i) / 20)));
    const peak = Math.max(...out.subarray(RATE / 2));
    expect(peak).toBeGreaterThan(0.5 * 0.99); // release lets the gain rise a little between peaks
  });

  it('falls before a peak within the look-ahead and returns by the time constant', () => {
    const samples = new Float32Array(RATE).fill(0.1);
    samples[4000] = 1; // needs a gain of 0.5
    const out = limited(samples);
    expect(out[4000 - 41]).toBe(samples[0]);
    expect(out[4000 - 20]).toBeLessThan(0.1);
    expect(out[4000]).toBeCloseTo(0.5, 5);
    // 0.1 s after the window has passed the missing half has shrunk to 0.5/e
    expect(out[4000 + 20 + 800]! / 0.1).toBeCloseTo(1 - 0.5 / Math.E, 1);
  });

  it('bends all channels by one gain', () => {
    const limiter = createStreamLimiter({ ...OPTIONS, channelCount: 2 });
    const loud = Float32Array.from({ length: 200 }, () => 1);
    const soft = Float32Array.from({ length: 200 }, () => 0.25);
    const [first, second] = [limiter.push([loud, soft]), limiter.flush()];
    for (const [left, right] of [first, second])
      left!.forEach((value, i) => expect(right![i]).toBe(value / 4));
  });
});
