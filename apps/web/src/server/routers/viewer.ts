import type { Sharing, Viewer } from '../../api/types.ts';
import { getSharing } from '../services/sharing.ts';
import { eraseViewer, exportViewer, getViewer } from '../services/viewer.ts';
import { publicProcedure, router, viewerProcedure } from '../trpc.ts';

export const viewerRouter = router({
  /** null before a guest session exists. */
  me: publicProcedure.query(({ ctx: { deps, viewer } }): Promise<Viewer | null> =>
    viewer ? getViewer(deps, viewer) : Promise.resolve(null),
  ),
  sharing: publicProcedure.query(({ ctx: { deps, viewer } }): Promise<Sharing> => getSharing(deps, viewer)),
  erase: viewerProcedure.mutation(({ ctx }) => eraseViewer(ctx.deps, ctx.viewer)),
  export: viewerProcedure.query(({ ctx }) => exportViewer(ctx.deps, ctx.viewer)),
});
