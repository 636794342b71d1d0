import type { Actor } from '../context.ts';
import { findVisibleTrack } from './access.ts';
import type { Deps } from './deps.ts';

export async function recordPlay(
  deps: Pick<Deps, 'tracks' | 'listeners' | 'now'>,
  actor: Actor,
  { trackId, seconds, completed }: { trackId: string; seconds: number; completed: boolean },
): Promise<{ recorded: true }> {
  await findVisibleTrack(deps, actor, trackId);
  await deps.listeners.addPlay(actor.id, { trackId, seconds, completed, playedAt: deps.now() });
  return { recorded: true };
}
