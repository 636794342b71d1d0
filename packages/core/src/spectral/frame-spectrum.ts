import { createRealFft, type RealFft } from './real-fft.ts';

/** Short-time spectrum of one frame at a time: periodic Hann window, DFT not normalised. */
export class FrameSpectrum {
  readonly frameSize: number;
  /** [N / 2 + 1]: |X|² and |X| of the frame read last. */
  readonly power: Float64Array;
  readonly magnitude: Float64Array;
  private readonly fft: RealFft;
  /** [N]. */
  private readonly window: Float64Array;
  private readonly frame: Float64Array;
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  constructor(frameSize: number) {
    const bins = frameSize / 2 + 1;
    this.frameSize = frameSize;
    this.fft = createRealFft(frameSize);
    this.window = Float64Array.from(
      { length: frameSize },
      (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / frameSize),
    );
    this.frame = new Float64Array(frameSize);
    this.re = new Float64Array(bins);
    this.im = new Float64Array(bins);
    this.power = new Float64Array(bins);
    this.magnitude = new Float64Array(bins);
  }

  /** Reads the frame that begins at sample `start`, which may lie before 0; samples outside are zero. */
  read(samples: Float32Array, start: number): void {
    this.readPower(samples, start);
    this.updateMagnitude();
  }

  /** As `read`, but leaves `magnitude` as it is. */
  readPower(samples: Float32Array, start: number): void {
    const { frame, window, re, im, power, frameSize } = this;
    const from = Math.min(frameSize, Math.max(0, -start));
    const to = Math.max(from, Math.min(frameSize, samples.length - start));
    frame.fill(0, 0, from);
    for (let n = from; n < to; n++) frame[n] = samples[start + n]! * window[n]!;
    frame.fill(0, to);
    this.fft.transform(frame, re, im);
    for (let k = 0; k < power.length; k++) power[k] = re[k]! * re[k]! + im[k]! * im[k]!;
  }

  /** Brings `magnitude` up to `power`. */
  updateMagnitude(): void {
    const { power, magnitude } = this;
    for (let k = 0; k < power.length; k++) magnitude[k] = Math.sqrt(power[k]!);
  }
}
