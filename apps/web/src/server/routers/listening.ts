import { z } from 'zod';
import type { MyRating, RatingEffect, Recommendation, TasteView, TrackSummary } from '../../api/types.ts';
import { router, viewerProcedure } from '../trpc.ts';
import { id, ratingValue, reason, take } from './input.ts';
import { pending } from './pending.ts';

export const discoverRouter = router({
  queue: viewerProcedure.input(z.object({ take: take(50, 10) })).query((): Promise<TrackSummary[]> => pending()),
});

export const ratingRouter = router({
  set: viewerProcedure
    .input(z.object({ trackId: id, value: ratingValue }))
    .mutation((): Promise<RatingEffect> => pending()),
  undo: viewerProcedure.input(z.object({ trackId: id })).mutation((): Promise<RatingEffect> => pending()),
  list: viewerProcedure.query((): Promise<MyRating[]> => pending()),
});

export const playRouter = router({
  record: viewerProcedure
    .input(z.object({ trackId: id, seconds: z.number().finite().min(0).max(86_400), completed: z.boolean() }))
    .mutation((): Promise<{ recorded: true }> => pending()),
});

export const recommendRouter = router({
  list: viewerProcedure.input(z.object({ take: take(50, 20) })).query((): Promise<Recommendation[]> => pending()),
  steer: viewerProcedure
    .input(z.object({ reason, action: z.enum(['more', 'less', 'never']) }))
    .mutation((): Promise<RatingEffect> => pending()),
});

export const tasteRouter = router({
  get: viewerProcedure.query((): Promise<TasteView> => pending()),
  /** `value` −1 (low end) … 1 (high end); null takes the correction back. */
  correct: viewerProcedure
    .input(z.object({ dimension: z.string().min(1).max(80), value: z.number().min(-1).max(1).nullable() }))
    .mutation((): Promise<TasteView> => pending()),
  reset: viewerProcedure.mutation((): Promise<TasteView> => pending()),
});
