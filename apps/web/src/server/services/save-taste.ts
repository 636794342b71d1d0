import { STYLE_SPACE } from '@attune/core/style';
import type { Deps } from './deps.ts';
import type { Listener } from './listener.ts';

/** Keeps the last state of the taste for export and for looking into; it is never read to compute anything. */
export function saveTaste(
  deps: Pick<Deps, 'listeners' | 'now'>,
  userId: string,
  { taste }: Listener,
): Promise<void> {
  const snapshot = { space: STYLE_SPACE.version, ratings: taste.ratings.length, state: taste };
  return deps.listeners.saveTaste(userId, snapshot, deps.now());
}
