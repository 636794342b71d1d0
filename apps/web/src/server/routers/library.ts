import { z } from 'zod';
import type { Page, TrackDetail, TrackSummary } from '../../api/types.ts';
import { router, viewerProcedure } from '../trpc.ts';
import { cursor, id, take } from './input.ts';
import { pending } from './pending.ts';

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
    .query((): Promise<Page<TrackSummary>> => pending()),
  remove: viewerProcedure.input(z.object({ trackId: id })).mutation((): Promise<{ removed: true }> => pending()),
});

export const trackRouter = router({
  get: viewerProcedure.input(z.object({ id })).query((): Promise<TrackDetail> => pending()),
  similar: viewerProcedure
    .input(z.object({ id, take: take(24, 6) }))
    .query((): Promise<TrackSummary[]> => pending()),
});
