import { describe, expect, it } from 'vitest';
import { measureDelta } from './delta.ts';

describe('measureDelta', () => {
  it('is the slope of a line everywhere, also at the ends', () => {
    const lines = Float32Array.from(
      { length: 60 },
      (_, i) => (i % 2 === 0 ? 3 : -0.5) * Math.floor(i / 2) + 7,
    );
    const slopes = measureDelta(lines, 2);
    slopes.forEach((slope, i) => expect(slope).toBeCloseTo(i % 2 === 0 ? 3 : -0.5, 5));
  });

  it('of order 2 is twice the leading coefficient of a parabola', () => {
    const parabola = Float32Array.from({ length: 20 }, (_, t) => 0.25 * t * t - 3 * t + 1);
    measureDelta(parabola, 1, { order: 2, window: 7 }).forEach((value) => expect(value).toBeCloseTo(0.5, 5));
  });

  it('of an impulse is its weights: −n / 10 for 5 frames, (2n² − 4) / 14 … of order 2', () => {
    const impulse = new Float32Array(11);
    impulse[5] = 1;
    // Σ n² = 10 over −2 … 2; the value at frame t weighs the impulse at n = 5 − t
    const first = measureDelta(impulse, 1, { window: 5 });
    [0.2, 0.1, 0, -0.1, -0.2].forEach((value, i) => expect(first[3 + i]!).toBeCloseTo(value, 6));
    // n² − 2 = 2, −1, −2, −1, 2, squares sum to 14; twice over that (Savitzky & Golay 1964, table for 5 points: 2 −1 −2 −1 2 over 7)
    const second = measureDelta(impulse, 1, { window: 5, order: 2 });
    [2, -1, -2, -1, 2].forEach((value, i) => expect(second[3 + i]!).toBeCloseTo(value / 7, 6));
  });

  it.each([{ window: 4 }, { window: 1 }, { window: 13 }, { window: 2.5 }])(
    'refuses %o of 12 frames',
    (options) => {
      expect(() => measureDelta(new Float32Array(24), 2, options)).toThrowError(
        expect.objectContaining({ code: 'feature/invalid' }),
      );
    },
  );

  it('refuses values that are no rows', () => {
    expect(() => measureDelta(new Float32Array(25), 2)).toThrowError(
      expect.objectContaining({ code: 'feature/invalid' }),
    );
  });
});
