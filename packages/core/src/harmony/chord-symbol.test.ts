import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHORD_INTERVALS, CHORD_QUALITIES, chordTones } from './chord.ts';
import { formatChord, parseChord } from './chord-symbol.ts';

const chords = fc.record({
  root: fc.nat(11),
  quality: fc.constantFrom(...CHORD_QUALITIES),
  bass: fc.nat(11),
});

describe('formatChord', () => {
  it.each([
    [{ root: 0, quality: 'maj', bass: 0 }, 'C', 'C:maj'],
    [{ root: 9, quality: 'min', bass: 0 }, 'Am/C', 'A:min/b3'],
    [{ root: 10, quality: '7', bass: 2 }, 'Bb7/D', 'Bb:7/3'],
    [{ root: 6, quality: 'hdim7', bass: 6 }, 'Gbm7b5', 'Gb:hdim7'],
    [{ root: 5, quality: 'maj7', bass: 7 }, 'Fmaj7/G', 'F:maj7/2'],
    [undefined, 'N.C.', 'N'],
  ] as const)('writes %j', (chord, symbol, harte) => {
    expect(formatChord(chord)).toBe(symbol);
    expect(formatChord(chord, { notation: 'harte' })).toBe(harte);
  });

  it('spells with sharps where asked', () => {
    expect(formatChord({ root: 6, quality: 'min7', bass: 1 }, { accidentals: 'sharps' })).toBe('F#m7/C#');
  });
});

describe('parseChord', () => {
  it('reads back what formatChord writes', () => {
    fc.assert(
      fc.property(
        chords,
        fc.constantFrom('harte' as const, 'symbol' as const),
        fc.constantFrom('flats' as const, 'sharps' as const),
        (chord, notation, accidentals) => {
          expect(parseChord(formatChord(chord, { notation, accidentals }))).toEqual(chord);
        },
      ),
    );
    expect(parseChord('N')).toBeUndefined();
    expect(parseChord('N.C.')).toBeUndefined();
  });

  it.each([
    ['Cb:maj', { root: 11, quality: 'maj', bass: 11 }],
    ['G/F', { root: 7, quality: 'maj', bass: 5 }],
    ['D-7', { root: 2, quality: 'min7', bass: 2 }],
    ['Bø', { root: 11, quality: 'hdim7', bass: 11 }],
    ['F##:min/5', { root: 7, quality: 'min', bass: 2 }],
    ['A:sus4/9', { root: 9, quality: 'sus4', bass: 11 }],
  ])('reads %s', (text, chord) => {
    expect(parseChord(text)).toEqual(chord);
  });

  it.each(['', 'H', 'C:nonsense', 'c', 'C/', 'C/0', 'C/15', 'C:maj/H', 'Cconstructor', 'C:toString', 'C\n'])(
    'refuses %j',
    (text) => {
      expect(() => parseChord(text)).toThrow(expect.objectContaining({ code: 'argument/invalid' }) as Error);
    },
  );
});

describe('chordTones', () => {
  it('are three or four, root first, a foreign bass last', () => {
    expect(chordTones({ root: 11, quality: 'dim7', bass: 2 })).toEqual([11, 2, 5, 8]);
    expect(chordTones({ root: 0, quality: 'maj', bass: 2 })).toEqual([0, 4, 7, 2]);
    for (const quality of CHORD_QUALITIES) expect(CHORD_INTERVALS[quality][0]).toBe(0);
  });
});
