import { createScore, isAttuneError } from '@attune/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGrid, gridOfLines, lineOf, transposeGrid, windowOf, type VoiceGrid } from './voice-grid.ts';
import { readVoices, scoreOfVoices, type VoicedPiece } from './voice-lines.ts';
import { DRUMS, MELODY, TRIO } from './voice-sets.ts';
import { HOLD, REST } from './voices.ts';

const note = (start: number, duration: number, pitch: number) => ({ start, duration, pitch, velocity: 64 });

describe('melody grids', () => {
  it('reads a melody worked out by hand: a quarter, a rest, two eighths of which the first is late', () => {
    const score = createScore({
      ticksPerQuarter: 100,
      tracks: [{ program: 40, notes: [note(0, 100, 60), note(154, 44, 62), note(200, 50, 64)] }],
      tempos: [{ tick: 0, bpm: 90 }],
    });
    const { grid, bpm, programs } = readVoices(score, MELODY.voices);
    expect([...grid]).toEqual([60, HOLD, HOLD, HOLD, REST, REST, 62, HOLD, 64, HOLD]);
    expect([bpm, ...programs]).toEqual([90, 40]);
  });

  it('takes the highest note of an onset, cuts a note where the next begins, and gives each at least a step', () => {
    const score = createScore({
      ticksPerQuarter: 100,
      tracks: [{ notes: [note(0, 200, 60), note(0, 200, 72), note(100, 2, 74)] }],
    });
    expect([...readVoices(score, MELODY.voices).grid]).toEqual([72, HOLD, HOLD, HOLD, 74]);
  });

  it('refuses drums alone', () => {
    const drums = createScore({ tracks: [{ isDrum: true, notes: [note(0, 10, 38)] }] });
    expect(() => readVoices(drums, MELODY.voices)).toThrow(
      expect.objectContaining({ code: 'argument/invalid' }) as Error,
    );
  });

  it('comes back from a score as it was, but for a hold that follows nothing', () => {
    const grid = Uint16Array.of(HOLD, 60, HOLD, 62, REST, HOLD, 60, 60, HOLD);
    const melody = { grid, bpm: 100, programs: [0] };
    expect([...readVoices(scoreOfVoices(melody, MELODY.voices), MELODY.voices).grid]).toEqual([
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
    expect([...transposeGrid(Uint16Array.of(60, HOLD, REST, 125, 2), MELODY.voices, 4)]).toEqual([
      64,
      HOLD,
      REST,
      117,
      6,
    ]);
    expect([...transposeGrid(Uint16Array.of(2), MELODY.voices, -5)]).toEqual([9]);
  });

  it('pads windows with silence and names a value that is no class', () => {
    expect([...windowOf(Uint16Array.of(60, HOLD), MELODY.voices, 1, 3)]).toEqual([HOLD, REST, REST]);
    expect(() => checkGrid([60, NaN], MELODY.voices, 2)).toThrow('Step 1');
    try {
      checkGrid([60, 130], MELODY.voices, 2);
      expect.unreachable();
    } catch (error) {
      expect(isAttuneError(error, 'model/invalid')).toBe(true);
    }
    expect(() => checkGrid([60], MELODY.voices, 2)).toThrow(
      expect.objectContaining({ code: 'model/invalid' }) as Error,
    );
  });
});

describe('drums and trios on the grid', () => {
  it('reads a bar of drums worked out by hand', () => {
    // kick and crash, hat a little late, snare and open hat, a shaker that is no drum of the kit
    const drums = {
      isDrum: true,
      notes: [
        note(0, 10, 36),
        note(0, 10, 49),
        note(53, 10, 44),
        note(100, 10, 38),
        note(100, 10, 46),
        note(150, 10, 70),
      ],
    };
    const { grid } = readVoices(createScore({ ticksPerQuarter: 100, tracks: [drums] }), DRUMS.voices);
    const [kick, snare, closed, open, crash] = [1, 2, 8, 16, 128];
    expect([...grid]).toEqual([kick | crash, 0, closed, 0, snare | open, 0, 0, 0]);
  });

  it('takes the bass instrument with most notes as the bass, and the lines from their own first bar', () => {
    const score = createScore({
      ticksPerQuarter: 100,
      tracks: [
        { program: 73, notes: [note(100, 100, 80)] },
        { program: 32, notes: [note(0, 50, 40)] },
        { program: 38, notes: [note(0, 100, 36), note(100, 50, 43)] },
        { isDrum: true, notes: [note(0, 10, 35)] },
      ],
    });
    const { grid, programs } = readVoices(score, TRIO.voices);
    expect(programs).toEqual([0, 38, 73]);
    expect([...lineOf(grid, TRIO.voices, 'bass')]).toEqual([36, HOLD, HOLD, HOLD, 43, HOLD, REST, REST]);
    expect([...lineOf(grid, TRIO.voices, 'melody')]).toEqual([REST, REST, REST, REST, 80, HOLD, HOLD, HOLD]);
    expect([...lineOf(grid, TRIO.voices, 'drums')]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  });

  const line = fc.array(fc.oneof(fc.integer({ min: 60, max: 90 }), fc.constant(HOLD), fc.constant(REST)), {
    minLength: 16,
    maxLength: 16,
  });
  const low = line.map((values) => values.map((value) => (value < HOLD ? value - 30 : value)));
  const strokes = fc.array(fc.integer({ min: 0, max: 511 }), { minLength: 16, maxLength: 16 });
  /** A hold that follows nothing is silent; each voice begins with a note, so that all are there. */
  const heard = (values: readonly number[], first: number): VoiceGrid => {
    let isSounding = true;
    return Uint16Array.from([first, ...values], (value) => {
      const own = value === HOLD && !isSounding ? REST : value;
      isSounding = own !== REST;
      return own;
    });
  };

  it('any trio comes back from its score as it was', () => {
    fc.assert(
      fc.property(strokes, low, line, (beat, bass, melody) => {
        const grid = gridOfLines([Uint16Array.from([1, ...beat]), heard(bass, 40), heard(melody, 72)]);
        const piece: VoicedPiece = { grid, bpm: 100, programs: [0, 33, 73] };
        const back = readVoices(scoreOfVoices(piece, TRIO.voices), TRIO.voices);
        expect(back.programs).toEqual(piece.programs);
        expect([...windowOf(back.grid, TRIO.voices, 0, 17)]).toEqual([...grid]);
      }),
    );
  });

  it('moves the bass and the melody and never the drums', () => {
    const grid = gridOfLines([Uint16Array.of(60, 0), Uint16Array.of(40, HOLD), Uint16Array.of(60, REST)]);
    expect([...transposeGrid(grid, TRIO.voices, 3)]).toEqual([60, 43, 63, 0, HOLD, REST]);
  });
});
