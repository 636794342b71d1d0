import {
  CANDIDATE_COUNT,
  candidateOf,
  CHORD_FEATURES,
  FEATURE_COUNT,
  fillFeatures,
  NO_CHORD,
  rootOfCandidate,
  type TonalCentre,
} from '../../packages/core/src/harmony/chord-features.ts';
import {
  motionScore,
  scoreCandidates,
  type ChordWeights,
} from '../../packages/core/src/harmony/chord-lattice.ts';
import type { HarmonicEvidence } from '../../packages/core/src/harmony/harmonic-evidence.ts';
import type { MetricalPlace } from '../../packages/core/src/harmony/harmonic-grid.ts';
import type { Rng } from '@attune/core';

/** One piece as the fit sees it; all lists: [segments]. */
export interface ChordLesson {
  readonly evidence: readonly HarmonicEvidence[];
  readonly places: readonly MetricalPlace[];
  readonly keys: readonly (TonalCentre | undefined)[];
  /** Candidate that the annotators heard. */
  readonly targets: readonly number[];
}

interface FitOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  readonly rng: Rng;
  readonly report: (line: string) => void;
}

const PLACES: readonly MetricalPlace[] = ['bar', 'half-bar', 'beat'];
const STAY = FEATURE_COUNT;
const MOTION = STAY + PLACES.length;
const SIZE = MOTION + 12;

/** Candidate for a label of the annotations; extended chords count as the triad or seventh they contain. */
export function candidateOfLabel(label: string): number {
  if (label === 'N') return NO_CHORD;
  const [, letter, signs, shorthand] = /^([A-G])([#b]*):([a-z0-9]+)/.exec(label)!;
  const shift = [...signs!].reduce((sum, sign) => sum + (sign === '#' ? 1 : -1), 0);
  const root = ({ C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 }[letter!]! + shift + 12) % 12;
  const simpler: Record<string, string> = { maj6: 'maj', min6: 'min', minmaj7: 'min' };
  return candidateOf(root, (simpler[shorthand!] ?? shorthand!) as never);
}

/** Greatest conditional likelihood of the annotators' sequences (Lafferty et al. 2001), by Adam on batches of pieces. */
export function fitChords(lessons: readonly ChordLesson[], options: FitOptions): ChordWeights {
  const theta = new Float64Array(SIZE);
  for (let i = STAY; i < MOTION; i++) theta[i] = 2;
  const [first, second] = [new Float64Array(SIZE), new Float64Array(SIZE)];
  let step = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const order = options.rng.shuffle([...lessons]);
    let [loss, segments] = [0, 0];
    for (let from = 0; from < order.length; from += options.batch) {
      const gradient = new Float64Array(SIZE);
      const batch = order.slice(from, from + options.batch);
      let count = 0;
      for (const lesson of batch) {
        loss += addGradient(gradient, lesson, theta);
        count += lesson.targets.length;
      }
      segments += count;
      step++;
      const rate = options.rate * (1 - (epoch + from / order.length) / options.epochs);
      for (let i = 0; i < SIZE; i++) {
        const g = gradient[i]! / count + 1e-5 * theta[i]!;
        first[i] = 0.9 * first[i]! + 0.1 * g;
        second[i] = 0.99 * second[i]! + 0.01 * g * g;
        theta[i]! -=
          (rate * (first[i]! / (1 - 0.9 ** step))) / (Math.sqrt(second[i]! / (1 - 0.99 ** step)) + 1e-9);
      }
    }
    options.report(`epoch ${epoch + 1}: ${(loss / segments).toFixed(4)} nats a segment`);
  }
  return weightsOf(theta);
}

function weightsOf(theta: Float64Array): ChordWeights {
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    features: featuresOf(theta.map(round)),
    stay: { bar: round(theta[STAY]!), 'half-bar': round(theta[STAY + 1]!), beat: round(theta[STAY + 2]!) },
    motion: Array.from(theta.subarray(MOTION), round),
  };
}

function featuresOf(theta: Float64Array): ChordWeights['features'] {
  return Object.fromEntries(CHORD_FEATURES.map((name, i) => [name, theta[i]])) as ChordWeights['features'];
}

