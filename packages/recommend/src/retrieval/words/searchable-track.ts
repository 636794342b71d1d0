import type { Meter } from '@attune/core';
import type { Mode } from '@attune/core/style';
import { moodQuantile, MOOD_AXES, rawStyleValue, STYLE_SPACE, type MoodAxis } from '@attune/core/style';
import type { Item } from '../../taste/item.ts';
import { normalCdf } from '../../algebra/normal.ts';

/** What searching by words looks at. What is left out is not known (recorded sound has no notes). */
export interface SearchableTrack extends Item {
  readonly title: string;
  /** Quarter notes a minute. */
  readonly tempo?: number;
  readonly meter?: Meter;
  /** Pitch class, 0 is C. */
  readonly tonic?: number;
  readonly mode?: Mode;
  readonly seconds?: number;
}

/**
 * Where a track stands on a style dimension among other music, 0 … 1: the mood axes by the training data's quantiles,
 * the other dimensions as if normal. Undefined where the track does not know it, or is of another style space.
 */
export function quantileOf(track: SearchableTrack, name: string): number | undefined {
  const { vector } = track;
  const index = STYLE_SPACE.dimensions.findIndex((dimension) => dimension.name === name);
  const value = vector.values[index];
  if (vector.space !== STYLE_SPACE.version || value === undefined || Number.isNaN(value)) return undefined;
  return isMoodAxis(name) ? moodQuantile(name, rawStyleValue(vector, name)) : normalCdf(value);
}

/** Notes a second, from the style dimension of that name; undefined where it is not known. */
export function noteRateOf(track: SearchableTrack): number | undefined {
  if (track.vector.space !== STYLE_SPACE.version) return undefined;
  const raw = rawStyleValue(track.vector, 'noteRate');
  return Number.isFinite(raw) ? Math.max(0, 2 ** raw - 0.25) : undefined;
}

function isMoodAxis(name: string): name is MoodAxis {
  return (MOOD_AXES as readonly string[]).includes(name);
}
