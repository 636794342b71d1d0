import type { DownbeatWeights } from './find-downbeats.ts';

/** The figures of the beat tracker. */
export interface BeatWeights {
  /** How strongly equal beats are wished for (see `followBeats`): each is tried, strict for a band, free for rubato. */
  readonly tightness: readonly number[];
  /** [HYPOTHESIS_FEATURES]: nats for a unit of each, when readings at several tempos are compared. */
  readonly choice: readonly number[];
  readonly downbeats: DownbeatWeights;
}

/**
 * Fitted on the training part of POP909 by `npm run bench -- score-analysis fit` (pop songs for piano, most of them between 58
 * and 124 bpm); tightness, bar and change costs were picked on its validation part. See docs/measurements/score-analysis.md.
 */
export const BEAT_WEIGHTS: BeatWeights = {
  tightness: [400, 60],
  choice: [1.83, -2.21, 1.1, 1.93, 0.52, -0.13, 0.27, 3.68, 3.18, 1.1, 0.73, -1.91],
  downbeats: {
    evidence: [4.59, 1.71, 0.33],
    bias: -2.28,
    bars: { 2: -4, 3: -1, 4: 0 },
    change: 6,
  },
};
