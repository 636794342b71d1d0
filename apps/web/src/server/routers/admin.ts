import { z } from 'zod';
import {
  correctLabel,
  listAllJobs,
  listClassifications,
  listModels,
  listUsers,
  summariseAll,
} from '../services/administer.ts';
import { adminProcedure, router } from '../trpc.ts';
import { cursor, id, share, take } from './input.ts';

export const adminRouter = router({
  classifications: adminProcedure
    .input(
      z.object({
        /** A label, or 'unsure'. */
        label: z.string().max(40).optional(),
        minConfidence: share.optional(),
        maxConfidence: share.optional(),
        /** true: a person disagrees with the model; false: no disagreement. */
        disagreement: z.boolean().optional(),
        /** A cell of the confusion matrix. */
        correctedLabel: z.string().max(40).optional(),
        sort: z.enum(['least-sure', 'most-sure', 'newest', 'title']).default('least-sure'),
        cursor,
        take: take(100, 25),
      }),
    )
    .query(({ ctx, input }) => listClassifications(ctx.deps, ctx.viewer, input)),
  /** null takes the correction back. */
  correct: adminProcedure
    .input(z.object({ trackId: id, label: z.string().max(40).nullable() }))
    .mutation(({ ctx, input }) => correctLabel(ctx.deps, ctx.viewer, input)),
  models: adminProcedure.query(({ ctx }) => listModels(ctx.deps, ctx.viewer)),
  jobs: adminProcedure
    .input(z.object({ take: take(100, 50) }).default({ take: 50 }))
    .query(({ ctx, input }) => listAllJobs(ctx.deps, ctx.viewer, input)),
  users: adminProcedure
    .input(z.object({ take: take(200, 100) }).default({ take: 100 }))
    .query(({ ctx, input }) => listUsers(ctx.deps, ctx.viewer, input)),
  summary: adminProcedure.query(({ ctx }) => summariseAll(ctx.deps, ctx.viewer)),
});
