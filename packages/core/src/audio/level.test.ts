import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decibelsToGain, limitPeaks, measurePeak, measureRms, normalisePeak, scaleClip } from './level.ts';

const mono = (...samples: number[]) => ({ sampleRate: 1000, channels: [Float32Array.from(samples)] });

describe('levels', () => {
  it('measures peak and RMS over all channels', () => {
    const clip = { sampleRate: 8, channels: [Float32Array.of(0.5, -0.25), Float32Array.of(0, -0.75)] };
    expect(measurePeak(clip)).toBe(0.75);
    expect(measureRms(clip)).toBeCloseTo(Math.sqrt((0.25 + 0.0625 + 0.5625) / 4), 12);
    expect(measurePeak(mono())).toBe(0);
    expect(measureRms(mono())).toBe(0);
  });

  it('has 1/√2 of the amplitude as RMS of a sine', () => {
    const sine = mono(
      ...Array.from({ length: 1000 }, (_, i) => 0.8 * Math.sin((2 * Math.PI * 10 * i) / 1000)),
    );
    expect(measureRms(sine)).toBeCloseTo(0.8 / Math.SQRT2, 6);
  });

  it('turns decibels to factors', () => {
    expect(decibelsToGain(0)).toBe(1);
    expect(decibelsToGain(-20)).toBeCloseTo(0.1, 15);
    expect(decibelsToGain(6.0206)).toBeCloseTo(2, 5);
  });

  it('scales and normalises without touching its input', () => {
    const clip = mono(0.1, -0.2);
    expect(scaleClip(clip, 2).channels[0]).toEqual(Float32Array.of(0.2, -0.4));
    expect(measurePeak(normalisePeak(clip, -6))).toBeCloseTo(decibelsToGain(-6), 6);
    expect(clip.channels[0]).toEqual(Float32Array.of(0.1, -0.2));
  });

  it('leaves silence silent', () => {
    expect(measurePeak(normalisePeak(mono(0, 0)))).toBe(0);
  });
});

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
          out.forEach((value, i) => {
            expect(Math.abs(value)).toBeLessThanOrEqual(
              Math.min(Math.fround(ceiling), Math.abs(clip.channels[0]![i]!)) + 1e-7,
            );
            expect(value * clip.channels[0]![i]!).toBeGreaterThanOrEqual(0);
          });
        },
      ),
      { numRuns: 200 },
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

  it.each([{ ceilingDb: 1 }, { lookAhead: 0 }, { release: -1 }])('refuses %o', (options) => {
    expect(() => limitPeaks(mono(2), options)).toThrowError(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });
});
