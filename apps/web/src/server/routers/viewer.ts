import type { Viewer } from '../../api/types.ts';
import { eraseViewer, exportViewer, getViewer } from '../services/viewer.ts';
import { publicProcedure, router, viewerProcedure } from '../trpc.ts';

export const viewerRouter = router({
  /** null before a guest session exists. */
  me: publicProcedure.query(({ ctx: { deps, viewer } }): Promise<Viewer | null> =>
    viewer ? getViewer(deps, viewer) : Promise.resolve(null),
  ),
  erase: viewerProcedure.mutation(({ ctx }) => eraseViewer(ctx.deps, ctx.viewer)),
  export: viewerProcedure.query(({ ctx }) => exportViewer(ctx.deps, ctx.viewer)),
});
