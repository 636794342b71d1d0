import type { Second } from '../foundation/units.ts';
import type { Score } from '../score/score.ts';

/**
 * What encoding could not keep; all zero for a score that the same tokenizer decoded. Every note of the score is
 * in the sequence but the merged duplicates. Lengths of drum notes are nothing that is lost: a drum stroke has none,
 * and none is encoded.
 */
export interface EncodingLoss {
  /** Notes whose onset was not on the grid, and the farthest that one moved, in quarters of the score's own time. */
  readonly quantisedOnsets: number;
  readonly maxOnsetShift: number;
  /** The same in seconds at the score's own tempo; farthest of all notes, maybe not of the same one. */
  readonly maxOnsetShiftSeconds: Second;
  /** Melodic notes whose length is not one that is encoded; those of them that were longer than the longest. */
  readonly quantisedDurations: number;
  readonly clippedDurations: number;
  /** The most that a melodic note became longer or shorter, cuts included: in quarters, and in seconds. */
  readonly maxDurationChange: number;
  readonly maxDurationChangeSeconds: Second;
  /** Notes whose velocity is not the middle of its bin, and the most that one changed. */
  readonly quantisedVelocities: number;
  readonly maxVelocityChange: number;
  /**
   * Notes dropped because the same instrument already starts the same pitch at the same step; the note that stays
   * has the longest length and the highest velocity of them.
   */
  readonly mergedDuplicates: number;
  /** Notes shortened because their instrument strikes the same pitch again while they sound. */
  readonly cutOverlaps: number;
  /** Notes moved by octaves because transposition left 0–127. */
  readonly foldedPitches: number;
  /** Drum notes moved to the General MIDI key of the same stroke. */
  readonly movedDrums: number;
  /** Changes of meter and of tempo after the start. */
  readonly flattenedMeters: number;
  readonly flattenedTempos: number;
  /** Silence added so that bars of the main meter start on bar lines, in quarters. */
  readonly addedSilence: number;
  /** Silences longer than `MAX_BAR_GAP` bars that were shortened, and the bars that this took out. */
  readonly shortenedGaps: number;
  readonly droppedBars: number;
  /** Tracks merged into another of the same instrument. */
  readonly mergedTracks: number;
  /** Controller changes and pitch bends. */
  readonly droppedControls: number;
  /** Keys and texts. */
  readonly droppedMarks: number;
}

/** What every encoding loses of what stands beside the notes. `instruments`: how many different ones play. */
export function lossBesideNotes(
  score: Score,
  instruments: number,
): Pick<EncodingLoss, 'flattenedTempos' | 'mergedTracks' | 'droppedControls' | 'droppedMarks'> {
  const filled = score.tracks.filter((track) => track.notes.length > 0).length;
  return {
    flattenedTempos: score.tempos.filter(({ tick }) => tick > 0).length,
    mergedTracks: filled - instruments,
    droppedControls: score.tracks.reduce(
      (sum, { controls, bends }) => sum + controls.length + bends.length,
      0,
    ),
    droppedMarks: score.keys.length + score.texts.length,
  };
}
