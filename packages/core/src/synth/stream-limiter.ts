import type { Hertz, Sample, Second } from '../foundation/units.ts';

export interface StreamLimiterOptions {
  readonly sampleRate: Hertz;
  readonly channelCount: number;
  /** Linear; no sample of the result is above it. */
  readonly ceiling: number;
  /** How long before a peak the gain begins to fall: the delay of the stream. */
  readonly lookAhead: Second;
  /** Time constant of the gain's return. */
  readonly release: Second;
}

/**
 * A look-ahead peak limiter for sound that comes in blocks: one gain curve for all channels. The gain that a frame
 * needs is min-filtered over the look-ahead, released exponentially, and averaged over the same window, so the
 * ceiling holds at every sample (sample peak). What goes in comes out `lookAhead` later, as many frames as went
 * in once flushed; how the sound is cut into blocks changes nothing. Sound under the ceiling stays as it is.
 */
export interface StreamLimiter {
  /** Takes a block [channels][n] and gives the frames that are ready [channels][≤ n], as new arrays. */
  push(block: readonly Float32Array[]): Float32Array[];
  /** The frames still held back; the limiter is spent afterwards. */
  flush(): Float32Array[];
}

export function createStreamLimiter(options: StreamLimiterOptions): StreamLimiter {
  return new Limiter(options);
}

class Limiter implements StreamLimiter {
  private readonly ceiling: number;
  private readonly window: Sample;
  private readonly keep: number;
  /** Rings of `window` frames, indexed by frame modulo window: the sound, and what the mean is taken of. */
  private readonly held: readonly Float32Array[];
  private readonly released: Float64Array;
  /** Monotonic queue of frames whose needed gain may yet be the least of a window. */
  private readonly queueGain: Float64Array;
  private readonly queueFrame: Float64Array;
  private head = 0;
  private queued = 0;
  private taken = 0;
  private given = 0;
  private gain = 1;
  private sum = 0;

  constructor({ sampleRate, channelCount, ceiling, lookAhead, release }: StreamLimiterOptions) {
    this.ceiling = ceiling;
    this.window = Math.max(1, Math.round(lookAhead * sampleRate));
    this.keep = Math.exp(-1 / (release * sampleRate));
    this.held = Array.from({ length: channelCount }, () => new Float32Array(this.window));
    this.released = new Float64Array(this.window);
    this.queueGain = new Float64Array(this.window);
    this.queueFrame = new Float64Array(this.window);
  }

  push(block: readonly Float32Array[]): Float32Array[] {
    const length = block[0]?.length ?? 0;
    const ready = Math.max(0, this.taken + length - this.given - (this.window - 1));
    const out = block.map(() => new Float32Array(ready));
    let written = 0;
    for (let i = 0; i < length; i++) {
      this.take(block, i);
      if (this.taken >= this.window) this.give(out, written++);
    }
    return out;
  }

  flush(): Float32Array[] {
    const rest = this.taken - this.given;
    const out = this.held.map(() => new Float32Array(rest));
    for (let i = 0; i < rest; i++) this.give(out, i);
    return out;
  }

  private take(block: readonly Float32Array[], at: number): void {
    const slot = this.taken % this.window;
    let level = 0;
    for (let channel = 0; channel < this.held.length; channel++) {
      const sample = block[channel]![at]!;
      this.held[channel]![slot] = sample;
      level = Math.max(level, Math.abs(sample));
    }
    const needed = level > this.ceiling ? this.ceiling / level : 1;
    const { queueGain, window } = this;
    while (this.queued > 0 && queueGain[(this.head + this.queued - 1) % window]! >= needed) this.queued--;
    const tail = (this.head + this.queued++) % window;
    queueGain[tail] = needed;
    this.queueFrame[tail] = this.taken++;
  }

  /** Writes the oldest frame held to `out[…][to]`. */
  private give(out: readonly Float32Array[], to: number): void {
    const { held, released, ceiling, window } = this;
    const slot = this.given % window;
    const least = this.queued > 0 ? this.queueGain[this.head]! : 1;
    this.gain = Math.min(least, 1 - (1 - this.gain) * this.keep);
    if (this.given === 0) {
      released.fill(this.gain); // before the start the gain was that of the start
      this.sum = this.gain * window;
    }
    this.sum += this.gain - released[slot]!;
    released[slot] = this.gain;
    const mean = Math.min(1, this.sum / window);
    for (let channel = 0; channel < held.length; channel++) {
      // The clamp only ever takes off rounding.
      out[channel]![to] = Math.min(ceiling, Math.max(-ceiling, held[channel]![slot]! * mean));
    }
    if (this.queued > 0 && this.queueFrame[this.head] === this.given) {
      this.head = (this.head + 1) % window;
      this.queued--;
    }
    this.given++;
  }
}
