import { AttuneError, isAttuneError, type Score } from '@attune/core';
import { readMidiLenient } from '@attune/core/midi';
import { readFileSync } from 'node:fs';

/** The score of a MIDI file, damaged ones as far as they go. Throws `argument/invalid`, or the reader's own code, naming the file. */
export function readScoreFile(file: string): Score {
  return scoreOfBytes(file, readBytes(file));
}

/** The bytes of a file. Throws `argument/invalid`, naming it. */
export function readBytes(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new AttuneError('argument/invalid', `${file} cannot be read.`, { file }, { cause: error });
  }
}

/** As `readScoreFile`, of bytes that were read already. */
export function scoreOfBytes(file: string, bytes: Uint8Array): Score {
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
