import { findKeyOfHistogram, keyName, type PitchClass, type Rng } from '@attune/core';
import { HOLD, REST, type MelodyGrid } from '../vae/melody-grid.ts';

/** One of the 24 keys. */
export interface MelodyKey {
  readonly tonic: PitchClass;
  readonly mode: 'major' | 'minor';
}

/** How many keys there are. */
export const KEYS = 24;

/** The keys in order: C major … B major, C minor … B minor. */
export const MELODY_KEYS: readonly MelodyKey[] = (['major', 'minor'] as const).flatMap((mode) =>
  Array.from({ length: 12 }, (_, tonic) => ({ tonic, mode })),
);

/** Place of a key in `MELODY_KEYS`. */
export function keyIndex({ tonic, mode }: MelodyKey): number {
  return (mode === 'minor' ? 12 : 0) + tonic;
}

/** Names of the keys as settings, which must be easy to type: "Eb major", "F# minor". */
export const KEY_CHOICES: readonly string[] = MELODY_KEYS.map((key) =>
  keyName(key).replace('♯', '#').replace('♭', 'b'),
);

/** A key at random: any tonic as often as any other, major with a probability of `majorShare`. */
export function drawKey(majorShare: number, rng: Rng): MelodyKey {
  const mode = rng.uniform() < majorShare ? 'major' : 'minor';
  return { tonic: rng.integer(12), mode };
}

/** The key of a melody by the steps that its pitch classes sound (`findKeyOfHistogram`); undefined without notes. */
export function keyOfMelody(grid: MelodyGrid): MelodyKey | undefined {
  const weights = new Float64Array(12);
  let sounding: number | undefined;
  for (const value of grid) {
    if (value < HOLD) sounding = value % 12;
    else if (value === REST) sounding = undefined;
    if (sounding !== undefined) weights[sounding]!++;
  }
  const found = findKeyOfHistogram(weights);
  return found && { tonic: found.tonic, mode: found.mode };
}
