import FFT from 'fft.js';
import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { createRealFft } from './real-fft.ts';

function noise(length: number, seed: number): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from({ length }, () => 2 * rng.uniform() - 1);
}

function transform(frame: Float64Array): { re: Float64Array; im: Float64Array } {
  const re = new Float64Array(frame.length / 2 + 1);
  const im = new Float64Array(frame.length / 2 + 1);
  createRealFft(frame.length).transform(frame, re, im);
  return { re, im };
}

describe('createRealFft', () => {
  it.each([4, 8, 16, 32, 64, 128])('equals the sum that defines it at N = %i', (size) => {
    const frame = noise(size, size);
    const { re, im } = transform(frame);
    for (let k = 0; k <= size / 2; k++) {
      let sumR = 0;
      let sumI = 0;
      for (let n = 0; n < size; n++) {
        sumR += frame[n]! * Math.cos((2 * Math.PI * k * n) / size);
        sumI -= frame[n]! * Math.sin((2 * Math.PI * k * n) / size);
      }
      expect(Math.hypot(re[k]! - sumR, im[k]! - sumI)).toBeLessThan(1e-12);
    }
  });

  it.each([1024, 2048, 4096])('equals fft.js at N = %i', (size) => {
    const frame = noise(size, 7);
    const { re, im } = transform(frame);
    const other = new FFT(size);
    const out = other.createComplexArray() as number[];
    other.realTransform(out, Array.from(frame));
    let worst = 0;
    for (let k = 0; k <= size / 2; k++)
      worst = Math.max(worst, Math.hypot(re[k]! - out[2 * k]!, im[k]! - out[2 * k + 1]!));
    expect(worst).toBeLessThan(1e-11);
  });

  it('keeps energy (Parseval)', () => {
    const frame = noise(2048, 3);
    const { re, im } = transform(frame);
    const energy = frame.reduce((sum, x) => sum + x * x, 0);
    let spectral = 0;
    for (let k = 0; k <= 1024; k++) spectral += (k === 0 || k === 1024 ? 1 : 2) * (re[k]! ** 2 + im[k]! ** 2);
    expect(Math.abs(spectral / 2048 / energy - 1)).toBeLessThan(1e-13);
  });

  it('leaves its input alone and gives the same again', () => {
    const frame = noise(256, 5);
    const copy = frame.slice();
    const first = transform(frame);
    const fft = createRealFft(256);
    const re = new Float64Array(129);
    const im = new Float64Array(129);
    fft.transform(noise(256, 6), re, im);
    fft.transform(frame, re, im);
    expect(frame).toEqual(copy);
    expect(re).toEqual(first.re);
    expect(im).toEqual(first.im);
  });

  it.each([0, 2, 3, 100, 2047, 8.5, NaN])('refuses the size %d', (size) => {
    expect(() => createRealFft(size)).toThrowError(/power of two/);
  });
});
