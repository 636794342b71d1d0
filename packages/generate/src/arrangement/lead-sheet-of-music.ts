import {
  AttuneError,
  createMeterMap,
  createTempoMap,
  recogniseChords,
  scoreEndTick,
  type Score,
} from '@attune/core';
import { findMelody } from '../performance/melody.ts';
import { leadSheetOf, type LeadSheet } from './lead-sheet.ts';

/**
 * The lead sheet of any music: written chord markers where there are some, else its melody (the best high line) and
 * the chords that are heard in it. Throws `argument/invalid` for music without pitched notes, in which no chord is
 * heard, or whose meter changes.
 */
export function leadSheetOfMusic(score: Score): LeadSheet {
  if (score.texts.some(({ kind, text }) => kind === 'marker' && text.startsWith('chord:')))
    return leadSheetOf(score);
  const melody = findMelody(score);
  if (!melody) throw new AttuneError('argument/invalid', 'There is no melody to arrange.');
  const chords = recogniseChords(score).filter(({ chord }) => chord !== undefined);
  if (chords.length === 0) throw new AttuneError('argument/invalid', 'No chord is heard in the music.');
  const meters = createMeterMap(score);
  if (score.meters.length > 1) {
    throw new AttuneError('argument/invalid', 'The music changes its meter; arrangements keep one.');
  }
  return {
    ticksPerQuarter: score.ticksPerQuarter,
    meter: meters.meterAt(0),
    bpm: createTempoMap(score).bpmAt(0),
    key: score.keys[0],
    bars: meters.barCount(scoreEndTick(score)),
    melody: melody.notes.map((i) => score.tracks[melody.track]!.notes[i]!),
    chords,
  };
}
