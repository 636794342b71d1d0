import type { Second } from '../foundation/units.ts';
import { gatherBeatEvidence, type BeatEvidence } from './beat-evidence.ts';
import { findPeriods } from './beat-period.ts';
import type { BeatWeights } from './beat-weights.ts';
import { downbeatOdds, findDownbeats } from './find-downbeats.ts';
import { followBeats } from './follow-beats.ts';
import { strengthAt, type OnsetCurve } from './onset-curve.ts';
import type { PerformedNote } from './performed-note.ts';

/** One reading of a performance: its beats, and what speaks for it. */
export interface BeatHypothesis {
  readonly beats: readonly Second[];
  /** Indices of the beats that begin bars. */
  readonly downbeats: readonly number[];
  /** [HYPOTHESIS_FEATURES] */
  readonly features: readonly number[];
}

/** What tells the right tempo from its multiples; weights in `BeatWeights.choice`. */
export const HYPOTHESIS_FEATURES = [
  'octaves above 100 bpm',
  'octaves from 100 bpm, squared',
  'agreement of the onset curve',
  'strength at beats',
  'strength between beats',
  'strength at thirds',
  'strength at quarters',
  'change of harmony at beats',
  'depth at beats',
  'log-odds at bar lines',
  'log-odds between bar lines',
  'unevenness of beats',
] as const;

/** Readings at every period of the curve that has a peak, strict and free ones; none where there is no period. */
export function readBeats(
  notes: readonly PerformedNote[],
  curve: OnsetCurve,
  weights: BeatWeights,
): BeatHypothesis[] {
  const hypotheses: BeatHypothesis[] = [];
  for (const { period, agreement } of findPeriods(curve)) {
    for (const tightness of weights.tightness) {
      const beats = followBeats(curve, period, tightness);
      if (beats.length < 2) continue;
      const evidence = gatherBeatEvidence(notes, curve, beats);
      const odds = downbeatOdds(evidence, weights.downbeats);
      const downbeats = findDownbeats(odds, weights.downbeats);
      const features = describe(curve, beats, agreement, evidence, odds, downbeats);
      hypotheses.push({ beats, downbeats, features });
    }
  }
  return hypotheses;
}

function describe(
  curve: OnsetCurve,
  beats: readonly Second[],
  agreement: number,
  evidence: BeatEvidence,
  odds: Float64Array,
  downbeats: readonly number[],
): number[] {
  const octaves = Math.log2(((beats.length - 1) * 60) / (beats.at(-1)! - beats[0]!) / 100);
  const between = (parts: readonly number[]): number =>
    mean(
      parts.flatMap((part) =>
        beats.slice(1).map((beat, i) => strengthAt(curve, beats[i]! + part * (beat - beats[i]!))),
      ),
    );
  const barLines = new Set(downbeats);
  return [
    octaves,
    octaves ** 2,
    agreement,
    mean(evidence.strength),
    between([1 / 2]),
    between([1 / 3, 2 / 3]),
    between([1 / 4, 3 / 4]),
    mean(evidence.change),
    mean(evidence.depth),
    mean(odds.filter((_, b) => barLines.has(b))),
    mean(odds.filter((_, b) => !barLines.has(b))),
    unevenness(beats),
  ];
}

/** Standard deviation of the logarithm of the intervals. */
function unevenness(beats: readonly Second[]): number {
  const logs = beats.slice(1).map((beat, i) => Math.log(beat - beats[i]!));
  const centre = mean(logs);
  return Math.sqrt(mean(logs.map((log) => (log - centre) ** 2)));
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length > 0 ? sum / values.length : 0;
}
