import type { PianoRollData } from '@/api/types.ts';
import { indexAt, noteBox, timeToX, type Rows, type View } from './geometry.ts';

/** Colours as the theme has them now; plain values that a canvas understands. */
export interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly accent: string;
  readonly instruments: readonly string[];
}

const INSTRUMENTS = 8;

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    paper: read('--paper'),
    ink: read('--ink'),
    accent: read('--accent'),
    instruments: Array.from({ length: INSTRUMENTS }, (_, index) => read(`--instrument-${index + 1}`)),
  };
}

export interface Picture {
  readonly roll: PianoRollData;
  readonly rows: Rows;
  readonly view: View;
  readonly palette: Palette;
  /** Size in CSS pixels; the context is scaled by the caller. */
  readonly width: number;
  readonly height: number;
}

/** Everything that does not move: octaves, bars with their numbers, notes (louder is more opaque). */
export function drawStill(context: CanvasRenderingContext2D, picture: Picture): void {
  const { width, height } = picture;
  context.clearRect(0, 0, width, height);
  drawOctaves(context, picture);
  drawBars(context, picture);
  drawNotes(context, picture);
  context.globalAlpha = 1;
}

function drawOctaves(context: CanvasRenderingContext2D, { rows, palette, width, height }: Picture): void {
  context.fillStyle = palette.ink;
  context.globalAlpha = 0.08;
  const pitchedHeight = height * rows.pitchedShare;
  const rowHeight = pitchedHeight / (rows.high - rows.low + 1);
  for (let pitch = Math.ceil(rows.low / 12) * 12; pitch <= rows.high; pitch += 12) {
    context.fillRect(0, Math.round(pitchedHeight - (pitch - rows.low) * rowHeight), width, 1);
  }
  if (rows.drums.length > 0 && rows.pitchedShare > 0) {
    context.globalAlpha = 0.3;
    context.fillRect(0, Math.round(pitchedHeight), width, 1);
  }
}

/** Least distance between two bar numbers, in pixels. */
const NUMBER_GAP = 44;

function drawBars(context: CanvasRenderingContext2D, { roll, view, palette, width, height }: Picture): void {
  const first = Math.max(0, indexAt(roll.bars, view.from));
  const last = indexAt(roll.bars, view.from + view.span);
  const barWidth = width / Math.max(1, last - first);
  const every = Math.max(1, 2 ** Math.ceil(Math.log2(NUMBER_GAP / barWidth)));
  context.fillStyle = palette.ink;
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'top';
  for (let bar = first; bar <= last; bar++) {
    const x = Math.round(timeToX(view, width, roll.bars[bar]!));
    const numbered = bar % every === 0;
    if (barWidth < 6 && !numbered) continue;
    context.globalAlpha = numbered ? 0.2 : 0.08;
    context.fillRect(x, 0, 1, height);
    if (!numbered) continue;
    context.globalAlpha = 0.72;
    context.fillText(String(bar + 1), x + 4, 3);
  }
}

function drawNotes(context: CanvasRenderingContext2D, picture: Picture): void {
  const { roll, rows, view, palette, width, height } = picture;
  for (const track of roll.tracks) {
    context.fillStyle = palette.instruments[track.colour % INSTRUMENTS] ?? palette.ink;
    for (const note of track.notes) {
      const [start, duration, , velocity] = note;
      if (start > view.from + view.span) break;
      if (start + duration < view.from) continue;
      const box = noteBox(note, track.isDrum, rows, view, width, height);
      context.globalAlpha = 0.55 + 0.45 * (velocity / 127);
      context.fillRect(box.x, box.y, box.width, box.height);
    }
  }
}

/** What moves: a line at the position, and an outline around the notes that sound. */
export function drawPlayhead(context: CanvasRenderingContext2D, picture: Picture, position: number): void {
  const { roll, rows, view, palette, width, height } = picture;
  context.globalAlpha = 1;
  context.fillStyle = palette.ink;
  for (const track of roll.tracks) {
    for (const note of track.notes) {
      if (note[0] > position) break;
      if (note[0] + note[1] < position) continue;
      const box = noteBox(note, track.isDrum, rows, view, width, height);
      context.fillRect(box.x, box.y, box.width, box.height);
    }
  }
  context.fillStyle = palette.accent;
  context.fillRect(Math.round(timeToX(view, width, position)) - 1, 0, 2, height);
}
