import { tracked } from '@trpc/server';
import { z } from 'zod';
import { cancelJob, composeOptions, listJobs, startComposing, watchJob } from '../services/compose.ts';
import { publicProcedure, router, viewerProcedure } from '../trpc.ts';
import { conditioning, id as jobId, seed, take } from './input.ts';

const bars = z.number().int().min(4).max(64);

export const composeRouter = router({
  start: viewerProcedure
    .input(
      z.discriminatedUnion('mode', [
        z.object({ mode: z.literal('taste'), bars: bars.optional(), seed: seed.optional() }),
        z.object({
          mode: z.literal('controls'),
          conditioning,
          bars,
          seed: seed.optional(),
          promptTrackId: jobId.optional(),
        }),
      ]),
    )
    .mutation(({ ctx, input }) => startComposing(ctx.deps, ctx.viewer, input)),
  /** Events of one job until it ends; `lastEventId` resumes after a lost connection. */
  progress: viewerProcedure
    .input(z.object({ jobId, lastEventId: z.string().max(40).nullish() }))
    .subscription(async function* ({ ctx, input, signal }) {
      for await (const { id, event } of watchJob(ctx.deps, ctx.viewer, input, signal)) yield tracked(id, event);
    }),
  cancel: viewerProcedure.input(z.object({ jobId })).mutation(({ ctx, input }) => cancelJob(ctx.deps, ctx.viewer, input)),
  jobs: viewerProcedure
    .input(z.object({ take: take(50, 20) }).default({ take: 20 }))
    .query(({ ctx, input }) => listJobs(ctx.deps, ctx.viewer, input)),
  options: publicProcedure.query(({ ctx }) => composeOptions(ctx.deps)),
});
