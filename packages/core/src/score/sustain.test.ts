import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { createScore } from './create-score.ts';
import { countNotes, scoreEndTick } from './extent.ts';
import type { Note } from './score.ts';
import { expandSustain } from './sustain.ts';
import { validateScore } from './validate-score.ts';

const note = (start: number, duration: number, pitch = 60): Note => ({
  start,
  duration,
  pitch,
  velocity: 64,
});
const pedal = (tick: number, value: number, controller = 64) => ({ tick, controller, value });
/** Durations after expansion, in note order. */
const durations = (notes: Note[], controls: ReturnType<typeof pedal>[], options = {}) =>
  expandSustain(createScore({ tracks: [{ notes, controls }] }), options).tracks[0]!.notes.map(
    (each) => each.duration,
  );

describe('expandSustain', () => {
  it.each<[string, Note[], ReturnType<typeof pedal>[], number[]]>([
    ['holds a note until the pedal comes up', [note(0, 10)], [pedal(5, 127), pedal(90, 0)], [90]],
    [
      'leaves a note that ends before the pedal goes down',
      [note(0, 10)],
      [pedal(11, 127), pedal(90, 0)],
      [10],
    ],
    ['catches a note that ends as the pedal goes down', [note(0, 10)], [pedal(10, 127), pedal(90, 0)], [90]],
    ['lets a note go that ends as the pedal comes up', [note(0, 10)], [pedal(0, 127), pedal(10, 0)], [10]],
    ['takes 64 as down and 63 as up', [note(0, 10)], [pedal(0, 64), pedal(40, 63), pedal(50, 64)], [40]],
    [
      'is not changed by values that stay above the threshold',
      [note(0, 10)],
      [pedal(0, 64), pedal(40, 127), pedal(70, 0)],
      [70],
    ],
    [
      'ends a note where its pitch is struck again',
      [note(0, 10), note(30, 10)],
      [pedal(0, 127), pedal(90, 0)],
      [30, 60],
    ],
    ['lets other pitches ring', [note(0, 10), note(30, 10, 62)], [pedal(0, 127), pedal(90, 0)], [90, 60]],
    [
      'ends at the end of the piece under a pedal that stays down',
      [note(0, 10), note(0, 200, 62)],
      [pedal(0, 127)],
      [200, 200],
    ],
    [
      'ends what it held when it comes up and down in one tick',
      [note(0, 10)],
      [pedal(0, 127), pedal(40, 0), pedal(40, 127), pedal(90, 0)],
      [40],
    ],
    [
      'never shortens a note that overlaps the next of its pitch',
      [note(0, 50), note(30, 10)],
      [pedal(0, 127), pedal(90, 0)],
      [50, 60],
    ],
    [
      'holds with the sostenuto pedal only keys that were down',
      [note(0, 20), note(15, 10, 62)],
      [pedal(10, 127, 66), pedal(80, 0, 66)],
      [80, 10],
    ],
    [
      'passes from the sostenuto to the sustain pedal',
      [note(0, 20)],
      [pedal(10, 127, 66), pedal(60, 127), pedal(80, 0, 66), pedal(99, 0)],
      [99],
    ],
    [
      'passes from the sustain to the sostenuto pedal',
      [note(0, 20)],
      [pedal(5, 127), pedal(10, 127, 66), pedal(40, 0), pedal(70, 0, 66)],
      [70],
    ],
    ['leaves other controllers alone', [note(0, 10)], [pedal(0, 127, 67), pedal(90, 0, 67)], [10]],
  ])('%s', (_, notes, controls, expected) => {
    expect(durations(notes, controls)).toEqual(expected);
  });

  it('takes the pedals away, or keeps them where asked', () => {
    const score = createScore({
      tracks: [{ notes: [note(0, 1)], controls: [pedal(0, 9, 7), pedal(0, 127)] }],
    });
    expect(expandSustain(score).tracks[0]!.controls).toEqual([pedal(0, 9, 7)]);
    expect(expandSustain(score, { keepPedals: true }).tracks[0]!.controls).toHaveLength(2);
    expect(durations([note(0, 10)], [pedal(0, 30), pedal(50, 0)], { threshold: 20 })).toEqual([50]);
    expect(() => expandSustain(score, { threshold: 0 })).toThrow(
      expect.objectContaining({ code: 'argument/invalid' }) as Error,
    );
  });

  it('only lengthens, never past the end of the piece, keeps every start, and does nothing twice', () => {
    const pedals = fc.array(fc.tuple(fc.nat(4000), fc.nat(127), fc.constantFrom(64, 66)), { maxLength: 20 });
    fc.assert(
      fc.property(scoreArbitrary(fc, { separable: false }), pedals, (any, moves) => {
        const controls = moves.map(([tick, value, controller]) => pedal(tick, value, controller));
        const score = createScore({ ...any, tracks: any.tracks.map((track) => ({ ...track, controls })) });
        const held = expandSustain(score);
        validateScore(held);
        expect(countNotes(held)).toBe(countNotes(score));
        const end = Math.max(scoreEndTick(score), 4000);
        held.tracks.forEach((track, i) => {
          const total = (notes: readonly Note[]) => notes.reduce((sum, each) => sum + each.duration, 0);
          expect(track.notes.map(({ start, pitch }) => [start, pitch])).toEqual(
            score.tracks[i]!.notes.map(({ start, pitch }) => [start, pitch]),
          );
          expect(total(track.notes)).toBeGreaterThanOrEqual(total(score.tracks[i]!.notes));
          for (const each of track.notes) expect(each.start + each.duration).toBeLessThanOrEqual(end);
        });
        expect(expandSustain(held).tracks.map((track) => track.notes)).toEqual(
          held.tracks.map((track) => track.notes),
        );
      }),
    );
  });
});
