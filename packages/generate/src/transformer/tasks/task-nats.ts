import { createRng } from '@attune/core';
import type { TensorFlow } from '@attune/core/nn';
import { OPEN } from '../conditions.ts';
import type { TransformerConfig } from '../config.ts';
import { createInputLayout, type TaskKind } from '../input-layout.ts';
import type { Parameters } from '../model.ts';
import type { Piece } from '../piece.ts';
import { excerptNats } from '../train.ts';
import { barRun, type Excerpt } from '../windows.ts';
import { drawTaskWindow, stepsPerNote } from './task-excerpts.ts';
import { windowSteps } from './task-window.ts';

/** Nats a written note, given what stands beside it and with that hidden. */
export interface TaskNats {
  readonly kind: TaskKind;
  readonly windows: number;
  readonly notes: number;
  readonly given: number;
  readonly hidden: number;
}

/** The same windows of the same pieces every time: at most one a piece and `perStyle` a style, told the style alone. */
export function heldTaskExcerpts(
  pieces: readonly Piece[],
  kind: TaskKind,
  config: Pick<TransformerConfig, 'conditions' | 'shape'>,
  perStyle: number,
): Excerpt<Piece>[] {
  const rng = createRng(0).fork(kind);
  const counts = new Map<string, number>();
  const excerpts: Excerpt<Piece>[] = [];
  for (const piece of rng.shuffle([...pieces])) {
    const style = piece.style ?? 'other';
    if ((counts.get(style) ?? 0) >= perStyle) continue;
    const most = Math.floor((config.shape.window - 1) / stepsPerNote(kind));
    const run = barRun(piece, 0, Math.min(piece.barOf.length - 1, most));
    const task = run && drawTaskWindow(kind, run, config.shape.window, rng);
    if (!task || task.given.length === 0) continue;
    counts.set(style, (counts.get(style) ?? 0) + 1);
    const bins = { ...OPEN, style: config.conditions.styles.indexOf(style) };
    const common = { piece, start: run.start, firstBar: 0, tellsRemaining: false, bins, chargedFrom: 0 };
    excerpts.push({ ...common, from: 0, to: windowSteps(task), task });
  }
  return excerpts;
}

/** Each window with its context and without. */
export function taskNats(
  tf: TensorFlow,
  config: TransformerConfig,
  parameters: Parameters,
  kind: TaskKind,
  excerpts: readonly Excerpt<Piece>[],
  rows: number,
): TaskNats {
  const layout = createInputLayout(config.conditions, config.abilities);
  const natsOf = (windows: readonly Excerpt<Piece>[]): number =>
    excerptNats(tf, config.shape, parameters, layout, windows, rows).all;
  return {
    kind,
    windows: excerpts.length,
    notes: excerpts.reduce((sum, { task }) => sum + task!.written.length, 0),
    given: natsOf(excerpts),
    hidden: natsOf(excerpts.map(withoutGiven)),
  };
}

function withoutGiven(excerpt: Excerpt<Piece>): Excerpt<Piece> {
  const task = { ...excerpt.task!, given: [] };
  return { ...excerpt, to: windowSteps(task), task };
}
