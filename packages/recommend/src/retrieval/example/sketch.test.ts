import { createRng, createScore, transposeScore, type Score } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { compareExamples } from './compare-examples.ts';
import { ASPECTS, describeExample, describeSound } from './describe-example.ts';
import { findInSketches, findMelodyInSketches } from './find-in-sketches.ts';
import { packExample, unpackExample } from './sketch.ts';

/** A melody over chords that change every bar, drawn by chance. */
function piece(seed: number, notes = 64): Score {
  const rng = createRng(seed);
  let [pitch, start] = [67, 0];
  const melody = Array.from({ length: notes }, () => {
    pitch = Math.max(55, Math.min(84, pitch + rng.integer(9) - 4));
    const duration = 240 * (1 + rng.integer(3));
    start += duration;
    return { start: start - duration, duration, pitch, velocity: 80 };
  });
  const chords = Array.from({ length: Math.ceil(start / 1920) }, (_, bar) => {
    const root = 40 + rng.integer(12);
    const third = 3 + rng.integer(2);
    return [0, third, 7].map((up) => ({ start: 1920 * bar, duration: 1920, pitch: root + up, velocity: 60 }));
  }).flat();
  return createScore({
    ticksPerQuarter: 480,
    tracks: [
      { program: rng.integer(128), notes: melody },
      { program: rng.integer(128), notes: chords },
    ],
  });
}
const scores = Array.from({ length: 60 }, (_, seed) => piece(seed));
const profiles = scores.map((score) => describeExample(score));
const pieces = profiles.map((profile, i) => ({ id: `p${i}`, sketch: packExample(profile) }));

describe('a sketch', () => {
  it.each(ASPECTS)('compares in %s as the profile that it was made of', (aspect) => {
    for (let i = 0; i + 1 < profiles.length; i += 7) {
      const whole = compareExamples(profiles[i]!, profiles[i + 1]!, aspect)!;
      const kept = compareExamples(
        unpackExample(pieces[i]!.sketch),
        unpackExample(pieces[i + 1]!.sketch, [aspect]),
        aspect,
      )!;
      expect(Math.abs(kept - whole)).toBeLessThan(aspect === 'melody' ? 0.02 : 1e-3);
    }
  });

  it('unpacks what is wanted, is small, and keeps the first 1,200 moves of a long melody', () => {
    const { sketch } = pieces[0]!;
    expect(Object.keys(unpackExample(sketch, ['rhythm', 'melody']))).toEqual(['rhythm', 'melody']);
    expect(sketch.length).toBeLessThan(1000);
    const long = packExample(describeExample(piece(1, 5000)));
    expect(unpackExample(long).melody!.ratios).toHaveLength(1200);
    expect(long.length).toBeLessThan(9000);
    expect(unpackExample(packExample({}))).toEqual({});
  });

  it('keeps steps exactly, and the timbre of sound', () => {
    expect(unpackExample(pieces[3]!.sketch).melody!.steps).toEqual(profiles[3]!.melody!.steps);
    const sound = describeSound(Float64Array.from({ length: 148 }, (_, i) => Math.sin(i) * 20));
    const kept = unpackExample(packExample(sound));
    expect(kept.timbre).toMatchObject({ kind: 'sound' });
    expect(compareExamples(sound, kept, 'timbre')).toBeCloseTo(1, 5);
  });

  it('is refused where it is damaged, and read or refused with any byte changed', () => {
    const { sketch } = pieces[0]!;
    for (const length of [0, 1, 5, sketch.length - 1]) {
      expect(() => unpackExample(sketch.subarray(0, length))).toThrowError(
        expect.objectContaining({ code: 'checkpoint/malformed' }),
      );
    }
    const rng = createRng(5);
    for (let i = 0; i < 500; i++) {
      const bytes = sketch.slice();
      bytes[rng.integer(bytes.length)] = rng.integer(256);
      try {
        unpackExample(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'checkpoint/malformed' });
      }
    }
  });
});

describe('finding in sketches', () => {
  it.each(ASPECTS)('finds a piece by itself in another key, in %s', (aspect) => {
    const example = unpackExample(packExample(describeExample(transposeScore(scores[17]!, -3))));
    const [first] = findInSketches(example, pieces, aspect, 3);
    expect(first).toMatchObject({ id: 'p17' });
    expect(first!.likeness).toBeCloseTo(1, 6);
  });

  it('finds a hummed stretch', () => {
    const notes = scores[41]!.tracks[0]!.notes.slice(20, 32);
    const query = {
      onsets: notes.map(({ start }) => 0.0013 * start),
      pitches: notes.map(({ pitch }) => pitch - 7),
    };
    expect(findMelodyInSketches(query, pieces, 2)[0]!.id).toBe('p41');
  });
});
