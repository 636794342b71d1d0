import { throwIfCancelled } from '@attune/core';
import { centreRows, principalComponents } from './principal-components.ts';

/** Places in the plane for rows of features: what is close together is alike. */
export interface NeighbourMap {
  /** [rows][2], about 0 and within −1 … 1. */
  readonly places: readonly (readonly [x: number, y: number])[];
  /** 'neighbours': t-SNE; 'components': the two directions of largest variance, of many or few rows. */
  readonly method: 'neighbours' | 'components';
}

/** How a map of neighbours is drawn. */
export interface NeighbourMapOptions {
  /** Of more rows the map is of components: t-SNE takes a time that grows with their square. */
  readonly most?: number;
  /** Neighbours that count for each row, about. */
  readonly perplexity?: number;
  readonly signal?: AbortSignal;
}

const FEWEST = 8;
const ITERATIONS = 400;
const EXAGGERATED = 100;
const EXAGGERATION = 12;

/**
 * A map of rows of equal width. t-SNE (van der Maaten & Hinton 2008), exact, started from the principal components
 * (Kobak & Berens 2019) and so without chance: the same rows give the same map. Values that are not finite count as the
 * mean of their column.
 */
export function mapNeighbours(
  rows: readonly ArrayLike<number>[],
  options: NeighbourMapOptions = {},
): NeighbourMap {
  const { most = 800, perplexity = 20, signal } = options;
  const { coordinates } = principalComponents(rows, 2);
  const flat = coordinates.map((place): [number, number] => [place[0] ?? 0, place[1] ?? 0]);
  if (rows.length < FEWEST || rows.length > most) return { places: fit(flat), method: 'components' };
  const affinities = neighbourAffinities(
    centreRows(rows, rows[0]!.length),
    Math.min(perplexity, (rows.length - 1) / 3),
  );
  return { places: fit(descend(affinities, flat, signal)), method: 'neighbours' };
}

/**
 * Probability that j is a neighbour of i, [n, n] with rows that sum to 1: Gaussian around each row, as wide as gives the
 * entropy log(perplexity) (van der Maaten & Hinton 2008, eq. 1).
 */
export function neighbourProbabilities(rows: readonly ArrayLike<number>[], perplexity: number): Float64Array {
  const n = rows.length;
  const result = new Float64Array(n * n);
  const distances = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let square = 0;
      for (let f = 0; f < rows[i]!.length; f++) square += (rows[i]![f]! - rows[j]![f]!) ** 2;
      distances[j] = square;
    }
    result.set(widthFor(distances, i, Math.log(perplexity)), i * n);
  }
  return result;
}

/** Bisection for the precision β at which the entropy of exp(−β d²) is `wanted` nats. */
function widthFor(distances: Float64Array, self: number, wanted: number): Float64Array {
  let [low, high, beta] = [0, Infinity, 1];
  let probabilities = new Float64Array(distances.length);
  const nearest = distances.reduce((least, d, j) => (j === self ? least : Math.min(least, d)), Infinity);
  for (let round = 0; round < 60; round++) {
    probabilities = distances.map((d, j) => (j === self ? 0 : Math.exp(-beta * (d - nearest))));
    const total = probabilities.reduce((a, b) => a + b, 0);
    probabilities = probabilities.map((p) => p / total);
    const entropy = probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
    if (Math.abs(entropy - wanted) < 1e-6) break;
    if (entropy > wanted) low = beta;
    else high = beta;
    beta = high === Infinity ? 2 * beta : (low + high) / 2;
  }
  return probabilities;
}

/** Symmetric and summing to 1 over all pairs. */
function neighbourAffinities(rows: readonly ArrayLike<number>[], perplexity: number): Float64Array {
  const n = rows.length;
  const p = neighbourProbabilities(rows, perplexity);
  return p.map((value, at) => Math.max(1e-12, (value + p[(at % n) * n + Math.floor(at / n)]!) / (2 * n)));
}

function descend(
  affinities: Float64Array,
  start: readonly (readonly [number, number])[],
  signal: AbortSignal | undefined,
): [number, number][] {
  const n = start.length;
  const spread = Math.sqrt(start.reduce((sum, [x]) => sum + x * x, 0) / n) || 1;
  const y = Float64Array.from({ length: 2 * n }, (_, i) => (1e-2 * start[i >> 1]![i & 1]!) / spread);
  const speed = new Float64Array(2 * n);
  const gains = new Float64Array(2 * n).fill(1);
  const kernel = new Float64Array(n * n);
  const rate = Math.max(50, n / EXAGGERATION);
  for (let step = 0; step < ITERATIONS; step++) {
    throwIfCancelled(signal);
    let total = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const [dx, dy] = [y[2 * i]! - y[2 * j]!, y[2 * i + 1]! - y[2 * j + 1]!];
        const q = 1 / (1 + dx * dx + dy * dy);
        kernel[i * n + j] = q;
        kernel[j * n + i] = q;
        total += 2 * q;
      }
    }
    const exaggeration = step < EXAGGERATED ? EXAGGERATION : 1;
    const momentum = step < EXAGGERATED ? 0.5 : 0.8;
    const gradient = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) {
      let [gx, gy] = [0, 0];
      for (let j = 0; j < n; j++) {
        const q = kernel[i * n + j]!;
        const force = (exaggeration * affinities[i * n + j]! - q / total) * q;
        gx += force * (y[2 * i]! - y[2 * j]!);
        gy += force * (y[2 * i + 1]! - y[2 * j + 1]!);
      }
      gradient[2 * i] = 4 * gx;
      gradient[2 * i + 1] = 4 * gy;
    }
    for (let k = 0; k < 2 * n; k++) {
      const isSame = gradient[k]! > 0 === speed[k]! > 0;
      gains[k] = Math.max(0.01, isSame ? gains[k]! * 0.8 : gains[k]! + 0.2);
      speed[k] = momentum * speed[k]! - rate * gains[k]! * gradient[k]!;
      y[k]! += speed[k]!;
    }
  }
  return start.map((_, i) => [y[2 * i]!, y[2 * i + 1]!]);
}

/** Moved to the middle and scaled into −1 … 1, the same in both directions. */
function fit(places: readonly (readonly [number, number])[]): [number, number][] {
  const bounds = (axis: 0 | 1): [middle: number, half: number] => {
    const low = places.reduce((least, place) => Math.min(least, place[axis]), Infinity);
    const high = places.reduce((most, place) => Math.max(most, place[axis]), -Infinity);
    return [(low + high) / 2, (high - low) / 2];
  };
  if (places.length === 0) return [];
  const [[mx, hx], [my, hy]] = [bounds(0), bounds(1)];
  const half = Math.max(hx, hy) || 1;
  return places.map(([x, y]) => [(x - mx) / half, (y - my) / half]);
}
