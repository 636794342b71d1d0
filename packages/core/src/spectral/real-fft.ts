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

/**
 * Radix-4 Stockham transform of the N / 2 complex values x[2n] + i x[2n + 1], then the split into even and odd
 * spectra. Float64 throughout. Stockham needs no bit reversal: each stage writes its output in order.
 */
export function createRealFft(size: number): RealFft {
  if (!Number.isInteger(size) || size < 4 || (size & (size - 1)) !== 0) {
    throw new AttuneError('feature/invalid', `A transform size is a power of two from 4 on, not ${size}.`, {
      size,
    });
  }
  return new StockhamRealFft(size);
}

/** One pass of radix 4: transforms of `length` complex values, `stride` of them interleaved. */
interface Stage {
  readonly length: number;
  readonly stride: number;
  /** [length / 4, 6]: e^(−2πi kp / length) for k = 1, 2, 3, real and imaginary parts. */
  readonly twiddles: Float64Array;
}

class StockhamRealFft implements RealFft {
  readonly size: number;
  private readonly stages: readonly Stage[];
  /** Whether a pass of radix 2 is left after all of radix 4. */
  private readonly hasRadix2: boolean;
  /** Complex values as pairs, [N]: the stages go back and forth between the two. */
  private readonly ping: Float64Array;
  private readonly pong: Float64Array;
  /** e^(−2πi k / N), [N / 4 + 1] each. */
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;

