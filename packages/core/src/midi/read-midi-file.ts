import { latin1Text } from '../foundation/byte-reader.ts';
import { DEFAULT_MIDI_LIMITS, MidiBudget } from './limits.ts';
import type { MidiFile, OtherChunk } from './midi-file.ts';
import type { MidiTrack } from './midi-track.ts';
import { readChunks, TRACK_CHUNK } from './read-chunks.ts';
import type { ReadMidiOptions } from './read-midi.ts';
import { readTrack } from './read-track.ts';
import { createRepairLog, STRICT } from './repairs.ts';
import type { FaultHandler, MidiRepair } from './repairs.ts';

/**
 * Reads every event of a Standard MIDI File of format 0, 1 or 2, or of one in a RIFF wrapper (RMID). The
 * grammar is that of `readMidi`, but what an event means is not judged: a tempo of 0 is kept as it stands.
 * The limits on notes, changes and duration do not apply.
 *
 * `readMidiFile(writeMidiFile(file))` equals the file (see `firstMidiDifference`).
 *
 * @throws AttuneError `midi/malformed` (broken grammar) or `midi/limit`, with the byte `offset` as place.
 */
export function readMidiFile(bytes: Uint8Array, options: ReadMidiOptions = {}): MidiFile {
  return read(bytes, options, STRICT);
}

/** As `readMidiFile`, but keeps what can be read of a damaged file and lists each repair, as `readMidiLenient` does. */
export function readMidiFileLenient(
  bytes: Uint8Array,
  options: ReadMidiOptions = {},
): { readonly file: MidiFile; readonly repairs: readonly MidiRepair[] } {
  const log = createRepairLog();
  const file = read(bytes, options, log);
  return { file, repairs: log.repairs };
}

function read(given: Uint8Array, options: ReadMidiOptions, faults: FaultHandler): MidiFile {
  const budget = new MidiBudget({ ...DEFAULT_MIDI_LIMITS, ...options.limits });
  const { format, division, headerRest, chunks } = readChunks(given, budget.limits, faults);
  const bytes = given.slice(); // the file keeps it, whatever happens to the caller's
  const tracks: MidiTrack[] = [];
  const otherChunks: OtherChunk[] = [];
  for (const { type, start, end } of chunks) {
    if (type === TRACK_CHUNK) tracks.push(readTrack(bytes, start, end, { budget, faults }));
    else
      otherChunks.push({
        type: latin1Text(bytes.subarray(start - 8, start - 4)),
        bytes: bytes.subarray(start, end),
        tracksBefore: tracks.length,
      });
  }
  return { format, division, tracks, otherChunks, headerRest: headerRest.slice() };
}
