import { AttuneError } from '@attune/core';
import { MELODY_ATTRIBUTES, type MelodyAttribute } from '../vae/attributes.ts';
import { conditionLength, TIME_FEATURES, type DiffusionConfig } from './config.ts';
import { keyIndex, type MelodyKey } from './melody-key.ts';

/** What a melody is to be like; what is left out is open. */
export interface MelodyWish {
  /** One of the styles of the model. */
  readonly style?: string;
  readonly key?: MelodyKey;
  /** In the attributes' own units. */
  readonly attributes?: Readonly<Partial<Record<MelodyAttribute, number>>>;
}

/** The row that tells the network time and wishes. Throws `argument/invalid` for an unknown style. */
export function conditionRow(
  { styles, attributes }: Pick<DiffusionConfig, 'styles' | 'attributes'>,
  time: number,
  wish: MelodyWish,
): Float32Array {
  const row = new Float32Array(conditionLength(styles.length));
  for (let i = 0; i < TIME_FEATURES; i++) {
    // periods from 4 times the whole of time down to a hundredth of it
    const angle = 2 * Math.PI * time * 0.25 * 400 ** (i / (TIME_FEATURES - 1));
    row[2 * i] = Math.sin(angle);
    row[2 * i + 1] = Math.cos(angle);
  }
  if (wish.style !== undefined) {
    const index = styles.indexOf(wish.style);
    if (index < 0) {
      throw new AttuneError(
        'argument/invalid',
        `There is no style "${wish.style}"; there are ${styles.join(', ')}.`,
        {
          style: wish.style,
        },
      );
    }
    row[2 * TIME_FEATURES + index] = 1;
  }
  MELODY_ATTRIBUTES.forEach((name, k) => {
    const value = wish.attributes?.[name];
    if (value === undefined) return;
    const at = 2 * TIME_FEATURES + styles.length + 2 * k;
    row[at] = (value - attributes.means[k]!) / attributes.deviations[k]!;
    row[at + 1] = 1;
  });
  if (wish.key)
    row[2 * TIME_FEATURES + styles.length + 2 * MELODY_ATTRIBUTES.length + keyIndex(wish.key)] = 1;
  return row;
}
