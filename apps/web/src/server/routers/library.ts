import { z } from 'zod';
import { getTrack, listSimilar } from '../services/get-track.ts';
import { listLibrary, removeTrack } from '../services/library.ts';
import { router, viewerProcedure } from '../trpc.ts';
import { cursor, id, take } from './input.ts';

export const libraryRouter = router({
  list: viewerProcedure
    .input(
      z.object({
        query: z.string().max(100).optional(),
        style: z.string().max(40).optional(),
        source: z.enum(['catalogue', 'mine', 'uploads', 'generated']).optional(),
        sort: z.enum(['newest', 'title', 'seconds', 'tempo', 'rating']).default('newest'),
        cursor,
        take: take(100, 24),
      }),
    )
    .query(({ ctx, input }) => listLibrary(ctx.deps, ctx.viewer, input)),
  remove: viewerProcedure
    .input(z.object({ trackId: id }))
    .mutation(({ ctx, input }) => removeTrack(ctx.deps, ctx.viewer, input)),
});

export const trackRouter = router({
  get: viewerProcedure
    .input(z.object({ id }))
    .query(({ ctx, input }) => getTrack(ctx.deps, ctx.viewer, input)),
  similar: viewerProcedure
    .input(z.object({ id, take: take(24, 6) }))
    .query(({ ctx, input }) => listSimilar(ctx.deps, ctx.viewer, input)),
});
