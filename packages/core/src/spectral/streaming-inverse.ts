import { AttuneError } from '../foundation/errors.ts';
import { createInverseRealFft, type InverseRealFft } from './inverse-real-fft.ts';
import { completeStftSettings, leadOf, type StftSettings } from './stft-settings.ts';
import { LEAST_WINDOW_SUM } from './window-sum.ts';
import { createWindow } from './window.ts';

/** Weighted overlap-add of one frame at a time; state of one stream. */
export interface StreamingInverse {
  readonly settings: StftSettings;
  /**
   * Adds the next frame, `re` and `im`: [N / 2 + 1]; writes the samples that no later frame touches to `out`, [hop] or
   * longer, and returns how many: hop, or fewer while a centred stream has not reached sample 0. Delay: N − hop samples.
   */
  push(re: Float64Array, im: Float64Array, out: Float64Array | Float32Array): number;
  /** Writes what is left after the last frame to `out`, [N] or longer; returns how many. Then the stream starts anew. */
  finish(out: Float64Array | Float32Array): number;
}

/**
 * All samples together are those of `inverseStft` at its default length (for hop ≤ N / 2), but for samples that it would refuse (the
 * outer edges of a stream with padding 'none'): they come out 0 here. 'reflect' is as 'zero'.
 * Throws `argument/invalid` for settings whose squared windows do not cover every sample of an endless stream.
 */
export function createStreamingInverse(given: Partial<StftSettings> = {}): StreamingInverse {
  const settings = completeStftSettings(given);
  requireCover(settings);
  return new OverlapAdd(settings);
}

class OverlapAdd implements StreamingInverse {
  readonly settings: StftSettings;
  private readonly backward: InverseRealFft;
  /** [N]: the window and its square over the largest sum that an endless stream has. */
  private readonly window: Float64Array;
  private readonly frame: Float64Array;
  /** [N]: Σ w x and Σ w² at the samples from the next one to be written on. */
  private readonly signal: Float64Array;
  private readonly sums: Float64Array;
  private readonly leastSum: number;
  /** Samples still to be dropped before sample 0. */
  private lead: number;
  private frames = 0;

  constructor(settings: StftSettings) {
    const { frameSize } = settings;
    this.settings = settings;
    this.backward = createInverseRealFft(frameSize);
    this.window = createWindow(settings.window, frameSize);
    this.frame = new Float64Array(frameSize);
    this.signal = new Float64Array(frameSize);
    this.sums = new Float64Array(frameSize);
    this.leastSum = LEAST_WINDOW_SUM * Math.max(...steadySums(settings));
    this.lead = leadOf(settings);
  }

  push(re: Float64Array, im: Float64Array, out: Float64Array | Float32Array): number {
    const { frameSize, hopSize } = this.settings;
    if (re.length !== frameSize / 2 + 1 || im.length !== re.length || out.length < hopSize) {
      throw new AttuneError(
        'argument/invalid',
        `A frame of ${frameSize} samples has ${frameSize / 2 + 1} bins and gives ${hopSize} samples.`,
        { re: re.length, im: im.length, out: out.length },
      );
    }
    if (this.frames > 0) this.shift(hopSize);
    this.frames++;
    const { frame, window, signal, sums } = this;
    this.backward.inverse(re, im, frame);
    for (let n = 0; n < frameSize; n++) {
      signal[n]! += frame[n]! * window[n]!;
      sums[n]! += window[n]! * window[n]!;
    }
    return this.write(hopSize, out);
  }

  finish(out: Float64Array | Float32Array): number {
    const { frameSize, hopSize } = this.settings;
    const rest = frameSize - hopSize;
    const trail = leadOf(this.settings);
    let written = 0;
    if (this.frames > 0 && rest > trail) {
      if (out.length < rest - trail)
        throw new AttuneError('argument/invalid', `The rest has ${rest - trail} samples, not ${out.length}.`);
      this.shift(hopSize);
      written = this.write(rest - trail, out);
    }
    this.signal.fill(0);
    this.sums.fill(0);
    this.frames = 0;
    this.lead = leadOf(this.settings);
    return written;
  }

  private shift(count: number): void {
    for (const buffer of [this.signal, this.sums]) {
      buffer.copyWithin(0, count);
      buffer.fill(0, buffer.length - count);
    }
  }

  private write(count: number, out: Float64Array | Float32Array): number {
    const dropped = Math.min(this.lead, count);
    this.lead -= dropped;
    for (let n = dropped; n < count; n++)
      out[n - dropped] = this.sums[n]! > this.leastSum ? this.signal[n]! / this.sums[n]! : 0;
    return count - dropped;
  }
}

/** [hop]: Σ w² over all frames of an endless stream. */
function steadySums({ window, frameSize, hopSize }: StftSettings): Float64Array {
  const sums = new Float64Array(hopSize);
  createWindow(window, frameSize).forEach((w, n) => {
    sums[n % hopSize]! += w * w;
  });
  return sums;
}

function requireCover(settings: StftSettings): void {
  const sums = steadySums(settings);
  if (Math.min(...sums) > LEAST_WINDOW_SUM * Math.max(...sums)) return;
  throw new AttuneError(
    'argument/invalid',
    `A ${settings.window} window of ${settings.frameSize} samples does not cover a hop of ${settings.hopSize}.`,
    { frameSize: settings.frameSize, hopSize: settings.hopSize },
  );
}
