import { tracked } from '@trpc/server';
import { z } from 'zod';
import { cancelJob, composeOptions, listJobs, startComposing, watchJob } from '../services/compose.ts';
import { keepPiece } from '../services/keep-piece.ts';
import { listSamplers, startSampling } from '../services/sample.ts';
import { publicProcedure, router, viewerProcedure } from '../trpc.ts';
import { conditioning, id, mood, seed, take } from './input.ts';

// How many may be asked for, the service says in words.
const bars = z.number();
const source = { sourceTrackId: id };
const task = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['continue', 'accompany', 'reorchestrate']), ...source }),
  z.object({ kind: z.literal('infill'), ...source, bars: z.tuple([z.number(), z.number()]) }),
  z.object({ kind: z.literal('vary'), ...source, keep: z.number(), unit: z.enum(['bars', 'notes']) }),
]);

export const composeRouter = router({
  start: viewerProcedure
    .input(
      z.discriminatedUnion('mode', [
        z.object({
          mode: z.literal('taste'),
          bars: bars.optional(),
          seed: seed.optional(),
          mood: mood.optional(),
        }),
        z.object({
          mode: z.literal('controls'),
          conditioning,
          bars: bars.optional(),
          seed: seed.optional(),
          task: task.optional(),
          listen: z.boolean().optional(),
          follow: z.union([z.literal('taste'), z.object({ mood })]).optional(),
        }),
      ]),
    )
    .mutation(({ ctx, input }) => startComposing(ctx.deps, ctx.viewer, input)),
  /** Events of one job until it ends; `lastEventId` resumes after a lost connection. */
  progress: viewerProcedure
    .input(z.object({ jobId: id, lastEventId: z.string().max(40).nullish() }))
    .subscription(async function* ({ ctx, input, signal }) {
      for await (const { id, event } of watchJob(ctx.deps, ctx.viewer, input, signal))
        yield tracked(id, event);
    }),
  /** Stores a piece that the listener's own machine composed. */
  keep: viewerProcedure
    .input(
      z.object({
        title: z.string().max(200),
        midi: z.base64().max(3_000_000),
        seed,
        bars: z.number().int().min(0).max(10_000),
        conditioning,
        modelVersion: z.string().min(1).max(100),
        tokenizer: z.string().max(100),
        task: task.optional(),
      }),
    )
    .mutation(({ ctx, input }) => keepPiece(ctx.deps, ctx.viewer, input)),
  cancel: viewerProcedure
    .input(z.object({ jobId: id }))
    .mutation(({ ctx, input }) => cancelJob(ctx.deps, ctx.viewer, input)),
  jobs: viewerProcedure
    .input(z.object({ take: take(50, 20) }).default({ take: 20 }))
    .query(({ ctx, input }) => listJobs(ctx.deps, ctx.viewer, input)),
  samplers: publicProcedure.query(({ ctx }) => listSamplers(ctx.deps)),
  /** Asks another kind of model; goes on with `progress` and `cancel`. */
  sample: viewerProcedure
    .input(
      z.object({
        family: z.string().min(1).max(40),
        count: z.number(),
        sourceTrackIds: z.array(id).max(16),
        settings: z.record(z.string().max(60), z.union([z.number(), z.string().max(60)])),
        seed: seed.optional(),
      }),
    )
    .mutation(({ ctx, input }) => startSampling(ctx.deps, ctx.viewer, input)),
  options: publicProcedure.query(({ ctx }) => composeOptions(ctx.deps)),
});
