import { describe, expect, it } from 'vitest';
import { createScore } from '../score/create-score.ts';
import { scoreFrom } from './score-from.ts';

const note = (start: number, duration: number, pitch = 60) => ({ start, duration, pitch, velocity: 80 });

describe('scoreFrom', () => {
  const score = createScore({
    title: 'T',
    tracks: [
      {
        program: 7,
        notes: [note(0, 100), note(50, 200, 64), note(150, 50)],
        controls: [
          { tick: 0, controller: 7, value: 90 },
          { tick: 20, controller: 64, value: 127 },
          { tick: 120, controller: 64, value: 0 },
        ],
        bends: [
          { tick: 10, value: 100 },
          { tick: 30, value: -200 },
          { tick: 160, value: 0 },
        ],
      },
      { isDrum: true, notes: [note(50, 200, 38), note(100, 10, 38)] },
    ],
    tempos: [
      { tick: 0, bpm: 90 },
      { tick: 40, bpm: 60 },
      { tick: 130, bpm: 200 },
    ],
    meters: [{ tick: 0, numerator: 3, denominator: 4 }],
    keys: [{ tick: 100, fifths: 2, mode: 'major' }],
    texts: [{ tick: 3, kind: 'lyric', text: 'gone' }],
  });

  it('keeps the state that playing up to the tick leaves', () => {
    const rest = scoreFrom(score, 100);
    expect(rest.tempos).toEqual([
      { tick: 0, bpm: 60 },
      { tick: 30, bpm: 200 },
    ]);
    expect(rest.meters).toEqual([{ tick: 0, numerator: 3, denominator: 4 }]);
    expect(rest.keys).toEqual([{ tick: 0, fifths: 2, mode: 'major' }]);
    expect(rest.texts).toEqual([]);
    expect(rest.tracks[0]).toMatchObject({
      program: 7,
      // the first note ends at tick 100; the second sounds on for 150 ticks
      notes: [note(0, 150, 64), note(50, 50)],
      controls: [
        { tick: 0, controller: 7, value: 90 },
        { tick: 0, controller: 64, value: 127 },
        { tick: 20, controller: 64, value: 0 },
      ],
      bends: [
        { tick: 0, value: -200 },
        { tick: 60, value: 0 },
      ],
    });
    expect(rest.tracks[1]!.notes).toEqual([note(0, 10, 38)]); // the stroke before is not struck again
  });

  it('forgets a bend that a reset of all controllers took back', () => {
    const track = {
      bends: [{ tick: 10, value: 100 }],
      controls: [{ tick: 20, controller: 121, value: 0 }],
    };
    expect(scoreFrom(createScore({ tracks: [track] }), 30).tracks[0]!.bends).toEqual([]);
    expect(scoreFrom(createScore({ tracks: [track] }), 15).tracks[0]!.bends).toEqual([
      { tick: 0, value: 100 },
    ]);
  });

  it('is the score itself from its start, and empty from beyond its end', () => {
    expect(scoreFrom(score, 0)).toBe(score);
    expect(scoreFrom(score, 10_000).tracks.map((track) => track.notes.length)).toEqual([0, 0]);
  });
});
