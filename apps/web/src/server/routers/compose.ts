import { tracked } from '@trpc/server';
import { z } from 'zod';
import type { ComposeEvent, ComposeOptions, JobView } from '../../api/types.ts';
import { publicProcedure, router, viewerProcedure } from '../trpc.ts';
import { conditioning, id, seed, take } from './input.ts';
import { pending } from './pending.ts';

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
          promptTrackId: id.optional(),
        }),
      ]),
    )
    .mutation((): Promise<{ jobId: string }> => pending()),
  /** Events of one job until it ends; `lastEventId` resumes after a lost connection. */
  progress: viewerProcedure
    .input(z.object({ jobId: id, lastEventId: z.string().max(40).nullish() }))
    .subscription(async function* () {
      yield tracked('0', await pending<ComposeEvent>());
    }),
  cancel: viewerProcedure.input(z.object({ jobId: id })).mutation((): Promise<JobView> => pending()),
  jobs: viewerProcedure
    .input(z.object({ take: take(50, 20) }).default({ take: 20 }))
    .query((): Promise<JobView[]> => pending()),
  options: publicProcedure.query((): Promise<ComposeOptions> => pending()),
});
