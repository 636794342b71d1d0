import type { Bpm, PitchClass } from '../foundation/units.ts';
import type { Style } from './styles.ts';

/** The two modes that keys are told apart by. */
export type Mode = 'major' | 'minor';

/**
 * What a composer may be asked for. Every field can be left open; an open field is drawn from what the model
 * learned, given the fields that are set. The same record is stored with every generated track.
 */
export interface Conditioning {
  readonly style?: Style;
  /** Tonic pitch class; 0 is C. */
  readonly tonic?: PitchClass;
  readonly mode?: Mode;
  readonly tempo?: Bpm;
  readonly meter?: { readonly numerator: number; readonly denominator: number };
  /** General MIDI programs 0–127 that may play; `DRUMS` (128) is the drum kit. Empty is not allowed. */
  readonly instruments?: readonly number[];
  /** Notes a quarter, all instruments together; > 0. */
  readonly density?: number;
  /** Lowest and highest MIDI pitch of everything but drums, an octave apart or more. */
  readonly range?: readonly [lowest: number, highest: number];
  /** Mood axes, each 0 … 1 as a quantile of the training data (0.5 = median). See `MOOD_AXES`. */
  readonly energy?: number;
  readonly valence?: number;
  readonly tension?: number;
  /** One letter a section, A to H, such as 'AABA': sections of one letter are alike. 1 to 64 letters. */
  readonly form?: string;
}

/** Instrument number of the drum kit in `Conditioning.instruments`. */
export const DRUMS = 128;

/** Names of the mood axes. */
export const MOOD_AXES = ['energy', 'valence', 'tension'] as const;
/** One of `MOOD_AXES`. */
export type MoodAxis = (typeof MOOD_AXES)[number];
