import type { Bpm } from '../foundation/units.ts';

/** Tempo of a whole clip. */
export interface TempoEstimate {
  /** Undefined where the onset curve has no period (silence, a held tone). */
  readonly bpm: Bpm | undefined;
  /** Autocorrelation at the beat period over that at lag 0, 0 … 1. */
  readonly clarity: number;
}

const MIN_BPM: Bpm = 30;
const MAX_BPM: Bpm = 300;
const PRIOR_BPM: Bpm = 120;
/** Candidates a factor of 1.005 apart. */
const STEP = 1.005;
/** Beats that must agree: the curve is compared with itself one to this many beats later. */
const BEATS = 4;
const MIN_CLARITY = 0.02;

/**
 * Autocorrelation of the onset curve, averaged over 1–4 beats for each candidate tempo and weighted with a
 * log-normal prior around 120 bpm, one octave wide (Ellis 2007, "Beat tracking by dynamic programming", eq. 5–6;
 * the mean over several beats is ours, for resolution). Halves and doubles of a tempo remain ambiguous.
 * `onsets`: [frames]; `frameRate` in Hz.
 */
export function estimateTempo(onsets: Float32Array, frameRate: number): TempoEstimate {
  const correlation = autocorrelate(onsets, Math.ceil((BEATS * frameRate * 60) / MIN_BPM) + 1);
  if (!(correlation[0]! > 1e-9)) return { bpm: undefined, clarity: 0 };
  let best = { bpm: 0, clarity: 0, score: 0 };
  for (let bpm = MIN_BPM; bpm <= MAX_BPM; bpm *= STEP) {
    const lag = (60 * frameRate) / bpm;
    let sum = 0;
    for (let beat = 1; beat <= BEATS; beat++) sum += interpolate(correlation, beat * lag);
    const clarity = sum / BEATS / correlation[0]!;
    const score = clarity * Math.exp(-0.5 * Math.log2(bpm / PRIOR_BPM) ** 2);
    if (score > best.score) best = { bpm, clarity, score };
  }
  if (best.clarity < MIN_CLARITY) return { bpm: undefined, clarity: Math.max(0, best.clarity) };
  return { bpm: best.bpm, clarity: Math.min(1, best.clarity) };
}

/** [lags]: Σ (x[t] − mean)(x[t + lag] − mean); lags past the end are 0. */
function autocorrelate(values: Float32Array, lags: number): Float64Array {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  const centred = Float64Array.from(values, (value) => value - mean);
  return Float64Array.from({ length: lags }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < centred.length; t++) sum += centred[t]! * centred[t - lag]!;
    return sum;
  });
}

function interpolate(values: Float64Array, position: number): number {
  const index = Math.floor(position);
  const mix = position - index;
  return (values[index] ?? 0) * (1 - mix) + (values[index + 1] ?? 0) * mix;
}
