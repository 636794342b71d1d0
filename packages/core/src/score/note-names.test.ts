import { expect, it } from 'vitest';
import { keyName, pitchName, tonicName } from './note-names.ts';

it('names keys as key signatures are written', () => {
  expect(keyName({ tonic: 1, mode: 'major' })).toBe('D♭ major');
  expect(keyName({ tonic: 1, mode: 'minor' })).toBe('C♯ minor');
  expect(keyName({ tonic: 8, mode: 'major' })).toBe('A♭ major');
  expect(keyName({ tonic: 8, mode: 'minor' })).toBe('G♯ minor');
  expect(tonicName(6)).toBe('F♯');
});

it('names pitches: the ends of MIDI, middle C, the tuning fork, the lowest key of a piano', () => {
  expect([0, 60, 69, 21, 127].map(pitchName)).toEqual(['C-1', 'C4', 'A4', 'A0', 'G9']);
});
