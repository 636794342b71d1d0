import { AttuneError } from '../foundation/errors.ts';
import type { Score } from '../score/score.ts';
import {
  DRUM_INSTRUMENT,
  DRUM_PITCH_OFFSET,
  DURATIONS,
  INSTRUMENT_COUNT,
  MAX_BAR_GAP,
  MAX_BAR_STEPS,
  PITCH_COUNT,
  VELOCITY_COUNT,
  barStepsOf,
} from './grid.ts';
import type { Meter } from './grid.ts';
import { fromGrid, toGrid } from './grid-notes.ts';
import type { EncodingLoss } from './encoding-loss.ts';
import type { DecodeOptions, EncodeOptions, GridNote, GridPiece } from './grid-notes.ts';

/** Fields of one compound step, in the order in which they are predicted. */
export const COMPOUND_FIELDS = ['bar', 'position', 'instrument', 'pitch', 'duration', 'velocity'] as const;
/** One of `COMPOUND_FIELDS`. */
export type CompoundField = (typeof COMPOUND_FIELDS)[number];
/** Fields of a step, and columns of `CompoundSequence.steps`. */
export const FIELD_COUNT = COMPOUND_FIELDS.length;

/** Column of each field in a row of `CompoundSequence.steps`. */
export const BAR = 0;
/** Column of the onset within the bar, in steps. */
export const POSITION = 1;
/** Column of the instrument number. */
export const INSTRUMENT = 2;
/** Column of the pitch; drum keys have `DRUM_PITCH_OFFSET` added. */
export const PITCH = 3;
/** Column of the index into `DURATIONS`. */
export const DURATION = 4;
/** Column of the velocity bin. */
export const VELOCITY = 5;

/** Value of the bar field that ends a piece; the other fields of that step are 0. */
export const END = MAX_BAR_GAP + 1;

/** Number of values of each field, in field order. */
export const FIELD_SIZES: readonly number[] = [
  END + 1,
  MAX_BAR_STEPS,
  INSTRUMENT_COUNT,
  PITCH_COUNT,
  DURATIONS.length,
  VELOCITY_COUNT,
];

/**
 * A piece as one step a note (compound tokens after Hsiao et al. 2021 and Dong et al. 2023, with our fields).
 * Sorted by bar, position, instrument, pitch.
 */
export interface CompoundSequence {
  /**
   * [steps × FIELD_COUNT], row-major. `bar` is 0 for the bar of the note before (the first note: bar 0), k for
   * k bars later, `END` for the closing step.
   */
  readonly steps: Int16Array;
  /** Absolute bar index of each step; the closing step has that of the last note. */
  readonly barOf: Int32Array;
  /** Bars up to the last onset. */
  readonly bars: number;
  readonly meter: Meter;
  /** Semitones that were added to melodic pitches. */
  readonly shift: number;
}

export interface EncodedScore extends CompoundSequence {
  readonly loss: EncodingLoss;
}

/** Encodes a whole piece and closes it with an `END` step. Throws `token/invalid` as `toGrid` does. */
export function encodeCompound(score: Score, options: EncodeOptions = {}): EncodedScore {
  const piece = toGrid(score, options);
  const steps = new Int16Array((piece.notes.length + 1) * FIELD_COUNT);
  const barOf = new Int32Array(piece.notes.length + 1);
  let bar = 0;
  piece.notes.forEach((note, i) => {
    steps.set(
      [note.bar - bar, note.position, note.instrument, note.pitch, note.duration, note.velocity],
      i * FIELD_COUNT,
    );
    bar = barOf[i] = note.bar;
  });
  steps[piece.notes.length * FIELD_COUNT + BAR] = END;
  barOf[piece.notes.length] = bar;
  return { steps, barOf, bars: piece.bars, meter: piece.meter, shift: piece.shift, loss: piece.loss };
}

/**
 * The score of a sequence, closed by `END` or not. Throws `token/invalid` with step, field and value for a field
 * outside its range, a position outside the bar, a drum key on a melodic instrument or the reverse, or steps
 * after `END`.
 */
export function decodeCompound(
  sequence: Pick<CompoundSequence, 'steps' | 'meter' | 'shift'>,
  options: DecodeOptions = {},
): Score {
  return fromGrid(compoundToGrid(sequence), options);
}

/** Reads the notes of a sequence; throws as `decodeCompound` does. */
export function compoundToGrid(sequence: Pick<CompoundSequence, 'steps' | 'meter' | 'shift'>): GridPiece {
  const { steps, meter, shift } = sequence;
  if (steps.length % FIELD_COUNT !== 0) {
    throw new AttuneError(
      'token/invalid',
      `A sequence of ${steps.length} values is no whole number of steps.`,
      {
        length: steps.length,
      },
    );
  }
  const barSteps = barStepsOf(meter);
  const notes: GridNote[] = [];
  let bar = 0;
  for (let at = 0; at < steps.length; at += FIELD_COUNT) {
    const field = (column: number): number => steps[at + column]!;
    if (field(BAR) === END) {
      if (at + FIELD_COUNT < steps.length) {
        throw invalid(at, BAR, END, 'stands before the last step');
      }
      break;
    }
    for (let column = 0; column < FIELD_COUNT; column++) {
      const size = column === POSITION ? barSteps : FIELD_SIZES[column]!;
      if (field(column) < 0 || field(column) >= size)
        throw invalid(at, column, field(column), `is not below ${size}`);
    }
    const isDrum = field(INSTRUMENT) === DRUM_INSTRUMENT;
    if (isDrum !== field(PITCH) >= DRUM_PITCH_OFFSET) {
      throw invalid(at, PITCH, field(PITCH), `does not belong to instrument ${field(INSTRUMENT)}`);
    }
    bar += field(BAR);
    notes.push({
      bar,
      position: field(POSITION),
      instrument: field(INSTRUMENT),
      pitch: field(PITCH),
      duration: field(DURATION),
      velocity: field(VELOCITY),
    });
  }
  return { notes, bars: (notes.at(-1)?.bar ?? -1) + 1, meter, shift };
}

/** The compound encoding as a `Tokenizer`. */
function invalid(at: number, column: number, value: number, why: string): AttuneError {
  const step = at / FIELD_COUNT;
  const field = COMPOUND_FIELDS[column]!;
  return new AttuneError('token/invalid', `Step ${step}: ${field} ${value} ${why}.`, { step, field, value });
}
