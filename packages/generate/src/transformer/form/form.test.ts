import { createRng } from '@attune/core';
import { DRUM_INSTRUMENT, type GridNote } from '@attune/core/tokens';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceBucket, formOfLetters, RETURN_DISTANCES, visibleFrom } from './bar-form.ts';
import { formOfNotes, noteOverlap } from './form-of-notes.ts';
import { wishedForm } from './wished-form.ts';

const note = (bar: number, position: number, pitch: number, instrument = 0): GridNote => ({
  ...{ bar, position, instrument, pitch, duration: 5, velocity: 4 },
});

/** `bars` bars of random eighths. */
function music(bars: number, seed: number): GridNote[] {
  const rng = createRng(seed);
  return Array.from({ length: bars * 8 }, (_, i) =>
    note(Math.floor(i / 8), (i % 8) * 12, 48 + rng.integer(30)),
  );
}
const at = (notes: readonly GridNote[], firstBar: number, shift = 0): GridNote[] =>
  notes.map((one) => ({ ...one, bar: one.bar + firstBar, pitch: one.pitch + shift }));
const lettersOf = (section: readonly number[]): string =>
  section.map((letter) => String.fromCharCode(65 + letter)).join('');

describe('noteOverlap', () => {
  it('counts what two stretches share under the best transposition', () => {
    const a = [[note(0, 0, 60), note(0, 24, 62), note(0, 48, 64)]];
    const b = [[note(9, 0, 67), note(9, 24, 69), note(9, 48, 60), note(9, 72, 60)]]; // a fifth up; the third differs
    expect(noteOverlap(a, b)).toBeCloseTo((2 * 2) / 7, 12);
    expect(noteOverlap(a, a)).toBe(1);
  });

  it('does not transpose drums, and keeps instruments apart', () => {
    const kick = [[note(0, 0, 164, DRUM_INSTRUMENT)]];
    expect(noteOverlap(kick, [[note(1, 0, 166, DRUM_INSTRUMENT)]])).toBe(0);
    expect(noteOverlap([[note(0, 0, 60, 40)]], [[note(1, 0, 60, 41)]])).toBe(0);
    expect(noteOverlap([[]], [[]])).toBeNaN();
  });
});

describe('formOfNotes', () => {
  it('finds A A B A of four bars, also where A returns transposed', () => {
    const [a, b] = [music(4, 1), music(4, 2)];
    const form = formOfNotes([...a, ...at(a, 4), ...at(b, 8), ...at(a, 12, 5)], 16);
    expect(lettersOf(form.section)).toBe('AAAAAAAABBBBAAAA');
    expect(form.back.map((back) => back)).toEqual([0, 0, 0, 0, 4, 4, 4, 4, 0, 0, 0, 0, 8, 8, 8, 8]);
    expect(form.inSection.slice(3, 6)).toEqual([3, 0, 1]);
    expect(form.leftInSection.slice(3, 6)).toEqual([0, 3, 2]);
  });

  it('finds sections of eight bars where eights return', () => {
    const [a, b] = [music(8, 1), music(8, 2)];
    const form = formOfNotes([...a, ...at(a, 8), ...at(b, 16), ...at(a, 24)], 32);
    expect(lettersOf(form.section)).toBe('A'.repeat(16) + 'B'.repeat(8) + 'A'.repeat(8));
    expect(form.back[24]).toBe(16);
    expect(form.leftInSection[0]).toBe(7);
  });

  it('takes a pickup bar into the first section', () => {
    const [a, b] = [music(4, 1), music(4, 2)];
    const form = formOfNotes([note(0, 72, 55), ...at(a, 1), ...at(b, 5), ...at(a, 9), ...at(b, 13)], 17);
    expect(lettersOf(form.section)).toBe('AAAAABBBBAAAABBBB');
    expect(form.back[9]).toBe(8);
  });

  it('covers every bar of any piece, and what returns stands where it says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(1e6), (bars, seed) => {
        const form = formOfNotes(music(bars, seed), bars);
        for (const column of Object.values(form) as (readonly number[])[]) expect(column).toHaveLength(bars);
        form.back.forEach((back, bar) => {
          expect(back).toBeLessThanOrEqual(bar);
          if (back > 0) expect(form.section[bar - back]).toBe(form.section[bar]);
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('a wished form', () => {
  it('divides the bars among the letters, in fours where they fit', () => {
    const form = wishedForm('AABA', 34);
    expect(lettersOf(form.section)).toBe('A'.repeat(16) + 'B'.repeat(8) + 'A'.repeat(10));
    expect([form.back[8], form.back[16], form.back[24], form.back[32]]).toEqual([8, 0, 16, 0]);
    expect(form.leftInSection.at(-1)).toBe(0);
    expect(lettersOf(wishedForm('AB', 3).section)).toBe('ABB');
  });

  it('agrees with the form of music that keeps to it', () => {
    const [a, b] = [music(8, 5), music(8, 6)];
    const heard = formOfNotes([...a, ...at(a, 8), ...at(b, 16), ...at(a, 24)], 32);
    expect(wishedForm('AABA', 32)).toEqual(heard);
  });

  it('forgets returns of bars that are out of sight', () => {
    expect(visibleFrom(formOfLetters([0, 0], 2, 4), 1).back).toEqual([0, 0, 0, 2]);
  });

  it('tells distances apart', () => {
    expect([0, 1, 8, 64, 7].map(distanceBucket)).toEqual([0, 1, 4, 10, RETURN_DISTANCES]);
  });
});
