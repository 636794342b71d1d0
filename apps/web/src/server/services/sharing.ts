import type { SharedTasteReport, Sharing } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import { refusesListeners } from '../repositories/types.ts';
import { assertAdmin } from './access.ts';
import type { Deps } from './deps.ts';

/** What of the viewer's is used for others. */
export async function getSharing(
  deps: Pick<Deps, 'sharedTaste' | 'listeners'>,
  actor: Actor | null,
): Promise<Sharing> {
  const report = await deps.sharedTaste.report();
  const steering = actor ? await deps.listeners.steering(actor.id) : [];
  return {
    mode: report.mode,
    epsilon: report.mode === 'private' ? report.epsilon : null,
    delta: report.mode === 'private' ? report.delta : null,
    contributes: report.mode !== 'off' && !steering.some(refusesListeners),
  };
}

/** What was spent of the listeners' privacy. */
export async function reportSharing(
  deps: Pick<Deps, 'sharedTaste'>,
  actor: Actor,
): Promise<SharedTasteReport> {
  assertAdmin(actor);
  return deps.sharedTaste.report();
}
