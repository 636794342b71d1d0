import { createRng, createScore, scoreEndTick, type Note } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { drawPassages } from './drum-passages.ts';

const BAR = 4 * 480;

/** One stroke at the start of each bar; the velocity of bar n is n + 1. */
function take(bars: number): ReturnType<typeof createScore> {
  const notes = Array.from({ length: bars }, (_, bar): Note => ({
    start: bar * BAR,
    duration: BAR,
    pitch: 36,
    velocity: bar + 1,
  }));
  return createScore({ tracks: [{ isDrum: true, notes }] });
}

describe('drawPassages', () => {
  it('cuts whole bars that follow one another, 4 to 15 of them', () => {
    const passages = drawPassages(take(40), 200, createRng(1));
    expect(passages).toHaveLength(200);
    const lengths = passages.map((passage) => {
      const notes = passage.tracks[0]!.notes;
      notes.forEach(({ start, velocity }, i) => {
        expect(start).toBe(i * BAR);
        expect(velocity).toBe(notes[0]!.velocity + i);
      });
      expect(scoreEndTick(passage)).toBe(notes.length * BAR);
      return notes.length;
    });
    expect(Math.min(...lengths)).toBe(4);
    expect(Math.max(...lengths)).toBe(15);
  });

  it('reaches the first and the last bar', () => {
    const velocities = drawPassages(take(12), 200, createRng(2)).flatMap(({ tracks }) =>
      tracks[0]!.notes.map(({ velocity }) => velocity),
    );
    expect(new Set(velocities).size).toBe(12);
  });

  it('draws none of a short take, and the same with the same seed', () => {
    expect(drawPassages(take(6), 5, createRng(3))).toEqual([]);
    expect(drawPassages(take(20), 5, createRng(3))).toEqual(drawPassages(take(20), 5, createRng(3)));
  });
});
