import { AttuneError } from '../../foundation/errors.ts';
import { createScore } from '../../score/create-score.ts';
import { sortedNotes } from '../../score/order.ts';
import type { Note, Score, Track } from '../../score/score.ts';
import { leastCommonMultiple } from '../../foundation/least-common-multiple.ts';
import { quantiseScore } from '../../score/quantise.ts';
import { rescaleScore } from '../../score/transform.ts';
import { findGrid } from './find-grid.ts';

/** How played times become written ones. */
export interface NotateOptions {
  /** The grid: equal steps a quarter, 1–96. Default: the coarsest one that the note starts lie on. */
  readonly stepsPerQuarter?: number;
  /**
   * `tidy` (the default) closes the small gaps that players and articulated files leave before the next note or
   * eighth; `exact` leaves every end where the grid has it.
   */
  readonly durations?: 'tidy' | 'exact';
}

const MAX_STEPS_PER_QUARTER = 96;
/** A gap is closed up to this part of a quarter, or of the note's own length where that is more. */
const GAP_QUARTERS = 1 / 8;
const GAP_OF_DURATION = 1 / 8;

/**
 * The score as it is written down: its ticks are the divisions of the document. Against `quantiseScore` at the
 * same grid: of notes of one pitch that start together in a track the longest stays; a note ends where its pitch
 * is struck again; gaps are closed (see `durations`); a drum stroke lasts to the next stroke, at most to the end
 * of its quarter; meters move to the nearest sixteenth (or shorter beat), so that every bar can be filled.
 */
export function notateScore(score: Score, options: NotateOptions = {}): Score {
  const grid = options.stepsPerQuarter ?? findGrid(score);
  if (!Number.isInteger(grid) || grid < 1 || grid > MAX_STEPS_PER_QUARTER) {
    const message = `Steps a quarter must be a whole number from 1 to ${MAX_STEPS_PER_QUARTER}, not ${grid}.`;
    throw new AttuneError('argument/invalid', message, { stepsPerQuarter: grid });
  }
  const beats = score.meters.reduce((most, meter) => Math.max(most, meter.denominator / 4), 4);
  const divisions = leastCommonMultiple(grid, beats);
  const fine = score.ticksPerQuarter < grid ? rescaleScore(score, score.ticksPerQuarter * grid) : score;
  const scaled = rescaleScore(quantiseScore(fine, grid), divisions);
  const barUnit = divisions / beats;
  const isTidy = options.durations !== 'exact';
  return createScore({
    ...scaled,
    tracks: scaled.tracks.map((track) => notateTrack(track, divisions, isTidy)),
    meters: scaled.meters.map((meter) => ({ ...meter, tick: Math.round(meter.tick / barUnit) * barUnit })),
  });
}

function notateTrack(track: Track, divisions: number, isTidy: boolean): Track {
  const notes = withoutOverlaps(track.notes);
  if (track.isDrum) return { ...track, notes: sortedNotes(strokeLengths(notes, divisions)) };
  return { ...track, notes: sortedNotes(isTidy ? closeGaps(notes, divisions) : notes) };
}

/** One note for each start and pitch, ending at the latest where that pitch starts again. */
function withoutOverlaps(notes: readonly Note[]): Note[] {
  const kept: Note[] = [];
  const lastOfPitch = new Map<number, number>();
  for (const note of notes) {
    const index = lastOfPitch.get(note.pitch);
    const previous = index === undefined ? undefined : kept[index]!;
    if (previous?.start === note.start) {
      kept[index!] = {
        ...note,
        duration: Math.max(previous.duration, note.duration),
        velocity: Math.max(previous.velocity, note.velocity),
      };
      continue;
    }
    if (previous && previous.start + previous.duration > note.start)
      kept[index!] = { ...previous, duration: note.start - previous.start };
    lastOfPitch.set(note.pitch, kept.push(note) - 1);
  }
  return kept;
}

function closeGaps(notes: readonly Note[], divisions: number): Note[] {
  const starts = [...new Set(notes.map((note) => note.start))];
  const eighth = divisions / 2;
  return notes.map((note) => {
    const end = note.start + note.duration;
    const nextStart = firstAtOrAfter(starts, end);
    const target = Math.min(nextStart, Math.ceil(end / eighth) * eighth);
    const allowed = Math.max(divisions * GAP_QUARTERS, note.duration * GAP_OF_DURATION);
    return target - end < allowed ? { ...note, duration: target - note.start } : note;
  });
}

/** How long a drum was struck says nothing about its sound, so strokes get the lengths that read best. */
function strokeLengths(notes: readonly Note[], divisions: number): Note[] {
  const starts = [...new Set(notes.map((note) => note.start))];
  return notes.map((note) => {
    const endOfQuarter = (Math.floor(note.start / divisions) + 1) * divisions;
    const end = Math.min(firstAtOrAfter(starts, note.start + 1), endOfQuarter);
    return { ...note, duration: end - note.start };
  });
}

/** The first of ascending `values` that is not below `bound`; Infinity where there is none. */
function firstAtOrAfter(values: readonly number[], bound: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return values[low] ?? Infinity;
}
