import { AttuneError, GENERAL_MIDI_PROGRAMS, programName } from '@attune/core';
import { DRUMS } from '@attune/core/style';

/** Plain names for the program that a musician would mean. */
const PLAIN_NAMES: Readonly<Record<string, number>> = {
  drums: DRUMS,
  drumkit: DRUMS,
  piano: 0,
  organ: 19,
  guitar: 24,
  'electric guitar': 27,
  bass: 32,
  'electric bass': 33,
  'double bass': 43,
  strings: 48,
  choir: 52,
  voice: 53,
  horn: 60,
  saxophone: 65,
  sax: 65,
  harp: 46,
  celeste: 8,
  fiddle: 110,
};

/** Name of an instrument number: a General MIDI program, or drums. */
export function instrumentName(instrument: number): string {
  return instrument === DRUMS ? 'Drums' : programName(instrument);
}

/**
 * Instrument numbers from a list such as 'piano, violin, 42, drums': names of General MIDI programs, beginnings of
 * them that fit just one, plain names, or numbers 0–128 (128 is drums). Throws `argument/invalid` naming the first
 * that is unknown or fits several.
 */
export function parseInstruments(list: string): number[] {
  const words = list.split(',').map((word) => word.trim());
  return [...new Set(words.map(parseInstrument))].sort((a, b) => a - b);
}

function parseInstrument(word: string): number {
  const fail = (why: string): never => {
    throw new AttuneError('argument/invalid', `Instrument "${word}" ${why}.`, { instrument: word });
  };
  const name = word.toLowerCase();
  if (/^\d+$/.test(name)) {
    const number = Number(name);
    return number <= DRUMS ? number : fail(`is not a number from 0 to ${DRUMS}`);
  }
  const plain = PLAIN_NAMES[name];
  if (plain !== undefined) return plain;
  const names = GENERAL_MIDI_PROGRAMS.map((program) => program.toLowerCase());
  const exact = names.indexOf(name);
  if (exact >= 0) return exact;
  const fits = names.flatMap((program, i) => (name !== '' && program.includes(name) ? [i] : []));
  if (fits.length === 1) return fits[0]!;
  if (fits.length === 0) return fail('is not a General MIDI instrument');
  const some = fits.slice(0, 4).map((i) => GENERAL_MIDI_PROGRAMS[i]);
  return fail(`could be ${some.join(', ')}${fits.length > some.length ? ' …' : ''}`);
}
