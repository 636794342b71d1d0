import type { Score } from '../score/score.ts';
import { acceptTokens } from './accept-tokens.ts';
import { GRID_SETTINGS, PITCH_COUNT } from './grid.ts';
import type { Meter } from './grid.ts';
import { fromGrid, toGrid } from './grid-notes.ts';
import type { DecodeOptions, EncodeOptions, GridNote, GridPiece } from './grid-notes.ts';
import { createRemiGrammar } from './remi-grammar.ts';
import type { RemiState } from './remi-grammar.ts';
import { REMI_BLOCKS, REMI_OFFSETS, REMI_VOCABULARY_SIZE, remiToken } from './remi-vocabulary.ts';
import type { RemiBlock } from './remi-vocabulary.ts';
import { DEFAULT_METER } from './tokenizer.ts';
import type { GrammarOptions, TokenGrammar, Tokenizer } from './tokenizer.ts';

/**
 * A piece as one flat run of tokens (REMI, Huang & Yang 2020, with a program token for several instruments):
 * `bar` opens each bar, empty ones too; `position` each new onset; `program` each new instrument at an onset;
 * then `pitch duration velocity` a note; `end` closes. The same notes in the same order as the compound encoding.
 */
export interface RemiSequence {
  readonly tokens: Int16Array;
  readonly meter: Meter;
  readonly shift: number;
}

/** The REMI encoding as a `Tokenizer`. */
export const remiTokenizer: Tokenizer<RemiSequence, RemiState> = {
  name: 'remi-1',
  vocabulary: REMI_BLOCKS,
  offsets: REMI_BLOCKS.map(({ name }) => REMI_OFFSETS[name]),
  vocabularySize: REMI_VOCABULARY_SIZE,
  settings: GRID_SETTINGS,
  encode(score, options) {
    const { loss, ...piece } = toGrid(score, options);
    return { sequence: remiOfGrid(piece), loss };
  },
  decode: decodeRemi,
  noteCount({ tokens }) {
    const first = REMI_OFFSETS.pitch;
    return tokens.reduce(
      (count, token) => count + (token >= first && token < first + PITCH_COUNT ? 1 : 0),
      0,
    );
  },
  tokensOf: ({ tokens }) => tokens,
  sequenceOf(tokens, { meter, shift }) {
    acceptTokens(remiGrammar({ meter }), tokens);
    return { tokens: Int16Array.from(tokens), meter, shift };
  },
  grammar: remiGrammar,
};

function remiGrammar(options: GrammarOptions = {}): TokenGrammar<RemiState> {
  const grammar = createRemiGrammar({ ...options, meter: options.meter ?? DEFAULT_METER });
  return { ...grammar, ended: (state) => state.block === 'end' };
}

/** Encodes a whole piece. Throws `token/invalid` as `toGrid` does. */
export function encodeRemi(score: Score, options: EncodeOptions = {}): RemiSequence {
  return remiOfGrid(toGrid(score, options));
}

/** The score of a sequence, ended or not. Throws `token/invalid` with the place of the first illegal token. */
export function decodeRemi(sequence: RemiSequence, options: DecodeOptions = {}): Score {
  return fromGrid(remiToGrid(sequence), options);
}

function remiOfGrid({ notes, meter, shift }: GridPiece): RemiSequence {
  const tokens: number[] = [];
  const emit = (block: RemiBlock, value: number): void => void tokens.push(REMI_OFFSETS[block] + value);
  let [bar, position, instrument] = [-1, -1, -1];
  for (const note of notes) {
    if (note.bar > bar) {
      while (bar < note.bar) {
        emit('bar', 0);
        bar++;
      }
      position = -1;
    }
    if (note.position !== position) {
      emit('position', (position = note.position));
      instrument = -1;
    }
    if (note.instrument !== instrument) emit('program', (instrument = note.instrument));
    emit('pitch', note.pitch);
    emit('duration', note.duration);
    emit('velocity', note.velocity);
  }
  emit('end', 0);
  return { tokens: Int16Array.from(tokens), meter, shift };
}

function remiToGrid({ tokens, meter, shift }: RemiSequence): GridPiece {
  const notes: GridNote[] = [];
  acceptTokens(remiGrammar({ meter }), tokens, (state, token) => {
    if (state.block !== 'velocity') return;
    const { bar, position, instrument, pitch, duration } = state;
    notes.push({ bar, position, instrument, pitch, duration, velocity: remiToken(token).value });
  });
  return { notes, bars: (notes.at(-1)?.bar ?? -1) + 1, meter, shift };
}
