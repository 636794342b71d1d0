import type { ChromaMap, FilterBank } from './filter-banks.ts';

/** Filters in the form of the kernels: whole vectors of four weights, a number of filters that is a multiple of four. */
export interface PackedFilters {
  readonly count: number;
  /** [count, 2]: first bin, number of vectors. */
  readonly runs: readonly number[];
  readonly weights: readonly number[];
}

/** A filter as its first bin and its weights. */
interface Run {
  readonly start: number;
  readonly weights: readonly number[];
}

export function packBank(bank: FilterBank | undefined): PackedFilters {
  if (!bank) return pack([]);
  return pack(
    Array.from(bank.starts, (start, filter) => ({
      start,
      weights: [...bank.weights.subarray(bank.offsets[filter], bank.offsets[filter + 1])],
    })),
  );
}

/** One filter for each stretch of neighbouring bins that give to a pitch class; `classes`: [count]. */
export function packChroma(
  map: ChromaMap | undefined,
): PackedFilters & { readonly classes: readonly number[] } {
  if (!map) return { ...pack([]), classes: [] };
  const runs: (Run & { readonly pitchClass: number })[] = [];
  for (let pitchClass = 0; pitchClass < 12; pitchClass++) {
    let weights: number[] = [];
    for (let bin = map.first; bin <= map.end; bin++) {
      const weight = bin < map.end ? shareOfClass(map, bin, pitchClass) : 0;
      if (weight > 0) weights.push(weight);
      else if (weights.length > 0) {
        runs.push({ pitchClass, start: bin - weights.length, weights });
        weights = [];
      }
    }
  }
  const packed = pack(runs);
  return { ...packed, classes: Array.from({ length: packed.count }, (_, i) => runs[i]?.pitchClass ?? 0) };
}

/**
 * Tables of the transform of N real values through n = N / 2 complex ones. `twiddles`: for lengths n, n / 4, … ≥ 4,
 * [6, length / 4] each, e^(−2πi kp / length) for k = 1, 2, 3, real then imaginary parts. `turns`: [2, n / 2 + 4],
 * cos and −sin of 2πk / N.
 */
export function twiddleTables(frameSize: number): { readonly twiddles: number[]; readonly turns: number[] } {
  const twiddles: number[] = [];
  for (let length = frameSize / 2; length >= 4; length /= 4) {
    for (let k = 1; k <= 3; k++) {
      for (const part of [Math.cos, minusSine])
        for (let p = 0; p < length / 4; p++) twiddles.push(part((2 * Math.PI * k * p) / length));
    }
  }
  const turns = [Math.cos, minusSine].flatMap((part) =>
    Array.from({ length: frameSize / 4 + 4 }, (_, k) => part((2 * Math.PI * k) / frameSize)),
  );
  return { twiddles, turns };
}

function minusSine(angle: number): number {
  return -Math.sin(angle);
}

function shareOfClass(map: ChromaMap, bin: number, pitchClass: number): number {
  if (map.classes[bin] === pitchClass) return 1 - map.shares[bin]!;
  return (map.classes[bin]! + 1) % 12 === pitchClass ? map.shares[bin]! : 0;
}

function pack(filters: readonly Run[]): PackedFilters {
  const count = Math.ceil(filters.length / 4) * 4;
  const runs: number[] = [];
  const weights: number[] = [];
  for (let filter = 0; filter < count; filter++) {
    const run = filters[filter];
    const vectors = run ? Math.ceil(run.weights.length / 4) : 0;
    runs.push(vectors === 0 ? 0 : run!.start, vectors);
    for (let i = 0; i < 4 * vectors; i++) weights.push(run!.weights[i] ?? 0);
  }
  return { count, runs, weights };
}
