import { describe, expect, it } from 'vitest';
import type { PianoRollData, RollNote } from '@/api/types.ts';
import { notesPerBar, summariseRoll, tabulateBars } from './summary.ts';

const piano: RollNote[] = [
  [0, 1, 60, 80],
  [1, 1, 64, 80],
  [2, 1, 67, 80],
];
const roll: PianoRollData = {
  tracks: [
    { name: 'Piano', program: 0, isDrum: false, colour: 0, notes: piano },
    {
      name: 'Drums',
      program: 0,
      isDrum: true,
      colour: 1,
      notes: [
        [4, 0.1, 36, 90],
        [4.5, 0.1, 38, 90],
        [5, 0.1, 42, 90],
        [5.5, 0.1, 42, 90],
      ],
    },
  ],
  seconds: 6,
  bars: [0, 2, 4],
  key: 'C major',
  meter: '4/4',
  tempo: 119.6,
};

describe('summariseRoll', () => {
  it('names bars, key, meter, tempo, parts with their range, and the bar that stands out', () => {
    expect(summariseRoll(roll)).toBe(
      '3 bars, C major, 4/4 time, 120 beats a minute; Piano from C4 to G4; Drums; busiest in bar 3.',
    );
  });

  it('says so when there are no notes', () => {
    expect(summariseRoll({ ...roll, tracks: [] })).toBe('No notes yet.');
  });
});

describe('the table', () => {
  it('counts notes where they begin', () => {
    expect(notesPerBar(roll)).toEqual([2, 1, 4]);
  });

  it('lists notes by bar and instrument', () => {
    expect(tabulateBars(roll, 1, 3)).toEqual([
      { bar: 1, cells: ['C4 E4', 'silent'] },
      { bar: 2, cells: ['G4', 'silent'] },
      { bar: 3, cells: ['silent', 'kick snare hat hat'] },
    ]);
  });

  it('stops at the last bar', () => {
    expect(tabulateBars(roll, 3, 16).map((row) => row.bar)).toEqual([3]);
  });
});
