import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { createWindow } from '../../spectral/window.ts';
import { autocorrelationTempogram, fourierTempogram } from './tempogram.ts';

const REFUSED = expect.objectContaining({ code: 'feature/invalid' }) as Error;

function noise(length: number): Float32Array {
  const rng = createRng(length);
  return Float32Array.from({ length }, () => rng.uniform());
}

describe('autocorrelationTempogram', () => {
  it('equals the sum that defines it', () => {
    const curve = noise(40);
    const { frames, lags, values } = autocorrelationTempogram(curve, 12);
    expect([frames, lags]).toEqual([40, 12]);
    const window = createWindow('hann', 12);
    for (const t of [0, 3, 20, 39]) {
      const frame = Array.from(window, (w, n) => w * (curve[t - 6 + n] ?? 0));
      const sum = (lag: number): number =>
        frame.reduce((total, x, n) => total + x * (frame[n + lag] ?? 0), 0);
      for (let lag = 0; lag < 12; lag++) expect(values[t * 12 + lag]).toBeCloseTo(sum(lag) / sum(0), 6);
    }
  });

  it('repeats with the period of the curve', () => {
    const pulses = Float32Array.from({ length: 400 }, (_, t) => (t % 20 === 0 ? 1 : 0));
    const { values } = autocorrelationTempogram(pulses, 128);
    const row = values.subarray(200 * 128, 201 * 128);
    for (let lag = 1; lag < 128; lag++) {
      if (lag % 20 === 0) expect(row[lag]).toBeGreaterThan(row[lag + 20] ?? 0);
      else expect(row[lag]).toBeCloseTo(0, 6);
    }
    expect(row[20]).toBeGreaterThan(0.8);
  });

  it('is 0 in silence, and refuses windows that are none', () => {
    expect(autocorrelationTempogram(new Float32Array(9), 4).values.every((value) => value === 0)).toBe(true);
    expect(autocorrelationTempogram(new Float32Array(0), 4).values).toHaveLength(0);
    for (const window of [1, 2.5, NaN])
      expect(() => autocorrelationTempogram(noise(9), window)).toThrow(REFUSED);
  });
});

describe('fourierTempogram', () => {
  it('shows a sine of 2 Hz at 120 bpm with a quarter of the window, and nothing two lobes away', () => {
    const rate = 50;
    const curve = Float32Array.from({ length: 1000 }, (_, t) => Math.cos((2 * Math.PI * 2 * t) / rate));
    const tempi = [60, 105, 120, 135, 180];
    const { magnitude } = fourierTempogram(curve, rate, tempi, 400); // 8 s: main lobe ± 15 bpm
    const row = magnitude.subarray(500 * 5, 501 * 5);
    expect(row[2]).toBeCloseTo(100, 3);
    for (const other of [0, 1, 3, 4]) expect(row[other]!).toBeLessThan(0.01);
  });

  it('refuses tempi above half the frame rate', () => {
    expect(() => fourierTempogram(noise(9), 2, [61], 4)).toThrow(REFUSED);
    expect(() => fourierTempogram(noise(9), 2, [-1], 4)).toThrow(REFUSED);
    expect(() => fourierTempogram(noise(9), NaN, [1], 4)).toThrow(REFUSED);
    expect(() => fourierTempogram(noise(9), 2, [60], 0)).toThrow(REFUSED);
  });
});
