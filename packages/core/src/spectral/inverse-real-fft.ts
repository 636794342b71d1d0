import { createRealFft, type RealFft } from './real-fft.ts';

/** Inverse of `RealFft`; holds its tables and scratch, so one object serves one thread. */
export interface InverseRealFft {
  /** N: a power of two, ≥ 4. */
  readonly size: number;
  /**
   * x[n] = 1/N Σ X[k] e^(2πi kn / N) over all N bins, the upper ones being conjugates of the lower.
   * `re`, `im`: [N / 2 + 1], left alone; `im` at bins 0 and N / 2 counts as 0. `frame`: [N], overwritten.
   */
  inverse(re: Float64Array, im: Float64Array, frame: Float64Array): void;
}

/** Throws `feature/invalid` for a size that is no power of two from 4 on. */
export function createInverseRealFft(size: number): InverseRealFft {
  return new HartleyInverse(size);
}

/**
 * By way of Hartley's transform (Bracewell 1983), which is real and its own inverse but for 1/N:
 * H[k] = Re X[k] − Im X[k] is the Hartley transform of x, so x is that of H, divided by N; and the forward transform
 * G of H gives it as x[n] = (Re G[n] − Im G[n]) / N. One forward transform thus serves both directions.
 */
class HartleyInverse implements InverseRealFft {
  readonly size: number;
  private readonly fft: RealFft;
  /** [N]. */
  private readonly hartley: Float64Array;
  /** [N / 2 + 1]. */
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.fft = createRealFft(size);
    this.hartley = new Float64Array(size);
    this.re = new Float64Array(size / 2 + 1);
    this.im = new Float64Array(size / 2 + 1);
  }

  inverse(re: Float64Array, im: Float64Array, frame: Float64Array): void {
    const { size, hartley, re: gR, im: gI } = this;
    const half = size / 2;
    const scale = 1 / size;
    hartley[0] = re[0]! * scale;
    hartley[half] = re[half]! * scale;
    for (let k = 1; k < half; k++) {
      const real = re[k]! * scale;
      const imaginary = im[k]! * scale;
      hartley[k] = real - imaginary;
      hartley[size - k] = real + imaginary;
    }
    this.fft.transform(hartley, gR, gI);
    frame[0] = gR[0]!;
    frame[half] = gR[half]!;
    for (let n = 1; n < half; n++) {
      frame[n] = gR[n]! - gI[n]!;
      frame[size - n] = gR[n]! + gI[n]!;
    }
  }
}
