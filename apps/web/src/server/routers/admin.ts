import { z } from 'zod';
import type {
  AdminClassification,
  AdminJob,
  AdminModel,
  AdminSummary,
  AdminUser,
  Page,
} from '../../api/types.ts';
import { adminProcedure, router } from '../trpc.ts';
import { cursor, id, share, take } from './input.ts';
import { pending } from './pending.ts';

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
    .query((): Promise<Page<AdminClassification>> => pending()),
  /** null takes the correction back. */
  correct: adminProcedure
    .input(z.object({ trackId: id, label: z.string().max(40).nullable() }))
    .mutation((): Promise<AdminClassification> => pending()),
  models: adminProcedure.query((): Promise<AdminModel[]> => pending()),
  jobs: adminProcedure
    .input(z.object({ take: take(100, 50) }).default({ take: 50 }))
    .query((): Promise<AdminJob[]> => pending()),
  users: adminProcedure
    .input(z.object({ take: take(200, 100) }).default({ take: 100 }))
    .query((): Promise<AdminUser[]> => pending()),
  summary: adminProcedure.query((): Promise<AdminSummary> => pending()),
});
