import { findKey } from '@attune/core';
import type { Score } from '@attune/core';
import { analyseScore } from '@attune/core/style';
import type { Conditioning } from '@attune/core/style';

/** What was asked for, and what came. */
export interface ControlledPiece {
  readonly request: Conditioning;
  readonly score: Score;
}

/** Who judges, and how strictly. */
export interface ControlAccuracyOptions {
  /** Independent judge of style; null where it is unsure, which counts as wrong. Without it style is not judged. */
  readonly classifyStyle?: (score: Score) => string | null;
  /** Tempo may be off by this share; default 0.005 (MIDI stores whole microseconds a quarter). */
  readonly tempoTolerance?: number;
  /** Density may be off by this share; default 0.15. */
  readonly densityTolerance?: number;
}

/** Wishes of a `Conditioning` whose fulfilment is measured. */
export const CONTROLS = ['style', 'key', 'mode', 'tempo', 'meter', 'instruments', 'density'] as const;
/** One of `CONTROLS`. */
export type Control = (typeof CONTROLS)[number];

/** How often one wish was met. */
export interface ControlAccuracy {
  /** Pieces that asked for this control. */
  readonly asked: number;
  /** Pieces in which the analyser found what was asked for. */
  readonly met: number;
  /** met / asked; NaN where nobody asked. */
  readonly share: number;
}

/** Whether a piece has what was asked for, control by control; controls left open are absent. */
export function controlsMet(
  { request, score }: ControlledPiece,
  options: ControlAccuracyOptions = {},
): Partial<Record<Control, boolean>> {
  const analysis = analyseScore(score);
  const key = findKey(score);
  const met: Partial<Record<Control, boolean>> = {};
  if (request.style !== undefined && options.classifyStyle)
    met.style = options.classifyStyle(score) === request.style;
  if (request.tonic !== undefined) {
    met.key = key?.tonic === request.tonic && (request.mode === undefined || key.mode === request.mode);
  }
  if (request.mode !== undefined) met.mode = key?.mode === request.mode;
  if (request.tempo !== undefined) {
    met.tempo = Math.abs(analysis.tempo / request.tempo - 1) <= (options.tempoTolerance ?? 0.005);
  }
  if (request.meter !== undefined) {
    met.meter =
      analysis.meter.numerator === request.meter.numerator &&
      analysis.meter.denominator === request.meter.denominator;
  }
  if (request.instruments !== undefined) {
    const asked = [...new Set(request.instruments)].sort((a, b) => a - b);
    met.instruments =
      asked.length === analysis.instruments.length && asked.every((p, i) => p === analysis.instruments[i]);
  }
  if (request.density !== undefined) {
    met.density = Math.abs(analysis.density / request.density - 1) <= (options.densityTolerance ?? 0.15);
  }
  return met;
}

/** Share of pieces that have what was asked for. Pieces without notes miss everything that they were asked. */
export function controlAccuracy(
  pieces: readonly ControlledPiece[],
  options: ControlAccuracyOptions = {},
): Readonly<Record<Control, ControlAccuracy>> {
  const rows = pieces.map((piece) =>
    piece.score.tracks.some((track) => track.notes.length > 0)
      ? controlsMet(piece, options)
      : nothingMet(piece.request),
  );
  const summary = (control: Control): ControlAccuracy => {
    const judged = rows.filter((row) => row[control] !== undefined);
    const met = judged.filter((row) => row[control]).length;
    return { asked: judged.length, met, share: met / judged.length };
  };
  return Object.fromEntries(CONTROLS.map((control) => [control, summary(control)])) as Record<
    Control,
    ControlAccuracy
  >;
}

function nothingMet(request: Conditioning): Partial<Record<Control, boolean>> {
  return Object.fromEntries(
    CONTROLS.filter((control) => request[control === 'key' ? 'tonic' : control] !== undefined).map((c) => [
      c,
      false,
    ]),
  );
}
