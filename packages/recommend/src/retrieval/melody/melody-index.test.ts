import { createRng, createScore } from '@attune/core';
import { melodyScore } from '@attune/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignMelodies } from './align-melodies.ts';
import { createMelodyIndex } from './melody-index.ts';
import { melodyOf, movesOf, type Melody } from './melody.ts';

/** [pitch, length] to a melody. */
function tune(...notes: (readonly [number, number])[]): Melody {
  const onsets: number[] = [];
  let at = 0;
  for (const [, length] of notes) {
    onsets.push(at);
    at += length;
  }
  return { onsets, pitches: notes.map(([pitch]) => pitch) };
}
const TWINKLE = tune(
  [60, 1],
  [60, 1],
  [67, 1],
  [67, 1],
  [69, 1],
  [69, 1],
  [67, 2],
  [65, 1],
  [65, 1],
  [64, 1],
  [64, 1],
  [62, 1],
  [62, 1],
  [60, 2],
);
const ODE = tune(
  [64, 1],
  [64, 1],
  [65, 1],
  [67, 1],
  [67, 1],
  [65, 1],
  [64, 1],
  [62, 1],
  [60, 1],
  [60, 1],
  [62, 1],
  [64, 1],
  [64, 1.5],
  [62, 0.5],
  [62, 2],
);
const JOHN = tune(
  [60, 1],
  [62, 1],
  [64, 1],
  [60, 1],
  [60, 1],
  [62, 1],
  [64, 1],
  [60, 1],
  [64, 1],
  [65, 1],
  [67, 2],
  [64, 1],
  [65, 1],
  [67, 2],
);
const BOOK = [
  { id: 'twinkle', melody: TWINKLE },
  { id: 'ode', melody: ODE },
  { id: 'john', melody: JOHN },
];
const index = createMelodyIndex(BOOK);

function changed({ onsets, pitches }: Melody, up: number, faster: number, from = 0, to = Infinity): Melody {
  return {
    onsets: onsets.slice(from, to).map((t) => t / faster + 3),
    pitches: pitches!.slice(from, to).map((p) => p + up),
  };
}
function without({ onsets, pitches }: Melody, note: number): Melody {
  return { onsets: onsets.toSpliced(note, 1), pitches: pitches!.toSpliced(note, 1) };
}

describe('alignMelodies', () => {
  it('finds a stretch wherever it is, transposed and at another tempo', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: -12, max: 12 }),
        fc.double({ min: 0.3, max: 3, noNaN: true }),
        (from, up, faster) => {
          const {
            score,
            from: found,
            to,
          } = alignMelodies(movesOf(changed(ODE, up, faster, from, from + 8)), movesOf(ODE));
          expect(score).toBeCloseTo(1, 9);
          expect([found, to]).toEqual([from, from + 7]);
        },
      ),
    );
  });

  it('charges a wrong, a missing and an added note once each', () => {
    const moves = ODE.onsets.length - 1;
    const wrong = { ...ODE, pitches: ODE.pitches!.with(6, 71) };
    // two moves are worth 2 − 1 instead of 2
    expect(alignMelodies(movesOf(wrong), movesOf(ODE)).score).toBeCloseTo((moves - 1) / moves, 2);
    // one move for two: worth 0.1; rhythm around it is off, too
    const missing = alignMelodies(movesOf(without(ODE, 6)), movesOf(ODE)).score;
    expect(missing).toBeLessThan(1 - 0.9 / (moves - 1) + 1e-9);
    expect(missing).toBeGreaterThan(1 - 2 / (moves - 1));
  });

  it('finds nothing in nothing', () => {
    expect(alignMelodies(movesOf({ onsets: [0], pitches: [60] }), movesOf(ODE))).toEqual({
      score: 0,
      from: -1,
      to: -1,
    });
  });
});

describe('a melody index', () => {
  it.each(BOOK)('finds $id from any six of its notes, sung out of tune', ({ id, melody }) => {
    const rng = createRng(1);
    for (let from = 0; from + 6 <= melody.onsets.length; from++) {
      const excerpt = changed(melody, 3.3, 1.2, from, from + 6);
      const sung = { ...excerpt, pitches: excerpt.pitches!.map((p) => p + 0.15 * rng.normal()) };
      expect(index.find(sung, 1)[0]!.id).toBe(id);
    }
  });

  it('finds tapped rhythms', () => {
    expect(index.find({ onsets: ODE.onsets.slice(8) }, 1)[0]!.id).toBe('ode'); // the only dotted rhythm
    expect(index.find({ onsets: TWINKLE.onsets.slice(2, 14) }, 1)[0]!.id).toBe('twinkle');
  });

  it('finds the same with candidates as without where one is right', () => {
    expect(index.find(changed(JOHN, 0, 1, 0, 8), 1, 1)[0]!.id).toBe('john');
    expect(index.find(changed(JOHN, 0, 1, 0, 8), 3, Infinity).map(({ id }) => id)[0]).toBe('john');
  });

  it('refuses what is no melody', () => {
    expect(() => index.find({ onsets: [0, 1], pitches: [60, 62] }, 1)).toThrowError(/3 notes/);
    expect(() => index.find({ onsets: [0, 1, 1], pitches: [60, 62, 64] }, 1)).toThrowError(/onsets rise/);
    expect(() => index.find({ onsets: [0, 1, NaN], pitches: [60, 62, 64] }, 1)).toThrowError(/finite/);
    expect(() => index.find({ onsets: [0, 1, 2], pitches: [60, NaN, 64] }, 1)).toThrowError(/finite/);
    expect(() => index.find({ onsets: [0, 1, 2], pitches: [60] }, 1)).toThrowError(/as many/);
    expect(createMelodyIndex([]).find(ODE, 3)).toEqual([]);
  });
});

describe('melodyOf', () => {
  it('takes the highest of notes that begin together, not drums', () => {
    const score = createScore({
      tracks: [
        {
          notes: [
            { start: 0, duration: 480, pitch: 60, velocity: 80 },
            { start: 480, duration: 480, pitch: 62, velocity: 80 },
          ],
        },
        { notes: [{ start: 0, duration: 960, pitch: 48, velocity: 80 }], program: 32 },
        { notes: [{ start: 240, duration: 10, pitch: 80, velocity: 80 }], isDrum: true },
      ],
    });
    expect(melodyOf(score)).toEqual({ onsets: [0, 1], pitches: [60, 62] });
    expect(melodyOf(createScore())).toEqual({ onsets: [], pitches: [] });
    expect(melodyOf(melodyScore([60, 64, 67])).pitches).toEqual([60, 64, 67]);
  });
});
