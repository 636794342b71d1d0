import { AttuneError } from '@attune/core';
import { DRUMS } from '@attune/core/style';
import { instrumentRange } from '../instrument-ranges.ts';

/** Lowest and highest sounding MIDI pitch. */
export type PitchRange = readonly [lowest: number, highest: number];

/** A wished range spans at least an octave, and each instrument reaches at least a fifth of it: music needs room. */
export const LEAST_RANGE = 12;
const LEAST_REACH = 7;

/** What an instrument plays of a range, [lowest, highest]; where it reaches none of it, lowest is above highest. */
export function reachOf(instrument: number, range: PitchRange): PitchRange {
  const [low, high] = instrumentRange(instrument);
  return [Math.max(low, range[0]), Math.min(high, range[1])];
}

/** Drums play in every range. */
export function fitsRange(instrument: number, range: PitchRange): boolean {
  if (instrument === DRUMS) return true;
  const [low, high] = reachOf(instrument, range);
  return high - low >= LEAST_REACH;
}

/** Throws `argument/invalid` naming the first instrument that cannot play within the range. */
export function checkRange(instruments: readonly number[], range: PitchRange): void {
  if (instruments.every((instrument) => instrument === DRUMS))
    throw new AttuneError('argument/invalid', 'Drums alone have no range: leave it open.', {
      range: range.join(' to '),
    });
  const stranger = instruments.find((instrument) => !fitsRange(instrument, range));
  if (stranger === undefined) return;
  const [low, high] = instrumentRange(stranger);
  throw new AttuneError(
    'argument/invalid',
    `Instrument ${stranger} plays from ${low} to ${high}: too little of the range ${range.join(' to ')}.`,
    { instrument: stranger, range: range.join(' to ') },
  );
}
