import type { Score } from '@attune/core';
import { createMeterMap, pitchClassDurations, recogniseChords } from '@attune/core';
import { AUDIO_SUMMARY_NAMES } from '@attune/core/features';
import { DRUMS } from '@attune/core/style';
import { melodyOf, movesOf, type MelodyMoves } from '../melody/melody.ts';

/** In what two pieces may be alike. */
export const ASPECTS = ['rhythm', 'harmony', 'timbre', 'melody'] as const;
/** One of `ASPECTS`. */
export type Aspect = (typeof ASPECTS)[number];

/** What is compared of a piece, by aspect; absent where it has none (drums alone have no harmony, sound no notes). */
export interface ExampleProfile {
  /** [16 + 12]: share of onsets in each sixteenth of the bar, then of times between onsets in classes of half an octave. */
  readonly rhythm?: Float64Array;
  readonly harmony?: HarmonyProfile;
  readonly timbre?: TimbreProfile;
  readonly melody?: MelodyMoves;
}

/** Harmony without key: nothing in it moves with a transposition but the rotation of `pitchClasses`. */
export interface HarmonyProfile {
  /** [12]: share of sounding time of each pitch class. */
  readonly pitchClasses: Float64Array;
  /** Share of each change of chord, as 'min>5>maj': quality, semitones up to the next root, next quality. */
  readonly changes: ReadonlyMap<string, number>;
}

/** Which instruments play for how long (of notes), or means and deviations of MFCC (of sound). */
export type TimbreProfile =
  | { readonly kind: 'instruments'; readonly shares: Float64Array }
  | { readonly kind: 'sound'; readonly values: Float64Array };

const BAR_PARTS = 16;
const GAP_CLASSES = 12;
/** The first class of gaps: a thirty-second note. */
const SHORTEST_GAP_QUARTERS = 1 / 8;

/** The profile of a score in all aspects. Throws as `recogniseChords`. */
export function describeExample(score: Score): ExampleProfile {
  const rhythm = rhythmOf(score);
  const harmony = harmonyOf(score);
  const shares = instrumentShares(score);
  const melody = movesOf(melodyOf(score));
  return {
    ...(rhythm && { rhythm }),
    ...(harmony && { harmony }),
    ...(shares && { timbre: { kind: 'instruments', shares } }),
    ...(melody.ratios.length > 0 && { melody }),
  };
}

/** The profile of a sound: its timbre, from `summariseAudioFeatures`. */
export function describeSound(summary: ArrayLike<number>): ExampleProfile {
  const values = Float64Array.from(
    AUDIO_SUMMARY_NAMES.flatMap((name, i) => (/^mfcc \d+ (mean|deviation)$/.test(name) ? [summary[i]!] : [])),
  );
  return { timbre: { kind: 'sound', values } };
}

function rhythmOf(score: Score): Float64Array | undefined {
  const onsets = [...new Set(score.tracks.flatMap(({ notes }) => notes.map(({ start }) => start)))].sort(
    (a, b) => a - b,
  );
  if (onsets.length < 2) return undefined;
  const bars = createMeterMap(score);
  const profile = new Float64Array(BAR_PARTS + GAP_CLASSES);
  onsets.forEach((onset, i) => {
    const { tickInBar, ticksPerBar } = bars.barAt(onset);
    profile[Math.round((tickInBar / ticksPerBar) * BAR_PARTS) % BAR_PARTS]! += 1 / onsets.length;
    if (i === 0) return;
    const gap = (onset - onsets[i - 1]!) / score.ticksPerQuarter;
    const place = Math.round(2 * Math.log2(gap / SHORTEST_GAP_QUARTERS));
    profile[BAR_PARTS + Math.max(0, Math.min(GAP_CLASSES - 1, place))]! += 1 / (onsets.length - 1);
  });
  return profile;
}

function harmonyOf(score: Score): HarmonyProfile | undefined {
  const durations = pitchClassDurations(score);
  const total = durations.reduce((a, b) => a + b, 0);
  if (total === 0) return undefined;
  const chords = recogniseChords(score).flatMap(({ chord }) => chord ?? []);
  const changes = new Map<string, number>();
  for (let i = 1; i < chords.length; i++) {
    const [a, b] = [chords[i - 1]!, chords[i]!];
    if (a.root === b.root && a.quality === b.quality) continue;
    const change = `${a.quality}>${(b.root - a.root + 12) % 12}>${b.quality}`;
    changes.set(change, (changes.get(change) ?? 0) + 1);
  }
  const count = [...changes.values()].reduce((a, b) => a + b, 0);
  for (const [change, n] of changes) changes.set(change, n / count);
  return { pitchClasses: durations.map((ticks) => ticks / total), changes };
}

function instrumentShares(score: Score): Float64Array | undefined {
  const shares = new Float64Array(DRUMS + 1);
  for (const { isDrum, program, notes } of score.tracks) {
    for (const { duration } of notes) shares[isDrum ? DRUMS : program]! += Math.max(1, duration);
  }
  const total = shares.reduce((a, b) => a + b, 0);
  return total === 0 ? undefined : shares.map((ticks) => ticks / total);
}
