import type { StyleVector } from '@attune/core/style';

/** What taste needs to know of a track. */
export interface Item {
  readonly id: string;
  readonly vector: StyleVector;
  /** The track's style as it is shown, or null where nobody is sure. */
  readonly style: string | null;
  /** General MIDI programs that play; 128 is the drum kit. Empty for recorded sound. */
  readonly instruments: readonly number[];
}
