import type { Chord, Note, Tick } from '@attune/core';
import { chordTones, type ChordSpan } from '@attune/core';
import { BAND_PARTS, type BandPart } from '../performance/band-parts.ts';
import { KIT_CLASSES, kitClassOf } from '../performance/kit-classes.ts';

/** Sixteenths of a quarter, quarters and sixteenths of a window of two bars of 4/4. */
export const STEPS_PER_QUARTER = 4;
export const WINDOW_QUARTERS = 8;
export const WINDOW_STEPS = WINDOW_QUARTERS * STEPS_PER_QUARTER;

interface PartCells {
  /** First cell of the part in a step, and how many there are. */
  readonly from: number;
  readonly count: number;
  /** Pitch of the first cell; of a part without pitches 0. */
  readonly low: number;
  /** Cell that tells whether the part strikes anew at this step; −1: every cell that is on is a stroke. */
  readonly strike: number;
}

/** Pitches of each part in the canonical key: lowest, and how many; what lies outside is folded in by octaves. */
const PITCHES: Readonly<Record<Exclude<BandPart, 'drums'>, readonly [low: number, count: number]>> = {
  melody: [52, 36],
  comping: [36, 40],
  pad: [52, 24],
  bass: [26, 28],
};
const PITCHED = BAND_PARTS.slice(0, -1) as readonly Exclude<BandPart, 'drums'>[];
const PITCH_CELLS = PITCHED.reduce((sum, part) => sum + PITCHES[part][1], 0);

/** Where each part lies in a step: its pitches or drums, and after those of all parts one strike cell a pitched part. */
export const PART_CELLS: Readonly<Record<BandPart, PartCells>> = (() => {
  let from = 0;
  const cells = {} as Record<BandPart, PartCells>;
  PITCHED.forEach((part, i) => {
    const [low, count] = PITCHES[part];
    cells[part] = { from, count, low, strike: PITCH_CELLS + KIT_CLASSES.length + i };
    from += count;
  });
  cells.drums = { from, count: KIT_CLASSES.length, low: 0, strike: -1 };
  return cells;
})();
/** Cells of one step. */
export const CELLS = PITCH_CELLS + KIT_CLASSES.length + PITCHED.length;
/** Values of the chord of one quarter: 12 tones, then the bass as one of 12. */
export const CHORD_VALUES = 24;

/** Binary piano roll of a band: [steps × CELLS], and the chords of its quarters [quarters × CHORD_VALUES]. */
export interface BandRoll {
  readonly cells: Uint8Array;
  readonly chords: Uint8Array;
}

/** Cells of a part that the roll holds: [CELLS] of 0 and 1. */
export function cellsOfParts(parts: readonly BandPart[]): Uint8Array {
  const mask = new Uint8Array(CELLS);
  for (const part of parts) {
    const { from, count, strike } = PART_CELLS[part];
    mask.fill(1, from, from + count);
    if (strike >= 0) mask[strike] = 1;
  }
  return mask;
}

/** How ticks become sixteenths and back. Swung eighths (2 : 1) count as even ones where `swings`. */
export interface StepGrid {
  readonly ticksPerQuarter: number;
  readonly swings: boolean;
}

/** Nearest sixteenth of a tick. */
export function stepOfTick(tick: Tick, { ticksPerQuarter, swings }: StepGrid): number {
  const quarter = Math.floor(tick / ticksPerQuarter);
  const share = tick / ticksPerQuarter - quarter;
  const even = !swings ? share : share < 2 / 3 ? share * 0.75 : 0.5 + (share - 2 / 3) * 1.5;
  return Math.round((quarter + even) * STEPS_PER_QUARTER);
}

/** Tick of a sixteenth: the inverse of `stepOfTick` on the grid. */
export function tickOfStep(step: number, { ticksPerQuarter, swings }: StepGrid): Tick {
  const quarter = Math.floor(step / STEPS_PER_QUARTER);
  const share = step / STEPS_PER_QUARTER - quarter;
  const played = !swings ? share : share <= 0.5 ? share / 0.75 : 2 / 3 + (share - 0.5) / 1.5;
  return Math.round((quarter + played) * ticksPerQuarter);
}

/** Writes notes of a part into a roll of `cells.length / CELLS` steps; what lies beyond its end is left out. */
export function drawPart(
  cells: Uint8Array,
  part: BandPart,
  notes: readonly Note[],
  shift: number,
  grid: StepGrid,
): void {
  const steps = cells.length / CELLS;
  const { from, count, low, strike } = PART_CELLS[part];
  for (const note of notes) {
    const first = stepOfTick(note.start, grid);
    if (first >= steps) continue;
    if (part === 'drums') {
      const drum = kitClassOf(note.pitch);
      if (drum !== undefined) cells[first * CELLS + from + drum] = 1;
      continue;
    }
    const last = Math.min(steps, Math.max(first + 1, stepOfTick(note.start + note.duration, grid)));
    const pitch = foldPitch(note.pitch + shift, low, count);
    for (let step = first; step < last; step++) cells[step * CELLS + from + pitch - low] = 1;
    cells[first * CELLS + strike] = 1;
  }
}

/** Notes of a part of a roll: a cell that stays on is one note until the part strikes anew. `velocityOf` is asked at each onset. */
export function readPart(
  cells: Uint8Array,
  part: BandPart,
  shift: number,
  grid: StepGrid,
  velocityOf: (step: number, pitch: number) => number,
): Note[] {
  const steps = cells.length / CELLS;
  const { from, count, low, strike } = PART_CELLS[part];
  const notes: Note[] = [];
  const write = (cell: number, first: number, last: number): void => {
    const start = tickOfStep(first, grid);
    const pitch = part === 'drums' ? KIT_CLASSES[cell]![0] : low + cell - shift;
    notes.push({
      start,
      duration: tickOfStep(last, grid) - start,
      pitch,
      velocity: velocityOf(first, pitch),
    });
  };
  for (let cell = 0; cell < count; cell++) {
    let onset = -1;
    for (let step = 0; step <= steps; step++) {
      const on = step < steps && cells[step * CELLS + from + cell] === 1;
      const strikes = on && (strike < 0 || onset < 0 || cells[step * CELLS + strike] === 1);
      if (onset >= 0 && (!on || strikes)) {
        write(cell, onset, step);
        onset = -1;
      }
      if (strikes) onset = step;
    }
  }
  return notes;
}

/** Chords of `quarters` quarters, each as it stands in the middle of the quarter. */
export function drawChords(
  spans: readonly ChordSpan[],
  quarters: number,
  shift: number,
  ticksPerQuarter: number,
): Uint8Array {
  const chords = new Uint8Array(quarters * CHORD_VALUES);
  let at = 0;
  for (let quarter = 0; quarter < quarters; quarter++) {
    const middle = (quarter + 0.5) * ticksPerQuarter;
    while (at < spans.length && spans[at]!.end <= middle) at++;
    const span = spans[at];
    if (span?.chord && span.start <= middle) drawChord(chords, quarter, span.chord, shift);
  }
  return chords;
}

function drawChord(chords: Uint8Array, quarter: number, chord: Chord, shift: number): void {
  const move = (tone: number): number => (((tone + shift) % 12) + 12) % 12;
  for (const tone of chordTones(chord)) chords[quarter * CHORD_VALUES + move(tone)] = 1;
  chords[quarter * CHORD_VALUES + 12 + move(chord.bass)] = 1;
}

function foldPitch(pitch: number, low: number, count: number): number {
  let folded = pitch;
  while (folded < low) folded += 12;
  while (folded >= low + count) folded -= 12;
  return folded;
}
