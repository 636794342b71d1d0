import type { FeatureSettings } from './audio-features.ts';

/** Per-frame measures of the samples themselves, [count] each. */
export interface TimeFeatures {
  readonly rms: Float32Array;
  readonly zeroCrossings: Float32Array;
}

/**
 * Root mean square and share of sign changes of frames without window; frame t begins at sample `start` + t × hopSize.
 * Sums are kept per block of hopSize samples, so that overlapping frames share them; a frame that is no whole number
 * of blocks is summed alone.
 */
export function measureTime(
  samples: Float32Array,
  start: number,
  count: number,
  settings: FeatureSettings,
): TimeFeatures {
  const { frameSize, hopSize } = settings;
  const rms = new Float32Array(count);
  const zeroCrossings = new Float32Array(count);
  const block = blockSizeOf(settings);
  const shared =
    block === hopSize ? measureBlocks(samples, block, start, count - 1 + frameSize / hopSize) : undefined;
  const perFrame = frameSize / block;
  for (let t = 0; t < count; t++) {
    const blocks = shared ?? measureBlocks(samples, block, start + t * hopSize, 1);
    const first = shared === undefined ? 0 : t;
    let energy = 0;
    let crossings = 0;
    for (let i = first; i < first + perFrame; i++) {
      energy += blocks.energy[i]!;
      crossings += blocks.crossings[i]!;
    }
    rms[t] = Math.sqrt(energy / frameSize);
    zeroCrossings[t] = crossings / frameSize;
  }
  return { rms, zeroCrossings };
}

/** Samples whose sums frames share: a hop where frames are whole numbers of hops, else a frame. */
export function blockSizeOf({ frameSize, hopSize, centred }: FeatureSettings): number {
  const lead = centred ? frameSize / 2 : 0;
  return frameSize % hopSize === 0 && lead % hopSize === 0 ? hopSize : frameSize;
}

/** Blocks of `size` samples from sample `start` on; samples outside the signal are zero and cross nothing. */
function measureBlocks(samples: Float32Array, size: number, start: number, count: number) {
  const energy = new Float64Array(count);
  const crossings = new Float64Array(count);
  for (let block = 0; block < count; block++) {
    const from = Math.max(0, start + block * size);
    const to = Math.min(samples.length, start + (block + 1) * size);
    let sum = 0;
    let changes = 0;
    for (let i = from; i < to; i++) {
      const value = samples[i]!;
      sum += value * value;
      if (i > 0 && value < 0 !== samples[i - 1]! < 0) changes++;
    }
    energy[block] = sum;
    crossings[block] = changes;
  }
  return { energy, crossings };
}
