import type { Rng } from '@attune/core';
import { binOf, type ConditionBins } from './conditions.ts';
import type { ConditionSpace } from './config.ts';
import { visibleFrom, type BarForm } from './form/bar-form.ts';
import type { StartKind } from './input-layout.ts';
import { binsOfPiece, measureExcerpt, notesOfPiece, stepCount, type Piece } from './piece.ts';
import {
  drawTaskKind,
  drawTaskWindow,
  stepsPerNote,
  type BarRun,
  type TaskOptions,
} from './tasks/task-excerpts.ts';
import { windowSteps, type TaskWindow } from './tasks/task-window.ts';
import { varyOrchestration } from './vary-orchestration.ts';

/** Of a piece, what the model's arrays are made from. */
export type ExcerptSource = Pick<Piece, 'steps' | 'barOf' | 'bars' | 'barSteps'>;

/** A run of steps of one piece, with what the model is told about it. */
export interface Excerpt<P extends ExcerptSource = ExcerptSource> {
  readonly piece: P;
  readonly start: StartKind;
  /** First step and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Bar of the piece that counts as bar 0. */
  readonly firstBar: number;
  /** Is it told how many bars remain? */
  readonly tellsRemaining: boolean;
  readonly bins: ConditionBins;
  /** Steps before this one are context: not charged. */
  readonly chargedFrom: number;
  /** Sections; undefined: open. */
  readonly form?: BarForm | undefined;
  /** Present: not a run of steps but a task, `from` 0 and `to` its number of steps. */
  readonly task?: TaskWindow;
}

/** Notes that an excerpt charges, closing steps not counted. */
export function chargedNoteCount({ piece, to, chargedFrom, task }: Excerpt): number {
  return task ? task.written.length : Math.min(to, stepCount(piece) - 1) - chargedFrom;
}

/** How training excerpts are drawn. */
export interface ExcerptOptions {
  /** Chance that a wish is left open, each for itself. */
  readonly dropWish: number;
  /** Chances of an excerpt from the piece's start, and of its last bars told as a short piece; else the middle. */
  readonly fromStart: number;
  readonly lastBars: number;
  /** Absent: plain excerpts only. */
  readonly tasks?: TaskOptions;
  /** Chance that the form is told; absent: never. */
  readonly tellForm?: number;
  /** Chance that a piece is heard for other instruments at another tempo (`varyOrchestration`); absent: never. */
  readonly vary?: number;
}
export const DEFAULT_EXCERPT_OPTIONS: ExcerptOptions = { dropWish: 0.2, fromStart: 0.4, lastBars: 0.2 };

/** A piece with its wishes in bins. */
interface DrawnPiece {
  readonly piece: Piece;
  readonly bins: ConditionBins;
}

/** Excerpts of fewer steps than this are not drawn. */
export const MIN_EXCERPT = 24;

/** Draws pieces by weight, and excerpts of them that begin at a bar line. */
export class ExcerptSampler {
  private readonly space: ConditionSpace;
  private readonly options: ExcerptOptions;
  private readonly cumulative: Float64Array;
  private readonly sources: readonly DrawnPiece[];

  constructor(
    pieces: readonly Piece[],
    weights: readonly number[],
    space: ConditionSpace,
    options: ExcerptOptions,
  ) {
    this.space = space;
    this.options = options;
    this.sources = pieces.map((piece) => ({ piece, bins: binsOfPiece(space, piece) }));
    let total = 0;
    this.cumulative = Float64Array.from(weights, (weight) => (total += weight));
  }

  /** At most `room` steps. */
  draw(room: number, rng: Rng): Excerpt<Piece> {
    const { tasks } = this.options;
    const task = tasks && rng.uniform() < tasks.share ? this.drawTask(tasks, room, rng) : undefined;
    return task ?? this.drawPlain(room, rng);
  }

  /** A task of a run of whole bars; undefined where the piece that was drawn does not suit. */
  private drawTask(tasks: TaskOptions, room: number, rng: Rng): Excerpt<Piece> | undefined {
    const kind = drawTaskKind(tasks, rng);
    const source = this.drawPiece(rng);
    const { piece } = source;
    const notes = stepCount(piece) - 1;
    const most = Math.floor((room - 1) / stepsPerNote(kind));
    const isStart = rng.uniform() < this.options.fromStart || notes <= MIN_EXCERPT;
    const from = isStart ? 0 : barStart(piece, rng.integer(notes - MIN_EXCERPT));
    const run = barRun(piece, from, Math.min(notes, from + most));
    if (!run) return undefined;
    const task = drawTaskWindow(kind, run, room, rng, tasks.hideGiven);
    if (!task) return undefined;
    const wishes = this.excerpt(source, run.start, from, from + run.notes.length, rng);
    return { ...wishes, firstBar: 0, from: 0, to: windowSteps(task), chargedFrom: 0, form: undefined, task };
  }

  private drawPlain(room: number, rng: Rng): Excerpt<Piece> {
    const source = this.drawPiece(rng);
    const { piece } = source;
    const count = stepCount(piece);
    const kind = rng.uniform();
    const { fromStart, lastBars } = this.options;
    if (count <= room || kind < fromStart) {
      return kind >= fromStart && kind < fromStart + lastBars
        ? this.lastBars(source, room, rng)
        : this.excerpt(source, 'start', 0, Math.min(count, room), rng);
    }
    if (kind < fromStart + lastBars) return this.lastBars(source, room, rng);
    const from = barStart(piece, rng.integer(count - MIN_EXCERPT));
    return from === 0
      ? this.excerpt(source, 'start', 0, room, rng)
      : this.excerpt(source, 'middle', from, Math.min(count, from + room), rng);
  }

