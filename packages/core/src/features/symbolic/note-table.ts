import type { Score } from '../../score/score.ts';
import { createTempoMap } from '../../score/tempo-map.ts';

/** Instrument number of the drum kit in a `NoteTable`, as in `Conditioning.instruments`. */
export const DRUM_PROGRAM = 128;

/**
 * All notes of a score as columns, sorted by start, then pitch: what every symbolic feature reads.
 * Row i is one note; all arrays have `size` entries.
 */
export interface NoteTable {
  readonly size: number;
  readonly ticksPerQuarter: number;
  /** Ticks. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Seconds. */
  readonly startSeconds: Float64Array;
  readonly endSeconds: Float64Array;
  readonly pitch: Uint8Array;
  readonly velocity: Uint8Array;
  /** General MIDI program; `DRUM_PROGRAM` on a drum track. */
  readonly program: Uint8Array;
  /** Index into `Score.tracks`. */
  readonly track: Uint16Array;
  readonly pitchedCount: number;
  readonly drumCount: number;
  /** First start and last end in ticks; both 0 when there are no notes. */
  readonly firstTick: number;
  readonly lastTick: number;
  /** Seconds from the first start to the last end. */
  readonly spanSeconds: number;
}

export function createNoteTable(score: Score): NoteTable {
  const rows: {
    start: number;
    end: number;
    pitch: number;
    velocity: number;
    program: number;
    track: number;
  }[] = [];
  score.tracks.forEach((track, index) => {
    const program = track.isDrum ? DRUM_PROGRAM : track.program;
    for (const note of track.notes) {
      rows.push({
        start: note.start,
        end: note.start + note.duration,
        pitch: note.pitch,
        velocity: note.velocity,
        program,
        track: index,
      });
    }
  });
  rows.sort((a, b) => a.start - b.start || a.pitch - b.pitch || a.track - b.track || a.end - b.end);
  const tempo = createTempoMap(score);
  const size = rows.length;
  let lastTick = 0;
  let drumCount = 0;
  for (const row of rows) {
    if (row.end > lastTick) lastTick = row.end;
    if (row.program === DRUM_PROGRAM) drumCount++;
  }
  const firstTick = rows[0]?.start ?? 0;
  return {
    size,
    ticksPerQuarter: score.ticksPerQuarter,
    start: Float64Array.from(rows, (row) => row.start),
    end: Float64Array.from(rows, (row) => row.end),
    startSeconds: Float64Array.from(rows, (row) => tempo.secondsAt(row.start)),
    endSeconds: Float64Array.from(rows, (row) => tempo.secondsAt(row.end)),
    pitch: Uint8Array.from(rows, (row) => row.pitch),
    velocity: Uint8Array.from(rows, (row) => row.velocity),
    program: Uint8Array.from(rows, (row) => row.program),
    track: Uint16Array.from(rows, (row) => row.track),
    pitchedCount: size - drumCount,
    drumCount,
    firstTick,
    lastTick,
    spanSeconds: size === 0 ? 0 : tempo.secondsAt(lastTick) - tempo.secondsAt(firstTick),
  };
}

export function isDrumRow(notes: NoteTable, row: number): boolean {
  return notes.program[row] === DRUM_PROGRAM;
}
