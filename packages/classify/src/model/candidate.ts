import type { Rng } from '@attune/core';
import { DEFAULT_BOOSTING, trainBoostedTrees, type BoostingSettings } from '../learners/boosted-trees.ts';
import { fitDiscriminantAnalysis } from '../learners/discriminant-analysis.ts';
import { fitKernelMachine } from '../learners/kernel-machine.ts';
import { createLinearScorer } from '../learners/linear-scorer.ts';
import { trainLogisticRegression } from '../learners/logistic-regression.ts';
import { DEFAULT_NETWORK, trainNetwork, type NetworkSettings } from '../learners/network.ts';
import type { LabelledRows, Scorer } from '../learners/scorer.ts';

/** `balance` overrides that of the options for one candidate; `reads`: it reads so many of the features, the first ones. */
export type Candidate = { readonly balance?: number; readonly reads?: number } & (
  | { readonly kind: 'trees'; readonly settings: Partial<BoostingSettings> }
  | { readonly kind: 'logistic'; readonly l2: number; readonly iterations: number }
  | { readonly kind: 'discriminant'; readonly shrinkage: number }
  | { readonly kind: 'kernel'; readonly gamma: number; readonly alpha: number }
  | { readonly kind: 'network'; readonly settings: Partial<NetworkSettings> }
  /** The net's logits, which are the last features, times `scale`. */
  | { readonly kind: 'heard'; readonly scale: number }
);

/** Logits of a net are scaled alike, not each by its own spread, so that they can be read back; 32 is the largest that is told apart. */
export const HEARD_DEVIATION = 4;

/** The candidate's learner, trained on standardised rows. The same rows and seed give the same scorer. */
export function trainCandidate(
  candidate: Exclude<Candidate, { kind: 'heard' }>,
  data: LabelledRows,
  rng: Rng,
): Scorer {
  switch (candidate.kind) {
    case 'trees':
      return trainBoostedTrees(
        data,
        { ...DEFAULT_BOOSTING, ...candidate.settings },
        rng.fork(nameOf(candidate)),
      );
    case 'logistic':
      return trainLogisticRegression(data, candidate);
    case 'discriminant':
      return fitDiscriminantAnalysis(data, candidate);
    case 'kernel':
      return fitKernelMachine(data, candidate);
    case 'network':
      return trainNetwork(data, { ...DEFAULT_NETWORK, ...candidate.settings }, rng.fork(nameOf(candidate)));
  }
}

/** Reads a whole row and gives back its last values, as the net said them. */
export function createHeardScorer(measured: number, classes: number, scale: number): Scorer {
  const width = measured + classes;
  const weights = new Float32Array(classes * width);
  for (let k = 0; k < classes; k++) weights[k * width + measured + k] = scale * HEARD_DEVIATION;
  return createLinearScorer(weights, new Float32Array(classes));
}

/** Kind and settings in words, as reports and logs show them; the seed of the learner hangs on it. */
export function nameOf(candidate: Candidate): string {
  const { balance, reads } = candidate;
  const suffix = `${balance === undefined ? '' : ` balance ${balance}`}${reads === undefined ? '' : ` of the first ${reads} features`}`;
  switch (candidate.kind) {
    case 'trees':
      return `trees ${JSON.stringify(candidate.settings)}${suffix}`;
    case 'logistic':
      return `logistic l2 ${candidate.l2}${suffix}`;
    case 'discriminant':
      return `discriminant shrinkage ${candidate.shrinkage}${suffix}`;
    case 'kernel':
      return `kernel gamma ${candidate.gamma} alpha ${candidate.alpha}${suffix}`;
    case 'network':
      return `network ${JSON.stringify(candidate.settings)}${suffix}`;
    case 'heard':
      return `net × ${candidate.scale}`;
  }
}
