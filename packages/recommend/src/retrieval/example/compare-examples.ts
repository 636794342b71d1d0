import { AttuneError } from '@attune/core';
import { familyOf } from '@attune/core/features';
import { DRUMS } from '@attune/core/style';
import { alignMelodies } from '../melody/align-melodies.ts';
import { topK } from '../rank-rows.ts';
import {
  ASPECTS,
  type Aspect,
  type ExampleProfile,
  type HarmonyProfile,
  type TimbreProfile,
} from './describe-example.ts';

/** A piece that can be compared. */
export interface Example {
  readonly id: string;
  readonly profile: ExampleProfile;
}

/** Half of the timbre of notes is which instruments play, half which families. */
const FAMILY_SHARE = 0.5;
/** Root mean square difference of MFCC values, in dB, at which sounds are alike by 1/e. */
const SOUND_SCALE_DB = 12;

/**
 * Likeness of two pieces in one aspect, 0 … 1; undefined where either lacks it. Rhythm: cosine of onset patterns.
 * Harmony: mean of the cosine of chord changes and that of pitch-class shares at the best of twelve transpositions. Timbre: shared
 * playing time of instruments and of families, or exp(−distance) of MFCC statistics. Melody: the local alignment of the shorter.
 * @throws `argument/invalid` for an aspect that is not one of `ASPECTS`.
 */
export function compareExamples(a: ExampleProfile, b: ExampleProfile, aspect: Aspect): number | undefined {
  switch (aspect) {
    case 'rhythm':
      return a.rhythm && b.rhythm && cosine(a.rhythm, b.rhythm);
    case 'harmony':
      return a.harmony && b.harmony && compareHarmony(a.harmony, b.harmony);
    case 'timbre':
      return a.timbre && b.timbre && compareTimbre(a.timbre, b.timbre);
    case 'melody': {
      if (!a.melody || !b.melody) return undefined;
      const [short, long] =
        a.melody.ratios.length <= b.melody.ratios.length ? [a.melody, b.melody] : [b.melody, a.melody];
      return alignMelodies(short, long).score;
    }
    default:
      throw new AttuneError(
        'argument/invalid',
        `Pieces are alike in ${ASPECTS.join(', ')}, not in ${String(aspect)}.`,
      );
  }
}

/** The `take` pieces most like `example` in one aspect, best first; those that lack the aspect are left out. */
export function findByExample(
  example: ExampleProfile,
  pieces: readonly Example[],
  aspect: Aspect,
  take: number,
): { id: string; likeness: number }[] {
  const scores = pieces.map(({ profile }) => compareExamples(example, profile, aspect) ?? -Infinity);
  const { rows, scores: best } = topK(scores, take);
  return [...rows].map((row, i) => ({ id: pieces[row]!.id, likeness: best[i]! }));
}

function compareHarmony(a: HarmonyProfile, b: HarmonyProfile): number {
  const keys = cosineAtBestKey(a.pitchClasses, b.pitchClasses);
  if (a.changes.size === 0 && b.changes.size === 0) return keys;
  return (keys + cosineOfChanges(a.changes, b.changes)) / 2;
}

/** The best of twelve transpositions; nothing is allocated, as a whole catalogue is compared. */
function cosineAtBestKey(a: Float64Array, b: Float64Array): number {
  let best = 0;
  for (let shift = 0; shift < 12; shift++) {
    let dot = 0;
    for (let i = 0; i < 12; i++) dot += a[i]! * b[(i + shift) % 12]!;
    best = Math.max(best, dot);
  }
  const length = lengthOf(a) * lengthOf(b);
  return length === 0 ? 0 : Math.min(1, best / length);
}

function cosineOfChanges(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let dot = 0;
  for (const [change, share] of a) dot += share * (b.get(change) ?? 0);
  const length = lengthOf(a.values()) * lengthOf(b.values());
  return length === 0 ? 0 : Math.min(1, dot / length);
}

function lengthOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

function compareTimbre(a: TimbreProfile, b: TimbreProfile): number | undefined {
  if (a.kind === 'sound' && b.kind === 'sound') {
    const squares = a.values.reduce((sum, value, i) => sum + (value - b.values[i]!) ** 2, 0);
    return Math.exp(-Math.sqrt(squares / a.values.length) / SOUND_SCALE_DB);
  }
  if (a.kind !== 'instruments' || b.kind !== 'instruments') return undefined;
  const families = overlap(byFamily(a.shares), byFamily(b.shares));
  return FAMILY_SHARE * families + (1 - FAMILY_SHARE) * overlap(a.shares, b.shares);
}

function byFamily(shares: Float64Array): number[] {
  const sums = new Map<string, number>();
  const names = ['drums', 'piano', 'guitar', 'bass', 'strings', 'winds', 'brass', 'voices', 'other'];
  shares.forEach((share, program) => {
    const family = program === DRUMS ? 'drums' : familyOf(program);
    sums.set(family, (sums.get(family) ?? 0) + share);
  });
  return names.map((name) => sums.get(name) ?? 0);
}

/** Σ min(a, b) of two lists of shares: the playing time that both have. */
function overlap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.min(a[i]!, b[i]!);
  return Math.min(1, sum);
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return aa === 0 || bb === 0 ? 0 : Math.min(1, dot / Math.sqrt(aa * bb));
}
