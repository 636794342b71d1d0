import type { PianoRollData, RollNote } from '@/api/types.ts';

/** The part of a piece on view: from a second on, for some seconds. */
export interface View {
  readonly from: number;
  readonly span: number;
}

/** Nothing shorter than this is zoomed to. */
export const SHORTEST_SPAN = 2;
/** What a long piece shows at first. */
export const FIRST_SPAN = 32;

/** A rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How pitches map to rows: pitched notes in a band of semitones, drums in a band of their own below. */
export interface Rows {
  /** Lowest and highest pitch of the pitched band, with a margin. */
  readonly low: number;
  readonly high: number;
  /** Drum pitches in use, low to high; one row each. */
  readonly drums: readonly number[];
  /** Share of the height that the pitched band takes. */
  readonly pitchedShare: number;
}

/** Fewer semitones than this look like nothing but fat bars. */
const LEAST_SEMITONES = 24;
const MARGIN = 2;
const DRUM_SHARE = 0.28;

export function layOutRows(roll: PianoRollData): Rows {
  let low = Infinity;
  let high = -Infinity;
  const drums = new Set<number>();
  for (const track of roll.tracks) {
    for (const [, , pitch] of track.notes) {
      if (track.isDrum) drums.add(pitch);
      else {
        low = Math.min(low, pitch);
        high = Math.max(high, pitch);
      }
    }
  }
  const pitched = high >= low;
  if (!pitched) [low, high] = [60, 60];
  const spare = Math.max(0, LEAST_SEMITONES - (high - low + 1)) / 2;
  const pitchedShare = drums.size === 0 ? 1 : pitched ? 1 - DRUM_SHARE : 0;
  return {
    low: low - MARGIN - Math.floor(spare),
    high: high + MARGIN + Math.ceil(spare),
    drums: [...drums].sort((a, b) => a - b),
    pitchedShare,
  };
}

/** The whole piece. */
export function wholeView(seconds: number): View {
  return { from: 0, span: Math.max(SHORTEST_SPAN, seconds) };
}

/** What is shown first: all of a short piece, the start of a long one. */
export function firstView(seconds: number): View {
  return seconds <= FIRST_SPAN * 1.5 ? wholeView(seconds) : { from: 0, span: FIRST_SPAN };
}

/** Keeps a view inside the piece. */
export function clampView(view: View, seconds: number): View {
  const whole = Math.max(SHORTEST_SPAN, seconds);
  const span = Math.min(Math.max(SHORTEST_SPAN, view.span), whole);
  return { span, from: Math.min(Math.max(0, view.from), whole - span) };
}

/** Scales the span by `factor` (< 1 zooms in); the second `at` stays where it is on the screen. */
export function zoomView(view: View, factor: number, at: number, seconds: number): View {
  const { span } = clampView({ from: view.from, span: view.span * factor }, seconds);
  const share = (at - view.from) / view.span;
  return clampView({ from: at - share * span, span }, seconds);
}

/** Moves on like a turned page once the playhead nears the right edge or has left the view. */
export function followView(view: View, position: number, seconds: number): View {
  const share = (position - view.from) / view.span;
  if (share >= 0 && share <= 0.85) return view;
  return clampView({ from: position - view.span * 0.15, span: view.span }, seconds);
}

export function timeToX(view: View, width: number, time: number): number {
  return ((time - view.from) / view.span) * width;
}

export function xToTime(view: View, width: number, x: number): number {
  return view.from + (x / width) * view.span;
}

/** Where a note is drawn. Rows leave a gap of a pixel where they are high enough for one. */
export function noteBox(
  note: RollNote,
  isDrum: boolean,
  rows: Rows,
  view: View,
  width: number,
  height: number,
): Box {
  const [start, duration, pitch] = note;
  const x = timeToX(view, width, start);
  const pitchedHeight = height * rows.pitchedShare;
  const row = isDrum
    ? rowOf(rows.drums.length, rows.drums.indexOf(pitch), pitchedHeight, height - pitchedHeight)
    : rowOf(rows.high - rows.low + 1, pitch - rows.low, 0, pitchedHeight);
  const gap = row.height > 4 ? 1 : 0;
  const drawn = isDrum ? Math.min(duration, 0.12) : duration;
  return {
    x,
    y: row.top,
    width: Math.max(2, (drawn / view.span) * width - gap),
    height: Math.max(2, row.height - gap),
  };
}

function rowOf(
  rows: number,
  fromBottom: number,
  top: number,
  height: number,
): { top: number; height: number } {
  const rowHeight = height / rows;
  return { top: top + height - (fromBottom + 1) * rowHeight, height: rowHeight };
}

/** Index of the last element that is not after `time`; −1 before the first. `starts` ascends. */
export function indexAt(starts: readonly number[], time: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Number of the bar that a second lies in, from 1. A hair of tolerance absorbs rounding of bar starts. */
export function barAt(bars: readonly number[], time: number): number {
  return Math.max(1, indexAt(bars, time + 1e-6) + 1);
}

/** Start of the bar `steps` away from the one at `time`; stays inside the piece. */
export function stepBars(bars: readonly number[], time: number, steps: number): number {
  const index = Math.min(bars.length - 1, Math.max(0, barAt(bars, time) - 1 + steps));
  return bars[index] ?? 0;
}
