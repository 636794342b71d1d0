import { BEAT_EVIDENCE, gatherBeatEvidence } from '../../packages/core/src/beats/beat-evidence.ts';
import {
  HYPOTHESIS_FEATURES,
  readBeats,
  type BeatHypothesis,
} from '../../packages/core/src/beats/beat-hypothesis.ts';
import type { BeatWeights } from '../../packages/core/src/beats/beat-weights.ts';
import type { DownbeatWeights } from '../../packages/core/src/beats/find-downbeats.ts';
import { drawOnsetCurve } from '../../packages/core/src/beats/onset-curve.ts';
import { performedNotes } from '../../packages/core/src/beats/performed-note.ts';
import { fMeasure } from './beat-measure.ts';
import type { AnnotatedPiece } from './pop909.ts';

const BAR = 4;
const WINDOW_BARS = 8;
const DECAY = 1e-3;

/** Alternatives of which one is right (or several, in shares): [alternatives][features]. */
interface Choice {
  readonly features: readonly (readonly number[])[];
  /** [alternatives], sum 1. */
  readonly shares: readonly number[];
}

/** Figures of `BeatWeights` that are learned; tightness and the costs of bars are given. */
export function fitBeats(
  pieces: readonly AnnotatedPiece[],
  given: Pick<BeatWeights, 'tightness'> & { readonly downbeats: Pick<DownbeatWeights, 'bars' | 'change'> },
): BeatWeights {
  const heard = pieces.map((piece) => {
    const notes = performedNotes(piece.score);
    return { piece, notes, curve: drawOnsetCurve(notes) };
  });
  const rows = heard.map(({ piece, notes, curve }) => {
    const evidence = gatherBeatEvidence(notes, curve, piece.beats);
    return piece.beats.map((_, b) => BEAT_EVIDENCE.map((name) => evidence[name][b]!));
  });
  const phases = rows.flatMap((row, i) => phaseChoices(row, heard[i]!.piece));
  const evidence = softmaxWeights(phases, BEAT_EVIDENCE.length, 0).map(twoPlaces); // no evidence speaks against a bar line
  const all = rows.flat();
  const means = evidence.map((_, k) => all.reduce((sum, row) => sum + row[k]!, 0) / all.length);
  const bias = -evidence.reduce((sum, weight, k) => sum + weight * means[k]!, 0); // an average beat is as good as none
  const downbeats = { ...given.downbeats, evidence, bias: twoPlaces(bias) };
  const weights = { tightness: given.tightness, choice: HYPOTHESIS_FEATURES.map(() => 0), downbeats };
  const choices = heard.map(({ piece, notes, curve }) =>
    tempoChoice(readBeats(notes, curve, weights), piece),
  );
  const choice = softmaxWeights(
    choices.filter(({ shares }) => shares.length > 1),
    HYPOTHESIS_FEATURES.length,
  );
  return { ...weights, choice: choice.map(twoPlaces) };
}

/** Runs of regular bars: which of the four beats begins the bar, by the mean evidence over eight bars. */
function phaseChoices(rows: readonly (readonly number[])[], piece: AnnotatedPiece): Choice[] {
  const isDownbeat = new Set(piece.downbeats);
  const length = BAR * WINDOW_BARS + BAR - 1;
  const choices: Choice[] = [];
  for (let b = 0; b + length <= rows.length; b++) {
    const run = piece.beats.slice(b, b + length);
    if (!run.every((beat, i) => isDownbeat.has(beat) === (i % BAR === 0))) continue;
    const features = Array.from({ length: BAR }, (_, phase) =>
      BEAT_EVIDENCE.map((_, k) => {
        let sum = 0;
        for (let bar = 0; bar < WINDOW_BARS; bar++) sum += rows[b + phase + BAR * bar]![k]!;
        return sum / WINDOW_BARS;
      }),
    );
    choices.push({ features, shares: [1, 0, 0, 0] });
    b += 3 * BAR - 1;
  }
  return choices;
}

/** The reading with the best F-measure should win; others share by how near they come. */
function tempoChoice(readings: readonly BeatHypothesis[], piece: AnnotatedPiece): Choice {
  const quality = readings.map(({ beats }) => Math.exp(12 * fMeasure(piece.beats, beats)));
  const sum = quality.reduce((a, b) => a + b, 0);
  return { features: readings.map(({ features }) => features), shares: quality.map((value) => value / sum) };
}

/** Multinomial logistic regression without classes: one weight a feature, none below `least`, by projected gradient descent. */
function softmaxWeights(choices: readonly Choice[], size: number, least = -Infinity): number[] {
  const weights = new Array<number>(size).fill(0);
  for (let step = 0; step < 1500; step++) {
    const gradient = new Array<number>(size).fill(0);
    for (const { features, shares } of choices) {
      const scores = features.map((row) => row.reduce((sum, value, k) => sum + value * weights[k]!, 0));
      const top = Math.max(...scores);
      const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
      features.forEach((row, i) => {
        const error = Math.exp(scores[i]! - top) / total - shares[i]!;
        for (let k = 0; k < size; k++) gradient[k]! += error * row[k]!;
      });
    }
    for (let k = 0; k < size; k++) {
      weights[k] = Math.max(least, weights[k]! - gradient[k]! / choices.length - DECAY * weights[k]!);
    }
  }
  return weights;
}

function twoPlaces(value: number): number {
  return Math.round(value * 100) / 100;
}
