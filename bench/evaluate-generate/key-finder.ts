import { pitchClassDurations, type Score } from '@attune/core';

/**
 * Key profiles of Albrecht & Shanahan (2013), "The use of large corpora to train a new type of key-finding algorithm",
 * Music Perception 31(1), table of means over 490 pieces: shares of the pitch classes above the tonic.
 */
const PROFILES = {
  major: [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.08, 0.008, 0.081],
  minor: [0.22, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
} as const;

export interface FoundKey {
  readonly tonic: number;
  readonly mode: 'major' | 'minor';
}

/**
 * The key whose profile is nearest (Euclidean distance, as they do) to the shares of the pitch classes by duration.
 * Another judge than core's `findKey`, which the composer's steering listens with: other profiles, from pieces and not
 * from listeners, and another distance. Undefined where no pitched note sounds.
 */
export function findKeyByCorpusProfiles(score: Pick<Score, 'tracks'>): FoundKey | undefined {
  const durations = pitchClassDurations(score);
  const total = durations.reduce((sum, x) => sum + x, 0);
  if (!(total > 0)) return undefined;
  let best: FoundKey | undefined;
  let nearest = Infinity;
  for (const mode of ['major', 'minor'] as const) {
    for (let tonic = 0; tonic < 12; tonic++) {
      let distance = 0;
      for (let i = 0; i < 12; i++)
        distance += (durations[(tonic + i) % 12]! / total - PROFILES[mode][i]!) ** 2;
      if (distance < nearest) [nearest, best] = [distance, { tonic, mode }];
    }
  }
  return best;
}
