import { AttuneError } from '@attune/core';

/** What sounds at one step of the time grid: MIDI pitches; in the coding by voices `REST` keeps a silent voice's place. */
export type Frame = readonly number[];
/** The frames of one piece in order of time. */
export type FramePiece = readonly Frame[];

export const REST = -1;
/** Value of a field that follows the end of its frame: not charged. */
export const NOT_CHARGED = -1;

/**
 * How frames become the fields that a network predicts one after the other, and the multi-hot rows that it sees.
 * The product of the field probabilities is the exact probability of the frame, so sums of their nats compare with
 * any other likelihood of the same frames.
 */
export interface FrameCoding {
  readonly name: string;
  /** Number of values of each field, in the order of prediction. */
  readonly fieldSizes: readonly number[];
  /** Length of the input row. */
  readonly inputRows: number;
  /** Frames of the start whose nats do not count in the published protocol. */
  readonly uncountedFrames: number;
  /** Nats are reported per `slot` (each field) or per `frame`. */
  readonly unit: 'slot' | 'frame';
  /** Semitones by which training pieces may move. */
  readonly shifts: readonly number[];
  /** Values of the fields of a frame moved by `shift`; `NOT_CHARGED` after the frame's end. Throws `argument/invalid`. */
  fieldsOf(frame: Frame, shift: number): number[];
  /** Rows of the input that are 1 before frame `index` is predicted: a function of the frames before it alone. */
  inputsOf(piece: FramePiece, index: number, shift: number): number[];
}

const VOICES = 4;
/** Soprano, bass, alto, tenor: the frame holds its voices from the highest to the lowest. */
const PREDICTION_ORDER = [0, 3, 1, 2];
const PHASES = 16;
/** Ages of a note up to this many frames are told apart. */
const OLDEST = 17;

/**
 * One field a voice, in the order soprano, bass, alto, tenor: the slots of the separated 16th-note chorales. The input holds each
 * voice's last pitch, how long it has stood, and the pitch before it (the durations are those of repeated pitches:
 * the data do not tell a repeated note from a held one).
 */
export function createVoiceCoding(lowest = 30, highest = 88): FrameCoding {
  const pitches = highest - lowest + 1;
  const values = pitches + 1; // the last: rest
  const valueOf = (pitch: number, shift: number): number => {
    if (pitch === REST) return pitches;
    const value = pitch + shift - lowest;
    if (Number.isInteger(value) && value >= 0 && value < pitches) return value;
    throw new AttuneError('argument/invalid', `Pitch ${pitch + shift} is outside ${lowest} to ${highest}.`, {
      pitch: pitch + shift,
    });
  };
  const last = 0;
  const before = last + VOICES * (values + 1); // one more: no such note yet
  const ages = before + VOICES * (values + 1);
  const phases = ages + VOICES * (OLDEST + 1);
  return {
    name: 'voices',
    fieldSizes: new Array<number>(VOICES).fill(values),
    inputRows: phases + PHASES,
    uncountedFrames: 0,
    unit: 'slot',
    shifts: [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5],
    fieldsOf(frame, shift) {
      if (frame.length !== VOICES) {
        throw new AttuneError(
          'argument/invalid',
          `A frame of ${frame.length} voices; it must have ${VOICES}.`,
        );
      }
      return PREDICTION_ORDER.map((voice) => valueOf(frame[voice]!, shift));
    },
    inputsOf(piece, index, shift) {
      const rows = [phases + (index % PHASES)];
      for (let voice = 0; voice < VOICES; voice++) {
        const since = lastChange(piece, index, voice);
        const age = Math.min(OLDEST, index - since);
        const pitch = index > 0 ? valueOf(piece[index - 1]![voice]!, shift) : values;
        const earlier = since > 0 ? valueOf(piece[since - 1]![voice]!, shift) : values;
        rows.push(last + voice * (values + 1) + pitch);
        rows.push(before + voice * (values + 1) + earlier);
        rows.push(ages + voice * (OLDEST + 1) + age);
      }
      return rows;
    },
  };
}

/** First of the frames before `index` in which the voice has the pitch that it has last; 0 at the start. */
function lastChange(piece: FramePiece, index: number, voice: number): number {
  let since = Math.max(0, index - 1);
  while (since > 0 && piece[since - 1]![voice] === piece[since]![voice]) since--;
  return since;
}

const LOWEST_KEY = 21;
const KEYS = 88;
/** Frames back that the input shows whole; attention sees the rest. */
const SHOWN_FRAMES = 3;

/**
 * The notes of an 88-key frame from the lowest to the highest, then an end: an autoregressive order of the 88
 * yes-or-no decisions, whose nats add up to the frame's. At most `most` notes a frame (`argument/invalid` above).
 */
export function createRollCoding(most = 15): FrameCoding {
  const tops = SHOWN_FRAMES * KEYS;
  const bottoms = tops + KEYS + 1;
  const phases = bottoms + KEYS + 1;
  const starts = phases + PHASES;
  return {
    name: 'roll',
    fieldSizes: new Array<number>(most + 1).fill(KEYS + 1),
    inputRows: starts + SHOWN_FRAMES,
    uncountedFrames: 1,
    unit: 'frame',
    shifts: [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5],
    fieldsOf(frame, shift) {
      if (frame.length > most) {
        throw new AttuneError(
          'argument/invalid',
          `A frame of ${frame.length} notes; at most ${most} can be told.`,
        );
      }
      const keys = frame.map((pitch) => keyOf(pitch, shift)).sort((a, b) => a - b);
      return Array.from({ length: most + 1 }, (_, k) => keys[k] ?? (k === keys.length ? KEYS : NOT_CHARGED));
    },
    inputsOf(piece, index, shift) {
      const rows = [phases + (index % PHASES)];
      for (let back = 1; back <= SHOWN_FRAMES; back++) {
        const frame = piece[index - back];
        if (frame === undefined) rows.push(starts + back - 1);
        else for (const pitch of frame) rows.push((back - 1) * KEYS + keyOf(pitch, shift));
      }
      const keys = (piece[index - 1] ?? []).map((pitch) => keyOf(pitch, shift));
      rows.push(tops + (keys.length > 0 ? Math.max(...keys) : KEYS));
      rows.push(bottoms + (keys.length > 0 ? Math.min(...keys) : KEYS));
      return rows;
    },
  };
}

function keyOf(pitch: number, shift: number): number {
  const key = pitch + shift - LOWEST_KEY;
  if (Number.isInteger(key) && key >= 0 && key < KEYS) return key;
  throw new AttuneError('argument/invalid', `Pitch ${pitch + shift} is not on a keyboard of 88 keys.`, {
    pitch: pitch + shift,
  });
}
