import { findKeyOfHistogram, keyName, type PitchClass, type Rng } from '@attune/core';
import { transposeGrid, type VoiceGrid } from '../vae/voice-grid.ts';
import { MELODY } from '../vae/voice-sets.ts';
import { HOLD, REST } from '../vae/voices.ts';

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

/**
 * The melody moved by at most half an octave so that its scale is that of `key`: in its own mode to the same tonic, in the other
 * to that of the relative key. As it is where it has no key.
 */
export function moveToKey(grid: VoiceGrid, key: MelodyKey): VoiceGrid {
  const found = keyOfMelody(grid);
  if (!found) return grid;
  const up = (scaleOf(key) - scaleOf(found) + 12) % 12;
  return transposeGrid(grid, MELODY.voices, up > 6 ? up - 12 : up);
}

/** Tonic of the major key with the same signature. */
function scaleOf({ tonic, mode }: MelodyKey): PitchClass {
  return (tonic + (mode === 'minor' ? 3 : 0)) % 12;
}

/** The key of a melody by the steps that its pitch classes sound (`findKeyOfHistogram`); undefined without notes. */
export function keyOfMelody(grid: VoiceGrid): MelodyKey | undefined {
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
