import type { Score } from '../score/score.ts';
import { scoreToSequence } from './score-midi.ts';
import { parseSoundBank } from './sound-bank.ts';

/**
 * An SF2 file (samples stay as they are, so compressed in an SF3 bank) with only the programs, drums and key
 * ranges that a score plays: what a browser must fetch to play that piece. The bank's name, author and
 * copyright texts stay in it. The same input gives the same bytes.
 */
export function trimSoundFont(score: Score, soundFont: Uint8Array): Uint8Array<ArrayBuffer> {
  const bank = parseSoundBank(soundFont);
  bank.trim(scoreToSequence(score).getUsedProgramsAndKeys(bank));
  bank.soundBankInfo.creationDate = new Date(0); // not today's
  return new Uint8Array(bank.writeSF2({ software: 'Attune' }));
}
