import { MOOD_AXES, STYLES, type MoodAxis } from '@attune/core/style';
import { FIELD_COUNT, INSTRUMENT, PITCH } from '@attune/core/tokens';
import { meterName } from './conditions.ts';
import type { ConditionSpace, StylePrior, StylePriors } from './config.ts';
import { stepCount, type Piece } from './piece.ts';

export interface BinCounts {
  readonly tempo: number;
  readonly density: number;
  readonly mood: number;
  readonly meters: number;
}
export const DEFAULT_BIN_COUNTS: BinCounts = { tempo: 10, density: 16, mood: 8, meters: 10 };

/** Bins with equal shares of the pieces, each style weighing the same. */
export function createConditionSpace(
  pieces: readonly Piece[],
  counts: BinCounts = DEFAULT_BIN_COUNTS,
): ConditionSpace {
  const weights = balancedWeights(pieces);
  const edgesOf = (bins: number, value: (piece: Piece) => number): number[] =>
    Array.from({ length: bins - 1 }, (_, i) => weightedQuantile(pieces.map(value), weights, (i + 1) / bins));
  const meterShares = shares(pieces, weights, (piece) => meterName(piece.meter));
  const meters = [...meterShares]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, counts.meters);
  const moods = MOOD_AXES.map((axis): [MoodAxis, number[]] => [
    axis,
    edgesOf(counts.mood, (piece) => piece.mood[axis]),
  ]);
  return {
    styles: [...STYLES],
    meters: meters.map(([name]) => name),
    tempoEdges: edgesOf(counts.tempo, (piece) => piece.tempo),
    densityEdges: edgesOf(counts.density, (piece) => piece.density),
    moodEdges: Object.fromEntries(moods) as Record<MoodAxis, number[]>,
  };
}

const INSTRUMENT_SETS = 24;
/** Share of an instrument's notes that may lie outside its pitch range, on each side. */
const PITCH_TAIL = 0.001;

/** What the pieces of each style are like, from which open wishes are drawn. */
export function createStylePriors(
  pieces: readonly Piece[],
  styleWeights: Readonly<Record<string, number>>,
): StylePriors {
  const priors: Record<string, StylePrior> = {};
  for (const style of STYLES) {
    const own = pieces.filter((piece) => piece.style === style);
    if (own.length === 0) continue;
    const even = own.map(() => 1);
    const tonics = (mode: string): number[] => {
      const counts = new Array<number>(12).fill(0);
      for (const piece of own) if (piece.mode === mode && piece.tonic !== undefined) counts[piece.tonic]!++;
      return counts;
    };
    const sets = [...shares(own, even, (piece) => piece.instruments.join(' '))].sort(
      (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
    );
    priors[style] = {
      weight: styleWeights[style] ?? 0,
      major: tonics('major'),
      minor: tonics('minor'),
      meters: Object.fromEntries(
        [...shares(own, even, (piece) => meterName(piece.meter))].sort((a, b) => b[1] - a[1]),
      ),
      tempoDeciles: Array.from({ length: 11 }, (_, i) =>
        round(
          weightedQuantile(
            own.map((piece) => piece.tempo),
            even,
            i / 10,
          ),
          10,
        ),
      ),
      instrumentSets: sets
        .slice(0, INSTRUMENT_SETS)
        .map(([name, weight]) => ({ instruments: name.split(' ').map(Number), weight: round(weight, 1e5) })),
      pitchRanges: pitchRanges(own),
    };
  }
  return priors;
}

function pitchRanges(pieces: readonly Piece[]): Record<string, [number, number]> {
  const counts = new Map<number, Map<number, number>>();
  for (const piece of pieces) {
    for (let i = 0; i < stepCount(piece) - 1; i++) {
      const instrument = piece.steps[i * FIELD_COUNT + INSTRUMENT]!;
      const pitch = piece.steps[i * FIELD_COUNT + PITCH]!;
      const own = counts.get(instrument) ?? new Map<number, number>();
      counts.set(instrument, own);
      own.set(pitch, (own.get(pitch) ?? 0) + 1);
    }
  }
  const ranges: Record<string, [number, number]> = {};
  for (const [instrument, own] of [...counts].sort((a, b) => a[0] - b[0])) {
    const sorted = [...own].sort((a, b) => a[0] - b[0]);
    const tail = PITCH_TAIL * sorted.reduce((sum, [, n]) => sum + n, 0);
    let low = 0;
    for (let left = tail; left >= sorted[low]![1]; low++) left -= sorted[low]![1];
    let high = sorted.length - 1;
    for (let left = tail; high > low && left >= sorted[high]![1]; high--) left -= sorted[high]![1];
    ranges[String(instrument)] = [sorted[low]![0], sorted[high]![0]];
  }
  return ranges;
}

/** 1 / (pieces of the same style), so that styles weigh the same. */
function balancedWeights(pieces: readonly Piece[]): number[] {
  const counts = new Map<string | undefined, number>();
  for (const { style } of pieces) counts.set(style, (counts.get(style) ?? 0) + 1);
  return pieces.map(({ style }) => 1 / counts.get(style)!);
}

function shares(
  pieces: readonly Piece[],
  weights: readonly number[],
  nameOf: (piece: Piece) => string,
): Map<string, number> {
  const totals = new Map<string, number>();
  let all = 0;
  pieces.forEach((piece, i) => {
    totals.set(nameOf(piece), (totals.get(nameOf(piece)) ?? 0) + weights[i]!);
    all += weights[i]!;
  });
  return new Map([...totals].map(([name, weight]) => [name, weight / all]));
}

/** Smallest value at which the cumulative weight reaches `q` of the whole. */
export function weightedQuantile(values: readonly number[], weights: readonly number[], q: number): number {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  for (const i of order) {
    reached += weights[i]!;
    if (reached >= q * total - 1e-12) return values[i]!;
  }
  return values[order.at(-1)!]!;
}

function round(value: number, factor: number): number {
  return Math.round(value * factor) / factor;
}
