import { AttuneError, createRng, throwIfCancelled } from '@attune/core';
import { addSymmetricNoise, deviationOf, type NoiseSource } from '../privacy/gaussian-mechanism.ts';
import type { Factors, Liking } from './factors.ts';

/** How private factors are, and of which items. */
export interface PrivateFactorOptions {
  /** The catalogue, which counts as public: [items], each once. Likings of other items are left out. */
  readonly items: readonly string[];
  /** ρ above 0 of zero-concentrated differential privacy that this release spends. */
  readonly rho: number;
  /** Secret, and drawn from once: whoever can draw the same numbers can subtract the noise. */
  readonly noise: NoiseSource;
  /** Length that each listener's row is cut down to; above 0. */
  readonly clip?: number;
  /** Most factors. */
  readonly rank?: number;
  readonly signal?: AbortSignal;
}

/** Factors that may be shown, and the noise that was added. */
export interface PrivateFactors {
  /** Undefined where nothing stood out of the noise. */
  readonly factors: Factors | undefined;
  /** σ of each entry's noise. */
  readonly deviation: number;
}

const ROUNDS = 100;
/** Vectors beside those asked for, with which these are found in fewer rounds. */
const SPARE = 4;

/**
 * Item factors of many listeners' likings that are ρ-zCDP in the listeners: leading eigenvectors of the second moment
 * M = Σ_u x_u x_uᵀ [items, items], with Gaussian noise. x_u holds listener u's likings times √weight, less their own
 * weighted mean, and is cut to length `clip`, so that one listener more or less changes M by at most clip² in Frobenius
 * norm (`secondMoment`); σ = clip² / √(2ρ). All that follows is made of the noised matrix alone, also whether there is
 * anything to go on with: only eigenvalues above 2σ (√items + 1) count, less that: the edge of the noise's own spectrum is near 2σ√items. A
 * factor is the eigenvector times √eigenvalue, divided by √(M_ii + 2σ): an item of which little is known has short ones.
 * How many listeners there were is not told. (Analyse Gauss: Dwork, Talwar, Thakurta & Zhang 2014.)
 * @throws `argument/invalid` for items that are named twice or a rank below 1, `model/invalid`, `cancelled`
 */
export function fitPrivateFactors(
  likings: readonly Liking[],
  { items, rho, noise, clip = 1, rank = 6, signal }: PrivateFactorOptions,
): PrivateFactors {
  if (!Number.isInteger(rank) || rank < 1) {
    throw new AttuneError(
      'argument/invalid',
      `The number of factors is a whole number from 1, not ${rank}.`,
      {
        rank,
      },
    );
  }
  const n = items.length;
  const deviation = deviationOf(clip * clip, rho);
  const matrix = secondMoment(likings, items, clip);
  addSymmetricNoise(matrix, n, deviation, noise);
  const floor = 2 * deviation * (Math.sqrt(n) + 1);
  const found = leadingPairs(matrix, n, rank, floor, signal).filter(({ value }) => value > floor);
  if (found.length === 0) return { factors: undefined, deviation };
  const raw = new Float64Array(n * found.length);
  found.forEach(({ value, vector }, k) => {
    for (let i = 0; i < n; i++) {
      const known = Math.sqrt(Math.max(0, matrix[i * n + i]!) + 2 * deviation);
      raw[i * found.length + k] = (vector[i]! * Math.sqrt(value - floor)) / known;
    }
  });
  const scale = 1 / Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0) / raw.length);
  const of = new Map(
    items.map((item, i) => [
      item,
      raw.slice(i * found.length, (i + 1) * found.length).map((value) => value * scale),
    ]),
  );
  return { factors: { rank: found.length, items: of }, deviation };
}

/**
 * Σ_u x_u x_uᵀ [items, items] of rows no longer than `clip`.
 * @throws `argument/invalid` for an item that is named twice, a liking or weight that is no finite number, weights below 0
 */
export function secondMoment(
  likings: readonly Liking[],
  items: readonly string[],
  clip: number,
): Float64Array {
  const places = new Map(items.map((item, i) => [item, i]));
  if (places.size < items.length) {
    const twice = items.find((item, i) => places.get(item) !== i)!;
    throw new AttuneError('argument/invalid', `Item ${twice} is in the catalogue twice.`, { item: twice });
  }
  const rows = new Map<string, Map<number, Liking>>();
  for (const liking of likings) {
    const place = places.get(liking.item);
    if (place === undefined) continue;
    if (!Number.isFinite(liking.liking) || !(liking.weight >= 0 && liking.weight < Infinity)) {
      throw new AttuneError(
        'argument/invalid',
        `A liking of ${liking.item} is ${liking.liking} with weight ${liking.weight}.`,
        { item: liking.item },
      );
    }
    const row = rows.get(liking.listener) ?? new Map<number, Liking>();
    rows.set(liking.listener, row.set(place, liking));
  }
  const n = items.length;
  const matrix = new Float64Array(n * n);
  for (const row of rows.values()) {
    const own = [...row.values()];
    const weight = own.reduce((sum, liking) => sum + liking.weight, 0);
    if (!(weight > 0)) continue;
    const mean = own.reduce((sum, liking) => sum + liking.weight * liking.liking, 0) / weight;
    const values = own.map((liking) => Math.sqrt(liking.weight) * (liking.liking - mean));
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    const scale = length > clip ? clip / length : 1;
    const at = [...row.keys()];
    for (const [e, i] of at.entries())
      for (const [f, j] of at.entries()) matrix[i * n + j]! += scale * scale * values[e]! * values[f]!;
  }
  return matrix;
}

/**
 * Eigenpairs of the largest eigenvalues of a symmetric matrix [n, n], largest first, by subspace iteration. `shift` is
 * added to all eigenvalues meanwhile, so that none below 0 is taken for a large one.
 */
function leadingPairs(
  matrix: Float64Array,
  n: number,
  count: number,
  shift: number,
  signal: AbortSignal | undefined,
): { readonly value: number; readonly vector: Float64Array }[] {
  const rng = createRng(1); // only where to begin: what is found does not hang on it
  const width = Math.min(n, count + SPARE);
  const basis: Float64Array[] = Array.from({ length: width }, () =>
    Float64Array.from({ length: n }, () => rng.normal()),
  );
  orthonormalise(basis);
  for (let round = 0; round < ROUNDS; round++) {
    throwIfCancelled(signal);
    basis.forEach((vector, k) => (basis[k] = multiply(matrix, n, shift, vector)));
    orthonormalise(basis);
  }
  return basis
    .map((vector) => ({ vector, value: dot(multiply(matrix, n, 0, vector), vector) }))
    .sort((a, b) => b.value - a.value)
    .slice(0, count);
}

function multiply(matrix: Float64Array, n: number, shift: number, vector: Float64Array): Float64Array {
  return vector.map((own, i) => {
    let sum = shift * own;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j]! * vector[j]!;
    return sum;
  });
}

function orthonormalise(basis: Float64Array[]): void {
  basis.forEach((vector, k) => {
    for (const before of basis.slice(0, k)) {
      const share = dot(vector, before);
      for (let i = 0; i < vector.length; i++) vector[i]! -= share * before[i]!;
    }
    const length = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