  /** The last bars of a piece as a piece of their own: how short pieces end. */
  private lastBars(source: DrawnPiece, room: number, rng: Rng): Excerpt<Piece> {
    const { piece } = source;
    const count = stepCount(piece);
    const wanted = 4 + rng.integer(33);
    let from = count - 1;
    const firstBar = Math.max(0, piece.bars - wanted);
    while (from > 0 && piece.barOf[from - 1]! >= firstBar) from--;
    if (from > count - MIN_EXCERPT) from = barStart(piece, Math.max(0, count - MIN_EXCERPT));
    return this.excerpt(source, 'start', from, Math.min(count, from + room), rng);
  }

  private excerpt(
    { piece, bins: own }: DrawnPiece,
    start: StartKind,
    from: number,
    to: number,
    rng: Rng,
  ): Excerpt<Piece> {
    const { dropWish } = this.options;
    const drop = (): boolean => rng.uniform() < dropWish;
    const open = (bin: number): number => (drop() ? -1 : bin);
    const measured = measureExcerpt(piece, from, Math.min(to, stepCount(piece) - 1));
    const instruments = rng.uniform() < 0.5 ? own.instruments : measured.instruments;
    const { tellForm } = this.options;
    const form = tellForm !== undefined && rng.uniform() < tellForm ? piece.form : undefined;
    return {
      ...(form && { form: visibleFrom(form, from === 0 ? 0 : piece.barOf[from]!) }),
      piece,
      start,
      from,
      to,
      firstBar: start === 'start' && from > 0 ? piece.barOf[from]! : 0,
      tellsRemaining: !drop(),
      chargedFrom: start === 'start' ? from : from + 1,
      bins: {
        style: open(own.style),
        mode: open(own.mode),
        tempo: open(own.tempo),
        meter: open(own.meter),
        density: open(binOf(this.space.densityEdges, measured.density)),
        energy: open(own.energy),
        valence: open(own.valence),
        tension: open(own.tension),
        instruments: drop() ? undefined : instruments,
      },
    };
  }

  private drawPiece(rng: Rng): DrawnPiece {
    const source = this.sources[this.drawIndex(rng)]!;
    const { vary } = this.options;
    if (vary === undefined || rng.uniform() >= vary) return source;
    const piece = varyOrchestration(source.piece, rng);
    // Energy was measured at the old tempo.
    return { piece, bins: { ...binsOfPiece(this.space, piece), energy: -1 } };
  }

  private drawIndex(rng: Rng): number {
    const target = rng.uniform() * this.cumulative.at(-1)!;
    let low = 0;
    let high = this.cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cumulative[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/**
 * A whole piece in windows of `window` steps that overlap by half, so that each step is charged once and all but
 * the first ones have context. `bins` as given for every window.
 */
export function wholePieceExcerpts<P extends ExcerptSource>(
  piece: P,
  window: number,
  bins: ConditionBins,
  tellsRemaining: boolean,
): Excerpt<P>[] {
  const count = stepCount(piece);
  const common = { piece, firstBar: 0, tellsRemaining, bins };
  const excerpts: Excerpt<P>[] = [
    { ...common, start: 'start', from: 0, to: Math.min(count, window), chargedFrom: 0 },
  ];
  let charged = Math.min(count, window);
  while (charged < count) {
    const middle = charged - (window >> 1);
    const next = barStart(piece, middle);
    const from = next > 0 && next >= middle - (window >> 2) ? next : middle;
    const to = Math.min(count, from + window);
    excerpts.push({ ...common, start: 'middle', from, to, chargedFrom: charged });
    charged = to;
  }
  return excerpts;
}

/** The notes from step `from` up to `to`, cut back to whole bars where a bar line lies between. */
export function barRun(piece: Piece, from: number, to: number): BarRun | undefined {
  const notes = stepCount(piece) - 1;
  const cut = to >= notes ? notes : barStart(piece, to);
  const end = cut > from ? cut : to;
  if (end <= from) return undefined;
  const firstBar = from === 0 ? 0 : piece.barOf[from]!;
  return {
    notes: notesOfPiece(piece, from, end),
    firstBar,
    endBar: piece.barOf[end - 1]! + 1,
    start: from === 0 ? 'start' : 'middle',
    isLast: end === notes,
  };
}

/** First step of the bar that holds `step`. */
function barStart(piece: ExcerptSource, step: number): number {
  let first = step;
  while (first > 0 && piece.barOf[first - 1] === piece.barOf[step]) first--;
  return first;
}

/** Style weights: (notes of the style)^`power`, shared among its pieces by their notes times `factor`. */
export function pieceWeights(
  pieces: readonly Piece[],
  power: number,
  factor: (piece: Piece) => number = () => 1,
): { weights: number[]; styles: Record<string, number> } {
  const notes = new Map<string, number>();
  const nameOf = (piece: Piece): string => piece.style ?? 'other';
  for (const piece of pieces)
    notes.set(nameOf(piece), (notes.get(nameOf(piece)) ?? 0) + stepCount(piece) * factor(piece));
  const total = [...notes.values()].reduce((sum, n) => sum + n ** power, 0);
  return {
    weights: pieces.map((piece) => {
      const own = notes.get(nameOf(piece))!;
      return (own ** power / total) * ((stepCount(piece) * factor(piece)) / own);
    }),
    styles: Object.fromEntries([...notes].sort().map(([name, n]) => [name, n ** power / total])),
  };
}
