import { AttuneError } from '@attune/core';
import { decodeAudio, detectAudioFormat } from '@attune/core/audio';
import { readMidiLenient } from '@attune/core/midi';
import type { Classification } from '../classification.ts';
import type { ColumnValues } from '../score-features.ts';
import type { Classifiers } from './shipped.ts';

/** Which classifier a file goes to: by its first bytes, whatever its name. */
export type FileKind = 'midi' | 'audio';

/** Throws `argument/invalid` for bytes that are neither a MIDI file nor audio of a known format. */
export function detectFileKind(bytes: Uint8Array): FileKind {
  if (bytes.length >= 4 && String.fromCharCode(...bytes.subarray(0, 4)) === 'MThd') return 'midi';
  if (detectAudioFormat(bytes) !== undefined) return 'audio';
  throw new AttuneError(
    'argument/invalid',
    'This is neither a MIDI file nor audio in WAV, MP3, FLAC, Ogg Vorbis or Opus.',
  );
}

/** `given`: columns beside the notes, for a model that reads such. Throws what reading, decoding or classifying throws. */
export async function classifyBytes(
  bytes: Uint8Array,
  classifiers: Pick<Classifiers, 'classifyScore' | 'classifyAudio'>,
  given?: ColumnValues,
): Promise<Classification> {
  if (detectFileKind(bytes) === 'midi') return classifiers.classifyScore(readMidiLenient(bytes).score, given);
  return classifiers.classifyAudio(await decodeAudio(bytes));
}
