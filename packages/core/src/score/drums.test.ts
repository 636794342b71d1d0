import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { createScore } from './create-score.ts';
import { EXACTLY, firstDifference } from './difference.ts';
import { drumFamily, mergeDrums, splitDrums } from './drums.ts';
import { countNotes } from './extent.ts';
import { drumName } from './general-midi.ts';
import { validateScore } from './validate-score.ts';

const hit = (start: number, pitch: number) => ({ start, duration: 10, pitch, velocity: 90 });
const controls = [{ tick: 0, controller: 7, value: 80 }];
const beat = createScore({
  tracks: [
    { name: 'bass', notes: [hit(0, 36)] },
    {
      name: 'kit',
      isDrum: true,
      notes: [hit(0, 36), hit(0, 42), hit(240, 42), hit(480, 38), hit(480, 40)],
      controls,
    },
  ],
});

describe('splitDrums', () => {
  it('makes a track of every drum in place of the kit, and leaves pitched tracks alone', () => {
    const { tracks } = splitDrums(beat);
    expect(tracks.map((track) => track.name)).toEqual([
      ...['bass', 'Bass drum', 'Acoustic snare', 'Electric snare', 'Closed hi-hat'],
    ]);
    expect(tracks.map((track) => track.notes.length)).toEqual([1, 1, 1, 1, 2]);
    expect(tracks.map((track) => track.controls.length)).toEqual([0, 1, 0, 0, 0]);
  });

  it('makes a track of every family', () => {
    const { tracks } = splitDrums(beat, 'family');
    expect(tracks.slice(1).map((track) => [track.name, track.notes.length])).toEqual([
      ['Bass drum', 1],
      ['Snare', 2],
      ['Hi-hat', 2],
    ]);
  });

  it('is undone by mergeDrums, whatever the score', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), fc.constantFrom('drum' as const, 'family' as const), (score, by) => {
        const split = splitDrums(score, by);
        validateScore(split);
        expect(countNotes(split)).toBe(countNotes(score));
        const [there, back] = [mergeDrums(score), mergeDrums(split)];
        expect(firstDifference(there, back, EXACTLY)).toBeUndefined();
      }),
    );
  });
});

describe('drumFamily', () => {
  it('agrees with the words in the names of General MIDI', () => {
    for (let pitch = 35; pitch <= 81; pitch++) {
      const name = drumName(pitch)!;
      const family = drumFamily(pitch);
      expect([pitch, family === 'Toms']).toEqual([pitch, name.includes(' tom')]);
      expect([pitch, family === 'Hi-hat']).toEqual([pitch, name.includes('hi-hat')]);
      expect([pitch, family === 'Bass drum']).toEqual([pitch, name.toLowerCase().includes('bass drum')]);
      expect([pitch, family === 'Cymbals']).toEqual([pitch, /cymbal|Ride/.test(name)]);
    }
    expect([drumFamily(0), drumFamily(127), drumFamily(70)]).toEqual([
      'Percussion',
      'Percussion',
      'Percussion',
    ]);
  });
});
