import type { Second } from '../foundation/units.ts';
import type { PerformedNote } from './performed-note.ts';

/** Frames a second of an onset curve. */
export const CURVE_RATE = 100;
/** Standard deviation of the bump that each onset leaves: about how far hands are apart in a chord. */
const SPREAD: Second = 0.02;
const REACH = 6; // frames: three standard deviations

/** How strongly notes begin at each time. */
export interface OnsetCurve {
  /** [frames], mean 0 and standard deviation 1; frame i stands for second i / CURVE_RATE. */
  readonly strength: Float64Array;
}

/**
 * A bump at every onset: notes weigh more when low, long or loud, and the weights of what begins together are summed
 * and compressed (log 1 + x), so that a full chord counts more than one note but not ten times as much. Drums
 * count like long notes. All zeros where nothing varies.
 */
export function drawOnsetCurve(notes: readonly PerformedNote[]): OnsetCurve {
  const end = notes.reduce((last, note) => Math.max(last, note.start), 0);
  const raw = new Float64Array(Math.ceil(end * CURVE_RATE) + REACH + 1);
  for (const note of notes) {
    const centre = note.start * CURVE_RATE;
    const weight = noteWeight(note);
    for (let i = Math.max(0, Math.ceil(centre - REACH)); i <= Math.min(raw.length - 1, centre + REACH); i++) {
      raw[i]! += weight * Math.exp(-0.5 * ((i - centre) / (SPREAD * CURVE_RATE)) ** 2);
    }
  }
  return { strength: standardise(raw.map(Math.log1p)) };
}

function noteWeight({ start, end, pitch, velocity, isDrum }: PerformedNote): number {
  const length = isDrum ? 1 : Math.min(1, Math.sqrt(Math.max(0, end - start)));
  const depth = isDrum ? 0.5 : Math.min(1, Math.max(0, (67 - pitch) / 24));
  return (velocity / 127) * (0.3 + length) * (0.5 + depth);
}

function standardise(values: Float64Array): Float64Array {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return deviation > 1e-9 ? values.map((value) => (value - mean) / deviation) : values.fill(0);
}

/** Strength at a time, interpolated; 0 (the mean) outside the curve. */
export function strengthAt({ strength }: OnsetCurve, time: Second): number {
  const position = time * CURVE_RATE;
  const index = Math.floor(position);
  if (index < 0 || index + 1 >= strength.length) return 0;
  return strength[index]! + (position - index) * (strength[index + 1]! - strength[index]!);
}
