import { KIT_CLASSES } from '../performance/kit-classes.ts';

/** What can be written step by step, in the order in which the voices of one step are. */
export const VOICES = ['drums', 'bass', 'melody'] as const;
/** One of `VOICES`. */
export type Voice = (typeof VOICES)[number];

/** Class of a step in which the note before goes on. */
export const HOLD = 128;
/** Class of a silent step. */
export const REST = 129;
/** How many classes a line of single notes has. */
export const LINE_CLASSES = 130;

/** How a step of a voice is told as one class. */
export interface VoiceCode {
  /** Classes 0 … classes − 1. */
  readonly classes: number;
  /** The class of silence. */
  readonly silent: number;
  /** The class that most steps have. */
  readonly commonest: number;
  /** Whether the voice moves when music is transposed. */
  readonly isPitched: boolean;
  /** Whether something begins at a step of this class. */
  readonly isOnset: (value: number) => boolean;
}

/** A line of single notes as in MusicVAE (Roberts et al. 2018): 0–127 a note of that pitch begins, `HOLD`, `REST`. */
const LINE: VoiceCode = {
  classes: LINE_CLASSES,
  silent: REST,
  commonest: HOLD,
  isPitched: true,
  isOnset: (value) => value < HOLD,
};

/** Drums as in MusicVAE: the set of classes of the kit that are struck, bit i for `KIT_CLASSES[i]`; 0 is silence. */
const STROKES: VoiceCode = {
  classes: 2 ** KIT_CLASSES.length,
  silent: 0,
  commonest: 0,
  isPitched: false,
  isOnset: (value) => value > 0,
};

/** The code of each voice. */
export const VOICE_CODES: Readonly<Record<Voice, VoiceCode>> = {
  drums: STROKES,
  bass: LINE,
  melody: LINE,
};
