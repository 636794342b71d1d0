import { findKey, type Score } from '@attune/core';
import { analyseScore, type Mode, type MoodAxis } from '@attune/core/style';
import {
  barStepsOf,
  canonicalShift,
  DURATION,
  DURATIONS,
  encodeCompound,
  FIELD_COUNT,
  INSTRUMENT,
  PITCH,
  POSITION,
  STEPS_PER_QUARTER,
  VELOCITY,
  type GridNote,
  type Meter,
} from '@attune/core/tokens';
import { MODES, binOf, meterBin, type ConditionBins } from './conditions.ts';
import type { ConditionSpace } from './config.ts';
import type { BarForm } from './form/bar-form.ts';

/** A piece as the model sees it: steps in the canonical key, and what would be asked for to get it. */
export interface Piece {
  readonly id: string;
  /** Name of the style; undefined where its source names none of ours. */
  readonly style: string | undefined;
  /** [steps × FIELD_COUNT], closed by END. */
  readonly steps: Int16Array;
  readonly barOf: Int32Array;
  readonly bars: number;
  readonly meter: Meter;
  readonly barSteps: number;
  /** Tonic of the score before it was moved to the canonical key; undefined without a key. */
  readonly tonic: number | undefined;
  readonly mode: Mode | undefined;
  readonly tempo: number;
  readonly density: number;
  readonly mood: Readonly<Record<MoodAxis, number>>;
  readonly instruments: readonly number[];
  /** Sections, where they were looked for. */
  readonly form?: BarForm;
}

/** Number of steps, END included. */
export function stepCount(piece: Pick<Piece, 'barOf'>): number {
  return piece.barOf.length;
}

/** Encodes a score in its canonical key. Undefined for a score without notes. */
export function pieceOfScore(score: Score, id: string, style: string | undefined): Piece | undefined {
  if (score.tracks.every((track) => track.notes.length === 0)) return undefined;
  const key = findKey(score);
  const shift = key ? canonicalShift(key.tonic, key.mode) : 0;
  const { steps, barOf, bars, meter } = encodeCompound(score, { shift });
  const analysis = analyseScore(score);
  return {
    id,
    style,
    steps,
    barOf,
    bars,
    meter,
    barSteps: barStepsOf(meter),
    tonic: key?.tonic,
    mode: key?.mode,
    tempo: analysis.tempo,
    density: analysis.density,
    mood: analysis.rawMood,
    instruments: analysis.instruments,
  };
}

/** The notes of the steps from `from` up to `to` (END not among them). */
export function notesOfPiece(
  piece: Pick<Piece, 'steps' | 'barOf'>,
  from = 0,
  to = stepCount(piece) - 1,
): GridNote[] {
  const { steps, barOf } = piece;
  return Array.from({ length: to - from }, (_, i) => {
    const at = (from + i) * FIELD_COUNT;
    return {
      bar: barOf[from + i]!,
      position: steps[at + POSITION]!,
      instrument: steps[at + INSTRUMENT]!,
      pitch: steps[at + PITCH]!,
      duration: steps[at + DURATION]!,
      velocity: steps[at + VELOCITY]!,
    };
  });
}

export function binsOfPiece(space: ConditionSpace, piece: Piece): ConditionBins {
  return {
    style: piece.style === undefined ? -1 : space.styles.indexOf(piece.style),
    mode: piece.mode === undefined ? -1 : MODES.indexOf(piece.mode),
    tempo: binOf(space.tempoEdges, piece.tempo),
    meter: meterBin(space, piece.meter),
    density: binOf(space.densityEdges, piece.density),
    energy: binOf(space.moodEdges.energy, piece.mood.energy),
    valence: binOf(space.moodEdges.valence, piece.mood.valence),
    tension: binOf(space.moodEdges.tension, piece.mood.tension),
    instruments: piece.instruments,
  };
}

/** Notes a quarter and instruments of the steps from `from` up to `to` (END not among them). */
export function measureExcerpt(
  piece: Piece,
  from: number,
  to: number,
): { readonly density: number; readonly instruments: readonly number[] } {
  const { steps, barOf, barSteps } = piece;
  const seen = new Set<number>();
  let last = 0;
  const onset = (i: number): number => barOf[i]! * barSteps + steps[i * FIELD_COUNT + POSITION]!;
  for (let i = from; i < to; i++) {
    seen.add(steps[i * FIELD_COUNT + INSTRUMENT]!);
    last = Math.max(last, onset(i) + DURATIONS[steps[i * FIELD_COUNT + DURATION]!]!);
  }
  const quarters = Math.max(1, (last - onset(from)) / STEPS_PER_QUARTER);
  return { density: (to - from) / quarters, instruments: [...seen].sort((a, b) => a - b) };
}
