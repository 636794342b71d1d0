import { createRng } from '@attune/core';
import { MAX_BAR_GAP } from '@attune/core/tokens';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBatch } from '../batch.ts';
import { createInputLayout, TASK_KINDS, type TaskKind } from '../input-layout.ts';
import { notesOfPiece } from '../piece.ts';
import { TINY_CONDITIONS, TINY_SHAPE } from '../test-checkpoint.ts';
import { testPiece } from '../test-piece.ts';
import { barRun, chargedNoteCount, DEFAULT_EXCERPT_OPTIONS, ExcerptSampler } from '../windows.ts';
import { DEFAULT_TASK_OPTIONS, drawTaskWindow } from './task-excerpts.ts';
import { compareNotes, sketchOf, stepsOfWindow, windowSteps } from './task-window.ts';

const piece = testPiece(160, createRng(1)); // 40 bars of four notes on two instruments
const draw = (kind: TaskKind, seed: number, hide = 0) =>
  drawTaskWindow(kind, barRun(piece, 40, 120)!, 400, createRng(seed), hide);

describe('drawTaskWindow', () => {
  it('gives and writes every note of the run once, save where nobody is known to play', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TASK_KINDS), fc.nat(1e6), (kind, seed) => {
        const { given, written, firstBar, endBar, closes, wishes } = draw(kind, seed)!;
        const run = notesOfPiece(piece, 40, 120);
        const all = kind === 'reorchestrate' ? written : [...given, ...written].sort(compareNotes);
        expect(all).toEqual(run);
        for (const note of written) {
          expect(note.bar).toBeGreaterThanOrEqual(firstBar);
          expect(note.bar).toBeLessThan(endBar);
          expect(wishes.writes).toContain(note.instrument);
        }
        if (kind === 'infill') expect(given.some(({ bar }) => bar >= firstBar && bar < endBar)).toBe(false);
        if (kind === 'accompany')
          for (const note of given) expect(wishes.writes).not.toContain(note.instrument);
        if (kind === 'reorchestrate')
          expect(new Set(given.map(({ instrument }) => instrument))).toEqual(new Set([0]));
        expect(closes).toBe(kind === 'infill'); // the piece goes on after the run
      }),
      { numRuns: 100 },
    );
  });

  it('hides what is given when asked to, and keeps to the room', () => {
    expect(draw('accompany', 1, 1)!.given).toEqual([]);
    expect(drawTaskWindow('accompany', barRun(piece, 0, 160)!, 20, createRng(1))).toBeUndefined();
  });

  it('stops at a silence that no step can say', () => {
    const [first, second] = notesOfPiece(piece, 0, 2);
    const far = { ...second!, bar: MAX_BAR_GAP + 1, instrument: 0 };
    const run = {
      notes: [first!, second!, far].sort(compareNotes),
      firstBar: 0,
      endBar: 10,
      start: 'start' as const,
      isLast: true,
    };
    const made = Array.from({ length: 20 }, (_, seed) =>
      drawTaskWindow('accompany', run, 99, createRng(seed))!,
    );
    const piano = made.find(({ wishes }) => wishes.writes[0] === 0)!;
    expect([piano.written, piano.closes]).toEqual([[first], false]);
  });
});

describe('stepsOfWindow', () => {
  it('shows the given notes, then the beginning, then each written note, predicting the next and the end', () => {
    const window = draw('infill', 4)!;
    const steps = stepsOfWindow(window);
    expect(steps).toHaveLength(windowSteps(window));
    const { length } = window.given;
    expect(steps.slice(0, length).every(({ isCharged, target }) => !isCharged && !target)).toBe(true);
    expect(steps[length]!.note).toBeUndefined();
    window.written.forEach(({ pitch, position }, i) => {
      expect(steps[length + i]!.target!.slice(1, 4)).toEqual([
        position,
        window.written[i]!.instrument,
        pitch,
      ]);
      expect(steps[length + i]!.isCharged).toBe(true);
    });
    expect(steps.at(-1)!.target![0]).toBe(9); // END
    expect(steps.at(-1)!.isCharged).toBe(true);
  });
});

describe('sketchOf', () => {
  it('keeps each pitch once a moment, the longest of equals, and drums as they are', () => {
    const note = { bar: 0, position: 0, instrument: 40, pitch: 60, duration: 3, velocity: 4 };
    const drum = { ...note, instrument: 128, pitch: 164, duration: 0 };
    const sketch = sketchOf([note, { ...note, instrument: 42, duration: 9 }, drum]);
    expect(sketch).toEqual([{ ...note, instrument: 0, duration: 9 }, drum]);
  });
});

describe('ExcerptSampler with tasks', () => {
  const options = { ...DEFAULT_EXCERPT_OPTIONS, tasks: DEFAULT_TASK_OPTIONS };
  const sampler = new ExcerptSampler([piece], [1], TINY_CONDITIONS, options);

  it('draws the stated share of tasks, each by its weight, within the room', () => {
    const rng = createRng(2);
    const counts: Record<string, number> = {};
    for (let i = 0; i < 3000; i++) {
      const { task, from, to } = sampler.draw(200, rng);
      expect(to - from).toBeLessThanOrEqual(200);
      const name = task?.wishes.kind ?? 'plain';
      counts[name] = (counts[name] ?? 0) + 1;
    }
    // 45 % plain and 2 : 2 : 1 : 1 of the rest, standard deviations below 28
    const wanted = { plain: 1350, infill: 550, accompany: 550, reorchestrate: 275, vary: 275 };
    for (const [name, count] of Object.entries(wanted))
      expect(Math.abs(counts[name]! - count)).toBeLessThan(6 * 28);
  });

  it('charges written notes alone', () => {
    const layout = createInputLayout(TINY_CONDITIONS, ['tasks']);
    const shape = { ...TINY_SHAPE, inputRows: layout.rows, window: 128 };
    const onlyTasks = { ...options, tasks: { ...DEFAULT_TASK_OPTIONS, share: 1 } };
    const batch = drawBatch(
      new ExcerptSampler([piece], [1], TINY_CONDITIONS, onlyTasks),
      2,
      128,
      shape,
      layout,
      createRng(3),
    );
    const given = ['before', 'inside', 'after'].map((role) => layout.names.indexOf(`role=${role}`));
    let givenSteps = 0;
    for (let i = 0; i < 256; i++) {
      const isGiven = given.some((row) => batch.inputs[i * layout.rows + row] === 1);
      if (!isGiven) continue;
      givenSteps++;
      expect(batch.weights.subarray(i * 6, (i + 1) * 6).every((weight) => weight === 0)).toBe(true);
    }
    expect(givenSteps).toBeGreaterThan(20);
    const excerpt = sampler.draw(200, createRng(5));
    if (excerpt.task) expect(chargedNoteCount(excerpt)).toBe(excerpt.task.written.length);
  });
});
