import type { AudioClip } from '../audio/audio-clip.ts';
import { sliceClip, clipDuration } from '../audio/clip.ts';
import { summariseAudioFeatures } from '../features/audio-summary.ts';
import { extractAudioFeatures } from '../features/feature-plan.ts';
import { AUDIO_STYLE_MAP } from './audio-style-map.ts';
import type { AudioStyleMap } from './fit-audio-style.ts';
import { STYLE_DIMENSIONS } from './style-dimensions.ts';
import { standardise } from './style-space.ts';
import type { StyleVector } from './style-vector.ts';

/** Of a longer clip the middle minute is heard: the cost is bounded. */
const MOST_SECONDS = 60;

/**
 * The place of a sound in the style space, as far as sound tells: linear estimates learned on clips rendered from
 * scores (see `fitAudioStyle`); dimensions that they do not tell are NaN. Throws `feature/invalid` for an empty clip.
 */
export function styleVectorOfAudio(clip: AudioClip, map: AudioStyleMap = AUDIO_STYLE_MAP): StyleVector {
  const spare = Math.max(0, clipDuration(clip) - MOST_SECONDS);
  const heard = spare > 0 ? sliceClip(clip, spare / 2, spare / 2 + MOST_SECONDS) : clip;
  return styleVectorOfSummary(summariseAudioFeatures(extractAudioFeatures(heard)), map);
}

/** The same from `summariseAudioFeatures`. */
export function styleVectorOfSummary(
  summary: ArrayLike<number>,
  map: AudioStyleMap = AUDIO_STYLE_MAP,
): StyleVector {
  return standardise(
    STYLE_DIMENSIONS.map(({ name }) => {
      const known = map.dimensions[name];
      if (!known) return NaN;
      return known.weights.reduce(
        (sum, weight, f) => sum + (weight * (summary[f]! - map.mean[f]!)) / map.deviation[f]!,
        known.offset,
      );
    }),
  );
}
