import { describe, expect, it } from 'vitest';
import { resample } from './resample.ts';

function sine(hertz: number, rate: number, length: number, phase = 0.3): Float32Array {
  return Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate + phase));
}

/** Power of `actual` over that of its difference to a sine known in closed form, dB, away from the ends. */
function signalToNoise(actual: Float32Array, hertz: number, rate: number, phase = 0.3): number {
  let signal = 0;
  let noise = 0;
  for (let i = 1000; i < actual.length - 1000; i++) {
    const expected = 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate + phase);
    signal += expected ** 2;
    noise += (actual[i]! - expected) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

describe('resample', () => {
  it.each([
    [44_100, 22_050, 997],
    [44_100, 22_050, 9000],
    [22_050, 44_100, 997],
    [22_050, 44_100, 9000],
    [44_100, 48_000, 997],
    [48_000, 44_100, 18_000],
    [48_000, 22_050, 5000],
    [44_100, 16_000, 3000],
    [44_100, 44_101, 10_000], // 44,101 phases: the interpolated filter
    [44_101, 22_050, 5000],
  ])('%d to %d Hz keeps a tone of %d Hz to 120 dB, in time and level', (from, to, hertz) => {
    const out = resample({ sampleRate: from, channels: [sine(hertz, from, from / 2)] }, to);
    expect(out.sampleRate).toBe(to);
    expect(signalToNoise(out.channels[0]!, hertz, to)).toBeGreaterThan(120);
  });

  it.each([11_100, 12_000, 15_000, 20_000])('takes out %d Hz, which 22,050 Hz cannot hold', (hertz) => {
    const out = resample({ sampleRate: 44_100, channels: [sine(hertz, 44_100, 44_100)] }, 22_050)
      .channels[0]!;
    const peak = out.subarray(1000, out.length - 1000).reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    expect(20 * Math.log10(peak / 0.5)).toBeLessThan(-120);
  });

  it.each([
    [44_100, 22_050, 44_101, 22_051],
    [44_100, 48_000, 100, 109], // ceil(108.84…)
    [48_000, 44_100, 1, 1],
    [8000, 44_100, 8000, 44_100],
    [3, 2, 0, 0],
  ])('from %d to %d Hz turns %d frames to %d', (from, to, length, expected) => {
    const out = resample(
      { sampleRate: from, channels: [new Float32Array(length), new Float32Array(length)] },
      to,
    );
    expect(out.channels.map((channel) => channel.length)).toEqual([expected, expected]);
  });

  it('keeps a constant constant', () => {
    const out = resample({ sampleRate: 44_100, channels: [new Float32Array(4410).fill(0.5)] }, 16_000)
      .channels[0]!;
    for (let i = 300; i < out.length - 300; i++) expect(Math.abs(out[i]! - 0.5)).toBeLessThan(1e-6);
  });

  it('does nothing at equal rates', () => {
    const clip = { sampleRate: 44_100, channels: [Float32Array.of(1, 2)] };
    expect(resample(clip, 44_100)).toBe(clip);
  });

  it.each([0, -1, 22_050.5, NaN, Infinity])('refuses the rate %d', (rate) => {
    expect(() => resample({ sampleRate: 44_100, channels: [new Float32Array(1)] }, rate)).toThrowError(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });
});
