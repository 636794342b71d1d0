import type { RatingEffect, Reason, SteerAction, SteerChip, TasteView } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { DomainError } from '../errors.ts';
import { findVisibleTrack } from './access.ts';
import type { Deps } from './deps.ts';
import { describeTaste } from './describe-taste.ts';
import { withEffect } from './set-rating.ts';

type Needs = Pick<Deps, 'tracks' | 'ratings' | 'listeners' | 'factors' | 'forgetFactors' | 'moods' | 'now'>;

/**
 * A pressed reason: more of it, less of it, never again. A reason that names a track changes how much
 * what was said of that track counts; the rating itself stays.
 */
export async function steerTaste(
  deps: Needs,
  actor: Actor,
  { reason, action }: { reason: Reason; action: SteerAction },
): Promise<RatingEffect> {
  const chip = chipOf(reason);
  if (chip.kind === 'track') await findVisibleTrack(deps, actor, chip.name);
  return withEffect(deps, actor, async () => {
    await deps.listeners.steer(actor.id, { ...chip, label: reason.label, action, steeredAt: deps.now() });
    forgetShared(deps, chip);
    return null;
  });
}

/** Takes all presses of a chip back. */
export async function undoSteering(deps: Needs, actor: Actor, chip: SteerChip): Promise<TasteView> {
  await withEffect(deps, actor, async () => {
    const found = await deps.listeners.undoSteering(actor.id, chip);
    if (!found) throw new DomainError('input/invalid', 'This was taken back already.');
    forgetShared(deps, chip);
    return null;
  });
  return describeTaste(deps, actor);
}

/** Who begins or stops to share is in, or out, at once. */
function forgetShared({ forgetFactors }: Needs, { kind }: SteerChip): void {
  if (kind === 'listeners') forgetFactors();
}

function chipOf({ kind, feature, direction, trackId }: Reason): SteerChip {
  if (kind === 'liked-track' || kind === 'played-track') {
    if (trackId === undefined) throw new DomainError('input/invalid', 'This reason names no track.');
    return { kind: 'track', name: trackId, direction: null };
  }
  if (feature === undefined && kind !== 'listeners' && kind !== 'explore') {
    throw new DomainError('input/invalid', 'This reason names nothing to have more or less of.');
  }
  // Families of instruments are dimensions of the style space; single instruments are numbers.
  const stored = kind === 'instrument' && !/^\d+$/.test(feature ?? '') ? 'feature' : kind;
  return { kind: stored, name: feature ?? kind, direction: direction ?? null };
}
