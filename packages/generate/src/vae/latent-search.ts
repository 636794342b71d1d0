import { AttuneError, type Rng } from '@attune/core';
import type { LatentDirections } from './latent-arithmetic.ts';
import { transposeGrid, type VoiceGrid } from './voice-grid.ts';
import { attributesOf, type VoiceSet } from './voice-sets.ts';
import { VOICE_CODES } from './voices.ts';

/** The level of phrases, as a search needs it. */
export interface PhraseCodec {
  readonly set: VoiceSet;
  encode(grid: VoiceGrid): Float32Array;
  decode(z: Float32Array): VoiceGrid;
}

/** What is tried for each deviation of a slider. */
const TRIALS = 36;
/** Along a direction, multiples of the step that least squares say. */
const REACHES = [0.5, 1, 2, 4] as const;
/** Sizes of random steps in the deviations of the prior. */
const RANDOM_STEPS = [0.2, 0.5, 1] as const;
/** A random step moves this share of the dimensions. */
const MOVED = 0.15;
/** What a change of another attribute costs beside one of those asked for, and what the way in latent space does. */
const [COST_OF_OTHERS, COST_OF_WAY] = [0.5, 0.02];
/** An attribute that is this near to its goal, in deviations, needs no more trials. */
const NEAR = 0.05;

/**
 * Sliders by search: the latent near `z` whose music has the wished amounts more of the attributes (in deviations, below 0
 * less) while the others stay. A random search that goes up one deviation at a time; it tries the directions of least squares,
 * the music moved by semitones and read again, and random steps, and keeps what comes nearer. Along a slider an
 * attribute asked for never goes back. Throws `argument/invalid` for amounts that are not finite.
 */
export function searchLatent(
  codec: PhraseCodec,
  fitted: LatentDirections,
  z: Float32Array,
  amounts: readonly number[],
  rng: Rng,
): Float32Array {
  const bad = amounts.findIndex((amount) => !Number.isFinite(amount));
  if (bad >= 0) {
    throw new AttuneError(
      'argument/invalid',
      `The amount of ${codec.set.attributes[bad]!.name} is ${amounts[bad]}.`,
      { bad },
    );
  }
  const steps = Math.ceil(Math.max(0, ...amounts.map(Math.abs)));
  let best = placeOf(codec, z);
  if (steps === 0 || !plays(codec, best.grid)) return z;
  const start = best.attributes;
  for (let step = 1; step <= steps; step++) {
    const goal = start.map((value, k) => value + (amounts[k]! * fitted.deviations[k]! * step) / steps);
    best = climb(codec, fitted, { start: z, from: best, goal, amounts }, rng);
  }
  return best.z;
}

interface Place {
  readonly z: Float32Array;
  readonly grid: VoiceGrid;
  readonly attributes: Float64Array;
}

interface Climb {
  readonly start: Float32Array;
  readonly from: Place;
  readonly goal: Float64Array;
  readonly amounts: readonly number[];
}

function climb(
  codec: PhraseCodec,
  { deviations, directions }: LatentDirections,
  way: Climb,
  rng: Rng,
): Place {
  const { start, from, goal, amounts } = way;
  const asked = amounts.map((amount) => amount !== 0);
  const cost = ({ z, attributes }: Place): number => {
    let total = COST_OF_WAY * distance(z, start);
    attributes.forEach((value, k) => {
      total += (asked[k] ? 1 : COST_OF_OTHERS) * (Math.abs(value - goal[k]!) / deviations[k]!);
    });
    return total;
  };
  const goesBack = ({ attributes }: Place): boolean =>
    amounts.some((amount, k) => Math.sign(amount) * (attributes[k]! - from.attributes[k]!) < -1e-9);
  let best = from;
  let least = cost(from);
  const consider = (z: Float32Array): void => {
    const place = placeOf(codec, z);
    if (goesBack(place) || !plays(codec, place.grid)) return;
    const own = cost(place);
    if (own < least) [best, least] = [place, own];
  };
  const isNear = (): boolean =>
    best.attributes.every((value, k) => !asked[k] || Math.abs(value - goal[k]!) <= NEAR * deviations[k]!);
  amounts.forEach((amount, k) => {
    if (amount === 0) return;
    for (const reach of REACHES) {
      consider(from.z.map((value, d) => value + Math.sign(amount) * reach * directions[k]![d]!));
    }
  });
  const { voices, attributes } = codec.set;
  const height = attributes.findIndex(({ slider: [name] }) => name === 'higher');
  if (asked[height]) {
    const semitones = Math.round(goal[height]! - from.attributes[height]!);
    if (semitones !== 0) consider(codec.encode(transposeGrid(from.grid, voices, semitones)));
  }
  for (let trial = 0; trial < TRIALS && !isNear(); trial++) {
    const size = RANDOM_STEPS[trial % RANDOM_STEPS.length]!;
    consider(best.z.map((value) => (rng.uniform() < MOVED ? value + size * rng.normal() : value)));
  }
  return best;
}

function placeOf(codec: PhraseCodec, z: Float32Array): Place {
  const grid = codec.decode(z);
  return { z, grid, attributes: attributesOf(grid, codec.set) };
}

/** Whether anything begins in the grid. */
function plays({ set: { voices } }: PhraseCodec, grid: VoiceGrid): boolean {
  return grid.some((value, i) => VOICE_CODES[voices[i % voices.length]!].isOnset(value));
}

/** Root of the mean square of the differences. */
function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / a.length);
}
