import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measurePeak } from './level.ts';
import { measureTruePeak } from './true-peak.ts';

const decibels = (level: number): number => 20 * Math.log10(level);

/** A sine of `divisor` samples a period, faded in and out so that its ends add nothing. */
function sine(divisor: number, level: number, degrees: number, length = 4800) {
  const channel = Float32Array.from({ length }, (_, i) => {
    const fade = Math.min(1, i / 1000, (length - 1 - i) / 1000);
    return level * fade * Math.sin((2 * Math.PI * i) / divisor + (degrees * Math.PI) / 180);
  });
  return { sampleRate: 48_000, channels: [channel, channel] };
}

describe('measureTruePeak on the signals of EBU Tech 3341', () => {
  // minimum requirements test signals 15–19: +0.2/−0.4 dB
  it.each([
    ['15', 4, 0.5, 0, -6],
    ['16', 4, 0.5, 45, -6],
    ['17', 6, 0.5, 60, -6],
    ['18', 8, 0.5, 67.5, -6],
    ['19', 4, 1.41, 45, 3],
  ])('case %s', (_, divisor, level, degrees, expected) => {
    const measured = decibels(measureTruePeak(sine(divisor, level, degrees)));
    expect(measured - expected).toBeLessThanOrEqual(0.2);
    expect(measured - expected).toBeGreaterThanOrEqual(-0.4);
  });

  // cases 20–23 are one band-limited signal sampled at four offsets of a quarter of a sample, its peak at 0 dB
  it.each([0, 1, 2, 3])('a band-limited pulse of 0 dB, %i quarters of a sample off', (quarters) => {
    const pulse = Float32Array.from({ length: 400 }, (_, i) => {
      const x = ((i - 200 + quarters / 4) * Math.PI) / 4; // up to a quarter of the rate, by sinc²
      return x === 0 ? 1 : (Math.sin(x) / x) ** 2 * Math.cos(2 * x);
    });
    const measured = decibels(measureTruePeak({ sampleRate: 48_000, channels: [pulse] }));
    expect(measured).toBeLessThanOrEqual(0.2);
    expect(measured).toBeGreaterThanOrEqual(-0.4);
  });
});

describe('measureTruePeak', () => {
  it.each([8000, 22_050, 44_100, 96_000, 192_000])(
    'finds the peak of a sine between samples at %i Hz',
    (sampleRate) => {
      for (const degrees of [0, 20, 45]) {
        const clip = { ...sine(4, 0.7, degrees), sampleRate };
        expect(Math.abs(decibels(measureTruePeak(clip) / 0.7))).toBeLessThan(
          sampleRate > 90_000 ? 0.7 : 0.18,
        );
      }
    },
  );

  it('is never below the sample peak, and 0 for nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { maxLength: 100 }), (samples) => {
        const clip = { sampleRate: 44_100, channels: [Float32Array.from(samples)] };
        expect(measureTruePeak(clip)).toBeGreaterThanOrEqual(measurePeak(clip));
      }),
    );
    expect(measureTruePeak({ sampleRate: 44_100, channels: [new Float32Array(0)] })).toBe(0);
  });
});
