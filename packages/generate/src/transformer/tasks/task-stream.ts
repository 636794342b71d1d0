import { FIELD_COUNT, POSITION, type GridNote } from '@attune/core/tokens';
import type { ConditionBins } from '../conditions.ts';
import type { Decoder } from '../decoder.ts';
import { MAX_ACTIVE_ROWS, type InputLayout, type TaskWishes } from '../input-layout.ts';
import type { PieceSoFar } from '../note-stream.ts';
import { taskRows } from './task-rows.ts';
import { beginning, givenSteps, type TaskStep } from './task-window.ts';

/** What is given and where writing goes on; bars are those of the piece. */
export interface WrittenPart {
  readonly wishes: TaskWishes;
  /** Sorted. With `isSketch` their instruments are hidden, drums not. */
  readonly given: readonly GridNote[];
  readonly isSketch: boolean;
  /** Bars that are written: from the first up to the one before `endBar`. */
  readonly firstBar: number;
  readonly endBar: number;
  /** Bars of the whole piece. */
  readonly pieceBars: number;
}

/** What a decoder is, as far as a stream needs it. */
export type StepSink = Pick<Decoder, 'window' | 'steps' | 'reset' | 'step'>;

/** Share of the window that a fresh start leaves for writing. */
const ROOM_SHARE = 1 / 4;
/** Bars on each side of the present that are looked at, at most. */
const MOST_BARS = 64;
/** Bars that are looked ahead for each bar looked back. */
const AHEAD_FOR_BACK = 2;

/**
 * Feeds given and written notes to a decoder, window by window: the given notes around the present, then what was
 * written of the same bars. Bars of `PieceSoFar` count from the part's first bar.
 */
export class TaskStream<D extends StepSink = Decoder> {
  readonly decoder: D;
  private readonly layout: InputLayout;
  private readonly part: WrittenPart;
  private readonly givenFrom: Int32Array; // [pieceBars + 1] first given note at or after each bar
  private readonly active = new Int32Array(MAX_ACTIVE_ROWS);
  private readonly wishes = new Int32Array(MAX_ACTIVE_ROWS);
  private readonly wishCount: number;
  private window: { readonly start: 'start' | 'middle'; readonly endBar: number };
  private seenTo = 0; // first bar whose given notes the decoder does not know
  private primedAt = -1;

  constructor(decoder: D, layout: InputLayout, bins: ConditionBins, part: WrittenPart) {
    this.decoder = decoder;
    this.layout = layout;
    this.part = part;
    this.window = { start: 'start', endBar: part.endBar };
    this.wishCount = layout.task(part.wishes, this.wishes, layout.conditions(bins, this.wishes, 0));
    this.givenFrom = new Int32Array(part.pieceBars + 1);
    let at = 0;
    for (let bar = 0; bar <= part.pieceBars; bar++) {
      while (at < part.given.length && part.given[at]!.bar < bar) at++;
      this.givenFrom[bar] = at;
    }
  }

  /** Starts anew around the latest note. */
  prime(piece: PieceSoFar): void {
    const { part, decoder } = this;
    const count = piece.barOf.length;
    const now = part.firstBar + (piece.barOf[count - 1] ?? 0);
    const room = decoder.window - 1 - Math.ceil(ROOM_SHARE * decoder.window);
    const { from, to } = this.span(piece, now, room);
    const given = nearest(part.given.slice(this.givenFrom[from], this.givenFrom[to]), now, room);
    let first = count;
    while (first > 0 && part.firstBar + piece.barOf[first - 1]! >= from) first--;
    first = Math.max(first, count - (room - given.length));
    this.window = { start: from === 0 ? 'start' : 'middle', endBar: part.endBar };
    this.seenTo = to;
    this.primedAt = now;
    decoder.reset();
    for (const step of givenSteps(part, given)) this.input(step, piece, false);
    const begin = first === 0 ? part.firstBar : part.firstBar + piece.barOf[first]!;
    this.input(beginning(Math.max(begin, part.firstBar)), piece, first === count);
    for (let i = first; i < count; i++) this.feed(piece, i, i === count - 1);
  }

  /** Takes the latest note. */
  advance(piece: PieceSoFar): void {
    const last = piece.barOf.length - 1;
    const now = this.part.firstBar + piece.barOf[last]!;
    const isBlind = now + 1 >= this.seenTo && this.seenTo < this.part.pieceBars && now > this.primedAt;
    if (isBlind || this.decoder.steps >= this.decoder.window) this.prime(piece);
    else this.feed(piece, last, true);
  }

  /** Bars around `now` whose given and written notes fit into `room` steps. */
  private span(piece: PieceSoFar, now: number, room: number): { from: number; to: number } {
    const { pieceBars, firstBar } = this.part;
    const written = new Map<number, number>();
    for (const bar of piece.barOf) written.set(firstBar + bar, (written.get(firstBar + bar) ?? 0) + 1);
    const cost = (bar: number): number =>
      this.givenFrom[bar + 1]! - this.givenFrom[bar]! + (written.get(bar) ?? 0);
    let [from, to] = [now, now + 1];
    let used = cost(now);
    const grow = (bar: number): boolean => {
      if (bar < 0 || bar >= pieceBars || Math.abs(bar - now) > MOST_BARS || used + cost(bar) > room)
        return false;
      used += cost(bar);
      return true;
    };
    for (let turn = 0, [ahead, back] = [true, true]; ahead || back; turn++) {
      if (turn % (AHEAD_FOR_BACK + 1) < AHEAD_FOR_BACK) {
        ahead &&= grow(to);
        if (ahead) to++;
      } else {
        back &&= grow(from - 1);
        if (back) from--;
      }
    }
    return { from, to };
  }

  private feed(piece: PieceSoFar, index: number, heads: boolean): void {
    const at = index * FIELD_COUNT;
    const fields = Array.from({ length: FIELD_COUNT }, (_, k) => piece.steps[at + k]!);
    const bar = this.part.firstBar + piece.barOf[index]!;
    const note = { note: undefined, fields, isSketch: false, role: 'written', bar } as const;
    this.input({ ...note, position: fields[POSITION]! }, piece, heads);
  }

  private input(step: Omit<TaskStep, 'target' | 'isCharged'>, piece: PieceSoFar, heads: boolean): void {
    const { active, decoder } = this;
    let count = taskRows(this.layout, step, this.window, this.part.pieceBars - 1 - step.bar, active);
    for (let i = 0; i < this.wishCount; i++) active[count++] = this.wishes[i]!;
    decoder.step(active, count, step.bar + step.position / piece.barSteps, heads);
  }
}

/** At most `count` notes: those nearest to the beginning of bar `now`, in order. */
function nearest(notes: readonly GridNote[], now: number, count: number): readonly GridNote[] {
  if (notes.length <= count) return notes;
  const here = notes.findIndex(({ bar }) => bar >= now);
  const from = Math.min(notes.length - count, Math.max(0, (here < 0 ? notes.length : here) - (count >> 2)));
  return notes.slice(from, from + count);
}
