import type { Rng } from '@attune/core';
import { DRUM_INSTRUMENT, MAX_BAR_GAP, type GridNote } from '@attune/core/tokens';
import { TASK_KINDS, type StartKind, type TaskKind } from '../input-layout.ts';
import { sketchOf, windowSteps, type TaskWindow } from './task-window.ts';

/** How training windows of tasks are drawn. */
export interface TaskOptions {
  /** Share of excerpts that are tasks; the rest is plain. */
  readonly share: number;
  /** Relative weight of each task. */
  readonly weights: Readonly<Record<TaskKind, number>>;
  /** Chance that nothing is given: what the model does without its context. */
  readonly hideGiven: number;
}
export const DEFAULT_TASK_OPTIONS: TaskOptions = {
  share: 0.55,
  weights: { infill: 2, accompany: 2, reorchestrate: 1, vary: 1 },
  hideGiven: 0.1,
};

/** A run of whole bars of a piece that tasks are made from. */
export interface BarRun {
  /** Notes of the run in order, without END. */
  readonly notes: readonly GridNote[];
  readonly firstBar: number;
  readonly endBar: number;
  readonly start: StartKind;
  /** The piece ends with the run. */
  readonly isLast: boolean;
}

const HOLE_BARS = [1, 2, 2, 4, 4, 8, 8, 16];

/** Makes a task of a run: undefined where the run does not suit the kind. At most `room` steps. */
export function drawTaskWindow(
  kind: TaskKind,
  run: BarRun,
  room: number,
  rng: Rng,
  hideGiven = 0,
): TaskWindow | undefined {
  const made = MAKERS[kind](run, rng);
  if (!made) return undefined;
  const hidden = rng.uniform() < hideGiven;
  const { written, closes } = reachable({ ...made, given: hidden ? [] : made.given });
  if (written.length === 0) return undefined;
  const window: TaskWindow = {
    ...made,
    given: hidden ? [] : made.given,
    written,
    closes,
    start: run.start,
    isSketch: kind === 'reorchestrate',
    wishes: { kind, writes: made.writes },
  };
  return windowSteps(window) <= room ? window : undefined;
}

/** Draws a kind by weight. */
export function drawTaskKind(options: TaskOptions, rng: Rng): TaskKind {
  return TASK_KINDS[rng.categorical(TASK_KINDS.map((kind) => options.weights[kind]))]!;
}

/** Steps that one note of the piece may take in a window: its sketch and itself. */
export function stepsPerNote(kind: TaskKind): number {
  return kind === 'reorchestrate' ? 2 : 1;
}

type Made = Pick<TaskWindow, 'given' | 'written' | 'firstBar' | 'endBar' | 'closes'> & {
  readonly writes: readonly number[];
};

const MAKERS: Readonly<Record<TaskKind, (run: BarRun, rng: Rng) => Made | undefined>> = {
  infill({ notes, firstBar, endBar }, rng) {
    const most = Math.max(1, Math.floor((endBar - firstBar) / 2));
    const length = Math.min(most, HOLE_BARS[rng.integer(HOLE_BARS.length)]!);
    const first = firstBar + rng.integer(endBar - firstBar - length + 1);
    const isInside = ({ bar }: GridNote): boolean => bar >= first && bar < first + length;
    return {
      given: notes.filter((note) => !isInside(note)),
      written: notes.filter(isInside),
      firstBar: first,
      endBar: first + length,
      closes: true,
      writes: instrumentsOf(notes),
    };
  },
  accompany({ notes, firstBar, endBar, isLast }, rng) {
    const all = rng.shuffle(instrumentsOf(notes));
    if (all.length < 2) return undefined;
    const writes = all.slice(0, 1 + rng.integer(all.length - 1)).sort((a, b) => a - b);
    return {
      given: notes.filter(({ instrument }) => !writes.includes(instrument)),
      written: notes.filter(({ instrument }) => writes.includes(instrument)),
      firstBar,
      endBar,
      closes: isLast,
      writes,
    };
  },
  reorchestrate({ notes, firstBar, endBar, isLast }) {
    const written = notes.filter(({ instrument }) => instrument !== DRUM_INSTRUMENT);
    if (written.length === 0) return undefined;
    return {
      given: sketchOf(notes),
      written,
      firstBar,
      endBar,
      closes: isLast,
      writes: instrumentsOf(written),
    };
  },
  vary({ notes, firstBar, endBar, isLast }, rng) {
    const keep = 0.1 + 0.8 * rng.uniform();
    const given: GridNote[] = [];
    const written: GridNote[] = [];
    for (const note of notes) (rng.uniform() < keep ? given : written).push(note);
    return { given, written, firstBar, endBar, closes: isLast, writes: instrumentsOf(notes) };
  },
};

/** The written notes up to a silence that no step can say. */
function reachable(made: Made): Pick<TaskWindow, 'written' | 'closes'> {
  let bar = made.firstBar;
  const end = made.written.findIndex((note) => {
    const isFar = note.bar - bar > MAX_BAR_GAP;
    bar = note.bar;
    return isFar;
  });
  return end < 0 ? made : { written: made.written.slice(0, end), closes: false };
}

export function instrumentsOf(notes: readonly GridNote[]): number[] {
  return [...new Set(notes.map(({ instrument }) => instrument))].sort((a, b) => a - b);
}
