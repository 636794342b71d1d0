import { createScore, isAttuneError } from '@attune/core';
import { describe, expect, it } from 'vitest';
import {
  checkGrid,
  HOLD,
  melodyOfScore,
  REST,
  scoreOfMelody,
  transposeGrid,
  windowOf,
} from './melody-grid.ts';

const note = (start: number, duration: number, pitch: number) => ({ start, duration, pitch, velocity: 64 });

describe('melody grids', () => {
  it('reads a melody worked out by hand: a quarter, a rest, two eighths of which the first is late', () => {
    const score = createScore({
      ticksPerQuarter: 100,
      tracks: [{ program: 40, notes: [note(0, 100, 60), note(154, 44, 62), note(200, 50, 64)] }],
      tempos: [{ tick: 0, bpm: 90 }],
    });
    const { grid, bpm, program } = melodyOfScore(score);
    expect([...grid]).toEqual([60, HOLD, HOLD, HOLD, REST, REST, 62, HOLD, 64, HOLD]);
    expect([bpm, program]).toEqual([90, 40]);
  });

  it('takes the highest note of an onset, cuts a note where the next begins, and gives each at least a step', () => {
    const score = createScore({
      ticksPerQuarter: 100,
      tracks: [{ notes: [note(0, 200, 60), note(0, 200, 72), note(100, 2, 74)] }],
    });
    expect([...melodyOfScore(score).grid]).toEqual([72, HOLD, HOLD, HOLD, 74]);
  });

  it('refuses drums alone', () => {
    const drums = createScore({ tracks: [{ isDrum: true, notes: [note(0, 10, 38)] }] });
    expect(() => melodyOfScore(drums)).toThrow(
      expect.objectContaining({ code: 'argument/invalid' }) as Error,
    );
  });

  it('comes back from a score as it was, but for a hold that follows nothing', () => {
    const grid = Uint8Array.of(HOLD, 60, HOLD, 62, REST, HOLD, 60, 60, HOLD);
    const melody = { grid, bpm: 100, program: 0 };
    expect([...melodyOfScore(scoreOfMelody(melody)).grid]).toEqual([
      REST,
      60,
      HOLD,
      62,
      REST,
      REST,
      60,
      60,
      HOLD,
    ]);
  });

  it('moves notes and nothing else, by octaves less at the ends', () => {
    expect([...transposeGrid(Uint8Array.of(60, HOLD, REST, 125, 2), 4)]).toEqual([64, HOLD, REST, 117, 6]);
    expect([...transposeGrid(Uint8Array.of(2), -5)]).toEqual([9]);
  });

  it('pads windows with silence and names a value that is no class', () => {
    expect([...windowOf(Uint8Array.of(60, HOLD), 1, 3)]).toEqual([HOLD, REST, REST]);
    expect(() => checkGrid([60, NaN], 2)).toThrow('Step 1');
    try {
      checkGrid([60, 130], 2);
      expect.unreachable();
    } catch (error) {
      expect(isAttuneError(error, 'model/invalid')).toBe(true);
    }
    expect(() => checkGrid([60], 2)).toThrow(expect.objectContaining({ code: 'model/invalid' }) as Error);
  });
});
