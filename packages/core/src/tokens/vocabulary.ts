import { AttuneError } from '../foundation/errors.ts';

/** Values that tokens of one kind have: 0 … size − 1. */
export interface VocabularyBlock {
  readonly name: string;
  readonly size: number;
}

/** Blocks one after the other: token = offset of its block + value. */
export interface Vocabulary<Name extends string> {
  /** First token of each block. */
  readonly offsets: Readonly<Record<Name, number>>;
  /** Number of tokens. */
  readonly size: number;
  /** Block and value of a token. Throws `token/invalid` for a token outside the vocabulary. */
  readonly read: (token: number) => { readonly block: Name; readonly value: number };
}

export function createVocabulary<Name extends string>(
  blocks: readonly { readonly name: Name; readonly size: number }[],
): Vocabulary<Name> {
  const offsets = {} as Record<Name, number>;
  let size = 0;
  for (const block of blocks) {
    offsets[block.name] = size;
    size += block.size;
  }
  const blockOf = blocks.flatMap((block) => Array.from({ length: block.size }, () => block.name)); // [size]
  return {
    offsets,
    size,
    read(token) {
      const block = blockOf[token];
      if (block === undefined) {
        throw new AttuneError('token/invalid', `Token ${token} is not a whole number below ${size}.`, {
          token,
        });
      }
      return { block, value: token - offsets[block] };
    },
  };
}
