import { AttuneError } from '../foundation/errors.ts';
import type { CompoundGrammarOptions } from './compound-grammar.ts';
import { DRUM_INSTRUMENT, MAX_BAR_GAP, barStepsOf } from './grid.ts';
import { createInstrumentation } from './instrumentation.ts';
import { REMI_BLOCKS, REMI_OFFSETS, REMI_VOCABULARY_SIZE, remiToken } from './remi-vocabulary.ts';
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
  const scratch = new Uint8Array(REMI_VOCABULARY_SIZE);

  function mask(state: RemiState, into: Uint8Array): number {
    into.fill(0, 0, REMI_VOCABULARY_SIZE);
    let legal = 0;
    const allow = (block: RemiBlock, from: number, to: number): void => {
      if (to < from) return;
      into.fill(1, REMI_OFFSETS[block] + from, REMI_OFFSETS[block] + to + 1);
      legal += to - from + 1;
    };
    const allowInstruments = (from: number): void => {
      for (let i = from; i <= last; i++) if (plays[i]) allow('program', i, i);
    };
    const allowBar = (): void => {
      const gap = state.bar + 1 - Math.max(0, state.noteBar);
      if (gap <= MAX_BAR_GAP && state.bar + 1 < maxBars) allow('bar', 0, 0);
    };
    const { instrument, pitch } = state;
    switch (state.block) {
      case 'end':
        break;
      case 'bar':
        allow('position', 0, barSteps - 1);
        allowBar();
        break;
      case 'position':
        allowInstruments(0);
        break;
      case 'program':
        allow('pitch', low[instrument]!, high[instrument]!);
        break;
      case 'pitch':
        allow('duration', 0, instrument === DRUM_INSTRUMENT ? 0 : sizeOf('duration') - 1);
        break;
      case 'duration':
        allow('velocity', 0, sizeOf('velocity') - 1);
        break;
      default:
        if (state.block === 'velocity') {
          if (plays[instrument]) allow('pitch', Math.max(low[instrument]!, pitch + 1), high[instrument]!);
          allowInstruments(instrument + 1);
          allow('position', state.position + 1, barSteps - 1);
        }
        allowBar();
        if (legal === 0 || state.noteBar + 1 >= minBars) allow('end', 0, 0);
    }
    return legal;
  }

  function accept(state: RemiState, token: number): RemiState {
    const { block, value } = remiToken(token);
    mask(state, scratch);
    if (scratch[token] !== 1) {
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

function sizeOf(name: RemiBlock): number {
  return REMI_BLOCKS.find((block) => block.name === name)!.size;
}
