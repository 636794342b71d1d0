import { FIELD_COUNT, POSITION } from '@attune/core/tokens';
import type { ConditionBins } from './conditions.ts';
import type { Decoder } from './decoder.ts';
import { visibleFrom, type BarForm } from './form/bar-form.ts';
import { MAX_ACTIVE_ROWS, type InputLayout } from './input-layout.ts';

/** Steps of a piece so far, and where it is to end. */
export interface PieceSoFar {
  /** [steps × FIELD_COUNT] */
  readonly steps: ArrayLike<number>;
  readonly barOf: readonly number[];
  readonly bars: number;
  readonly barSteps: number;
}

/** Feeds a growing piece to a decoder, always told the same wishes. */
export class NoteStream {
  readonly decoder: Decoder;
  private readonly layout: InputLayout;
  private readonly active = new Int32Array(MAX_ACTIVE_ROWS);
  private readonly wishes = new Int32Array(MAX_ACTIVE_ROWS);
  private readonly wishCount: number;
  private readonly form: BarForm | undefined;
  private visible: BarForm | undefined;

  constructor(decoder: Decoder, layout: InputLayout, bins: ConditionBins, form?: BarForm) {
    this.decoder = decoder;
    this.form = form;
    this.layout = layout;
    this.wishCount = layout.conditions(bins, this.wishes, 0);
  }

  /** Starts anew on the latest notes: from the start, or with half a window of context. */
  prime(piece: PieceSoFar): void {
    const count = piece.barOf.length;
    const { window } = this.decoder;
    this.decoder.reset();
    const from = count < window ? 0 : contextStart(piece.barOf, count - (window >> 1), window >> 2);
    const bar = from === 0 ? 0 : piece.barOf[from]!;
    this.visible = this.form && visibleFrom(this.form, bar);
    const rows = this.layout.start(from === 0 ? 'start' : 'middle', this.active, 0);
    this.input(rows, bar, 0, piece, from === count);
    for (let i = from; i < count; i++) this.feed(piece, i, i === count - 1);
  }

  /** Takes the latest note. */
  advance(piece: PieceSoFar): void {
    if (this.decoder.steps >= this.decoder.window) this.prime(piece);
    else this.feed(piece, piece.barOf.length - 1, true);
  }

  private feed(piece: PieceSoFar, index: number, heads: boolean): void {
    const rows = this.layout.note(piece.steps, index * FIELD_COUNT, this.active, 0);
    this.input(rows, piece.barOf[index]!, piece.steps[index * FIELD_COUNT + POSITION]!, piece, heads);
  }

  private input(noteRows: number, bar: number, position: number, piece: PieceSoFar, heads: boolean): void {
    let count = this.layout.metre(bar, piece.bars - 1 - bar, this.active, noteRows);
    count = this.layout.form(this.visible, bar, this.active, count);
    for (let i = 0; i < this.wishCount; i++) this.active[count++] = this.wishes[i]!;
    this.decoder.step(this.active, count, bar + position / piece.barSteps, heads);
  }
}

/** The first step of a bar near `step`, where the bar is not longer than `limit` steps. */
function contextStart(barOf: readonly number[], step: number, limit: number): number {
  let first = step;
  while (first > 0 && barOf[first - 1] === barOf[step]) first--;
  return step - first < limit ? first : step;
}
