import type { Viewer, ViewerExport } from '../../api/types.ts';
import { publicProcedure, router, viewerProcedure } from '../trpc.ts';
import { pending } from './pending.ts';

export const viewerRouter = router({
  /** null before a guest session exists. */
  me: publicProcedure.query((): Promise<Viewer | null> => pending()),
  erase: viewerProcedure.mutation((): Promise<{ erased: true }> => pending()),
  export: viewerProcedure.query((): Promise<ViewerExport> => pending()),
});
