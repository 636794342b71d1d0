import type { KeyResult } from '@attune/core';
import type { Mode } from '@attune/core/style';

/** A key as a label. */
export interface KeyLabel {
  /** E.g. 'D minor'. */
  readonly name: string;
  readonly tonic: number;
  readonly mode: Mode;
  /** How much better it fits than the next key, as a difference of correlations. */
  readonly clarity: number;
}

/** The commoner name of each pitch class as a tonic. */
const TONICS: Readonly<Record<Mode, readonly string[]>> = {
  major: ['C', 'D flat', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'A flat', 'A', 'B flat', 'B'],
  minor: ['C', 'C sharp', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'G sharp', 'A', 'B flat', 'B'],
};

/** The key that was found, in words; undefined of none. */
export function keyLabelOf(key: KeyResult | undefined): KeyLabel | undefined {
  if (!key) return undefined;
  const next = key.ranking[1]?.correlation ?? -1;
  return {
    name: `${TONICS[key.mode][key.tonic]} ${key.mode}`,
    tonic: key.tonic,
    mode: key.mode,
    clarity: key.correlation - next,
  };
}
