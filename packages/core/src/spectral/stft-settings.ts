import { AttuneError } from '../foundation/errors.ts';
import type { Sample } from '../foundation/units.ts';
import { WINDOW_NAMES, type WindowName } from './window.ts';

/**
 * Where frames lie. 'zero' and 'reflect': frame t is centred on sample t × hop, and what lies beyond the ends is zero,
 * or mirrored at the first and last sample (which are not repeated). 'none': frame t starts at sample t × hop.
 */
export type Padding = 'zero' | 'reflect' | 'none';

/** All that a short-time Fourier transform depends on. */
export interface StftSettings {
  /** N, a power of two from 4 on; the window is as long. Default 2048. */
  readonly frameSize: number;
  /** Samples from one frame to the next. Default N / 4. */
  readonly hopSize: Sample;
  /** Default 'hann'. */
  readonly window: WindowName;
  /** Default 'zero'. */
  readonly padding: Padding;
}

/** Fills in the defaults. Throws `argument/invalid` for settings that make no sense. */
export function completeStftSettings(given: Partial<StftSettings> = {}): StftSettings {
  const { frameSize = 2048, window = 'hann', padding = 'zero' } = given;
  const { hopSize = frameSize / 4 } = given;
  if (!Number.isInteger(frameSize) || frameSize < 4 || (frameSize & (frameSize - 1)) !== 0) {
    throw new AttuneError('argument/invalid', `A frame size is a power of two from 4 on, not ${frameSize}.`, {
      frameSize,
    });
  }
  if (!Number.isInteger(hopSize) || hopSize < 1)
    throw new AttuneError('argument/invalid', `A hop is a positive number of samples, not ${hopSize}.`, {
      hopSize,
    });
  if (!WINDOW_NAMES.includes(window))
    throw new AttuneError('argument/invalid', `There is no window called ${String(window)}.`, { window });
  if (!['zero', 'reflect', 'none'].includes(padding))
    throw new AttuneError('argument/invalid', `There is no padding called ${String(padding)}.`, { padding });
  return { frameSize, hopSize, window, padding };
}

/** Samples before sample 0 that frame 0 covers. */
export function leadOf({ frameSize, padding }: StftSettings): Sample {
  return padding === 'none' ? 0 : frameSize / 2;
}

/** Frames of a signal: 1 + ⌊length / hop⌋ centred, else 1 + ⌊(length − N) / hop⌋, at least one. */
export function countFrames(length: Sample, settings: StftSettings): number {
  const { frameSize, hopSize, padding } = settings;
  return 1 + Math.floor(padding === 'none' ? Math.max(0, length - frameSize) / hopSize : length / hopSize);
}

/** Length of the signal that `frames` frames stand for if nothing else is said: the shortest that has them, rounded up to whole hops. */
export function spanOf(frames: number, settings: StftSettings): Sample {
  const { frameSize, hopSize, padding } = settings;
  return (frames - 1) * hopSize + (padding === 'none' ? frameSize : 0);
}