  constructor(size: number) {
    this.size = size;
    const stages: Stage[] = [];
    let length = size / 2;
    for (let stride = 1; length >= 4; length /= 4, stride *= 4)
      stages.push({ length, stride, twiddles: twiddlesOf(length) });
    this.stages = stages;
    this.hasRadix2 = length === 2;
    this.ping = new Float64Array(size);
    this.pong = new Float64Array(size);
    this.cos = Float64Array.from({ length: size / 4 + 1 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sin = Float64Array.from({ length: size / 4 + 1 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  }

  transform(frame: Float64Array, re: Float64Array, im: Float64Array): void {
    let from = frame; // even and odd samples are the real and imaginary parts already
    let to = this.ping;
    for (const stage of this.stages) {
      if (stage.stride === 1) firstPass(from, to, stage);
      else if (stage.length === 4) lastPass(from, to, stage);
      else middlePass(from, to, stage);
      from = to;
      to = from === this.ping ? this.pong : this.ping;
    }
    if (this.hasRadix2) {
      radix2Pass(from, to, this.size / 4);
      from = to;
    }
    this.split(from, re, im);
  }

  /** Z = E + iO (spectra of even and odd samples) becomes X[k] = E[k] + e^(−2πi k / N) O[k], two bins at a time. */
  private split(z: Float64Array, re: Float64Array, im: Float64Array): void {
    const { cos, sin } = this;
    const half = this.size / 2;
    re[0] = z[0]! + z[1]!;
    im[0] = 0;
    re[half] = z[0]! - z[1]!;
    im[half] = 0;
    for (let k = 1, mirror = half - 1; k <= mirror; k++, mirror--) {
      const aR = z[2 * k]!;
      const aI = z[2 * k + 1]!;
      const bR = z[2 * mirror]!;
      const bI = z[2 * mirror + 1]!;
      const evenR = 0.5 * (aR + bR);
      const evenI = 0.5 * (aI - bI);
      const oddR = 0.5 * (aI + bI);
      const oddI = 0.5 * (bR - aR);
      const turnedR = oddR * cos[k]! - oddI * sin[k]!;
      const turnedI = oddR * sin[k]! + oddI * cos[k]!;
      re[mirror] = evenR - turnedR;
      im[mirror] = turnedI - evenI;
      re[k] = evenR + turnedR;
      im[k] = evenI + turnedI;
    }
  }
}

function twiddlesOf(length: number): Float64Array {
  const twiddles = new Float64Array((length / 4) * 6);
  for (let p = 0; p < length / 4; p++) {
    for (let k = 1; k <= 3; k++) {
      twiddles[6 * p + 2 * k - 2] = Math.cos((2 * Math.PI * k * p) / length);
      twiddles[6 * p + 2 * k - 1] = -Math.sin((2 * Math.PI * k * p) / length);
    }
  }
  return twiddles;
}

// The three passes of radix 4 are one formula. They stand apart because the first and the last take two thirds of
// the time otherwise: the first would run its inner loop once each time, the last would multiply by ones.

function firstPass(x: Float64Array, y: Float64Array, { length, twiddles }: Stage): void {
  const jump = length / 2; // a quarter of the values, in numbers
  for (let w = 0, i = 0, o = 0; w < twiddles.length; w += 6, i += 2, o += 8) {
    const aR = x[i]!;
    const aI = x[i + 1]!;
    const bR = x[i + jump]!;
    const bI = x[i + jump + 1]!;
    const cR = x[i + 2 * jump]!;
    const cI = x[i + 2 * jump + 1]!;
    const dR = x[i + 3 * jump]!;
    const dI = x[i + 3 * jump + 1]!;
    const w1r = twiddles[w]!;
    const w1i = twiddles[w + 1]!;
    const w2r = twiddles[w + 2]!;
    const w2i = twiddles[w + 3]!;
    const w3r = twiddles[w + 4]!;
    const w3i = twiddles[w + 5]!;
    const sumR = aR + cR;
    const sumI = aI + cI;
    const oddR = bR + dR;
    const oddI = bI + dI;
    const difR = aR - cR;
    const difI = aI - cI;
    const rotR = dI - bI;
    const rotI = bR - dR; // rot = i (b − d)
    y[o] = sumR + oddR;
    y[o + 1] = sumI + oddI;
    y[o + 2] = (difR - rotR) * w1r - (difI - rotI) * w1i;
    y[o + 3] = (difR - rotR) * w1i + (difI - rotI) * w1r;
    y[o + 4] = (sumR - oddR) * w2r - (sumI - oddI) * w2i;
    y[o + 5] = (sumR - oddR) * w2i + (sumI - oddI) * w2r;
    y[o + 6] = (difR + rotR) * w3r - (difI + rotI) * w3i;
    y[o + 7] = (difR + rotR) * w3i + (difI + rotI) * w3r;
  }
}

function middlePass(x: Float64Array, y: Float64Array, { length, stride, twiddles }: Stage): void {
  const step = 2 * stride;
  const jump = (length / 4) * step;
  for (let p = 0, w = 0; p < length / 4; p++, w += 6) {
    const w1r = twiddles[w]!;
    const w1i = twiddles[w + 1]!;
    const w2r = twiddles[w + 2]!;
    const w2i = twiddles[w + 3]!;
    const w3r = twiddles[w + 4]!;
    const w3i = twiddles[w + 5]!;
    for (let i = p * step, o = 4 * p * step, end = i + step; i < end; i += 2, o += 2) {
      const aR = x[i]!;
      const aI = x[i + 1]!;
      const bR = x[i + jump]!;
      const bI = x[i + jump + 1]!;
      const cR = x[i + 2 * jump]!;
      const cI = x[i + 2 * jump + 1]!;
      const dR = x[i + 3 * jump]!;
      const dI = x[i + 3 * jump + 1]!;
      const sumR = aR + cR;
      const sumI = aI + cI;
      const oddR = bR + dR;
      const oddI = bI + dI;
      const difR = aR - cR;
      const difI = aI - cI;
      const rotR = dI - bI;
      const rotI = bR - dR;
      y[o] = sumR + oddR;
      y[o + 1] = sumI + oddI;
      y[o + step] = (difR - rotR) * w1r - (difI - rotI) * w1i;
      y[o + step + 1] = (difR - rotR) * w1i + (difI - rotI) * w1r;
      y[o + 2 * step] = (sumR - oddR) * w2r - (sumI - oddI) * w2i;
      y[o + 2 * step + 1] = (sumR - oddR) * w2i + (sumI - oddI) * w2r;
      y[o + 3 * step] = (difR + rotR) * w3r - (difI + rotI) * w3i;
      y[o + 3 * step + 1] = (difR + rotR) * w3i + (difI + rotI) * w3r;
    }
  }
}

function lastPass(x: Float64Array, y: Float64Array, { stride }: Stage): void {
  const jump = 2 * stride;
  for (let i = 0; i < jump; i += 2) {
    const aR = x[i]!;
    const aI = x[i + 1]!;
    const bR = x[i + jump]!;
    const bI = x[i + jump + 1]!;
    const cR = x[i + 2 * jump]!;
    const cI = x[i + 2 * jump + 1]!;
    const dR = x[i + 3 * jump]!;
    const dI = x[i + 3 * jump + 1]!;
    const sumR = aR + cR;
    const sumI = aI + cI;
    const oddR = bR + dR;
    const oddI = bI + dI;
    const difR = aR - cR;
    const difI = aI - cI;
    const rotR = dI - bI;
    const rotI = bR - dR;
    y[i] = sumR + oddR;
    y[i + 1] = sumI + oddI;
    y[i + jump] = difR - rotR;
    y[i + jump + 1] = difI - rotI;
    y[i + 2 * jump] = sumR - oddR;
    y[i + 2 * jump + 1] = sumI - oddI;
    y[i + 3 * jump] = difR + rotR;
    y[i + 3 * jump + 1] = difI + rotI;
  }
}

function radix2Pass(x: Float64Array, y: Float64Array, stride: number): void {
  const jump = 2 * stride;
  for (let i = 0; i < jump; i++) {
    const sum = x[i]! + x[i + jump]!;
    y[i + jump] = x[i]! - x[i + jump]!;
    y[i] = sum;
  }
}
