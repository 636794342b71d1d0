import type { RatingEffect, RatingValue } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import { findVisibleTrack } from './access.ts';
import type { Deps } from './deps.ts';
import { effectBetween } from './effect.ts';
import type { Listener } from './listener.ts';
import { loadListener } from './listener.ts';
import { saveTaste } from './save-taste.ts';

type Needs = Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'moods' | 'now'>;

export async function setRating(
  deps: Needs,
  actor: Actor,
  { trackId, value }: { trackId: string; value: RatingValue },
): Promise<RatingEffect> {
  await findVisibleTrack(deps, actor, trackId);
  return withEffect(deps, actor, (before) => {
    assertPace(before, deps.now());
    return deps.ratings.set(actor.id, trackId, value, deps.now());
  });
}

/** Faster than this nobody listens; a script that rates the whole catalogue is not a taste. */
const MOST_A_MINUTE = 120;

function assertPace({ taste }: Listener, now: Date): void {
  const since = now.getTime() - 60_000;
  if (taste.ratings.filter(({ at }) => at > since).length < MOST_A_MINUTE) return;
  throw new DomainError(
    'rating/limit',
    `At most ${MOST_A_MINUTE} tracks can be rated in a minute; listen to some first.`,
  );
}

/** Takes the rating back to what it replaced, or away. */
export async function undoRating(
  deps: Needs,
  actor: Actor,
  { trackId }: { trackId: string },
): Promise<RatingEffect> {
  return withEffect(deps, actor, async () => {
    const undone = await deps.ratings.undo(actor.id, trackId, deps.now());
    if (undone === null) throw new DomainError('track/not-found', 'You have not rated this track.');
    return undone;
  });
}

/** Runs `change` and tells what it did to the taste. */
export async function withEffect(
  deps: Needs,
  actor: Actor,
  change: (before: Listener) => Promise<RatingValue | null>,
): Promise<RatingEffect> {
  const before = await loadListener(deps, actor.id);
  const previous = await change(before);
  const after = await loadListener(deps, actor.id, before);
  await saveTaste(deps, actor.id, after);
  return { ...effectBetween(before, after), ratings: after.taste.ratings.length, previous };
}
