import { describe, expect, it } from 'vitest';
import { decibelsToGain, measurePeak, measureRms, normalisePeak, scaleClip } from './level.ts';

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
