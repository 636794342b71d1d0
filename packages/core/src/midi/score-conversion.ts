import type { Score } from '../score/score.ts';
import { TrackInterpreter } from './interpret-track.ts';
import { DEFAULT_MIDI_LIMITS, MidiBudget } from './limits.ts';
import type { MidiFile } from './midi-file.ts';
import { readMidiFile } from './read-midi-file.ts';
import type { ReadMidiOptions } from './read-midi.ts';
import { STRICT } from './repairs.ts';
import { scoreOfTracks, ticksPerQuarterOf } from './score-of-tracks.ts';
import { SoundingNotes } from './sounding-notes.ts';
import { writeMidi } from './write-midi.ts';

/**
 * What a file says to a Score: `midiFileToScore(readMidiFile(bytes))` equals `readMidi(bytes)`, whose
 * docstring states what a Score does not hold.
 *
 * @throws AttuneError `midi/malformed` for a tempo, meter, key or port event that makes no sense, or
 *   `midi/limit`; `offset` is a byte of the file, or of the track where it came from `createMidiTrack`.
 */
export function midiFileToScore(file: MidiFile, options: ReadMidiOptions = {}): Score {
  const budget = new MidiBudget({ ...DEFAULT_MIDI_LIMITS, ...options.limits });
  const ticksPerQuarter = ticksPerQuarterOf(file.division);
  const context = { ticksPerQuarter, budget, faults: STRICT, sounding: new SoundingNotes() };
  const raws = file.tracks.map(({ rows, count, bytes }) => {
    const track = new TrackInterpreter(bytes, context);
    track.take(rows, count);
    return track.finish(Math.max(0, rows[2]!));
  });
  return scoreOfTracks(raws, file, budget, file.tracks[0]?.bytes.length ?? 0);
}

/**
 * The file that `writeMidi` writes for a score, as events: see there for channels and what is rounded.
 * @throws AttuneError `score/invalid`, as `writeMidi`.
 */
export function scoreToMidiFile(score: Score): MidiFile {
  return readMidiFile(writeMidi(score), { limits: NO_LIMITS });
}

/** A score that could be written is never refused for its size. */
const NO_LIMITS = { bytes: Infinity, tracks: Infinity, events: Infinity };
