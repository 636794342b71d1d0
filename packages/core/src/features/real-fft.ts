import { AttuneError } from '../foundation/errors.ts';

/** Discrete Fourier transform of real frames; holds its tables and scratch, so one object serves one thread. */
export interface RealFft {
  /** N: a power of two, ≥ 4. */
  readonly size: number;
  /**
   * X[k] = Σ x[n] e^(−2πi kn / N), not normalised, for k = 0 … N / 2.
   * `frame`: [N]; `re`, `im`: [N / 2 + 1], overwritten.
   */
  transform(frame: Float64Array, re: Float64Array, im: Float64Array): void;
}

/** Radix-4 Stockham transform of N / 2 complex values, then the split into even and odd spectra. Float64 throughout. */
export function createRealFft(size: number): RealFft {
  if (!Number.isInteger(size) || size < 4 || (size & (size - 1)) !== 0) {
    throw new AttuneError('feature/invalid', `A transform size is a power of two from 4 on, not ${size}.`, { size });
  }
  return new StockhamRealFft(size);
}

class StockhamRealFft implements RealFft {
  readonly size: number;
  private readonly half: number;
  /** e^(−2πi k / N): [N / 2] cosines and negated sines. */
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  private ar: Float64Array;
  private ai: Float64Array;
  private br: Float64Array;
  private bi: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.half = size / 2;
    this.cos = Float64Array.from({ length: size }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sin = Float64Array.from({ length: size }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
    this.ar = new Float64Array(this.half);
    this.ai = new Float64Array(this.half);
    this.br = new Float64Array(this.half);
    this.bi = new Float64Array(this.half);
  }

  transform(frame: Float64Array, re: Float64Array, im: Float64Array): void {
    const { half, ar, ai } = this;
    for (let n = 0; n < half; n++) {
      ar[n] = frame[2 * n]!;
      ai[n] = frame[2 * n + 1]!;
    }
    let length = half;
    let stride = 1;
    for (; length >= 4; length /= 4, stride *= 4) this.radix4(length, stride);
    if (length === 2) this.radix2(stride);
    this.split(re, im);
  }

  private swap(): void {
    [this.ar, this.br] = [this.br, this.ar];
    [this.ai, this.bi] = [this.bi, this.ai];
  }

  private radix4(length: number, stride: number): void {
    const { ar, ai, br, bi, cos, sin } = this;
    const quarter = length / 4;
    const step = this.size / length;
    const jump = stride * quarter;
    for (let p = 0; p < quarter; p++) {
      const w1r = cos[p * step]!;
      const w1i = sin[p * step]!;
      const w2r = cos[2 * p * step]!;
      const w2i = sin[2 * p * step]!;
      const w3r = cos[3 * p * step]!;
      const w3i = sin[3 * p * step]!;
      const from = stride * p;
      const to = 4 * stride * p;
      for (let q = 0; q < stride; q++) {
        const i = from + q;
        const o = to + q;
        const sumR = ar[i]! + ar[i + 2 * jump]!;
        const sumI = ai[i]! + ai[i + 2 * jump]!;
        const difR = ar[i]! - ar[i + 2 * jump]!;
        const difI = ai[i]! - ai[i + 2 * jump]!;
        const oddR = ar[i + jump]! + ar[i + 3 * jump]!;
        const oddI = ai[i + jump]! + ai[i + 3 * jump]!;
        const rotR = ai[i + 3 * jump]! - ai[i + jump]!; // i × (b − d)
        const rotI = ar[i + jump]! - ar[i + 3 * jump]!;
        br[o] = sumR + oddR;
        bi[o] = sumI + oddI;
        const t1r = difR - rotR;
        const t1i = difI - rotI;
        br[o + stride] = t1r * w1r - t1i * w1i;
        bi[o + stride] = t1r * w1i + t1i * w1r;
        const t2r = sumR - oddR;
        const t2i = sumI - oddI;
        br[o + 2 * stride] = t2r * w2r - t2i * w2i;
        bi[o + 2 * stride] = t2r * w2i + t2i * w2r;
        const t3r = difR + rotR;
        const t3i = difI + rotI;
        br[o + 3 * stride] = t3r * w3r - t3i * w3i;
        bi[o + 3 * stride] = t3r * w3i + t3i * w3r;
      }
    }
    this.swap();
  }

  private radix2(stride: number): void {
    const { ar, ai, br, bi } = this;
    for (let q = 0; q < stride; q++) {
      br[q] = ar[q]! + ar[q + stride]!;
      bi[q] = ai[q]! + ai[q + stride]!;
      br[q + stride] = ar[q]! - ar[q + stride]!;
      bi[q + stride] = ai[q]! - ai[q + stride]!;
    }
    this.swap();
  }

  /** Z = E + iO (spectra of even and odd samples) becomes X[k] = E[k] + e^(−2πi k / N) O[k]. */
  private split(re: Float64Array, im: Float64Array): void {
    const { half, ar, ai, cos, sin } = this;
    re[0] = ar[0]! + ai[0]!;
    im[0] = 0;
    re[half] = ar[0]! - ai[0]!;
    im[half] = 0;
    for (let k = 1; k < half; k++) {
      const mirror = half - k;
      const evenR = 0.5 * (ar[k]! + ar[mirror]!);
      const evenI = 0.5 * (ai[k]! - ai[mirror]!);
      const oddR = 0.5 * (ai[k]! + ai[mirror]!);
      const oddI = 0.5 * (ar[mirror]! - ar[k]!);
      re[k] = evenR + oddR * cos[k]! - oddI * sin[k]!;
      im[k] = evenI + oddR * sin[k]! + oddI * cos[k]!;
    }
  }
}
