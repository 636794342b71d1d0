import type { MidiTrack } from './midi-track.ts';
import type { MidiDivision } from './read-chunks.ts';

/**
 * A Standard MIDI File without loss: every event as it stands, in order, beside the chunks that the standard
 * does not name. Immutable. What it does not keep is only how it was spelt: running status, padded
 * variable-length quantities, a track count that was wrong, and the RIFF wrapper of an RMID file.
 */
export interface MidiFile {
  readonly format: 0 | 1 | 2;
  readonly division: MidiDivision;
  readonly tracks: readonly MidiTrack[];
  readonly otherChunks: readonly OtherChunk[];
  /** Header bytes behind the six that the standard knows; almost always none. */
  readonly headerRest: Uint8Array;
}

/** A chunk that is no track. */
export interface OtherChunk {
  /** Four Latin-1 characters, e.g. `XFIH`. */
  readonly type: string;
  readonly bytes: Uint8Array;
  /** How many track chunks come before it. */
  readonly tracksBefore: number;
}

/** A file of the given parts; without any, format 1 with 480 ticks a quarter and no tracks. */
export function createMidiFile(parts: Partial<MidiFile> = {}): MidiFile {
  return {
    format: 1,
    division: { kind: 'quarter', ticksPerQuarter: 480 },
    tracks: [],
    otherChunks: [],
    headerRest: new Uint8Array(0),
    ...parts,
  };
}
