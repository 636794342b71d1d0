import { AttuneError } from '../foundation/errors.ts';
import { createScore } from '../score/create-score.ts';
import type { Note, Score } from '../score/score.ts';
import { acceptTokens } from './accept-tokens.ts';
import type { EncodingLoss } from './encoding-loss.ts';
import { DRUM_INSTRUMENT, DRUM_PITCH_OFFSET } from './grid.ts';
import { foldPitch } from './grid-notes.ts';
import type { DecodeOptions, EncodeOptions } from './grid-notes.ts';
import { createMidiLikeGrammar, rankOf } from './midi-like-grammar.ts';
import type { MidiLikeState } from './midi-like-grammar.ts';
import {
  FINE_VELOCITY_COUNT,
  MAX_SHIFT_STEPS,
  MIDI_LIKE_BLOCKS,
  MIDI_LIKE_OFFSETS,
  MIDI_LIKE_VOCABULARY_SIZE,
  STEPS_PER_SECOND,
  midiLikeToken,
  velocityOfFineBin,
} from './midi-like-vocabulary.ts';
import type { MidiLikeBlock } from './midi-like-vocabulary.ts';
import { toTimedNotes } from './timed-notes.ts';
import type { TimedNote } from './timed-notes.ts';
import type { TokenHeader, Tokenizer } from './tokenizer.ts';

/**
 * A piece as what a keyboard sends: note-on, note-off, time-shift (10 ms … 1 s) and velocity (32 bins) tokens after
 * Oore et al. 2018, "This Time with Feeling", for several instruments: a `program` token (128: the drums) says
 * whose the note-ons and note-offs after it are. Drum keys have note-ons of their own and no note-off. Time is the
 * clock's: tempo changes are in it, bars are not, and the meter stands in the header alone.
 */
export interface MidiLikeSequence extends TokenHeader {
  /** [tokens] */
  readonly tokens: Int16Array;
}

/** The MIDI-like encoding as a `Tokenizer`. */
export const midiLikeTokenizer: Tokenizer<MidiLikeSequence, MidiLikeState> = {
  name: 'midi-like-1',
  vocabulary: MIDI_LIKE_BLOCKS,
  offsets: MIDI_LIKE_BLOCKS.map(({ name }) => MIDI_LIKE_OFFSETS[name]),
  vocabularySize: MIDI_LIKE_VOCABULARY_SIZE,
  settings: {
    stepsPerSecond: STEPS_PER_SECOND,
    velocities: Array.from({ length: FINE_VELOCITY_COUNT }, (_, bin) => velocityOfFineBin(bin)),
  },
  encode: encodeMidiLike,
  decode: decodeMidiLike,
  noteCount({ tokens }) {
    return tokens.reduce((count, token) => count + (midiLikeToken(token).block === 'note-on' ? 1 : 0), 0);
  },
  tokensOf: ({ tokens }) => tokens,
  sequenceOf(tokens, { meter, shift }) {
    acceptTokens(createMidiLikeGrammar(), tokens);
    return { tokens: Int16Array.from(tokens), meter, shift };
  },
  grammar: createMidiLikeGrammar,
};

/** Encodes a whole piece. Throws `token/invalid` as `toTimedNotes` does. */
export function encodeMidiLike(
  score: Score,
  { shift = 0 }: EncodeOptions = {},
): { readonly sequence: MidiLikeSequence; readonly loss: EncodingLoss } {
  const { notes, meter, loss } = toTimedNotes(score, shift);
  return { sequence: { tokens: tokensOfNotes(notes), meter, shift }, loss };
}

/**
 * The score of a sequence, ended or not: notes that still sound at its end stop there. One track an instrument, the
 * drum kit last; one tempo, at which the clock times hold. Default: 500 ticks a quarter at 120 bpm, so that a
 * step is 10 ticks; else to the nearest tick. Throws `token/invalid` with index and token of the first that is
 * illegal, or for ticks longer than 5 ms, half a step.
 */
