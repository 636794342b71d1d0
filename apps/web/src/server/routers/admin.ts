import { z } from 'zod';
import {
  correctLabel,
  getClassification,
  listAllJobs,
  listClassifications,
  listUsers,
  summariseAll,
} from '../services/administer.ts';
import { addLabel, changeLabel, removeLabel, restoreLabel } from '../services/added-labels.ts';
import { catalogueMap } from '../services/catalogue-map.ts';
import { adoptVersion, listVersions, rollBack } from '../services/classifier-versions.ts';
import { cancelTraining, labellingState, startTraining } from '../services/labelling.ts';
import { reportSharing } from '../services/sharing.ts';
import { composeTrend, listTrends } from '../services/trends.ts';
import { adminProcedure, router } from '../trpc.ts';
import { id, share, take } from './input.ts';

const label = z.string().min(1).max(40);
const parent = z.string().max(40).nullable();
const classifier = z.enum(['style-symbolic', 'style-audio']);

export const adminRouter = router({
  classifications: adminProcedure
    .input(
      z.object({
        /** A label, or 'unsure': the person's where there is one, else the model's. */
        label: z.string().max(40).optional(),
        /** A cell of the confusion matrix: the model's label, or 'unsure', and the person's. */
        predictedLabel: z.string().max(40).optional(),
        correctedLabel: z.string().max(40).optional(),
        minConfidence: share.optional(),
        maxConfidence: share.optional(),
        disagreement: z.enum(['person', 'models']).optional(),
        unlabelled: z.boolean().optional(),
        sort: z.enum(['least-sure', 'most-sure', 'newest', 'title']).default('least-sure'),
        cursor: z.string().max(400).nullish(),
        take: take(100, 25),
      }),
    )
    .query(({ ctx, input }) => listClassifications(ctx.deps, ctx.viewer, input)),
  classification: adminProcedure
    .input(z.object({ trackId: id }))
    .query(({ ctx, input }) => getClassification(ctx.deps, ctx.viewer, input)),
  /** null takes the correction back. */
  correct: adminProcedure
    .input(z.object({ trackId: id, label: z.string().max(40).nullable() }))
    .mutation(({ ctx, input }) => correctLabel(ctx.deps, ctx.viewer, input)),
  models: adminProcedure.query(({ ctx }) => listVersions(ctx.deps, ctx.viewer)),
  trends: adminProcedure.query(({ ctx }) => listTrends(ctx.deps, ctx.viewer)),
  composeTrend: adminProcedure.mutation(({ ctx }) => composeTrend(ctx.deps, ctx.viewer)),
  map: adminProcedure.query(({ ctx }) => catalogueMap(ctx.deps, ctx.viewer)),
  labelling: adminProcedure.query(({ ctx }) => labellingState(ctx.deps, ctx.viewer)),
  addLabel: adminProcedure
    .input(z.object({ name: z.string().min(1).max(80), parent: parent.optional() }))
    .mutation(({ ctx, input }) => addLabel(ctx.deps, ctx.viewer, input)),
  /** Another name, or another place in the tree of labels. */
  changeLabel: adminProcedure
    .input(z.object({ name: label, to: z.string().min(1).max(80), parent }))
    .mutation(({ ctx, input }) => changeLabel(ctx.deps, ctx.viewer, input)),
  removeLabel: adminProcedure
    .input(z.object({ name: label }))
    .mutation(({ ctx, input }) => removeLabel(ctx.deps, ctx.viewer, input)),
  /** Takes a removal back, by what it answered. */
  restoreLabel: adminProcedure
    .input(z.object({ name: label, parent, trackIds: z.array(id).max(5_000), replacement: parent }))
    .mutation(({ ctx, input }) => restoreLabel(ctx.deps, ctx.viewer, input)),
  train: adminProcedure
    .input(z.object({ task: z.enum(['retrain', 'listen']), kind: classifier }))
    .mutation(({ ctx, input }) => startTraining(ctx.deps, ctx.viewer, input)),
  cancelTraining: adminProcedure
    .input(z.object({ id }))
    .mutation(({ ctx, input }) => cancelTraining(ctx.deps, ctx.viewer, input)),
  adopt: adminProcedure
    .input(z.object({ id: z.string().min(1).max(120) }))
    .mutation(({ ctx, input }) => adoptVersion(ctx.deps, ctx.viewer, input)),
  rollBack: adminProcedure
    .input(z.object({ kind: classifier }))
    .mutation(({ ctx, input }) => rollBack(ctx.deps, ctx.viewer, input)),
  sharedTaste: adminProcedure.query(({ ctx }) => reportSharing(ctx.deps, ctx.viewer)),
  jobs: adminProcedure
    .input(z.object({ take: take(100, 50) }).default({ take: 50 }))
    .query(({ ctx, input }) => listAllJobs(ctx.deps, ctx.viewer, input)),
  users: adminProcedure
    .input(z.object({ take: take(200, 100) }).default({ take: 100 }))
    .query(({ ctx, input }) => listUsers(ctx.deps, ctx.viewer, input)),
  summary: adminProcedure.query(({ ctx }) => summariseAll(ctx.deps, ctx.viewer)),
});
