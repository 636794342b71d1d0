import { describe, expect, it } from 'vitest';
import { amplitudeToDecibels, decibelsToPower, powerToDecibels } from './decibels.ts';

describe('decibels', () => {
  it('are ten logarithms of power and twenty of amplitude', () => {
    expect([...powerToDecibels([1, 10, 0.001])]).toEqual([0, 10, -30]);
    expect([...amplitudeToDecibels([1, 10, 0.001])]).toEqual([0, 20, -60]);
    expect([...powerToDecibels([50], { reference: 0.5 })]).toEqual([20]);
  });

  it('stop at the floor, and a range under the largest', () => {
    expect([...powerToDecibels([0, 1])]).toEqual([-100, 0]);
    expect([...amplitudeToDecibels([0, 1])]).toEqual([-100, 0]);
    expect([...powerToDecibels([0, 100], { topDecibels: 80 })]).toEqual([-60, 20]);
    expect([...powerToDecibels([], { topDecibels: 80 })]).toEqual([]);
  });

  it('go back to power', () => {
    const power = [1e-9, 0.3, 7, 1e6];
    decibelsToPower(powerToDecibels(power, { reference: 2 }), 2).forEach((value, i) =>
      expect(Math.abs(value / power[i]! - 1)).toBeLessThan(1e-5),
    );
  });

  it.each([{ floor: 0 }, { reference: 0 }, { reference: NaN }, { topDecibels: -1 }])(
    'refuse %o',
    (options) => {
      expect(() => powerToDecibels([1], options)).toThrowError(
        expect.objectContaining({ code: 'feature/invalid' }),
      );
    },
  );
});
