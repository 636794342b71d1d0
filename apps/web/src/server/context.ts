import type { Viewer } from '../api/types.ts';
import type { AdminRepository } from './repositories/admin.ts';
import type { Deps } from './services/deps.ts';

/** Who asks. `ratings` of the public `Viewer` is counted only when shown. */
export type Actor = Omit<Viewer, 'ratings'>;

/** What every request brings to a procedure. */
export interface RequestContext {
  readonly viewer: Actor | null;
  readonly deps: Deps & { readonly admin: AdminRepository };
}
