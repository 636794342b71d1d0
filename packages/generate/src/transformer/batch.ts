import type { Rng } from '@attune/core';
import { BAR, END, FIELD_COUNT, FIELD_SIZES, MAX_BAR_GAP, POSITION } from '@attune/core/tokens';
import type { TransformerShape } from './config.ts';
import {
  FIELD_OFFSETS,
  MAX_ACTIVE_ROWS,
  rotationPeriods,
  VALUE_COUNT,
  writeAngles,
  type InputLayout,
} from './input-layout.ts';
import type { TransformerBatch } from './model.ts';
import { stepsOfWindow } from './tasks/task-window.ts';
import { taskRows } from './tasks/task-rows.ts';
import { MIN_EXCERPT, type Excerpt, type ExcerptSampler } from './windows.ts';

/** Where each excerpt lies in a batch. */
export interface PlacedExcerpt<E extends Excerpt = Excerpt> {
  readonly excerpt: E;
  readonly row: number;
  readonly at: number;
}

/** Lays excerpts into rows of `steps` steps, one after another; attention does not cross from one to the next. */
export function createBatch(
  placed: readonly PlacedExcerpt[],
  rows: number,
  steps: number,
  shape: TransformerShape,
  layout: InputLayout,
): TransformerBatch {
  const n = rows * steps;
  const pairs = shape.width / shape.heads / 2;
  const periods = rotationPeriods(pairs);
  const batch = {
    rows,
    steps,
    inputs: new Float32Array(n * layout.rows),
    targets: new Float32Array(n * VALUE_COUNT),
    weights: new Float32Array(n * FIELD_COUNT),
    segments: new Int32Array(n),
    angles: new Float32Array(n * pairs),
  };
  const active = new Int32Array(MAX_ACTIVE_ROWS);
  placed.forEach(({ excerpt, row, at }, number) => {
    const { piece, start, from, to, firstBar, tellsRemaining, bins, chargedFrom, form, task } = excerpt;
    const wishes = new Int32Array(MAX_ACTIVE_ROWS);
    let wishCount = layout.conditions(bins, wishes, 0);
    if (task) {
      wishCount = layout.task(task.wishes, wishes, wishCount);
      stepsOfWindow(task).forEach((step, index) => {
        const i = row * steps + at + index;
        batch.segments[i] = number + 1;
        const remaining = tellsRemaining ? piece.bars - 1 - step.bar : -1;
        const count = taskRows(layout, step, task, remaining, active);
        for (let k = 0; k < count; k++) batch.inputs[i * layout.rows + active[k]!] = 1;
        for (let k = 0; k < wishCount; k++) batch.inputs[i * layout.rows + wishes[k]!] = 1;
        writeAngles(periods, step.bar + step.position / piece.barSteps, index, batch.angles, i * pairs);
        const { target, isCharged } = step;
        for (let field = 0; field < FIELD_COUNT; field++) {
          batch.targets[i * VALUE_COUNT + FIELD_OFFSETS[field]! + (target?.[field] ?? 0)] = 1;
          const isAsked = isCharged && (field === BAR || target?.[BAR] !== END);
          if (isAsked) batch.weights[i * FIELD_COUNT + field] = 1;
        }
      });
      return;
    }
    for (let step = from; step < to; step++) {
      const i = row * steps + at + (step - from);
      batch.segments[i] = number + 1;
      const isFirst = step === from;
      const bar = !isFirst ? piece.barOf[step - 1]! : from === 0 ? 0 : piece.barOf[from]!;
      let count = isFirst
        ? layout.start(start, active, 0)
        : layout.note(piece.steps, (step - 1) * FIELD_COUNT, active, 0);
      count = layout.metre(bar - firstBar, tellsRemaining ? piece.bars - 1 - bar : -1, active, count);
      count = layout.form(form, bar, active, count);
      for (let k = 0; k < count; k++) batch.inputs[i * layout.rows + active[k]!] = 1;
      for (let k = 0; k < wishCount; k++) batch.inputs[i * layout.rows + wishes[k]!] = 1;
      const position = isFirst ? 0 : piece.steps[(step - 1) * FIELD_COUNT + POSITION]!;
      writeAngles(periods, bar - firstBar + position / piece.barSteps, step - from, batch.angles, i * pairs);

      const isEnd = piece.steps[step * FIELD_COUNT + BAR] === END;
      for (let field = 0; field < FIELD_COUNT; field++) {
        let value = piece.steps[step * FIELD_COUNT + field]!;
        // The first step of an excerpt counts its bars from the excerpt's own bar 0.
        if (field === BAR && isFirst && !isEnd) value = Math.min(MAX_BAR_GAP, firstStepBar(excerpt));
        batch.targets[i * VALUE_COUNT + FIELD_OFFSETS[field]! + value] = 1;
        if (step >= chargedFrom && !(isEnd && field !== BAR)) batch.weights[i * FIELD_COUNT + field] = 1;
      }
    }
  });
  return batch;
}

function firstStepBar({ piece, from, start }: Excerpt): number {
  return start === 'start' && from === 0 ? piece.steps[BAR]! : 0;
}

/** Fills every row with drawn excerpts. */
export function drawBatch(
  sampler: ExcerptSampler,
  rows: number,
  steps: number,
  shape: TransformerShape,
  layout: InputLayout,
  rng: Rng,
): TransformerBatch {
  const placed: PlacedExcerpt[] = [];
  for (let row = 0; row < rows; row++) {
    for (let at = 0; steps - at >= MIN_EXCERPT;) {
      const excerpt = sampler.draw(steps - at, rng);
      placed.push({ excerpt, row, at });
      at += excerpt.to - excerpt.from;
    }
  }
  return createBatch(placed, rows, steps, shape, layout);
}

export function checkFieldSizes(shape: TransformerShape): boolean {
  return (
    shape.fieldSizes.length === FIELD_SIZES.length &&
    shape.fieldSizes.every((size, k) => size === FIELD_SIZES[k])
  );
}
