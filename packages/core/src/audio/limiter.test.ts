import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { decibelsToGain, measurePeak } from './level.ts';
import { limitPeaks } from './limiter.ts';
import { measureTruePeak } from './true-peak.ts';

const mono = (...samples: number[]) => ({ sampleRate: 1000, channels: [Float32Array.from(samples)] });

describe('limitPeaks', () => {
  it('gives back a clip under the ceiling as it is', () => {
    const clip = mono(0.5, -0.8);
    expect(limitPeaks(clip)).toBe(clip);
  });

  it('never passes the ceiling, never turns anything up, keeps signs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: -12, max: 0 }),
        (samples, ceilingDb) => {
          const clip = mono(...samples);
          const out = limitPeaks(clip, { ceilingDb }).channels[0]!;
          const ceiling = decibelsToGain(ceilingDb);
          expect(out.length).toBe(samples.length);
          expect(measureTruePeak(mono(...out))).toBeLessThanOrEqual(ceiling);
          out.forEach((value, i) => {
            expect(Math.abs(value)).toBeLessThanOrEqual(Math.abs(clip.channels[0]![i]!));
            expect(value * clip.channels[0]![i]!).toBeGreaterThanOrEqual(0);
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('brings a single peak exactly to the ceiling and leaves what is far away untouched', () => {
    const samples = new Float32Array(4000).fill(0.25);
    samples[2000] = 2;
    const out = limitPeaks(
      { sampleRate: 1000, channels: [samples] },
      { ceilingDb: 0, lookAhead: 0.01, release: 0.05 },
    ).channels[0]!;
    expect(out[2000]).toBeCloseTo(1, 2);
    expect(out[1980]).toBe(0.25); // before the look-ahead of 10 samples
    expect(out[1995]!).toBeLessThan(0.25);
    expect(out[3999]).toBeCloseTo(0.25, 5); // 40 release times later
  });

  it('uses one gain for all channels', () => {
    const left = new Float32Array(500).fill(0.5);
    const right = new Float32Array(500).fill(0.25);
    left[250] = 3;
    const out = limitPeaks({ sampleRate: 1000, channels: [left, right] });
    for (let i = 0; i < 500; i++) {
      if (i !== 250) expect(out.channels[0]![i]! / out.channels[1]![i]!).toBeCloseTo(2, 5);
    }
  });

  it('sees a peak between samples, which no sample shows', () => {
    // 12 kHz at 48 kHz and 45°: every sample is at 1/√2 of the sine's peak
    const sine = Float32Array.from(
      { length: 4800 },
      (_, i) => 1.2 * Math.sin((Math.PI * i) / 2 + Math.PI / 4),
    );
    const clip = { sampleRate: 48_000, channels: [sine] };
    expect(measurePeak(clip)).toBeLessThan(0.86);
    const limited = limitPeaks(clip, { ceilingDb: -1 });
    expect(measurePeak(limited)).toBeLessThan(decibelsToGain(-1) / Math.SQRT2 + 0.005);
    expect(measureTruePeak(limited)).toBeLessThanOrEqual(decibelsToGain(-1));
    expect(measureTruePeak(limited)).toBeGreaterThan(decibelsToGain(-1.3));
  });

  it('holds the ceiling on clipped noise at every usual rate', () => {
    for (const sampleRate of [8000, 22_050, 44_100, 96_000]) {
      const rng = createRng(sampleRate);
      const noise = () =>
        Float32Array.from({ length: 3000 }, () => Math.max(-1, Math.min(1, 2 * rng.normal())));
      const out = limitPeaks({ sampleRate, channels: [noise(), noise()] }, { ceilingDb: -1 });
      expect(measureTruePeak(out)).toBeLessThanOrEqual(decibelsToGain(-1));
    }
  });

  it('gives the same samples each time, and leaves its input alone', () => {
    const clip = mono(...Array.from({ length: 500 }, (_, i) => 2 * Math.sin(i / 3)));
    const before = clip.channels[0]!.slice();
    expect(limitPeaks(clip)).toEqual(limitPeaks(clip));
    expect(clip.channels[0]).toEqual(before);
  });

  it.each([{ ceilingDb: 1 }, { lookAhead: 0 }, { release: -1 }])('refuses %o', (options) => {
    expect(() => limitPeaks(mono(2), options)).toThrowError(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });
});
