import { createRng } from '@attune/core';
import { FIELD_COUNT, type GridNote } from '@attune/core/tokens';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatch } from '../batch.ts';
import { OPEN } from '../conditions.ts';
import { createInputLayout, rotationPeriods, TASK_KINDS, writeAngles } from '../input-layout.ts';
import { notesOfPiece } from '../piece.ts';
import { TINY_CONDITIONS, TINY_SHAPE } from '../test-checkpoint.ts';
import { testPiece } from '../test-piece.ts';
import { barRun } from '../windows.ts';
import { drawTaskWindow } from './task-excerpts.ts';
import { TaskStream, type StepSink, type WrittenPart } from './task-stream.ts';
import { fieldsOf, windowSteps } from './task-window.ts';

const layout = createInputLayout(TINY_CONDITIONS, ['tasks']);

/** A decoder that writes down what it is fed since its last reset. */
class Recorder implements StepSink {
  readonly window: number;
  seen: { readonly rows: number[]; readonly time: number; readonly heads: boolean }[] = [];
  mostSteps = 0;
  constructor(window: number) {
    this.window = window;
  }
  get steps(): number {
    return this.seen.length;
  }
  reset(): void {
    this.seen = [];
  }
  step(rows: Int32Array, count: number, time: number, heads = true): void {
    this.seen.push({ rows: [...rows.subarray(0, count)].sort((a, b) => a - b), time, heads });
    this.mostSteps = Math.max(this.mostSteps, this.steps);
  }
}

/** Feeds `written` note by note, as a composer does. */
function write(
  stream: TaskStream<Recorder>,
  part: WrittenPart,
  written: readonly GridNote[],
  eachNote: (so: number) => void = () => undefined,
): void {
  const piece = { steps: [] as number[], barOf: [] as number[], bars: part.pieceBars, barSteps: 96 };
  stream.prime(piece);
  written.forEach((note, i) => {
    piece.steps.push(...fieldsOf(note, written[i - 1]?.bar ?? part.firstBar));
    piece.barOf.push(note.bar - part.firstBar);
    stream.advance(piece);
    eachNote(i);
  });
}

describe('TaskStream', () => {
  it('feeds the decoder what training shows, for every task that fits into the window', () => {
    const oneRun = fc.record({
      kind: fc.constantFrom(...TASK_KINDS),
      notes: fc.integer({ min: 12, max: 60 }),
      seed: fc.nat(1e6),
    });
    fc.assert(
      fc.property(oneRun, ({ kind, notes, seed }) => {
        const rng = createRng(seed);
        const piece = testPiece(notes, rng);
        const task = drawTaskWindow(kind, barRun(piece, 0, notes)!, 256, rng);
        fc.pre(task !== undefined);
        const count = windowSteps(task);
        const excerpt = {
          ...{
            piece,
            start: 'start' as const,
            firstBar: 0,
            tellsRemaining: true,
            bins: OPEN,
            chargedFrom: 0,
          },
          ...{ from: 0, to: count, task: task },
        };
        const shape = { ...TINY_SHAPE, inputRows: layout.rows };
        const batch = createBatch([{ excerpt, row: 0, at: 0 }], 1, 256, shape, layout);
        const part: WrittenPart = { ...task, pieceBars: piece.bars };
        const recorder = new Recorder(4 * 256); // so wide that all is seen from the start
        write(new TaskStream(recorder, layout, OPEN, part), part, task.written);

        const periods = rotationPeriods(4);
        const angles = new Float32Array(4);
        expect(recorder.steps).toBe(count);
        recorder.seen.forEach(({ rows, time, heads }, step) => {
          const shown = batch.inputs.subarray(step * layout.rows, (step + 1) * layout.rows);
          expect(rows).toEqual([...shown.keys()].filter((row) => shown[row] === 1));
          writeAngles(periods, time, step, angles, 0);
          expect([...angles]).toEqual([...batch.angles.subarray(step * 4, (step + 1) * 4)]);
          expect(heads).toBe(step >= task.given.length); // only written notes are predicted
        });
      }),
      { numRuns: 60 },
    );
  });

  it('keeps within the window, always knows the given notes of the present, and sees the latest written one', () => {
    const window = 32;
    const piece = testPiece(400, createRng(5)); // 100 bars of four notes
    const all = notesOfPiece(piece);
    const given = all.filter(({ instrument }) => instrument === 0);
    const written = all.filter(({ instrument }) => instrument === 40);
    const part: WrittenPart = {
      ...{ wishes: { kind: 'accompany', writes: [40] }, given, isSketch: false },
      ...{ firstBar: 0, endBar: piece.bars, pieceBars: piece.bars },
    };
    const recorder = new Recorder(window);
    write(new TaskStream(recorder, layout, OPEN, part), part, written, (i) => {
      const { bar, position } = written[i]!;
      expect(recorder.seen.at(-1)!.time).toBeCloseTo(bar + position / 96, 12);
      const times = recorder.seen.map(({ time }) => time);
      for (const note of given.filter((one) => one.bar === bar))
        expect(times.some((time) => Math.abs(time - note.bar - note.position / 96) < 1e-9)).toBe(true);
    });
    expect(recorder.mostSteps).toBeLessThanOrEqual(window);
  });

  it('does not lose itself in a bar with more notes than the window holds', () => {
    const given = Array.from({ length: 300 }, (_, i) => ({
      ...{
        bar: i < 290 ? 0 : 1,
        position: i % 90,
        instrument: 0,
        pitch: 20 + (i % 100),
        duration: 3,
        velocity: 4,
      },
    })).sort((a, b) => a.bar - b.bar || a.position - b.position);
    const written = Array.from({ length: 80 }, (_, i) => ({
      ...{ bar: 0, position: i, instrument: 40, pitch: 60, duration: 3, velocity: 4 },
    }));
    const part: WrittenPart = {
      ...{ wishes: { kind: 'accompany', writes: [40] }, given, isSketch: false },
      ...{ firstBar: 0, endBar: 2, pieceBars: 2 },
    };
    const recorder = new Recorder(32);
    write(new TaskStream(recorder, layout, OPEN, part), part, written);
    expect(recorder.mostSteps).toBeLessThanOrEqual(32);
  });
});

describe('fieldsOf', () => {
  it('counts the bar from the one before', () => {
    const note = { bar: 7, position: 12, instrument: 40, pitch: 60, duration: 5, velocity: 3 };
    expect(fieldsOf(note, 5)).toEqual([2, 12, 40, 60, 5, 3]);
    expect(fieldsOf(note, 5)).toHaveLength(FIELD_COUNT);
  });
});
