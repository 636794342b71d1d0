import { AttuneError } from '../foundation/errors.ts';
import type { FeatureFrames, FeatureSettings } from './audio-features.ts';
import type { FeaturePlanOptions } from './feature-plan.ts';
import { checkSamples, completeSettings } from './feature-settings.ts';
import { createFrameEngine, frameCount, leadOf, type FrameEngine } from './frame-engine.ts';
import { createFrameArrays, type FrameArrays, type FrameFeature, isFrameFeature } from './frame-features.ts';

/** Frames of a stream: rows of `FeatureValues` from frame `first` on. */
export type FrameChunk<F extends FrameFeature> = FeatureFrames &
  FrameArrays<F> & {
    /** Number of the first of these frames in the signal. */
    readonly first: number;
  };

/**
 * Features of a signal that comes in pieces. However it is cut, the frames are bit for bit those that a plan with the
 * same settings extracts from the whole. Memory does not grow with the signal.
 */
export interface FeatureStream<F extends FrameFeature> {
  readonly settings: FeatureSettings;
  readonly features: readonly F[];
  /**
   * Takes any number of samples and returns the frames that they complete, often none. Throws `feature/invalid` for
   * a sample that is not finite or beyond ±10¹², with its index in the signal, and then has taken none of them.
   */
  push(samples: Float32Array): FrameChunk<F>;
  /** The frames that reach beyond the end; the stream then awaits a new signal. None for a signal without samples. */
  flush(): FrameChunk<F>;
}

/**
 * A stream owns its tables and buffers. Onset strength and tempo are no frame features: they need the clip's loudest
 * level. Throws `feature/invalid` as `createFeaturePlan` does.
 */
export function createFeatureStream<F extends FrameFeature>(
  options: FeaturePlanOptions<F> & { readonly features: readonly F[] },
): FeatureStream<F> {
  const settings = completeSettings(options);
  const { features } = options;
  const stranger = features.find((name) => !isFrameFeature(name));
  if (stranger !== undefined || features.length === 0) {
    throw new AttuneError(
      'feature/invalid',
      `A stream computes frame features, not ${String(stranger ?? 'none')}.`,
    );
  }
  const wanted = [...new Set(features)];
  return new BufferedStream(settings, wanted, createFrameEngine(settings, wanted, options.kernels));
}

class BufferedStream<F extends FrameFeature> implements FeatureStream<F> {
  readonly settings: FeatureSettings;
  readonly features: readonly F[];
  private readonly engine: FrameEngine;
  /** Samples `origin` … `received` − 1 of the signal: what frames to come need, and one before. */
  private buffer = new Float32Array(0);
  private origin = 0;
  private received = 0;
  private nextFrame = 0;

  constructor(settings: FeatureSettings, features: readonly F[], engine: FrameEngine) {
    this.settings = settings;
    this.features = features;
    this.engine = engine;
  }

  push(samples: Float32Array): FrameChunk<F> {
    checkSamples(samples, this.received);
    this.append(samples);
    const { frameSize, hopSize } = this.settings;
    const full = Math.floor((this.received + leadOf(this.settings) - frameSize) / hopSize) + 1;
    return this.emit(Math.max(0, full - this.nextFrame));
  }

  flush(): FrameChunk<F> {
    const frames = this.received === 0 ? 0 : frameCount(this.received, this.settings);
    const chunk = this.emit(frames - this.nextFrame);
    this.engine.reset();
    this.origin = 0;
    this.received = 0;
    this.nextFrame = 0;
    return chunk;
  }

  private emit(frames: number): FrameChunk<F> {
    const { settings, nextFrame } = this;
    const arrays = createFrameArrays(this.features, settings, frames);
    if (frames > 0) {
      const start = nextFrame * settings.hopSize - leadOf(settings) - this.origin;
      this.engine.analyse(this.buffer.subarray(0, this.received - this.origin), start, frames, arrays, 0);
      this.nextFrame += frames;
    }
    const frameRate = settings.sampleRate / settings.hopSize;
    return { settings, frames, frameRate, first: nextFrame, ...arrays };
  }

  /** Drops what no frame to come needs, then adds the samples. */
  private append(samples: Float32Array): void {
    const needed = Math.max(0, this.nextFrame * this.settings.hopSize - leadOf(this.settings) - 1);
    const dropped = Math.min(this.received, Math.max(this.origin, needed)) - this.origin;
    const kept = this.received - this.origin - dropped;
    if (kept + samples.length > this.buffer.length) {
      const larger = new Float32Array(2 * (kept + samples.length));
      larger.set(this.buffer.subarray(dropped, dropped + kept));
      this.buffer = larger;
    } else {
      this.buffer.copyWithin(0, dropped, dropped + kept);
    }
    this.buffer.set(samples, kept);
    this.origin += dropped;
    this.received += samples.length;
  }
}