/** Adds the gradient of one piece's negative log likelihood and returns that. */
function addGradient(gradient: Float64Array, lesson: ChordLesson, theta: Float64Array): number {
  const { evidence, places, keys, targets } = lesson;
  const length = targets.length;
  const C = CANDIDATE_COUNT;
  const scores = scoreCandidates(evidence, keys, featuresOf(theta));
  const motion = Array.from(theta.subarray(MOTION));
  const moves = Float64Array.from({ length: 169 }, (_, i) =>
    Math.exp(motionScore(motion, Math.floor(i / 13), i % 13)),
  );
  const stays = Float64Array.from(places, (place) => Math.exp(theta[STAY + PLACES.indexOf(place)]!));
  const potential = new Float64Array(length * C);
  const peaks = new Float64Array(length);
  for (let t = 0; t < length; t++) {
    const row = scores.subarray(t * C, (t + 1) * C);
    peaks[t] = Math.max(...row);
    for (let c = 0; c < C; c++) potential[t * C + c] = Math.exp(row[c]! - peaks[t]!);
  }
  const alpha = new Float64Array(length * C);
  const scale = new Float64Array(length);
  for (let t = 0; t < length; t++) {
    const roots = t > 0 ? rootSums(alpha, t - 1) : undefined;
    const entries = roots && applyMoves(moves, roots, false);
    let sum = 0;
    for (let c = 0; c < C; c++) {
      const reach = entries ? stays[t]! * alpha[(t - 1) * C + c]! + entries[rootOfCandidate(c)]! : 1;
      sum += alpha[t * C + c] = potential[t * C + c]! * reach;
    }
    scale[t] = sum;
    for (let c = 0; c < C; c++) alpha[t * C + c]! /= sum;
  }
  let likelihood = 0;
  for (let t = 0; t < length; t++) likelihood += Math.log(scale[t]!) + peaks[t]!;

  const values = new Float64Array(FEATURE_COUNT);
  let beta = new Float64Array(C).fill(1);
  for (let t = length - 1; t >= 0; t--) {
    for (let c = 0; c < C; c++) {
      const expected = alpha[t * C + c]! * beta[c]! - Number(c === targets[t]);
      if (Math.abs(expected) < 1e-6) continue;
      fillFeatures(values, evidence[t]!, c, keys[t]);
      for (let k = 0; k < FEATURE_COUNT; k++) gradient[k]! += expected * values[k]!;
    }
    if (t === 0) break;
    const ahead = new Float64Array(C); // potential × beta / scale
    for (let c = 0; c < C; c++) ahead[c] = (potential[t * C + c]! * beta[c]!) / scale[t]!;
    const before = rootSums(alpha, t - 1);
    const after = rootSums(ahead, 0);
    let stayed = 0;
    for (let c = 0; c < C; c++) stayed += alpha[(t - 1) * C + c]! * stays[t]! * ahead[c]!;
    gradient[STAY + PLACES.indexOf(places[t]!)]! += stayed;
    for (let a = 0; a < 12; a++) {
      for (let b = 0; b < 12; b++)
        gradient[MOTION + ((b - a + 12) % 12)]! += before[a]! * moves[a * 13 + b]! * after[b]!;
    }
    const entries = applyMoves(moves, after, true);
    const next = new Float64Array(C);
    for (let c = 0; c < C; c++) next[c] = stays[t]! * ahead[c]! + entries[rootOfCandidate(c)]!;
    beta = next;
  }
  let gold = 0;
  for (let t = 0; t < length; t++) {
    gold += scores[t * C + targets[t]!]!;
    if (t === 0) continue;
    const [a, b] = [rootOfCandidate(targets[t - 1]!), rootOfCandidate(targets[t]!)];
    const move = moves[a * 13 + b]!;
    const isSame = targets[t] === targets[t - 1];
    const total = isSame ? move + stays[t]! : move;
    gold += Math.log(total);
    if (isSame) gradient[STAY + PLACES.indexOf(places[t]!)]! -= stays[t]! / total;
    if (a < 12 && b < 12) gradient[MOTION + ((b - a + 12) % 12)]! -= move / total;
  }
  return likelihood - gold;
}

/** [13]: sums over the candidates of each root. */
function rootSums(values: Float64Array, t: number): Float64Array {
  const sums = new Float64Array(13);
  for (let c = 0; c < CANDIDATE_COUNT; c++) sums[rootOfCandidate(c)]! += values[t * CANDIDATE_COUNT + c]!;
  return sums;
}

function applyMoves(moves: Float64Array, roots: Float64Array, backward: boolean): Float64Array {
  return Float64Array.from({ length: 13 }, (_, to) => {
    let sum = 0;
    for (let from = 0; from < 13; from++)
      sum += roots[from]! * moves[backward ? to * 13 + from : from * 13 + to]!;
    return sum;
  });
}
