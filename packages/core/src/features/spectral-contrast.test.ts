import { describe, expect, it } from 'vitest';
import { contrastRanges, measureContrast } from './spectral-contrast.ts';

describe('contrastRanges', () => {
  it('are those of librosa 0.11 at 22,050 Hz and 2048', () => {
    // bins k with low ≤ 22050 k / 2048 ≤ high: 0–18, 19–37, 38–74, 75–148, 149–297, 298–594, 595–1024. From the second
    // on one bin lower is added; all but the last lose their highest; 2 % are counted before that, halves to even.
    expect(contrastRanges(2048, 22_050)).toEqual([
      { first: 0, end: 18, count: 1 }, // 19 bins, 0.38
      { first: 18, end: 37, count: 1 }, // 20 bins, 0.4
      { first: 37, end: 74, count: 1 }, // 38 bins, 0.76
      { first: 74, end: 148, count: 2 }, // 75 bins, 1.5
      { first: 148, end: 297, count: 3 }, // 150 bins, 3
      { first: 297, end: 594, count: 6 }, // 298 bins, 5.96
      { first: 594, end: 1025, count: 9 }, // 431 bins, 8.62
    ]);
  });

  it.each([
    [2048, 12_800],
    [64, 22_050],
  ])('refuses frames of %i at %i Hz, which leave a band empty', (frameSize, sampleRate) => {
    expect(() => contrastRanges(frameSize, sampleRate)).toThrowError(
      expect.objectContaining({ code: 'feature/invalid' }),
    );
  });
});

describe('measureContrast', () => {
  it('is the level of the mean of the largest over the mean of the smallest', () => {
    const magnitude = Float64Array.of(99, 5, 1, 30, 3, 10, 99);
    const range = { first: 1, end: 6, count: 2 }; // 1, 3 against 10, 30
    expect(measureContrast(magnitude, range)).toBeCloseTo(10 * Math.log10(20 / 2), 12);
  });

  it('is 0 in silence, and bounded by the floor where only the valley is silent', () => {
    expect(measureContrast(new Float64Array(8), { first: 0, end: 8, count: 1 })).toBe(0);
    expect(measureContrast(Float64Array.of(0, 1), { first: 0, end: 2, count: 1 })).toBeCloseTo(100, 9);
  });
});
