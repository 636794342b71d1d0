import { sortedNotes } from '../score/order.ts';
import type { Note, Score } from '../score/score.ts';
import type { HarmonicSegment } from './harmonic-grid.ts';

/** What sounds in one segment. Arrays: [12], index 0 for C. */
export interface HarmonicEvidence {
  /** Share of the segment that each pitch class sounds in, summed over its notes. */
  readonly sounding: Float64Array;
  /** The same cut at 1. */
  readonly presence: Float64Array;
  /** Share of the sounding places in the segment at which each pitch class is lowest; all 0 in silence. */
  readonly bass: Float64Array;
  /** Lowest pitch that sounds; undefined in silence. */
  readonly lowest: number | undefined;
}

/** Places in a segment at which the lowest sounding note is looked up. */
const PLACES = 8;

/**
 * Evidence for each of `segments`, which are in order of time and do not overlap, from all notes of the pitched
 * tracks. Time is linear in notes × segments sounded through.
 */
export function gatherEvidence(
  score: Pick<Score, 'tracks'>,
  segments: readonly HarmonicSegment[],
): HarmonicEvidence[] {
  const notes = sortedNotes(score.tracks.filter((track) => !track.isDrum).flatMap((track) => track.notes));
  let sounding: Note[] = [];
  let next = 0;
  return segments.map((segment) => {
    sounding = sounding.filter((note) => note.start + note.duration > segment.start);
    while (next < notes.length && notes[next]!.start < segment.end) sounding.push(notes[next++]!);
    const shares = shareOf(segment, sounding);
    return {
      sounding: shares,
      presence: shares.map((share) => Math.min(1, share)),
      bass: bassIn(segment, sounding),
      lowest:
        sounding.length > 0 ? sounding.reduce((low, note) => Math.min(low, note.pitch), 127) : undefined,
    };
  });
}

function shareOf({ start, end }: HarmonicSegment, notes: readonly Note[]): Float64Array {
  const shares = new Float64Array(12);
  for (const note of notes) {
    const overlap = Math.min(note.start + note.duration, end) - Math.max(note.start, start);
    if (overlap > 0) shares[note.pitch % 12]! += overlap / (end - start);
  }
  return shares;
}

function bassIn({ start, end }: HarmonicSegment, notes: readonly Note[]): Float64Array {
  const lowest = new Float64Array(PLACES).fill(Infinity);
  for (const note of notes) {
    const from = Math.max(0, Math.ceil(((note.start - start) / (end - start)) * PLACES - 0.5));
    const to = Math.min(
      PLACES,
      Math.ceil(((note.start + note.duration - start) / (end - start)) * PLACES - 0.5),
    );
    for (let place = from; place < to; place++) if (note.pitch < lowest[place]!) lowest[place] = note.pitch;
  }
  const bass = new Float64Array(12);
  const heard = lowest.filter(Number.isFinite);
  for (const pitch of heard) bass[pitch % 12]! += 1 / heard.length;
  return bass;
}
