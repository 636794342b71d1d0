import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { forecastSeries } from './forecast.ts';

/** Values that swing slowly around 10: what was is forgotten in some steps, and the mean comes back. */
function returning(length: number): number[] {
  const rng = createRng(3);
  let x = 0;
  return Array.from({ length }, () => 10 + (x = 0.85 * x + rng.normal()));
}

describe('forecastSeries', () => {
  it('takes the mean where a series returns to it, with the mean of the latest year', () => {
    const values = returning(160);
    const { method, forecast, errors } = forecastSeries(values, { ahead: 13, meanOver: 52 });
    expect(method).toBe('mean');
    const mean = values.slice(-52).reduce((a, b) => a + b, 0) / 52;
    for (const each of forecast) expect(each.mean).toBeCloseTo(mean, 9);
    expect(errors!.origins).toBe(6);
  });

  it('takes smoothing where a series goes on, and beats the last value there', () => {
    const values = Array.from({ length: 80 }, (_, t) => 2 * t + (t % 2));
    const { method, forecast, errors } = forecastSeries(values, { ahead: 4 });
    expect(method).toBe('smoothing');
    expect(forecast[3]!.mean).toBeGreaterThan(values.at(-1)!);
    expect(errors!.chosen).toBeLessThan(errors!.lastValue);
    expect(errors!.lastSeason).toBeNull();
  });

  it('has the errors of the simple rivals, by hand', () => {
    // 0 … 11, then 0 … 11 again; one origin at 8 + 4 · 4: the last value is 11 and 0, 1, 2, 3 follow, 6.5 … off on average.
    const values = Array.from({ length: 28 }, (_, t) => t % 12);
    const { errors } = forecastSeries(values, { ahead: 4, seasonLength: 12 });
    // Origins 8, 12, 16, 20, 24: what follows is 8…11, 0…3, 4…7, 8…11, 0…3, off the last value by 2.5, 9.5, 2.5, 2.5, 9.5.
    const scale = (origin: number): number => {
      const drops = Math.floor((origin - 1) / 12);
      return (origin - 1 - drops + 11 * drops) / (origin - 1);
    };
    const off = [2.5, 9.5, 2.5, 2.5, 9.5].map((error, k) => error / scale(8 + 4 * k));
    expect(errors!.origins).toBe(5);
    expect(errors!.lastValue).toBeCloseTo(off.reduce((a, b) => a + b, 0) / 5, 9);
    expect(errors!.lastSeason).toBeNull(); // the first origin lies within the first season
    const long = forecastSeries([...values, ...values.map((value) => value)], { ahead: 4, seasonLength: 28 });
    expect(long.errors!.lastSeason).toBeCloseTo(0, 9);
  });

  it('has intervals of the mean as wide as its errors were', () => {
    const rng = createRng(6);
    const noise = Array.from({ length: 400 }, () => rng.normal());
    const { method, forecast } = forecastSeries(noise, { ahead: 3, meanOver: 100 });
    expect(method).toBe('mean');
    // White noise: 1.96 · √(1 + 1 / 100) on either side.
    for (const { low, high } of forecast)
      expect((high - low) / 2 / (1.96 * Math.sqrt(1.01))).toBeCloseTo(1, 1);
  });

  it('says nothing of errors where the past is short or never changes, and refuses what makes no sense', () => {
    expect(forecastSeries([1, 2, 3, 4, 5, 6, 7, 8], { ahead: 4 })).toMatchObject({
      method: 'smoothing',
      errors: null,
    });
    expect(forecastSeries(new Array<number>(40).fill(3), { ahead: 4 }).errors).toBeNull();
    expect(() => forecastSeries([1, 2, 3], { ahead: 1 })).toThrowError(/at least 8/);
    expect(() => forecastSeries(returning(20), { ahead: 0 })).toThrowError(/ahead/);
    expect(() => forecastSeries(returning(20), { ahead: 2, meanOver: 0.5 })).toThrowError(/meanOver/);
  });
});
