import type { Score } from '../score/score.ts';
import { TrackInterpreter } from './interpret-track.ts';
import { DEFAULT_MIDI_LIMITS, MidiBudget } from './limits.ts';
import type { MidiLimits } from './limits.ts';
import type { RawTrack } from './raw-track.ts';
import { readChunks, TRACK_CHUNK } from './read-chunks.ts';
import type { MidiChunks } from './read-chunks.ts';
import { EventReader, mostEvents } from './read-events.ts';
import { ROW } from './midi-track.ts';
import { createRepairLog, STRICT } from './repairs.ts';
import type { FaultHandler, MidiRepair } from './repairs.ts';
import { scoreOfTracks, ticksPerQuarterOf } from './score-of-tracks.ts';
import { SoundingNotes } from './sounding-notes.ts';

/** How much a file may hold. */
export interface ReadMidiOptions {
  /** Replaces single values of `DEFAULT_MIDI_LIMITS`. */
  readonly limits?: Partial<MidiLimits>;
}

/**
 * Reads a Standard MIDI File (MIDI 1.0, RP-001 v1.0) of format 0, 1 or 2, or one in a RIFF wrapper (RMID).
 *
 * - Tracks: one for each track chunk, channel and program with notes (see `assembleTracks`); channel 10
 *   plays drums. `title` is the name of the first chunk.
 * - Format 2: the sequences follow one another; one without tempo or meter starts at 120 bpm in 4/4.
 * - SMPTE division: a quarter of the Score is one nominal second (frames × ticks a frame) at 60 bpm, at
 *   29.97 frames 60/1.001 bpm, so seconds are exact. Tempo events have no meaning there and are left out.
 * - A Score does not hold, and `readMidiFile` keeps: sysex; pressure; release velocity; meta events other than
 *   names, texts, tempo, meter and key, and the metronome bytes of a meter; which channel and port a track
 *   had; silence after the last note; chunks of other types.
 *
 * @throws AttuneError `midi/malformed` (broken grammar) or `midi/limit`, with the byte `offset` as place.
 */
export function readMidi(bytes: Uint8Array, options: ReadMidiOptions = {}): Score {
  return read(bytes, options, STRICT);
}

/**
 * As `readMidi`, but keeps what can be read of a damaged file: cut or missing tracks end where they end,
 * impossible meta events are left out. `repairs` lists each decision by byte offset. Without a sound header
 * there is nothing to keep: that, and every limit, still throws.
 */
export function readMidiLenient(
  bytes: Uint8Array,
  options: ReadMidiOptions = {},
): { readonly score: Score; readonly repairs: readonly MidiRepair[] } {
  const log = createRepairLog();
  const score = read(bytes, options, log);
  return { score, repairs: log.repairs };
}

function read(bytes: Uint8Array, options: ReadMidiOptions, faults: FaultHandler): Score {
  const budget = new MidiBudget({ ...DEFAULT_MIDI_LIMITS, ...options.limits });
  const file = readChunks(bytes, budget.limits, faults);
  const ticksPerQuarter = ticksPerQuarterOf(file.division);
  const context = { ticksPerQuarter, budget, faults, sounding: new SoundingNotes() };
  const events = Math.min(BLOCK, mostEvents(longestTrack(file), budget));
  const rows = new Int32Array(events * ROW);
  const raws: RawTrack[] = [];
  for (const { type, start, end } of file.chunks) {
    if (type !== TRACK_CHUNK) continue;
    const reader = new EventReader(bytes, start, end, context);
    const track = new TrackInterpreter(bytes, context);
    for (let count = reader.next(rows); count > 0; count = reader.next(rows)) track.take(rows, count);
    raws.push(track.finish(start));
  }
  return scoreOfTracks(raws, file, budget, bytes.length);
}

/** Events that are read before they are interpreted: few enough to stay in the processor's cache. */
const BLOCK = 2048;

function longestTrack(file: MidiChunks): number {
  let longest = 0;
  for (const { type, start, end } of file.chunks)
    if (type === TRACK_CHUNK && end - start > longest) longest = end - start;
  return longest;
}
