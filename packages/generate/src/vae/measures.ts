import { createRng } from '@attune/core';
import type { GridNgram } from './grid-ngram.ts';
import { interpolateLatents } from './latent-arithmetic.ts';
import type { VoiceGrid } from './voice-grid.ts';
import { attributesOf, type VoiceSet } from './voice-sets.ts';
import { VOICE_CODES, type Voice } from './voices.ts';

/** Shares of steps that are as they should be, each voice counted for itself. */
export interface NoteAccuracy {
  /** Of all steps: the class is the right one. */
  readonly steps: number;
  /** Of the steps in which something begins: the same begins. */
  readonly onsets: number;
  /** Of all steps of each voice, in their order. */
  readonly voices: readonly number[];
}

/** Compares what was made with what should have been, pair by pair. */
export function noteAccuracy(
  truth: readonly VoiceGrid[],
  made: readonly VoiceGrid[],
  voices: readonly Voice[],
): NoteAccuracy {
  let [onsets, rightOnsets] = [0, 0];
  const [all, right] = [0, 0].map(() => new Float64Array(voices.length)) as [Float64Array, Float64Array];
  truth.forEach((grid, n) =>
    grid.forEach((value, i) => {
      const v = i % voices.length;
      const isRight = made[n]![i] === value;
      all[v]!++;
      if (isRight) right[v]!++;
      if (VOICE_CODES[voices[v]!].isOnset(value)) {
        onsets++;
        if (isRight) rightOnsets++;
      }
    }),
  );
  return {
    steps: sum([...right]) / sum([...all]),
    onsets: rightOnsets / onsets,
    voices: voices.map((_, v) => right[v]! / all[v]!),
  };
}

/** The grid of `pool` that shares most steps with `grid`: what copying could reach. */
export function nearestGrid(grid: VoiceGrid, pool: readonly VoiceGrid[]): VoiceGrid {
  let [best, most] = [pool[0]!, -1];
  for (const other of pool) {
    let same = 0;
    for (let t = 0; t < grid.length; t++) if (grid[t] === other[t]) same++;
    if (same > most) [best, most] = [other, same];
  }
  return best;
}

/** How smooth the ways between pieces are; means over pairs and over the steps between. */
export interface Smoothness {
  /** Nats a step that the n-gram gives to what lies between: lower is more like music. */
  readonly nats: number;
  /** How far attributes lie from the straight line between both ends, in their deviations. */
  readonly bend: number;
  /** The largest part of all changes that one step makes; 1 / steps would be even. */
  readonly largestJump: number;
}

/** Steps on a way, without its ends. */
const BETWEEN = 9;

/** Smoothness of a way that gives for a pair the grids at shares 0, …, 1. */
export function smoothness(
  pairs: readonly (readonly [VoiceGrid, VoiceGrid])[],
  wayOf: (a: VoiceGrid, b: VoiceGrid, shares: readonly number[]) => readonly VoiceGrid[],
  ngram: GridNgram,
  set: VoiceSet,
  deviations: Float64Array,
): Smoothness {
  const shares = Array.from({ length: BETWEEN + 2 }, (_, i) => i / (BETWEEN + 1));
  let [nats, bend, jump] = [0, 0, 0];
  for (const [a, b] of pairs) {
    const way = wayOf(a, b, shares);
    const attributes = way.map((grid) => attributesOf(grid, set));
    const [first, last] = [attributes[0]!, attributes.at(-1)!];
    for (let i = 1; i <= BETWEEN; i++) {
      nats += mean(ngram.nats(way[i]!));
      const apart = attributes[i]!.map(
        (value, k) => Math.abs(value - first[k]! - shares[i]! * (last[k]! - first[k]!)) / deviations[k]!,
      );
      bend += mean(apart);
    }
    const jumps = way.slice(1).map((grid, i) => difference(grid, way[i]!));
    jump += Math.max(...jumps) / Math.max(1, sum(jumps));
  }
  const count = pairs.length;
  return { nats: nats / count / BETWEEN, bend: bend / count / BETWEEN, largestJump: jump / count };
}

/** The way in latent space. */
export function latentWay(
  encode: (grid: VoiceGrid) => Float32Array,
  decode: (z: Float32Array) => VoiceGrid,
): (a: VoiceGrid, b: VoiceGrid, shares: readonly number[]) => readonly VoiceGrid[] {
  return (a, b, shares) => {
    const [from, to] = [encode(a), encode(b)];
    return shares.map((share) => decode(interpolateLatents(from, to, share)));
  };
}

/** The way in data space: each step is the second piece's from a share drawn for it on (the blend of Roberts et al. 2018). */
export function blendWay(
  seed: number,
  { voices }: VoiceSet,
): (a: VoiceGrid, b: VoiceGrid, shares: readonly number[]) => readonly VoiceGrid[] {
  return (a, b, shares) => {
    const rng = createRng(seed);
    const turns = Float64Array.from({ length: a.length / voices.length }, () => rng.uniform());
    return shares.map((share) =>
      a.map((value, i) => (turns[Math.floor(i / voices.length)]! < share ? b[i]! : value)),
    );
  };
}

/** What a slider of one attribute does. */
export interface SliderEffect {
  /** Share of pieces in which the attribute never falls along the slider and is higher at its end than at its beginning. */
  readonly monotone: number;
  /** Change of the attribute from one end to the other, and mean absolute change of the others, in deviations. */
  readonly change: number;
  readonly others: number;
}

/** Places of a slider that are tried, in deviations of the attribute. */
export const SLIDER_PLACES = [-2, -1, 0, 1, 2] as const;

/** Moves each latent by each slider: `move` gives the music for the amounts of all attributes. In the order of the set's. */
export function sliderEffects(
  latents: readonly Float32Array[],
  move: (z: Float32Array, amounts: readonly number[]) => VoiceGrid,
  set: VoiceSet,
  deviations: Float64Array,
): readonly SliderEffect[] {
  return set.attributes.map((_, k) => {
    let [monotone, change, others] = [0, 0, 0];
    for (const z of latents) {
      const found = SLIDER_PLACES.map((place) =>
        attributesOf(
          move(
            z,
            set.attributes.map((__, i) => (i === k ? place : 0)),
          ),
          set,
        ),
      );
      const own = found.map((values) => values[k]!);
      if (own.every((value, i) => i === 0 || value >= own[i - 1]! - 1e-9) && own.at(-1)! > own[0]!)
        monotone++;
      const moves = found.at(-1)!.map((value, i) => (value - found[0]![i]!) / deviations[i]!);
      change += moves[k]!;
      others += (sum([...moves].map(Math.abs)) - Math.abs(moves[k]!)) / (moves.length - 1);
    }
    const count = latents.length;
    return { monotone: monotone / count, change: change / count, others: others / count };
  });
}

function difference(a: VoiceGrid, b: VoiceGrid): number {
  let count = 0;
  for (let t = 0; t < a.length; t++) if (a[t] !== b[t]) count++;
  return count;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, x) => total + x, 0);
}

function mean(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total / values.length;
}
