import { scoreDuration, type BeatTimes, type Score } from '@attune/core';
import { findPeriods } from '../../packages/core/src/beats/beat-period.ts';
import { followBeats } from '../../packages/core/src/beats/follow-beats.ts';
import { drawOnsetCurve } from '../../packages/core/src/beats/onset-curve.ts';
import { performedNotes } from '../../packages/core/src/beats/performed-note.ts';
import { createTempoMap, scoreEndTick } from '@attune/core';

/** 120 beats a minute from second 0, bars of four. */
export function countAt120(score: Score): BeatTimes {
  return inFours(everyPeriod(0, 0.5, scoreDuration(score)));
}

/** Beats of the strongest autocorrelation period (log-normal prior about 120 bpm, one octave wide) from the first note on. */
export function countAtTempo(score: Score): BeatTimes {
  const notes = performedNotes(score);
  return inFours(everyPeriod(notes[0]?.start ?? 0, periodOf(score), scoreDuration(score)));
}

/** The same period, followed with dynamic programming: Ellis (2007) as published, on our onset curve; first beat a downbeat. */
export function followTempo(score: Score): BeatTimes {
  return inFours(followBeats(drawOnsetCurve(performedNotes(score)), periodOf(score), 400));
}

/** The quarters that the file itself states, which the trackers are not shown. */
export function readQuarters(score: Score): BeatTimes {
  const tempoMap = createTempoMap(score);
  const count = Math.floor(scoreEndTick(score) / score.ticksPerQuarter) + 1;
  return inFours(Array.from({ length: count }, (_, i) => tempoMap.secondsAt(i * score.ticksPerQuarter)));
}

function periodOf(score: Score): number {
  const prior = (period: number): number => Math.exp(-0.5 * Math.log2(60 / period / 120) ** 2);
  const ranked = findPeriods(drawOnsetCurve(performedNotes(score))).sort(
    (a, b) => b.agreement * prior(b.period) - a.agreement * prior(a.period),
  );
  return ranked[0]?.period ?? 0.5;
}

function everyPeriod(start: number, period: number, end: number): number[] {
  return Array.from(
    { length: Math.max(0, Math.floor((end - start) / period) + 1) },
    (_, i) => start + i * period,
  );
}

function inFours(beats: readonly number[]): BeatTimes {
  return { beats, downbeats: beats.filter((_, i) => i % 4 === 0) };
}
