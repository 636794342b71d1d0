import type { Bpm, Second } from '../../foundation/units.ts';

/** What tempi are looked for, and which are likelier before anything is heard. */
export interface TempoRange {
  readonly minBpm: Bpm;
  readonly maxBpm: Bpm;
  /** Centre of the log-normal prior. */
  readonly priorBpm: Bpm;
  /** Its standard deviation, octaves. */
  readonly priorOctaves: number;
}

/** Tempo over time, at the moments where it was measured. */
export interface TempoPath {
  /** [points]: centres of the windows, frames, rising. */
  readonly positions: Float64Array;
  /** [points]. */
  readonly bpm: Float64Array;
  /** Mean over the points of the autocorrelation at the beat period (1–4 beats) over that at lag 0, 0 … 1. */
  readonly clarity: number;
}

/** Candidate tempi a factor of 1.01 apart. */
const STEP = 1.01;
const BEATS = 4;
const WINDOW: Second = 10;
const SPACING: Second = 0.5;
/** Standard deviation of a change of tempo between two points, octaves. */
const CHANGE_OCTAVES = 0.02;
/** Least emission: a bar of silence must not break the path. */
const MIN_SCORE = 1e-3;

/**
 * The likeliest path through local tempi (Viterbi): at each point the local autocorrelation, averaged over one to
 * four beats, times the prior; changes are Gaussian in log tempo. Undefined where the curve has no energy.
 * `curve`: [frames], centred on 0.
 */
export function findTempoPath(
  curve: Float64Array,
  frameRate: number,
  range: TempoRange,
): TempoPath | undefined {
  const tempi = candidates(range);
  const prior = tempi.map((bpm) =>
    Math.exp(-0.5 * (Math.log2(bpm / range.priorBpm) / range.priorOctaves) ** 2),
  );
  const lags = Math.min(curve.length, Math.ceil((BEATS * frameRate * 60) / range.minBpm) + 2);
  const points = Math.max(1, Math.round(curve.length / frameRate / SPACING));
  const positions = Float64Array.from({ length: points }, (_, p) =>
    Math.floor(((p + 0.5) * curve.length) / points),
  );
  const weights = createWeights(frameRate);
  /** [points, tempi]. */
  const clarities = Array.from(positions, (position) => {
    const correlation = correlateAround(curve, position, weights, lags);
    return tempi.map((bpm) => combOf(correlation, (60 * frameRate) / bpm));
  });
  if (clarities.every((row) => row.every((value) => value === 0))) return undefined;
  const states = viterbi(
    clarities.map((row) => row.map((value, i) => Math.log(Math.max(MIN_SCORE, value * prior[i]!)))),
    Math.log2(STEP) / CHANGE_OCTAVES,
  );
  const clarity = states.reduce((sum, state, p) => sum + clarities[p]![state]!, 0) / points;
  return {
    positions,
    bpm: Float64Array.from(states, (state) => tempi[state]!),
    clarity: Math.min(1, Math.max(0, clarity)),
  };
}

/** Tempo at a frame, linear between points, constant beyond them. */
export function tempoAt({ positions, bpm }: TempoPath, frame: number): Bpm {
  let p = 0;
  while (p + 1 < positions.length && positions[p + 1]! <= frame) p++;
  const next = Math.min(p + 1, positions.length - 1);
  const span = positions[next]! - positions[p]!;
  const mix = span > 0 ? Math.min(1, Math.max(0, (frame - positions[p]!) / span)) : 0;
  return bpm[p]! * (1 - mix) + bpm[next]! * mix;
}

function candidates({ minBpm, maxBpm }: TempoRange): number[] {
  const count = Math.floor(Math.log(maxBpm / minBpm) / Math.log(STEP)) + 1;
  return Array.from({ length: count }, (_, i) => minBpm * STEP ** i);
}

/**
 * [lags]: Σ w x[τ] x[τ + lag] with the weight at the pair's middle, over its value at lag 0.
 * `weights`: by half frames, those of the middle frame `centre` in the middle.
 */
function correlateAround(
  curve: Float64Array,
  centre: number,
  weights: Float64Array,
  lags: number,
): Float64Array {
  const out = new Float64Array(lags);
  const half = (weights.length - 1) / 2;
  for (let lag = 0; lag < lags; lag++) {
    const offset = half + lag - 2 * centre; // weight of the pair from t on: offset + 2t
    const from = Math.max(0, Math.ceil(-offset / 2));
    const to = Math.min(curve.length - lag, Math.floor((weights.length - 1 - offset) / 2) + 1);
    let sum = 0;
    for (let t = from; t < to; t++) sum += weights[offset + 2 * t]! * curve[t]! * curve[t + lag]!;
    out[lag] = sum;
  }
  const energy = out[0]!;
  return energy > 1e-12 ? out.map((value) => value / energy) : out.fill(0);
}

/** A Hann window of `WINDOW`, by half frames. */
function createWeights(frameRate: number): Float64Array {
  const half = Math.ceil(WINDOW * frameRate);
  return Float64Array.from({ length: 2 * half + 1 }, (_, i) => 1 + Math.cos((Math.PI * (i - half)) / half));
}

/** Mean over one to four beats; lags past the end count as 0. */
function combOf(correlation: Float64Array, period: number): number {
  let sum = 0;
  for (let beat = 1; beat <= BEATS; beat++) {
    const index = Math.floor(beat * period);
    const mix = beat * period - index;
    sum += (correlation[index] ?? 0) * (1 - mix) + (correlation[index + 1] ?? 0) * mix;
  }
  return sum / BEATS;
}

/** Best state at each point; a change by j states costs (j × stiffness)² / 2. */
function viterbi(emissions: readonly (readonly number[])[], stiffness: number): number[] {
  const width = emissions[0]!.length;
  const reach = Math.ceil(4 / stiffness); // further changes are as good as impossible
  let totals = [...emissions[0]!];
  const links: Int32Array[] = [];
  for (const row of emissions.slice(1)) {
    const link = new Int32Array(width);
    totals = row.map((emission, state) => {
      let best = -Infinity;
      for (let from = Math.max(0, state - reach); from <= Math.min(width - 1, state + reach); from++) {
        const total = totals[from]! - 0.5 * ((state - from) * stiffness) ** 2;
        if (total <= best) continue;
        best = total;
        link[state] = from;
      }
      return emission + best;
    });
    links.push(link);
  }
  let state = totals.indexOf(Math.max(...totals));
  const path = [state];
  for (const link of links.reverse()) path.push((state = link[state]!));
  return path.reverse();
}
