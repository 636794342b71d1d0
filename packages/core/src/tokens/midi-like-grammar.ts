import { AttuneError } from '../foundation/errors.ts';
import { DRUM_INSTRUMENT, DRUM_PITCH_OFFSET } from './grid.ts';
import { createInstrumentation } from './instrumentation.ts';
import {
  MAX_SHIFT_STEPS,
  MIDI_LIKE_BLOCKS,
  MIDI_LIKE_OFFSETS,
  midiLikeToken,
} from './midi-like-vocabulary.ts';
import type { MidiLikeBlock } from './midi-like-vocabulary.ts';
import type { GrammarOptions, TokenGrammar } from './tokenizer.ts';

/** Where a run of tokens stands. Made by `start`, changed by `accept` only; −1 where nothing was said yet. */
export interface MidiLikeState {
  /** Block of the token before; undefined at the start. */
  readonly block: MidiLikeBlock | undefined;
  /** Steps since the start, and those of the token before where it was a time-shift (else 0). */
  readonly time: number;
  readonly shift: number;
  /** In force until said otherwise. */
  readonly instrument: number;
  readonly velocity: number;
  /** `rankOf` the last event at this time; −1 before the first. */
  readonly rank: number;
  /** Melodic notes that sound, as instrument × 128 + pitch, ascending. */
  readonly sounding: readonly number[];
}

/**
 * The order of events at one time: by instrument; of one instrument its note-offs, then its note-ons, by pitch.
 * A drum's pitch token is above 127.
 */
export function rankOf(instrument: number, isOn: boolean, pitch: number): number {
  return instrument * RANKS + (isOn ? RANKS / 2 : 0) + pitch;
}
const RANKS = 512;

/**
 * One way to write each piece: events in the order of `rankOf`; a program only where another instrument follows,
 * a velocity only where another bin follows, each with its event at once; full time-shifts first, then the rest; no
 * note-on of what sounds, no note-off of what does not; the end when nothing sounds. Instruments and ranges bound
 * the note-ons.
 */
export function createMidiLikeGrammar(options: GrammarOptions = {}): TokenGrammar<MidiLikeState> {
  const { plays, low, high } = createInstrumentation(options);

  /** Is there a pitch that the instrument may start after an event of rank `after`? */
  function canStart({ sounding }: MidiLikeState, instrument: number, after: number): boolean {
    if (instrument < 0 || !plays[instrument]) return false;
    const first = Math.max(low[instrument]!, after - rankOf(instrument, true, 0) + 1);
    for (let pitch = first; pitch <= high[instrument]!; pitch++) {
      if (!holds(sounding, instrument, pitch)) return true;
    }
    return false;
  }

  function isLegal(state: MidiLikeState, block: MidiLikeBlock, value: number): boolean {
    const { instrument, velocity, rank, sounding } = state;
    const before = state.block;
    if (before === 'end' || (before === 'velocity' && block !== 'note-on')) return false;
    switch (block) {
      case 'note-on':
        if (instrument < 0 || velocity < 0 || !plays[instrument]) return false;
        if (value < low[instrument]! || value > high[instrument]!) return false;
        return rankOf(instrument, true, value) > rank && !holds(sounding, instrument, value);
      case 'note-off':
        return rankOf(instrument, false, value) > rank && holds(sounding, instrument, value);
      case 'velocity':
        return value !== velocity && canStart(state, instrument, rank);
      case 'program': {
        const isLater = rank < 0 || value > Math.floor(rank / RANKS);
        if (before === 'program' || value === instrument || !isLater) return false;
        return canStart(state, value, -1) || sounding.some((voice) => instrumentOf(voice) === value);
      }
      case 'time-shift':
        return before !== 'program' && (before !== 'time-shift' || state.shift === MAX_SHIFT_STEPS);
      case 'end':
        return before !== 'program' && before !== 'time-shift' && sounding.length === 0;
    }
  }

  function mask(state: MidiLikeState, into: Uint8Array): number {
    let legal = 0;
    for (const { name, size } of MIDI_LIKE_BLOCKS) {
      const offset = MIDI_LIKE_OFFSETS[name];
      for (let value = 0; value < size; value++) {
        legal += into[offset + value] = isLegal(state, name, value) ? 1 : 0;
      }
    }
    return legal;
  }

  function accept(state: MidiLikeState, token: number): MidiLikeState {
    const { block, value } = midiLikeToken(token);
    if (!isLegal(state, block, value)) {
      const message = `The grammar does not allow ${block} ${value} here.`;
      throw new AttuneError('token/invalid', message, { block, value, token });
    }
    const { instrument, sounding, time } = state;
    const next = { ...state, block, shift: 0 };
    switch (block) {
      case 'end':
        return next;
      case 'time-shift':
        return { ...next, time: time + value + 1, shift: value + 1, rank: -1 };
      case 'program':
        return { ...next, instrument: value };
      case 'velocity':
        return { ...next, velocity: value };
      case 'note-on': {
        const rank = rankOf(instrument, true, value);
        if (instrument === DRUM_INSTRUMENT) return { ...next, rank };
        return { ...next, rank, sounding: withVoice(sounding, instrument * DRUM_PITCH_OFFSET + value) };
      }
      case 'note-off': {
        const voice = instrument * DRUM_PITCH_OFFSET + value;
        const rank = rankOf(instrument, false, value);
        return { ...next, rank, sounding: sounding.filter((other) => other !== voice) };
      }
    }
  }

  return {
    start: () => ({
      block: undefined,
      time: 0,
      shift: 0,
      instrument: -1,
      velocity: -1,
      rank: -1,
      sounding: [],
    }),
    mask,
    accept,
    ended: (state) => state.block === 'end',
  };
}

/** Does a melodic instrument's pitch sound? Drum strokes never do: they have no end. */
function holds(sounding: readonly number[], instrument: number, pitch: number): boolean {
  return instrument !== DRUM_INSTRUMENT && sounding.includes(instrument * DRUM_PITCH_OFFSET + pitch);
}

function instrumentOf(voice: number): number {
  return Math.floor(voice / DRUM_PITCH_OFFSET);
}

function withVoice(sounding: readonly number[], voice: number): number[] {
  const at = sounding.findIndex((other) => other > voice);
  return at < 0 ? [...sounding, voice] : [...sounding.slice(0, at), voice, ...sounding.slice(at)];
}
