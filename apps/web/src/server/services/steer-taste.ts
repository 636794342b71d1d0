import type { RatingEffect, Reason, SteerAction } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { Deps } from './deps.ts';
import { setRating, withEffect } from './set-rating.ts';

const AS_RATING = { more: 'more-like-this', less: 'skip', never: 'not-for-me' } as const;

/** A pressed reason: more of it, less of it, never again. A reason that names a track becomes a rating of it. */
export async function steerTaste(
  deps: Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'forgetFactors' | 'now'>,
  actor: Actor,
  { reason, action }: { reason: Reason; action: SteerAction },
): Promise<RatingEffect> {
  const { kind, label, feature, direction, trackId } = reason;
  if (kind === 'liked-track') {
    if (trackId === undefined) throw new DomainError('input/invalid', 'This reason names no track.');
    return setRating(deps, actor, { trackId, value: AS_RATING[action] });
  }
  if (feature === undefined && kind !== 'listeners' && kind !== 'explore') {
    throw new DomainError('input/invalid', 'This reason names nothing to have more or less of.');
  }
  // Families of instruments are dimensions of the style space; single instruments are numbers.
  const stored = kind === 'instrument' && !/^\d+$/.test(feature ?? '') ? 'feature' : kind;
  return withEffect(deps, actor, async () => {
    await deps.listeners.steer(actor.id, {
      kind: stored,
      name: feature ?? kind,
      direction: direction ?? null,
      label,
      action,
      steeredAt: deps.now(),
    });
    // Who begins or stops to share is in, or out, at once.
    if (kind === 'listeners') deps.forgetFactors();
    return null;
  });
}
