import { describe, expect, it } from 'vitest';
import {
  drumName,
  GENERAL_MIDI_FAMILIES,
  GENERAL_MIDI_PROGRAMS,
  programFamily,
  programName,
} from './general-midi.ts';

describe('General MIDI names', () => {
  it('has 128 programs of different names in 16 families', () => {
    expect(GENERAL_MIDI_PROGRAMS.length).toBe(128);
    expect(new Set(GENERAL_MIDI_PROGRAMS).size).toBe(128);
    expect(GENERAL_MIDI_FAMILIES.length).toBe(16);
  });

  // Program numbers of the General MIDI level 1 sound set, less one; the first of each family and some between.
  it.each([
    [0, 'Acoustic grand piano', 'Piano'],
    [8, 'Celesta', 'Chromatic percussion'],
    [16, 'Drawbar organ', 'Organ'],
    [24, 'Nylon-string guitar', 'Guitar'],
    [32, 'Acoustic bass', 'Bass'],
    [40, 'Violin', 'Strings'],
    [47, 'Timpani', 'Strings'],
    [48, 'String ensemble 1', 'Ensemble'],
    [56, 'Trumpet', 'Brass'],
    [64, 'Soprano sax', 'Reed'],
    [71, 'Clarinet', 'Reed'],
    [73, 'Flute', 'Pipe'],
    [80, 'Square lead', 'Synth lead'],
    [88, 'New age pad', 'Synth pad'],
    [96, 'Rain', 'Synth effects'],
    [105, 'Banjo', 'Ethnic'],
    [112, 'Tinkle bell', 'Percussive'],
    [127, 'Gunshot', 'Sound effects'],
  ])('program %i is %s, %s', (program, name, family) => {
    expect(programName(program)).toBe(name);
    expect(programFamily(program)).toBe(family);
  });

  it.each([
    [35, 'Acoustic bass drum'],
    [38, 'Acoustic snare'],
    [42, 'Closed hi-hat'],
    [49, 'Crash cymbal 1'],
    [56, 'Cowbell'],
    [60, 'High bongo'],
    [75, 'Claves'],
    [81, 'Open triangle'],
  ])('drum %i is %s', (pitch, name) => {
    expect(drumName(pitch)).toBe(name);
  });

  it('has no names outside its ranges', () => {
    expect([34, 82].map(drumName)).toEqual([undefined, undefined]);
    for (const program of [-1, 128, 0.5, NaN]) expect(() => programName(program)).toThrowError(/0 to 127/);
  });
});
