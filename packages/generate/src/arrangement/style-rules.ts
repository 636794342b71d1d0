import type { Meter } from '@attune/core';

/** The styles that arrangements are written in. */
export const ARRANGED_STYLES = ['pop', 'rock', 'jazz', 'latin', 'funk', 'electronic'] as const;
/** One of `ARRANGED_STYLES`. */
export type ArrangedStyle = (typeof ARRANGED_STYLES)[number];

/**
 * How a style is played: patterns of one bar of sixteenths (see `parsePattern`), drawn by seed and kept for a section.
 *
 * - bass: R root, 3 third, 5 fifth, 7 seventh or octave, 8 octave, a a semitone or step into the next root.
 * - comping: C the whole chord, s the same struck short, P root and fifth (power chord), 1 2 3 4 single tones upwards.
 * - drums: per kit part x a stroke, X an accent, o a soft stroke.
 */
export interface StyleRules {
  /** Quarters a minute, from–to; drawn evenly. */
  readonly tempo: readonly [number, number];
  /** General MIDI programs to choose from. */
  readonly melody: readonly number[];
  readonly bass: readonly number[];
  readonly comping: readonly number[];
  readonly pad: readonly number[];
  /** Patterns for bars of 16 sixteenths (4/4) and 12 (3/4); without the latter the style has no waltz. */
  readonly bassPatterns: PatternsByLength;
  readonly compingPatterns: PatternsByLength;
  /** Chance of a pad in the first chorus; later ones always have it. */
  readonly padChance: number;
  /** Chance that a melody note on a strong beat comes an eighth early (anticipation), where there is room. */
  readonly anticipation: number;
  /** Eighths are played long–short, as triplets are counted (2 : 1); drummers swing on their own. */
  readonly swings?: boolean;
  /** Textbook beats for where no drummer is at hand. */
  readonly beats: readonly Beat[];
  /** Labels of the Groove set whose drummers play this style. */
  readonly drummers: readonly string[];
}

export interface PatternsByLength {
  readonly 16: readonly string[];
  readonly 12?: readonly string[];
}

/** Kit parts by General MIDI key. */
export type Beat = Readonly<Record<number, string>>;

export const KICK = 36;
export const SNARE = 38;
export const RIM = 37;
export const CLAP = 39;
export const CLOSED_HAT = 42;
export const OPEN_HAT = 46;
export const RIDE = 51;
export const CRASH = 49;

/** Sixteenths of a bar, for the meters that arrangements have. */
export function stepsOfMeter({ numerator, denominator }: Meter): 16 | 12 | undefined {
  if (denominator === 4 && numerator === 4) return 16;
  if (denominator === 2 && numerator === 2) return 16;
  if (denominator === 4 && numerator === 3) return 12;
  return undefined;
}
