import type { FeatureMap } from '../taste/features.ts';
import type { Item } from '../taste/item.ts';
import { inferPosterior, predict } from '../taste/posterior.ts';
import type { Taste } from '../taste/taste.ts';
import { undoRating } from '../taste/taste.ts';
import type { Reason } from '../ranking/reasons.ts';
import { explain } from '../ranking/reasons.ts';

/** One named reason, and what taking it away did. */
export interface ReasonCheck {
  readonly kind: Reason['kind'];
  /** What the reason says that the expected liking owes to it. */
  readonly weight: number;
  /** What the expected liking fell by. */
  readonly fall: number;
  /** Places that the item lost among all items. */
  readonly placesLost: number;
}

/**
 * Takes away, for the `take` items that are expected to be liked best of those not rated, each thing that their reasons name, and looks
 * what comes of it: a liked track's rating or a played track's play is undone and the taste inferred again; a feature or style is made unknown in
 * the item alone; the item is taken out of the collaborative factors.
 */
export function checkReasons(
  taste: Taste,
  map: FeatureMap,
  items: readonly Item[],
  { take = 5, now = 0 }: { readonly take?: number; readonly now?: number } = {},
): ReasonCheck[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const infer = (said: Taste, under = map) => inferPosterior(said, under, (id) => byId.get(id), now);
  const posterior = infer(taste);
  const rated = new Set(taste.ratings.map(({ itemId }) => itemId));
  const open = items
    .filter(({ id }) => !rated.has(id))
    .map((item) => ({ item, mean: predict(posterior, item).mean }));
  const placeOf = (mean: number, others: readonly { mean: number }[]): number =>
    others.filter((other) => other.mean > mean).length;
  const best = [...open].sort((a, b) => b.mean - a.mean).slice(0, take);
  return best.flatMap(({ item, mean }) =>
    explain(posterior, item).flatMap((reason): ReasonCheck[] => {
      const before = placeOf(mean, open);
      const result = (after: number, others: readonly { mean: number }[]): ReasonCheck[] => [
        {
          kind: reason.kind,
          weight: reason.weight,
          fall: mean - after,
          placesLost: placeOf(after, others) - before,
        },
      ];
      if (reason.kind === 'explore') return [];
      if (reason.kind === 'liked-track' || reason.kind === 'played-track') {
        const without = infer(withoutTrack(taste, reason));
        const others = open.map((each) => ({ mean: predict(without, each.item).mean }));
        return result(predict(without, item).mean, others);
      }
      const changed =
        reason.kind === 'listeners'
          ? withoutFactors(item)
          : predict(posterior, strip(item, reason, map)).mean;
      return result(changed, open);
    }),
  );

  /** The same posterior for an item that too few have rated. */
  function withoutFactors(item: Item): number {
    return predict(posterior, { ...item, id: `${item.id} without listeners` }).mean;
  }
}

function withoutTrack(taste: Taste, { kind, itemId }: Extract<Reason, { itemId: string }>): Taste {
  if (kind === 'liked-track') return undoRating(taste, itemId);
  return { ...taste, plays: taste.plays.filter((play) => play.itemId !== itemId) };
}

/** The item with what the reason names unknown. */
function strip(item: Item, reason: Reason, map: FeatureMap): Item {
  if (reason.kind === 'style') return { ...item, style: null };
  if (reason.kind !== 'feature') return item;
  const j = map.space.dimensions.findIndex(({ name }) => name === reason.feature);
  const values = item.vector.values.map((value, k) => (k === j ? NaN : value));
  return { ...item, vector: { ...item.vector, values } };
}
