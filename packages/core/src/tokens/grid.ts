import { AttuneError } from '../foundation/errors.ts';
import type { MeterEvent } from '../score/score.ts';

/** Steps a quarter note: the least number that divides 32nd notes (8 a quarter) and triplets (3 a quarter). */
export const STEPS_PER_QUARTER = 24;

/** Longest bar that positions can address; longer ones are split into equal pseudo-bars. */
export const MAX_BAR_QUARTERS = 8;
/** `MAX_BAR_QUARTERS` in steps: positions are below it. */
export const MAX_BAR_STEPS = MAX_BAR_QUARTERS * STEPS_PER_QUARTER;

/** Bars shorter than this (1/16, 1/8) are joined into one, so that a gap of a few bars stays a few tokens. */
const MIN_BAR_STEPS = STEPS_PER_QUARTER;

/** Longest distance in bars from one note to the next; a longer silence is shortened to it. */
export const MAX_BAR_GAP = 8;

/** Instrument number of the drum kit beside the General MIDI programs 0–127. */
export const DRUM_INSTRUMENT = 128;
/** Instrument numbers: 128 programs and the drum kit. */
export const INSTRUMENT_COUNT = DRUM_INSTRUMENT + 1;

/** Melodic pitches are 0–127; drum keys follow at 128–255. */
export const DRUM_PITCH_OFFSET = 128;
/** Pitch numbers: 128 melodic ones and 128 drum keys. */
export const PITCH_COUNT = 2 * DRUM_PITCH_OFFSET;

/**
 * Keys that electronic kits send for the edge of the hi-hat, which General MIDI has no sound for, and the
 * General MIDI key of the same stroke (closed and open hi-hat).
 */
const DRUM_KEY_ALIASES: ReadonlyMap<number, number> = new Map([
  [22, 42],
  [26, 46],
]);

/** The General MIDI drum key for a key. */
export function drumKeyOf(key: number): number {
  return DRUM_KEY_ALIASES.get(key) ?? key;
}

/**
 * Durations in grid steps, ascending: every length below an eighth, then in each octave the plain, dotted (3/2),
 * double-dotted (7/4), triplet (4/3) and tied (7/6, 9/8, 5/4, 5/3) values, ever sparser, up to 16 quarters.
 */
export const DURATIONS: Int16Array = durationTable();

function durationTable(): Int16Array {
  const eighth = STEPS_PER_QUARTER / 2;
  const octaves: readonly [steps: number, factors: readonly number[]][] = [
    [eighth, [1, 7 / 6, 5 / 4, 4 / 3, 3 / 2, 5 / 3, 7 / 4]],
    [2 * eighth, [1, 7 / 6, 5 / 4, 4 / 3, 3 / 2, 5 / 3, 7 / 4]],
    [4 * eighth, [1, 9 / 8, 7 / 6, 5 / 4, 4 / 3, 3 / 2, 5 / 3, 7 / 4]],
    [8 * eighth, [1, 9 / 8, 5 / 4, 3 / 2, 7 / 4]],
    [16 * eighth, [1, 9 / 8, 5 / 4, 3 / 2, 7 / 4]],
    [32 * eighth, [1]],
  ];
  const short = Array.from({ length: eighth - 1 }, (_, i) => i + 1);
  const long = octaves.flatMap(([steps, factors]) => factors.map((factor) => Math.round(steps * factor)));
  return Int16Array.from([...short, ...long]);
}

/** Index into `DURATIONS` of the length nearest to `steps` (the shorter one of two equally near). */
export function durationIndexOf(steps: number): number {
  let low = 0;
  let high = DURATIONS.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (DURATIONS[middle]! < steps) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && steps - DURATIONS[low - 1]! <= DURATIONS[low]! - steps) return low - 1;
  return low;
}

/** Index of the longest entry of `DURATIONS` that is at most `steps` (≥ 1). */
export function durationIndexAtMost(steps: number): number {
  const index = durationIndexOf(steps);
  return DURATIONS[index]! <= steps ? index : index - 1;
}

/** MIDI velocity 0–127 falls into bins of equal width, decoded to their centres 8, 24, … 120. */
export const VELOCITY_COUNT = 8;
const VELOCITY_WIDTH = 128 / VELOCITY_COUNT;

/** The bin, 0 … 7, of a MIDI velocity. */
export function velocityBinOf(velocity: number): number {
  return Math.min(VELOCITY_COUNT - 1, Math.max(0, Math.floor(velocity / VELOCITY_WIDTH)));
}

/** The velocity at the centre of a bin. */
export function velocityOfBin(bin: number): number {
  return (bin + 0.5) * VELOCITY_WIDTH;
}

/** A meter without its tick. */
export type Meter = Pick<MeterEvent, 'numerator' | 'denominator'>;

/**
 * Length in grid steps of a bar of `meter`. A bar that is no whole number of steps or shorter than a quarter is
 * joined with the next ones; a bar longer than `MAX_BAR_STEPS` is split into the fewest equal pseudo-bars.
 */
export function barStepsOf(meter: Meter): number {
  const { numerator, denominator } = meter;
  if (!Number.isInteger(numerator) || numerator < 1 || !Number.isInteger(denominator) || denominator < 1) {
    throw new AttuneError('token/invalid', `A meter of ${numerator}/${denominator} has no bar length.`, {
      numerator,
      denominator,
    });
  }
  let steps = (numerator * 4 * STEPS_PER_QUARTER) / denominator;
  let joined = steps;
  while (!Number.isInteger(joined) || joined < MIN_BAR_STEPS) joined += steps;
  steps = joined;
  for (let parts = Math.ceil(steps / MAX_BAR_STEPS); steps / parts >= MIN_BAR_STEPS; parts++) {
    if (steps % parts === 0) return steps / parts;
  }
  return MAX_BAR_STEPS; // a prime length such as 251/64: bar lines cannot be kept
}

/**
 * Semitones that bring a piece to the canonical key: C for major, A for minor (the same white keys), by the
 * smallest move, −6 … +5.
 */
export function canonicalShift(tonic: number, mode: 'major' | 'minor'): number {
  const target = mode === 'major' ? 0 : 9;
  return ((((target - tonic + 6) % 12) + 12) % 12) - 6;
}

/** What the values of encodings on this grid stand for: part of their identity in a checkpoint. */
export const GRID_SETTINGS = {
  stepsPerQuarter: STEPS_PER_QUARTER,
  maxBarSteps: MAX_BAR_STEPS,
  maxBarGap: MAX_BAR_GAP,
  durationSteps: [...DURATIONS],
  velocities: Array.from({ length: VELOCITY_COUNT }, (_, bin) => velocityOfBin(bin)),
};
