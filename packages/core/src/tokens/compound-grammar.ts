import { AttuneError } from '../foundation/errors.ts';
import {
  BAR,
  COMPOUND_FIELDS,
  DURATION,
  END,
  FIELD_COUNT,
  FIELD_SIZES,
  INSTRUMENT,
  PITCH,
  POSITION,
} from './compound.ts';
import { DRUM_INSTRUMENT, INSTRUMENT_COUNT, MAX_BAR_GAP, barStepsOf } from './grid.ts';
import type { Meter } from './grid.ts';
import { createInstrumentation } from './instrumentation.ts';
import type { Instrumentation } from './instrumentation.ts';

/** What the grammar lets through beyond what is well formed. */
export interface CompoundGrammarOptions {
  readonly meter: Meter;
  /** Instruments that may play; default: all. */
  readonly instruments?: Iterable<number>;
  /** Lowest and highest pitch token of an instrument (drum keys with their offset); default: its whole block. */
  readonly pitchRange?: (instrument: number) => readonly [low: number, high: number];
  /** No note starts in bar `maxBars` or later; default: no limit. */
  readonly maxBars?: number;
  /** The piece does not end with fewer bars than this, unless nothing else is legal; default 0: it may be empty. */
  readonly minBars?: number;
}

/** Where generation stands: the note before. Made by `start`, changed by `accept` only. */
export interface CompoundState {
  /** Absolute bar; 0 before the first note. */
  readonly bar: number;
  /** −1 in each field before the first note. */
  readonly position: number;
  readonly instrument: number;
  readonly pitch: number;
  readonly ended: boolean;
}

/**
 * The legal values of each field of the next compound step. For every state that is not ended, and every legal
 * choice of the earlier fields, at least one value is legal.
 */
export interface CompoundGrammar {
  /** Grid steps of a bar: positions are below it. */
  readonly barSteps: number;
  start(): CompoundState;
  /**
   * Writes 1 for legal and 0 for illegal values of `field` (a column) into `mask` (≥ FIELD_SIZES[field] long) and
   * returns how many are legal. `step` holds the earlier fields of the same step, which must be legal themselves.
   */
  mask(field: number, state: CompoundState, step: ArrayLike<number>, mask: Uint8Array): number;
  /** The state after a step. Throws `token/invalid` naming the field and value when the step is illegal. */
  accept(state: CompoundState, step: ArrayLike<number>): CompoundState;
}

/** Throws `argument/invalid` when no instrument with a pitch is left to play. */
export function createCompoundGrammar(options: CompoundGrammarOptions): CompoundGrammar {
  return new Grammar(options);
}

class Grammar implements CompoundGrammar {
  readonly barSteps: number;
  private readonly maxBars: number;
  private readonly minBars: number;
  private readonly band: Instrumentation;
  private readonly scratch = new Uint8Array(Math.max(...FIELD_SIZES));

  constructor(options: CompoundGrammarOptions) {
    this.barSteps = barStepsOf(options.meter);
    this.maxBars = options.maxBars ?? Infinity;
    this.minBars = options.minBars ?? 0;
    this.band = createInstrumentation(options);
  }

  start(): CompoundState {
    return { bar: 0, position: -1, instrument: -1, pitch: -1, ended: false };
  }

  mask(field: number, state: CompoundState, step: ArrayLike<number>, mask: Uint8Array): number {
    const size = FIELD_SIZES[field];
    if (size === undefined)
      throw new AttuneError('argument/invalid', `There is no field ${field}.`, { field });
    if (state.ended) return write(mask, size, 1, 0);
    const ending = step[BAR] === END;
    if (field !== BAR && ending) return write(mask, size, 0, 0);
    const sameBar = step[BAR] === 0;
    const samePosition = sameBar && step[POSITION] === state.position;
    switch (field) {
      case BAR:
        return this.maskBar(state, mask);
      case POSITION: {
        const first =
          !sameBar || state.position < 0 ? 0 : state.position + (this.roomAtPosition(state) ? 0 : 1);
        return write(mask, size, first, this.barSteps - 1);
      }
      case INSTRUMENT:
        return this.maskInstrument(state, samePosition, mask);
      case PITCH: {
        const instrument = step[INSTRUMENT]!;
        const low = this.band.low[instrument]!;
        const again = samePosition && instrument === state.instrument;
        return write(mask, size, again ? Math.max(low, state.pitch + 1) : low, this.band.high[instrument]!);
      }
      case DURATION:
        return write(mask, size, 0, step[INSTRUMENT] === DRUM_INSTRUMENT ? 0 : size - 1);
      default:
        return write(mask, size, 0, size - 1);
    }
  }

  accept(state: CompoundState, step: ArrayLike<number>): CompoundState {
    for (let field = 0; field < FIELD_COUNT; field++) {
      this.mask(field, state, step, this.scratch);
      const value = step[field]!;
      if (!(value >= 0 && value < FIELD_SIZES[field]!) || this.scratch[value] !== 1) {
        const name = COMPOUND_FIELDS[field]!;
        throw new AttuneError('token/invalid', `The grammar does not allow ${name} ${value} here.`, {
          field: name,
          value,
        });
      }
    }
    if (step[BAR] === END) return { ...state, ended: true };
    return {
      bar: state.bar + step[BAR]!,
      position: step[POSITION]!,
      instrument: step[INSTRUMENT]!,
      pitch: step[PITCH]!,
      ended: false,
    };
  }

  /** Can another note follow at the very position of the note before? */
  private roomAtPosition(state: CompoundState): boolean {
    return this.roomOnInstrument(state) || this.band.last > state.instrument;
  }

  private roomOnInstrument(state: CompoundState): boolean {
    const { instrument, pitch } = state;
    return this.band.plays[instrument] === 1 && this.band.high[instrument]! > pitch;
  }

  private maskBar(state: CompoundState, mask: Uint8Array): number {
    const left = Math.min(MAX_BAR_GAP, this.maxBars - 1 - state.bar);
    let legal = write(mask, FIELD_SIZES[BAR]!, 0, left);
    const fresh = state.position < 0;
    const full = state.position === this.barSteps - 1 && !this.roomAtPosition(state);
    if (!fresh && full && legal > 0) {
      mask[0] = 0;
      legal--;
    }
    if (legal === 0 || (fresh ? 0 : state.bar + 1) >= this.minBars) {
      mask[END] = 1;
      legal++;
    }
    return legal;
  }

  private maskInstrument(state: CompoundState, samePosition: boolean, mask: Uint8Array): number {
    const first = !samePosition ? 0 : state.instrument + (this.roomOnInstrument(state) ? 0 : 1);
    let legal = 0;
    for (let i = 0; i < INSTRUMENT_COUNT; i++) legal += mask[i] = i >= first ? this.band.plays[i]! : 0;
    return legal;
  }
}

/** Sets `mask[first … last]` to 1 and the rest of its `size` values to 0; returns how many are 1. */
function write(mask: Uint8Array, size: number, first: number, last: number): number {
  mask.fill(0, 0, size);
  if (last < first) return 0;
  mask.fill(1, first, last + 1);
  return last - first + 1;
}
