import { AttuneError } from '../foundation/errors.ts';
import { acceptTokens } from './accept-tokens.ts';
import {
  BAR,
  COMPOUND_FIELDS,
  FIELD_COUNT,
  FIELD_SIZES,
  decodeCompound,
  encodeCompound,
} from './compound.ts';
import type { CompoundSequence } from './compound.ts';
import { createCompoundGrammar } from './compound-grammar.ts';
import type { CompoundState } from './compound-grammar.ts';
import { GRID_SETTINGS } from './grid.ts';
import { DEFAULT_METER } from './tokenizer.ts';
import type { GrammarOptions, TokenGrammar, Tokenizer } from './tokenizer.ts';
import { createVocabulary } from './vocabulary.ts';

/** A step of the flat form as far as it has come: the state after the last whole step, and fields since. */
export interface FlatCompoundState {
  readonly whole: CompoundState;
  /** [< FIELD_COUNT] */
  readonly fields: readonly number[];
}

const BLOCKS = COMPOUND_FIELDS.map((name, i) => ({ name, size: FIELD_SIZES[i]! }));
const vocabulary = createVocabulary(BLOCKS);
const OFFSETS = BLOCKS.map(({ name }) => vocabulary.offsets[name]);

/** One step a note; flat, each step is its six fields, the closing one too. */
export const compoundTokenizer: Tokenizer<CompoundSequence, FlatCompoundState> = {
  name: 'compound-1',
  vocabulary: BLOCKS,
  offsets: OFFSETS,
  vocabularySize: vocabulary.size,
  settings: GRID_SETTINGS,
  encode(score, options) {
    const { loss, ...sequence } = encodeCompound(score, options);
    return { sequence, loss };
  },
  decode: decodeCompound,
  noteCount({ steps }) {
    const rows = steps.length / FIELD_COUNT;
    return rows > 0 && steps[(rows - 1) * FIELD_COUNT + BAR] === FIELD_SIZES[BAR]! - 1 ? rows - 1 : rows;
  },
  tokensOf({ steps }) {
    return steps.map((value, at) => value + OFFSETS[at % FIELD_COUNT]!);
  },
  sequenceOf(tokens, { meter, shift }) {
    const steps = new Int16Array(tokens.length);
    const barOf = new Int32Array(tokens.length / FIELD_COUNT);
    let at = 0;
    const last = acceptTokens(flatGrammar({ meter }), tokens, ({ whole }, token) => {
      steps[at] = token - OFFSETS[at % FIELD_COUNT]!;
      if (++at % FIELD_COUNT === 0) barOf[at / FIELD_COUNT - 1] = whole.bar;
    });
    if (last.fields.length > 0) {
      const place = { index: tokens.length };
      throw new AttuneError('token/invalid', `The sequence ends at token ${at}, within a step.`, place);
    }
    return { steps, barOf, bars: last.whole.position < 0 ? 0 : last.whole.bar + 1, meter, shift };
  },
  grammar: flatGrammar,
};

function flatGrammar(options: GrammarOptions = {}): TokenGrammar<FlatCompoundState> {
  const grammar = createCompoundGrammar({ ...options, meter: options.meter ?? DEFAULT_METER });
  const scratch = new Uint8Array(vocabulary.size);
  const mask = ({ whole, fields }: FlatCompoundState, into: Uint8Array): number => {
    into.fill(0, 0, vocabulary.size);
    if (whole.ended) return 0;
    const field = fields.length;
    const offset = OFFSETS[field]!;
    return grammar.mask(field, whole, fields, into.subarray(offset, offset + FIELD_SIZES[field]!));
  };
  return {
    start: () => ({ whole: grammar.start(), fields: [] }),
    mask,
    accept(state, token) {
      const { block, value } = vocabulary.read(token);
      mask(state, scratch);
      if (scratch[token] !== 1) {
        const message = `The grammar does not allow ${block} ${value} here.`;
        throw new AttuneError('token/invalid', message, { block, value, token });
      }
      const fields = [...state.fields, value];
      if (fields.length < FIELD_COUNT) return { whole: state.whole, fields };
      return { whole: grammar.accept(state.whole, fields), fields: [] };
    },
    ended: ({ whole }) => whole.ended,
  };
}
