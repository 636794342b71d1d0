import {
  CANDIDATE_COUNT,
  CHORD_FEATURES,
  FEATURE_COUNT,
  fillFeatures,
  rootOfCandidate,
  type ChordFeature,
  type TonalCentre,
} from './chord-features.ts';
import type { HarmonicEvidence } from './harmonic-evidence.ts';
import type { MetricalPlace } from './harmonic-grid.ts';

/** The weights of the log-linear chord model: few figures, fitted once (`CHORD_WEIGHTS`). */
export interface ChordWeights {
  /** Nats for a unit of each feature. */
  readonly features: Readonly<Record<ChordFeature, number>>;
  /** Nats for keeping the chord where it might change. */
  readonly stay: Readonly<Record<MetricalPlace, number>>;
  /** [12]: nats for a change whose root moves up by so many semitones. */
  readonly motion: readonly number[];
}

/** [segments × CANDIDATE_COUNT]: nats for each candidate in each segment, transitions not counted. */
export function scoreCandidates(
  evidence: readonly HarmonicEvidence[],
  keys: readonly (TonalCentre | undefined)[],
  features: ChordWeights['features'],
): Float64Array {
  const scores = new Float64Array(evidence.length * CANDIDATE_COUNT);
  const weights = Float64Array.from(CHORD_FEATURES, (name) => features[name]);
  const values = new Float64Array(FEATURE_COUNT);
  evidence.forEach((segment, t) => {
    for (let candidate = 0; candidate < CANDIDATE_COUNT; candidate++) {
      fillFeatures(values, segment, candidate, keys[t]);
      let sum = 0;
      for (let k = 0; k < FEATURE_COUNT; k++) sum += values[k]! * weights[k]!;
      scores[t * CANDIDATE_COUNT + candidate] = sum;
    }
  });
  return scores;
}

/**
 * The best path through the candidates (Viterbi). Keeping the candidate earns `stay` of the place; any change, also of
 * the quality alone, earns `motion` of its root. As that depends on the root only, a step costs 133 + 13² instead of 133².
 * Returns [segments] candidate indices.
 */
export function decodeChords(
  scores: Float64Array,
  places: readonly MetricalPlace[],
  weights: Pick<ChordWeights, 'stay' | 'motion'>,
): Int32Array {
  const length = places.length;
  const from = new Int32Array(length * CANDIDATE_COUNT);
  let best: Float64Array = scores.slice(0, CANDIDATE_COUNT);
  for (let t = 1; t < length; t++) {
    const leaders = bestOfRoots(best);
    const entries = bestEntries(best, leaders, weights.motion);
    const now = new Float64Array(CANDIDATE_COUNT);
    const stay = weights.stay[places[t]!];
    for (let candidate = 0; candidate < CANDIDATE_COUNT; candidate++) {
      const entry = entries[rootOfCandidate(candidate)]!;
      const keep = best[candidate]! + stay;
      const changes = entry.score > keep;
      now[candidate] = scores[t * CANDIDATE_COUNT + candidate]! + (changes ? entry.score : keep);
      from[t * CANDIDATE_COUNT + candidate] = changes ? entry.candidate : candidate;
    }
    best = now;
  }
  const path = new Int32Array(length);
  if (length > 0) path[length - 1] = best.indexOf(Math.max(...best));
  for (let t = length - 1; t > 0; t--) path[t - 1] = from[t * CANDIDATE_COUNT + path[t]!]!;
  return path;
}

/** Nats for a move between roots; 12 stands for no chord, which is neutral. */
export function motionScore(motion: readonly number[], before: number, after: number): number {
  return before === 12 || after === 12 ? 0 : motion[(after - before + 12) % 12]!;
}

/** Of each root (12: no chord) the best candidate so far. */
function bestOfRoots(best: Float64Array): Int32Array {
  const leaders = new Int32Array(13).fill(-1);
  for (let candidate = 0; candidate < CANDIDATE_COUNT; candidate++) {
    const root = rootOfCandidate(candidate);
    if (leaders[root]! < 0 || best[candidate]! > best[leaders[root]!]!) leaders[root] = candidate;
  }
  return leaders;
}

/** For each root the best candidate to come from, and the score with which it is entered. */
function bestEntries(
  best: Float64Array,
  leaders: Int32Array,
  motion: readonly number[],
): { readonly candidate: number; readonly score: number }[] {
  return Array.from({ length: 13 }, (_, after) => {
    let entry = { candidate: 0, score: -Infinity };
    for (let before = 0; before <= 12; before++) {
      const candidate = leaders[before]!;
      const score = best[candidate]! + motionScore(motion, before, after);
      if (score > entry.score) entry = { candidate, score };
    }
    return entry;
  });
}
