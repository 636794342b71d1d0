import { AttuneError } from '../foundation/errors.ts';
import type { Bpm, Second } from '../foundation/units.ts';
import type { Score } from '../score/score.ts';
import type { BeatTimes } from './align-to-beats.ts';
import { readBeats, type BeatHypothesis } from './beat-hypothesis.ts';
import { BEAT_WEIGHTS, type BeatWeights } from './beat-weights.ts';
import { drawOnsetCurve } from './onset-curve.ts';
import { performedNotes } from './performed-note.ts';

/** Time and memory grow with the length of the onset curve. */
const MAX_SECONDS: Second = 4 * 3600;

export interface TrackedBeats extends BeatTimes {
  /** Median beats a minute; undefined where no beat was found. */
  readonly bpm: Bpm | undefined;
  /** Probability, by the model's own weights, of this tempo (within 4 %) among all that were compared, 0 … 1. */
  readonly confidence: number;
}

/** What the evidence for a beat weighs. */
export interface TrackBeatsOptions {
  /** `BEAT_WEIGHTS` where left out. */
  readonly weights?: BeatWeights;
}

/**
 * Beats and bar lines of a performance, from the times of its notes alone; the score's own tempo and meter are not looked
 * at beyond turning ticks into seconds. Onsets make a strength curve; each peak of its autocorrelation is followed by
 * dynamic programming (Ellis 2007, "Beat tracking by dynamic programming"); of these readings the one with the likeliest
 * tempo, accents and changes of harmony is taken (a softmax with few fitted weights). Bars of two, three or four beats
 * are then laid where harmony changes and low notes begin (Viterbi). Beats start with the first strong onsets: a rest before
 * them has none. A score with fewer than two beats gives empty lists and confidence 0.
 * @throws `argument/invalid` for a performance longer than four hours.
 */
export function trackBeats(score: Score, options: TrackBeatsOptions = {}): TrackedBeats {
  const weights = options.weights ?? BEAT_WEIGHTS;
  const notes = performedNotes(score);
  const last = notes.at(-1)?.start ?? 0;
  if (last > MAX_SECONDS) {
    const message = `Beats are tracked in at most ${MAX_SECONDS} s of music, not in ${Math.round(last)} s.`;
    throw new AttuneError('argument/invalid', message, { seconds: last });
  }
  const readings = notes.length > 0 ? readBeats(notes, drawOnsetCurve(notes), weights) : [];
  const scores = readings.map((reading) => scoreOf(reading, weights));
  const top = Math.max(...scores);
  const best = readings[scores.indexOf(top)];
  if (!best) return { beats: [], downbeats: [], bpm: undefined, confidence: 0 };
  return {
    beats: best.beats,
    downbeats: best.downbeats.map((index) => best.beats[index]!),
    bpm: 60 / medianInterval(best.beats),
    confidence: shareOf(readings, scores, best),
  };
}

function scoreOf({ features }: BeatHypothesis, { choice }: BeatWeights): number {
  return features.reduce((sum, value, i) => sum + value * choice[i]!, 0);
}

/** Softmax of the scores, summed over the readings at the tempo of `best`. */
function shareOf(
  readings: readonly BeatHypothesis[],
  scores: readonly number[],
  best: BeatHypothesis,
): number {
  const top = Math.max(...scores);
  const interval = medianInterval(best.beats);
  let [near, all] = [0, 0];
  readings.forEach(({ beats }, i) => {
    const weight = Math.exp(scores[i]! - top);
    all += weight;
    if (Math.abs(medianInterval(beats) / interval - 1) < 0.04) near += weight;
  });
  return near / all;
}

function medianInterval(beats: readonly Second[]): Second {
  const intervals = beats.slice(1).map((beat, i) => beat - beats[i]!);
  return intervals.sort((a, b) => a - b)[Math.floor(intervals.length / 2)]!;
}
