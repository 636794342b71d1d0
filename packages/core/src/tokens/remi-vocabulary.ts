import { AttuneError } from '../foundation/errors.ts';
import { DURATIONS, INSTRUMENT_COUNT, MAX_BAR_STEPS, PITCH_COUNT, VELOCITY_COUNT } from './grid.ts';
import type { VocabularyBlock } from './tokenizer.ts';

/** Token types of the flat encoding, in the order in which their values stand in the vocabulary. */
export const REMI_BLOCKS = [
  { name: 'end', size: 1 },
  { name: 'bar', size: 1 },
  { name: 'position', size: MAX_BAR_STEPS },
  { name: 'program', size: INSTRUMENT_COUNT },
  { name: 'pitch', size: PITCH_COUNT },
  { name: 'duration', size: DURATIONS.length },
  { name: 'velocity', size: VELOCITY_COUNT },
] as const satisfies readonly VocabularyBlock[];
/** Name of one of `REMI_BLOCKS`. */
export type RemiBlock = (typeof REMI_BLOCKS)[number]['name'];

/** First token of each block. */
export const REMI_OFFSETS = blockOffsets();
/** Tokens in all blocks together; each token is below it. */
export const REMI_VOCABULARY_SIZE = REMI_BLOCKS.reduce((sum, block) => sum + block.size, 0);

function blockOffsets(): Readonly<Record<RemiBlock, number>> {
  let offset = 0;
  const entries = REMI_BLOCKS.map(({ name, size }) => {
    const entry = [name, offset] as const;
    offset += size;
    return entry;
  });
  return Object.fromEntries(entries) as Record<RemiBlock, number>;
}

/** Block and value of a token. Throws `token/invalid` for a token outside the vocabulary. */
export function remiToken(token: number): { readonly block: RemiBlock; readonly value: number } {
  for (const { name, size } of REMI_BLOCKS) {
    const value = token - REMI_OFFSETS[name];
    if (Number.isInteger(value) && value >= 0 && value < size) return { block: name, value };
  }
  throw new AttuneError('token/invalid', `Token ${token} is not below ${REMI_VOCABULARY_SIZE}.`, { token });
}
