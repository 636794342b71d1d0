import { isAttuneError } from '../foundation/errors.ts';
import { firstMidiDifference } from '../midi/midi-difference.ts';
import type { MidiFile } from '../midi/midi-file.ts';
import { readMidiFile, readMidiFileLenient } from '../midi/read-midi-file.ts';
import { readMidi, readMidiLenient } from '../midi/read-midi.ts';
import type { MidiRepair } from '../midi/repairs.ts';
import { midiFileToScore } from '../midi/score-conversion.ts';
import { writeMidiFile } from '../midi/write-midi-file.ts';
import { writeMidi } from '../midi/write-midi.ts';
import { EXACTLY, firstDifference } from '../score/difference.ts';
import type { Score } from '../score/score.ts';
import { validateScore } from '../score/validate-score.ts';

/** What became of one input: `accepted`, `repaired` (lenient readers) or the code of the refusal. */
export interface MidiVerdict {
  readonly score: string;
  readonly lenient: string;
  readonly file: string;
  /** `equal`; `score/invalid` where a Score holds what no MIDI file can; `none` where it was refused. */
  readonly rewritten: string;
}

/**
 * Reads bytes in every way and checks what must hold for any bytes whatever.
 * @throws Error naming the promise that was broken.
 */
export function examineMidi(bytes: Uint8Array): MidiVerdict {
  const strict = attempt(bytes, () => readMidi(bytes));
  const lenient = attempt(bytes, () => readMidiLenient(bytes));
  const file = attempt(bytes, () => readMidiFile(bytes));
  const lenientFile = attempt(bytes, () => readMidiFileLenient(bytes));

  if (strict.value) validateScore(strict.value);
  if (lenient.value) {
    validateScore(lenient.value.score);
    checkRepairs(bytes, lenient.value.repairs, strict.value === undefined);
    if (strict.value) same(strict.value, lenient.value.score, 'strict and lenient reading');
  }
  demand(!strict.value || lenient.value, 'the lenient reader refuses what the strict one accepts');
  demand(!strict.value || file.value, 'readMidiFile refuses what readMidi accepts');
  if (file.value) checkFile(file.value, strict);
  if (lenientFile.value) {
    checkRepairs(bytes, lenientFile.value.repairs, file.value === undefined);
    rewriteFile(lenientFile.value.file);
  }
  return {
    score: strict.code ?? 'accepted',
    lenient: lenient.code ?? (lenient.value!.repairs.length > 0 ? 'repaired' : 'accepted'),
    file: file.code ?? 'accepted',
    rewritten: strict.value ? rewrite(strict.value) : 'none',
  };
}

interface Attempt<T> {
  readonly value?: T;
  /** Code of the refusal. */
  readonly code?: string;
}

function attempt<T>(bytes: Uint8Array, read: () => T): Attempt<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (!isAttuneError(error)) throw error;
    const offset = error.place['offset'];
    demand(error.code.startsWith('midi/'), `a refusal has the code ${error.code}`);
    demand(
      typeof offset === 'number' && offset >= 0 && offset <= bytes.length,
      `a refusal names byte ${String(offset)} of ${bytes.length}: ${error.message}`,
    );
    return { code: error.code };
  }
}

function checkRepairs(bytes: Uint8Array, repairs: readonly MidiRepair[], isDamaged: boolean): void {
  demand(!isDamaged || repairs.length > 0, 'a damaged file is read without a repair');
  for (const { offset, message } of repairs) {
    demand(offset >= 0 && offset <= bytes.length, `a repair names byte ${offset} of ${bytes.length}`);
    demand(isDamaged || message.includes('never end'), `a sound file is repaired: ${message}`);
  }
}

/** Both ways to a Score agree, and the file survives writing. */
function checkFile(file: MidiFile, strict: Attempt<Score>): void {
  rewriteFile(file);
  try {
    const score = midiFileToScore(file);
    demand(strict.value, 'midiFileToScore accepts what readMidi refuses');
    same(strict.value, score, 'readMidi and midiFileToScore');
  } catch (error) {
    if (!isAttuneError(error)) throw error;
    demand(error.code === strict.code, `midiFileToScore refuses with ${error.code}, readMidi ${strict.code}`);
  }
}

function rewriteFile(file: MidiFile): void {
  const difference = firstMidiDifference(file, readMidiFile(writeMidiFile(file)));
  demand(difference === undefined, `a file written and read differs in ${difference}`);
}

function rewrite(score: Score): string {
  let bytes: Uint8Array;
  try {
    bytes = writeMidi(score);
  } catch (error) {
    if (isAttuneError(error, 'score/invalid')) return error.code;
    throw error;
  }
  same(score, readMidi(bytes), 'a score and its file');
  return 'equal';
}

function same(first: Score, second: Score, what: string): void {
  const difference = firstDifference(first, second, EXACTLY);
  demand(difference === undefined, `${what} differ in ${JSON.stringify(difference)}`);
}

function demand(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken: ${message}.`);
}
