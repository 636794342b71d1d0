import { AttuneError, isAttuneError, type Score } from '@attune/core';
import { readMidiLenient } from '@attune/core/midi';
import { readFileSync } from 'node:fs';

/** The score of a MIDI file, damaged ones as far as they go. Throws `argument/invalid`, or the reader's own code, naming the file. */
export function readScoreFile(file: string): Score {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new AttuneError('argument/invalid', `${file} cannot be read.`, { file }, { cause: error });
  }
  try {
    return readMidiLenient(bytes).score;
  } catch (error) {
    if (!isAttuneError(error)) throw error;
    throw new AttuneError(
      error.code,
      `${file} is no MIDI file that can be read: ${error.message}`,
      error.place,
    );
  }
}
