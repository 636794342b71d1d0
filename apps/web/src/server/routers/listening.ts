import { z } from 'zod';
import { chooseQueue } from '../services/choose-queue.ts';
import { correctTaste, describeTaste, resetTaste } from '../services/describe-taste.ts';
import { listRatings } from '../services/list-ratings.ts';
import { composeForMood, describeListening } from '../services/moods.ts';
import { recommendTracks } from '../services/recommend-tracks.ts';
import { recordPlay } from '../services/record-play.ts';
import { setRating, undoRating } from '../services/set-rating.ts';
import { steerTaste, undoSteering } from '../services/steer-taste.ts';
import { router, viewerProcedure } from '../trpc.ts';
import { chip, id, mood, ratingValue, reason, take } from './input.ts';

export const discoverRouter = router({
  queue: viewerProcedure
    .input(z.object({ take: take(50, 10) }))
    .query(({ ctx, input }) => chooseQueue(ctx.deps, ctx.viewer, input)),
});

export const ratingRouter = router({
  set: viewerProcedure
    .input(z.object({ trackId: id, value: ratingValue }))
    .mutation(({ ctx, input }) => setRating(ctx.deps, ctx.viewer, input)),
  undo: viewerProcedure
    .input(z.object({ trackId: id }))
    .mutation(({ ctx, input }) => undoRating(ctx.deps, ctx.viewer, input)),
  list: viewerProcedure.query(({ ctx }) => listRatings(ctx.deps, ctx.viewer)),
});

export const playRouter = router({
  record: viewerProcedure
    .input(z.object({ trackId: id, seconds: z.number().finite().min(0).max(86_400), completed: z.boolean() }))
    .mutation(({ ctx, input }) => recordPlay(ctx.deps, ctx.viewer, input)),
});

export const recommendRouter = router({
  list: viewerProcedure
    .input(z.object({ take: take(50, 20), mood: mood.optional() }))
    .query(({ ctx, input }) => recommendTracks(ctx.deps, ctx.viewer, input)),
  /** Moods, and how much of the list is something new. */
  listening: viewerProcedure.query(({ ctx }) => describeListening(ctx.deps, ctx.viewer)),
  composeForMood: viewerProcedure
    .input(z.object({ mood }))
    .mutation(({ ctx, input }) => composeForMood(ctx.deps, ctx.viewer, input)),
  steer: viewerProcedure
    .input(z.object({ reason, action: z.enum(['more', 'less', 'never']) }))
    .mutation(({ ctx, input }) => steerTaste(ctx.deps, ctx.viewer, input)),
});

export const tasteRouter = router({
  get: viewerProcedure.query(({ ctx }) => describeTaste(ctx.deps, ctx.viewer)),
  /** `value` −1 (low end) … 1 (high end); null takes the correction back. */
  correct: viewerProcedure
    .input(z.object({ dimension: z.string().min(1).max(80), value: z.number().min(-1).max(1).nullable() }))
    .mutation(({ ctx, input }) => correctTaste(ctx.deps, ctx.viewer, input)),
  undoSteering: viewerProcedure
    .input(chip)
    .mutation(({ ctx, input }) => undoSteering(ctx.deps, ctx.viewer, input)),
  reset: viewerProcedure.mutation(({ ctx }) => resetTaste(ctx.deps, ctx.viewer)),
});
