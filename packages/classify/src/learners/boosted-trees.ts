import { AttuneError, type Rng } from '@attune/core';
import { binRows } from './bins.ts';
import { growTree, type TreeSettings } from './grow-tree.ts';
import type { LabelledRows, Scorer } from './scorer.ts';
import { createTreeScorer, type TreeNodes } from './tree-scorer.ts';

/** How boosted trees grow; see `DEFAULT_BOOSTING`. */
export interface BoostingSettings extends TreeSettings {
  /** Trees a class. */
  readonly rounds: number;
  /** Factor on the leaf values of each tree, 0 … 1. */
  readonly learningRate: number;
  /** Share of the rows, 0 … 1, that a round's trees see. */
  readonly rowShare: number;
  /** Share of the features, 0 … 1, that a tree sees. */
  readonly featureShare: number;
}

/** What a candidate leaves out. */
export const DEFAULT_BOOSTING: BoostingSettings = {
  rounds: 120,
  learningRate: 0.12,
  depth: 4,
  lambda: 1,
  leastHessian: 1,
  rowShare: 0.7,
  featureShare: 0.3,
};

/**
 * Gradient-boosted trees for the multinomial log loss, second order with an L2 penalty on leaves (XGBoost: Chen &
 * Guestrin 2016, eq. 5–7), on features cut into at most 64 bins (LightGBM: Ke et al. 2017). Each round grows one tree a
 * class on the same sampled rows. The same rows, settings and Rng state give the same trees.
 * `onRound` is called after each round with the scorer so far (for early stopping by the caller: return false to stop).
 */
export function trainBoostedTrees(
  data: LabelledRows,
  settings: BoostingSettings,
  rng: Rng,
  onRound: (round: number, snapshot: () => Scorer) => boolean | void = () => true,
): Scorer {
  const { rows, labels, weights, classes } = data;
  const features = rows[0]?.length ?? 0;
  if (rows.length === 0 || features === 0)
    throw new AttuneError('argument/invalid', 'Trees need at least one row with one feature.');
  const bins = binRows(rows);
  const bias = classBias(data);
  const scores = Float64Array.from({ length: rows.length * classes }, (_, i) => bias[i % classes]!); // [rows, classes]
  const trees: TreeNodes[] = [];
  const gradient = new Float64Array(rows.length);
  const hessian = new Float64Array(rows.length);
  const snapshot = (): Scorer =>
    createTreeScorer({ classes, features, bias: Float32Array.from(bias), trees });

  for (let round = 0; round < settings.rounds; round++) {
    const chosenRows = sample(rows.length, settings.rowShare, rng);
    const chosenFeatures = sample(features, settings.featureShare, rng);
    const probabilities = softmaxRows(scores, classes);
    for (let k = 0; k < classes; k++) {
      for (let i = 0; i < rows.length; i++) {
        const p = probabilities[i * classes + k]!;
        gradient[i] = weights[i]! * (p - (labels[i] === k ? 1 : 0));
        hessian[i] = weights[i]! * Math.max(1e-6, p * (1 - p));
      }
      const { nodes, apply } = growTree(
        bins,
        gradient,
        hessian,
        chosenRows,
        chosenFeatures,
        settings,
        settings.learningRate,
      );
      trees.push(nodes);
      for (let i = 0; i < rows.length; i++) scores[i * classes + k]! += apply(i);
    }
    if (onRound(round, snapshot) === false) break;
  }
  return snapshot();
}

/** ln of the weighted class shares. */
function classBias({ labels, weights, classes }: LabelledRows): Float64Array {
  const totals = new Float64Array(classes).fill(1e-3);
  labels.forEach((label, i) => (totals[label]! += weights[i]!));
  const sum = totals.reduce((a, b) => a + b, 0);
  return totals.map((total) => Math.log(total / sum));
}

function softmaxRows(scores: Float64Array, classes: number): Float64Array {
  const out = new Float64Array(scores.length);
  for (let start = 0; start < scores.length; start += classes) {
    let highest = -Infinity;
    for (let k = 0; k < classes; k++) highest = Math.max(highest, scores[start + k]!);
    let total = 0;
    for (let k = 0; k < classes; k++) total += out[start + k] = Math.exp(scores[start + k]! - highest);
    for (let k = 0; k < classes; k++) out[start + k]! /= total;
  }
  return out;
}

/** At least one of n indices, ascending, without repeats. */
function sample(n: number, part: number, rng: Rng): Int32Array {
  const order = Array.from({ length: n }, (_, i) => i);
  if (part >= 1) return Int32Array.from(order);
  return Int32Array.from(rng.shuffle(order).slice(0, Math.max(1, Math.round(n * part)))).sort();
}
