import { dot } from '../algebra/cholesky.ts';
import { mapItem, NOTABLE } from '../taste/features.ts';
import type { Item } from '../taste/item.ts';
import type { Posterior } from '../taste/posterior.ts';
import { effectsOfTracks } from '../taste/posterior.ts';

/**
 * Why an item is recommended. `weight`: how much of the expected liking it carries (−1 … 1 scale, > 0). A liked track was rated
 * well; a played one was listened to and not rated.
 */
export type Reason =
  | { readonly kind: 'liked-track' | 'played-track'; readonly itemId: string; readonly weight: number }
  | {
      readonly kind: 'feature';
      readonly feature: string;
      readonly direction: 'low' | 'high';
      readonly weight: number;
    }
  | { readonly kind: 'style'; readonly style: string; readonly weight: number }
  | { readonly kind: 'listeners'; readonly weight: number }
  | { readonly kind: 'explore'; readonly weight: number };

/** A part smaller than this is not a reason. */
const MIN_WEIGHT = 0.02;

/**
 * What would be missing from an item's expected liking, largest first, where that is above zero. Features, style and
 * listeners are the exact parts wⱼφⱼ of the mean: what it falls by where the item does not have them. A liked or played
 * track's weight is what the mean falls by where its rating or play is taken away and the taste fitted again (a track that was
 * rated and played then counts as played). These are two ways of looking at one sum, so the best of each are given, never added up.
 */
export function explain(posterior: Posterior, item: Item, limit = 4): Reason[] {
  const features = mapItem(posterior.map, item);
  const content = [...featureReasons(posterior, item, features), ...blockReasons(posterior, item, features)];
  const liked = trackReasons(posterior, features, item.id);
  const byWeight = (a: Reason, b: Reason): number => b.weight - a.weight;
  const keep = (reasons: Reason[]): Reason[] =>
    reasons.filter((reason) => reason.weight >= MIN_WEIGHT).sort(byWeight);
  const bestLiked = keep(liked).slice(0, Math.max(1, Math.floor(limit / 2)));
  return [...bestLiked, ...keep(content).slice(0, limit - bestLiked.length)];
}

function featureReasons(posterior: Posterior, item: Item, features: Float64Array): Reason[] {
  const { map, mean } = posterior;
  return map.space.dimensions.flatMap((dimension, j): Reason[] => {
    const z = item.vector.values[j] ?? NaN;
    if (!(Math.abs(z) >= NOTABLE)) return [];
    const linear = map.offsets.linear + j;
    const peak = map.offsets.peak + j;
    const weight = mean[linear]! * features[linear]! + mean[peak]! * features[peak]!;
    return [{ kind: 'feature', feature: dimension.name, direction: z < 0 ? 'low' : 'high', weight }];
  });
}

function blockReasons(posterior: Posterior, item: Item, features: Float64Array): Reason[] {
  const { map, mean } = posterior;
  const part = (from: number, to: number): number =>
    dot(mean.subarray(from, to), features.subarray(from, to));
  const reasons: Reason[] = [];
  if (item.style !== null && map.styles.includes(item.style)) {
    reasons.push({ kind: 'style', style: item.style, weight: part(map.offsets.style, map.offsets.factor) });
  }
  if (map.factors?.items.has(item.id)) {
    reasons.push({ kind: 'listeners', weight: part(map.offsets.factor, map.length) });
  }
  return reasons;
}

function trackReasons(posterior: Posterior, features: Float64Array, itemId: string): Reason[] {
  return [...effectsOfTracks(posterior, features)]
    .filter(([id, { liking }]) => liking > 0 && id !== itemId)
    .map(([id, { source, fall }]) => ({
      kind: source === 'rating' ? 'liked-track' : 'played-track',
      itemId: id,
      weight: fall,
    }));
}
