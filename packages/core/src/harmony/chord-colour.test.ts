import { describe, expect, it } from 'vitest';
import { parseColouredChord, simplifyColour } from './chord-colour.ts';

describe('lead-sheet chords', () => {
  it('have the tones of their colour', () => {
    expect(parseColouredChord('C')).toEqual({ root: 0, intervals: [0, 4, 7], bass: 0 });
    expect(parseColouredChord('F#m9')).toEqual({ root: 6, intervals: [0, 3, 7, 10, 14], bass: 6 });
    expect(parseColouredChord('Bb6/D')).toEqual({ root: 10, intervals: [0, 4, 7, 9], bass: 2 });
    expect(parseColouredChord('C6/9')).toEqual({ root: 0, intervals: [0, 4, 7, 9, 14], bass: 0 });
    expect(parseColouredChord('Ebmaj7#11/g')).toEqual({ root: 3, intervals: [0, 4, 7, 11, 18], bass: 7 });
    expect(parseColouredChord('Cb7')?.root).toBe(11);
  });
  it.each(['', 'N.C.', 'H', 'Cfoo', 'C/', 'C/H', 'toString', 'Cconstructor'])('do not include %j', (text) => {
    expect(parseColouredChord(text)).toBeUndefined();
  });
  it('keep their function when colours are left out', () => {
    const quality = (symbol: string): string => simplifyColour(parseColouredChord(symbol)!).quality;
    expect(
      [
        'C6',
        'Cadd9',
        'C5',
        'Cm6',
        'Cm11',
        'Cmmaj7',
        'C13b9',
        'Caug7',
        'C7b5',
        'C9sus4',
        'Cmaj9',
        'Cø',
        'C°7',
        'C+',
        'Csus',
      ].map(quality),
    ).toEqual([
      'maj',
      'maj',
      'maj',
      'min',
      'min7',
      'min',
      '7',
      '7',
      '7',
      '7',
      'maj7',
      'hdim7',
      'dim7',
      'aug',
      'sus4',
    ]);
  });
});
