import type { Hertz } from '../foundation/units.ts';

/** Decoded sound: one Float32Array a channel, all of the same length, nominal range −1 … 1. */
export interface AudioClip {
  readonly sampleRate: Hertz;
  readonly channels: readonly Float32Array[];
}
