import { z } from 'zod';
import { searchLikeTrack, searchTapped, searchWords } from '../services/search.ts';
import { router, viewerProcedure } from '../trpc.ts';
import { id, take } from './input.ts';

export const searchRouter = router({
  words: viewerProcedure
    .input(
      z.object({
        text: z.string().max(1000),
        /** Places of wishes that were taken away. */
        without: z.array(z.number().int().min(0).max(100)).max(100).default([]),
        take: take(50, 20),
      }),
    )
    .query(({ ctx, input }) => searchWords(ctx.deps, ctx.viewer, input)),
  like: viewerProcedure
    .input(
      z.object({
        trackId: id,
        aspect: z.enum(['overall', 'rhythm', 'harmony', 'timbre', 'melody']),
        take: take(50, 20),
      }),
    )
    .query(({ ctx, input }) => searchLikeTrack(ctx.deps, ctx.viewer, input)),
  /** `onsets`: seconds of each tap. Files and recordings go to POST /api/search. */
  tapped: viewerProcedure
    .input(z.object({ onsets: z.array(z.number()).min(1).max(200), take: take(50, 20) }))
    .query(({ ctx, input }) => searchTapped(ctx.deps, ctx.viewer, input)),
});