export function decodeMidiLike(sequence: MidiLikeSequence, options: DecodeOptions = {}): Score {
  const { ticksPerQuarter = 500, tempo = 120, meter = sequence.meter, shift = sequence.shift } = options;
  const ticksPerStep = (ticksPerQuarter * tempo) / (60 * STEPS_PER_SECOND);
  if (!(ticksPerStep >= 2) || !Number.isFinite(ticksPerStep)) {
    const message = `A tick of at most 5 ms is needed: ${ticksPerQuarter} a quarter at ${tempo} bpm are too few.`;
    throw new AttuneError('token/invalid', message, { ticksPerQuarter, tempo });
  }
  const byInstrument = new Map<number, Note[]>();
  for (const { start, end, instrument, pitch, velocity } of readNotes(sequence)) {
    const isDrum = instrument === DRUM_INSTRUMENT;
    const [from, to] = [Math.round(start * ticksPerStep), Math.round(end * ticksPerStep)];
    const notes = byInstrument.get(instrument) ?? [];
    byInstrument.set(instrument, notes);
    notes.push({
      start: from,
      duration: to - from,
      pitch: isDrum ? pitch - DRUM_PITCH_OFFSET : foldPitch(pitch - shift),
      velocity: velocityOfFineBin(velocity),
    });
  }
  return createScore({
    ticksPerQuarter,
    title: options.title ?? '',
    tracks: [...byInstrument.keys()]
      .sort((a, b) => a - b)
      .map((instrument) => ({
        name: options.trackNames?.[instrument] ?? '',
        program: instrument === DRUM_INSTRUMENT ? 0 : instrument,
        isDrum: instrument === DRUM_INSTRUMENT,
        notes: byInstrument.get(instrument)!,
      })),
    tempos: [{ tick: 0, bpm: tempo }],
    meters: [{ tick: 0, numerator: meter.numerator, denominator: meter.denominator }],
  });
}

interface NoteEvent {
  readonly time: number;
  readonly rank: number;
  readonly note: TimedNote;
  readonly isOn: boolean;
}

function tokensOfNotes(notes: readonly TimedNote[]): Int16Array {
  const events: NoteEvent[] = [];
  for (const note of notes) {
    const { start, end, instrument, pitch } = note;
    events.push({ time: start, rank: rankOf(instrument, true, pitch), note, isOn: true });
    if (instrument === DRUM_INSTRUMENT) continue;
    events.push({ time: end, rank: rankOf(instrument, false, pitch), note, isOn: false });
  }
  events.sort((a, b) => a.time - b.time || a.rank - b.rank);
  const tokens: number[] = [];
  const emit = (block: MidiLikeBlock, value: number): void =>
    void tokens.push(MIDI_LIKE_OFFSETS[block] + value);
  let [now, instrument, velocity] = [0, -1, -1];
  for (const { time, note, isOn } of events) {
    for (; now < time; now += Math.min(MAX_SHIFT_STEPS, time - now)) {
      emit('time-shift', Math.min(MAX_SHIFT_STEPS, time - now) - 1);
    }
    if (note.instrument !== instrument) emit('program', (instrument = note.instrument));
    if (isOn && note.velocity !== velocity) emit('velocity', (velocity = note.velocity));
    emit(isOn ? 'note-on' : 'note-off', note.pitch);
  }
  emit('end', 0);
  return Int16Array.from(tokens);
}

function readNotes({ tokens }: MidiLikeSequence): TimedNote[] {
  const notes: TimedNote[] = [];
  const open = new Map<number, Omit<TimedNote, 'end'>>();
  const close = (voice: number, end: number): void => {
    const note = open.get(voice)!;
    open.delete(voice);
    notes.push({ ...note, end });
  };
  const last = acceptTokens(
    createMidiLikeGrammar(),
    tokens,
    ({ block, time, instrument, velocity }, token) => {
      if (block !== 'note-on' && block !== 'note-off') return;
      const pitch = midiLikeToken(token).value;
      const voice = instrument * DRUM_PITCH_OFFSET + pitch;
      if (block === 'note-off') {
        close(voice, time);
        return;
      }
      open.set(voice, { start: time, instrument, pitch, velocity });
      if (instrument === DRUM_INSTRUMENT) close(voice, time + 1);
    },
  );
  for (const [voice, { start }] of [...open]) close(voice, Math.max(start + 1, last.time));
  return notes;
}
