import { createScore, scaleTempo, transposeScore, type Score, type TrackParts } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { compareExamples, findByExample } from './compare-examples.ts';
import { ASPECTS, describeExample, describeSound, type Aspect } from './describe-example.ts';

/** Chords of one quarter each, in a program. */
function chords(roots: readonly number[], program = 0, third = 4): TrackParts {
  return {
    program,
    notes: roots.flatMap((root, i) =>
      [0, third, 7].map((up) => ({ start: 960 * i, duration: 960, pitch: 48 + root + up, velocity: 80 })),
    ),
  };
}
const cadence = createScore({ tracks: [chords([0, 5, 7, 0, 5, 7, 0, 0])] });
const other = createScore({ tracks: [chords([0, 1, 2, 3, 4, 5, 6, 7], 40, 3)] });
const melody = createScore({
  tracks: [
    {
      program: 73,
      notes: [60, 62, 64, 60, 67, 65, 64, 62].map((pitch, i) => ({
        start: 240 * i,
        duration: 240,
        pitch,
        velocity: 80,
      })),
    },
  ],
});
const drums = createScore({
  tracks: [
    { isDrum: true, notes: [0, 480, 960].map((start) => ({ start, duration: 10, pitch: 38, velocity: 90 })) },
  ],
});
const compare = (a: Score, b: Score, aspect: Aspect): number | undefined =>
  compareExamples(describeExample(a), describeExample(b), aspect);

describe('compareExamples', () => {
  it.each(ASPECTS)('finds a piece like itself in %s, transposed and faster too', (aspect) => {
    for (const score of [cadence, melody]) {
      expect(compare(score, score, aspect)).toBeCloseTo(1, 9);
      expect(compare(score, scaleTempo(transposeScore(score, 5), 1.5), aspect)).toBeCloseTo(1, 9);
    }
  });

  it('tells one aspect from another', () => {
    const flutes = createScore({ tracks: [chords([0, 5, 7, 0, 5, 7, 0, 0], 73)] });
    expect(compare(cadence, flutes, 'harmony')).toBeCloseTo(1, 9);
    expect(compare(cadence, flutes, 'timbre')).toBe(0);
    expect(compare(melody, flutes, 'timbre')).toBeCloseTo(1, 9);
    expect(compare(cadence, other, 'harmony')!).toBeLessThan(0.6);
    expect(compare(cadence, other, 'rhythm')).toBeCloseTo(1, 9);
  });

  it('counts half for another instrument of the family', () => {
    const upright = createScore({ tracks: [chords([0, 5], 1)] });
    expect(compare(cadence, upright, 'timbre')).toBeCloseTo(0.5, 12);
  });

  it('lacks what drums and sound lack', () => {
    expect(compare(drums, cadence, 'harmony')).toBeUndefined();
    expect(compare(drums, cadence, 'melody')).toBeUndefined();
    expect(compare(drums, drums, 'rhythm')).toBeCloseTo(1, 9);
    const sound = describeSound(new Float64Array(148));
    expect(compareExamples(sound, sound, 'timbre')).toBe(1);
    expect(compareExamples(sound, describeExample(cadence), 'timbre')).toBeUndefined();
    expect(describeExample(createScore())).toEqual({});
  });

  it('refuses other aspects', () => {
    expect(() => compareExamples({}, {}, 'colour' as Aspect)).toThrowError(/not in colour/);
  });
});

describe('findByExample', () => {
  it('ranks by the aspect and leaves out what lacks it', () => {
    const pieces = Object.entries({ other, cadence, drums, melody }).map(([id, score]) => ({
      id,
      profile: describeExample(score),
    }));
    expect(findByExample(describeExample(transposeScore(cadence, 2)), pieces, 'harmony', 2)[0]!.id).toBe(
      'cadence',
    );
    expect(findByExample(describeExample(melody), pieces, 'melody', 9).map(({ id }) => id)).not.toContain(
      'drums',
    );
    expect(findByExample(describeExample(melody), [], 'rhythm', 3)).toEqual([]);
  });
});
