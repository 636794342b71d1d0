import {
  DRUM_INSTRUMENT,
  FIELD_SIZES,
  INSTRUMENT,
  INSTRUMENT_COUNT,
  MAX_BAR_STEPS,
  PITCH,
  POSITION,
  STEPS_PER_QUARTER,
} from '@attune/core/tokens';
import { conditionSizes, type ConditionBins } from './conditions.ts';
import type { ConditionSpace } from './config.ts';

/** Where a piece begins for the model: at its real start, or in the middle of more music. */
export type StartKind = 'start' | 'middle';

/** Bars that remain are told exactly up to this number. */
export const MAX_BARS_REMAINING = 32;
const BAR_CYCLE = 16;
const FAMILIES = 17; // General MIDI families of eight programs, and drums
const PITCH_CLASSES = 12;
const OCTAVES = 11;
const BEATS = MAX_BAR_STEPS / STEPS_PER_QUARTER;

/** Rows of the input table, block after block. */
export interface InputLayout {
  readonly rows: number;
  /** Appends the rows of the note before (`step` of its fields) to `out` from `at`; returns the new length. */
  note(step: ArrayLike<number>, offset: number, out: Int32Array, at: number): number;
  start(kind: StartKind, out: Int32Array, at: number): number;
  /** `bar`: absolute bar of the note before; `remaining`: bars after that bar up to the last, −1 unknown. */
  metre(bar: number, remaining: number, out: Int32Array, at: number): number;
  conditions(bins: ConditionBins, out: Int32Array, at: number): number;
}

/** Most rows that one step can have: derived for buffers. */
export const MAX_ACTIVE_ROWS = 6 + 5 + 2 + 8 + INSTRUMENT_COUNT;

export function createInputLayout(space: ConditionSpace): InputLayout {
  let rows = 0;
  const block = (size: number): number => {
    const first = rows;
    rows += size;
    return first;
  };
  const fields = FIELD_SIZES.map(block);
  const pitchClass = block(PITCH_CLASSES);
  const octave = block(OCTAVES);
  const family = block(FAMILIES);
  const phase = block(STEPS_PER_QUARTER);
  const beat = block(BEATS);
  const startRows = block(2);
  const barInCycle = block(BAR_CYCLE);
  const barsRemaining = block(MAX_BARS_REMAINING + 3); // 0 … 32, more, unknown
  const sizes = conditionSizes(space);
  const single = (
    ['style', 'mode', 'tempo', 'meter', 'density', 'energy', 'valence', 'tension'] as const
  ).map((name) => ({
    name,
    size: sizes[name],
    first: block(sizes[name] + 1), // the last: unknown
  }));
  const instruments = block(INSTRUMENT_COUNT + 1);

  return {
    rows,
    note(step, offset, out, at) {
      for (let k = 0; k < fields.length; k++) out[at++] = fields[k]! + step[offset + k]!;
      const instrument = step[offset + INSTRUMENT]!;
      const position = step[offset + POSITION]!;
      if (instrument !== DRUM_INSTRUMENT) {
        const pitch = step[offset + PITCH]!;
        out[at++] = pitchClass + (pitch % 12);
        out[at++] = octave + Math.floor(pitch / 12);
      }
      out[at++] = family + (instrument >> 3);
      out[at++] = phase + (position % STEPS_PER_QUARTER);
      out[at++] = beat + Math.floor(position / STEPS_PER_QUARTER);
      return at;
    },
    start(kind, out, at) {
      out[at++] = startRows + (kind === 'start' ? 0 : 1);
      return at;
    },
    metre(bar, remaining, out, at) {
      out[at++] = barInCycle + (bar % BAR_CYCLE);
      out[at++] =
        barsRemaining +
        (remaining < 0 ? MAX_BARS_REMAINING + 2 : Math.min(remaining, MAX_BARS_REMAINING + 1));
      return at;
    },
    conditions(bins, out, at) {
      for (const { name, size, first } of single) out[at++] = first + (bins[name] < 0 ? size : bins[name]);
      if (bins.instruments === undefined) out[at++] = instruments + INSTRUMENT_COUNT;
      else for (const instrument of bins.instruments) out[at++] = instruments + instrument;
      return at;
    },
  };
}

/** First row of each field's one-hot block among the values of a note; the last entry is the number of values. */
export const FIELD_OFFSETS: readonly number[] = FIELD_SIZES.reduce<number[]>(
  (all, size) => [...all, all.at(-1)! + size],
  [0],
);
export const VALUE_COUNT = FIELD_OFFSETS.at(-1)!;

/**
 * Periods of the rotation pairs of a head: the first half in bars of musical time, the most telling first, the
 * rest in notes, geometric from 4 to 2048.
 */
export function rotationPeriods(pairs: number): {
  readonly bars: readonly number[];
  readonly notes: readonly number[];
} {
  const BAR_PERIODS = [4, 1, 8, 2, 16, 1 / 2, 32, 1 / 4, 1 / 3, 64, 1 / 6, 1 / 8, 3, 6, 12, 1 / 12];
  const inBars = Math.min(BAR_PERIODS.length, Math.ceil(pairs / 2));
  const inNotes = pairs - inBars;
  return {
    bars: BAR_PERIODS.slice(0, inBars),
    notes: Array.from({ length: inNotes }, (_, i) => 4 * 512 ** (inNotes < 2 ? 1 : i / (inNotes - 1))),
  };
}

/** Writes the angles of one step [P] to `out` from `at`. `time` in bars, `index` in notes. */
export function writeAngles(
  periods: ReturnType<typeof rotationPeriods>,
  time: number,
  index: number,
  out: Float32Array | Float64Array,
  at: number,
): void {
  for (const period of periods.bars) out[at++] = 2 * Math.PI * ((time / period) % 1);
  for (const period of periods.notes) out[at++] = 2 * Math.PI * ((index / period) % 1);
}
