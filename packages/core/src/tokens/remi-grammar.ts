import { AttuneError } from '../foundation/errors.ts';
import type { CompoundGrammarOptions } from './compound-grammar.ts';
import { DRUM_INSTRUMENT, MAX_BAR_GAP, barStepsOf } from './grid.ts';
import { createInstrumentation } from './instrumentation.ts';
import { REMI_BLOCKS, REMI_OFFSETS, remiToken } from './remi-vocabulary.ts';
import type { RemiBlock } from './remi-vocabulary.ts';

/** Where generation stands. Made by `start`, changed by `accept` only; −1 where nothing was said yet. */
export interface RemiState {
  /** Block of the token before; undefined at the start. */
  readonly block: RemiBlock | undefined;
  /** Absolute bar, and that of the note before (−1 before the first, counted as bar 0 for gaps). */
  readonly bar: number;
  readonly noteBar: number;
  readonly position: number;
  readonly instrument: number;
  readonly pitch: number;
  readonly duration: number;
}

/** The legal next tokens. For every state but the one after `end` at least one token is legal. */
export interface RemiGrammar {
  readonly barSteps: number;
  start(): RemiState;
  /** Writes 1 for legal and 0 for illegal tokens into `mask` [REMI_VOCABULARY_SIZE]; returns how many are legal. */
  mask(state: RemiState, mask: Uint8Array): number;
  /** The state after a token. Throws `token/invalid` when it is illegal. */
  accept(state: RemiState, token: number): RemiState;
}

/** The options mean what they mean for `createCompoundGrammar`, and both allow the same notes. */
export function createRemiGrammar(options: CompoundGrammarOptions): RemiGrammar {
  const barSteps = barStepsOf(options.meter);
  const maxBars = options.maxBars ?? Infinity;
  const minBars = options.minBars ?? 0;
  const { plays, low, high, last } = createInstrumentation(options);

  function canOpenBar({ bar, noteBar }: RemiState): boolean {
    return bar + 1 - Math.max(0, noteBar) <= MAX_BAR_GAP && bar + 1 < maxBars;
  }
  /** Can a note still follow where nothing, or a whole note, was said last? */
  function canGoOn(state: RemiState): boolean {
    if (canOpenBar(state)) return true;
    if (state.block === undefined) return false;
    const { instrument, pitch, position } = state;
    const onInstrument =
      plays[instrument] === 1 && Math.max(low[instrument]!, pitch + 1) <= high[instrument]!;
    return onInstrument || last > instrument || position + 1 < barSteps;
  }

  function isLegal(state: RemiState, block: RemiBlock, value: number): boolean {
    const { instrument } = state;
    switch (state.block) {
      case 'end':
        return false;
      case 'bar':
        return block === 'position' ? value < barSteps : block === 'bar' && canOpenBar(state);
      case 'position':
        return block === 'program' && plays[value] === 1;
      case 'program':
        return block === 'pitch' && value >= low[instrument]! && value <= high[instrument]!;
      case 'pitch':
        return block === 'duration' && (instrument !== DRUM_INSTRUMENT || value === 0);
      case 'duration':
        return block === 'velocity';
      default: {
        if (block === 'bar') return canOpenBar(state);
        if (block === 'end') return state.noteBar + 1 >= minBars || !canGoOn(state);
        if (state.block === undefined) return false;
        if (block === 'position') return value > state.position && value < barSteps;
        if (block === 'program') return value > instrument && plays[value] === 1;
        if (block !== 'pitch' || plays[instrument] !== 1) return false;
        return value > state.pitch && value >= low[instrument]! && value <= high[instrument]!;
      }
    }
  }

  function mask(state: RemiState, into: Uint8Array): number {
    let legal = 0;
    for (const { name, size } of REMI_BLOCKS) {
      const offset = REMI_OFFSETS[name];
      for (let value = 0; value < size; value++) {
        legal += into[offset + value] = isLegal(state, name, value) ? 1 : 0;
      }
    }
    return legal;
  }

  function accept(state: RemiState, token: number): RemiState {
    const { block, value } = remiToken(token);
    if (!isLegal(state, block, value)) {
      throw new AttuneError('token/invalid', `The grammar does not allow ${block} ${value} here.`, {
        block,
        value,
      });
    }
    switch (block) {
      case 'bar':
        return { ...state, block, bar: state.bar + 1, position: -1, instrument: -1, pitch: -1 };
      case 'position':
        return { ...state, block, position: value, instrument: -1, pitch: -1 };
      case 'program':
        return { ...state, block, instrument: value, pitch: -1 };
      case 'pitch':
        return { ...state, block, pitch: value };
      case 'duration':
        return { ...state, block, duration: value };
      case 'velocity':
        return { ...state, block, noteBar: state.bar };
      case 'end':
        return { ...state, block };
    }
  }

  return {
    barSteps,
    start: () => ({
      block: undefined,
      bar: -1,
      noteBar: -1,
      position: -1,
      instrument: -1,
      pitch: -1,
      duration: -1,
    }),
    mask,
    accept,
  };
}
