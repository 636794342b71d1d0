import { findKey, type Score } from '@attune/core';
import {
  barStepsOf,
  compoundToGrid,
  DRUM_INSTRUMENT,
  DURATIONS,
  encodeCompound,
  toGrid,
  type GridNote,
} from '@attune/core/tokens';
import type { BarForm } from '../transformer/form/bar-form.ts';
import { noteOverlap } from '../transformer/form/form-of-notes.ts';
import { wishedForm } from '../transformer/form/wished-form.ts';

/** What is measured of a piece's form, each 0 … 1; undefined where the piece is too short or has no key. */
export interface FormMeasures {
  /**
   * Mean over bars of how much of a bar stands 4 (8) bars earlier, up to transposition: `noteOverlap` of single bars.
   * Bars that are empty both times are left out.
   */
  readonly similarity4: number | undefined;
  readonly similarity8: number | undefined;
  /**
   * Share of four-bar phrases whose last bar comes to rest on the tonic or dominant triad: what sounds when its
   * last note begins lies within the triad, sevenths of the dominant allowed.
   */
  readonly cadences: number | undefined;
  /** 1 where the lowest note that sounds at the piece's last onset is the tonic, else 0. */
  readonly endsOnTonic: number | undefined;
}

/** Names of the measures, in the order of tables. */
export const FORM_MEASURES = ['similarity4', 'similarity8', 'cadences', 'endsOnTonic'] as const;
/** One of `FORM_MEASURES`. */
export type FormMeasure = (typeof FORM_MEASURES)[number];

const PHRASE_BARS = 4;

/** Measures the form of a score in bars of its main meter. All undefined for a score without notes. */
export function formMeasures(score: Score): FormMeasures {
  const { meter, steps, shift, bars, barOf } = encodeCompound(score);
  const { notes } = compoundToGrid({ steps, meter, shift });
  if (notes.length === 0) {
    return { similarity4: undefined, similarity8: undefined, cadences: undefined, endsOnTonic: undefined };
  }
  const byBar = Array.from({ length: bars }, (_, bar) => notes.filter((_note, i) => barOf[i] === bar));
  const key = findKey(score);
  const barSteps = barStepsOf(meter);
  return {
    similarity4: similarityAt(byBar, 4),
    similarity8: similarityAt(byBar, 8),
    cadences: key && cadenceShare(byBar, notes, barSteps, key.tonic, key.mode),
    endsOnTonic: key && endingOn(notes, barSteps, key.tonic),
  };
}

/**
 * What a piece's form is worth among candidates, 0 … 1: the mean of the share of phrases that come to rest, whether the end is on
 * the tonic, and, where sections were asked for (`letters`, such as 'AABA', over `bars` bars), how much of each bar that should
 * return does so, up to transposition. Undefined where nothing can be said: drums alone that were told no sections, or silence.
 * Throws `argument/invalid` for more letters than bars.
 */
export function formMerit(score: Score, bars: number, letters?: string): number | undefined {
  const { cadences, endsOnTonic } = formMeasures(score);
  const returns = letters === undefined ? undefined : returnShare(score, wishedForm(letters, bars));
  const known = [cadences, endsOnTonic, returns].filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Mean overlap of each bar that should return with the bar that it returns from; undefined where none should or all are empty. */
function returnShare(score: Score, { back }: BarForm): number | undefined {
  const { notes } = toGrid(score);
  const byBar = back.map((_, bar) => notes.filter((note) => note.bar === bar));
  const overlaps = back
    .map((distance, bar) => (distance === 0 ? NaN : noteOverlap([byBar[bar - distance]!], [byBar[bar]!])))
    .filter((overlap) => !Number.isNaN(overlap));
  return overlaps.length === 0 ? undefined : overlaps.reduce((sum, x) => sum + x, 0) / overlaps.length;
}

/** Means over pieces, each measure over those that have it; NaN where none has. */
export function meanFormMeasures(scores: readonly Score[]): Readonly<Record<FormMeasure, number>> {
  const all = scores.map(formMeasures);
  const mean = (name: FormMeasure): number => {
    const values = all.flatMap((measures) => measures[name] ?? []);
    return values.reduce((sum, x) => sum + x, 0) / values.length;
  };
  return Object.fromEntries(FORM_MEASURES.map((name) => [name, mean(name)])) as Record<FormMeasure, number>;
}

function similarityAt(byBar: readonly (readonly GridNote[])[], lag: number): number | undefined {
  const overlaps: number[] = [];
  for (let bar = lag; bar < byBar.length; bar++) {
    const overlap = noteOverlap([byBar[bar - lag]!], [byBar[bar]!]);
    if (!Number.isNaN(overlap)) overlaps.push(overlap);
  }
  if (overlaps.length === 0) return undefined;
  return overlaps.reduce((sum, x) => sum + x, 0) / overlaps.length;
}

function cadenceShare(
  byBar: readonly (readonly GridNote[])[],
  notes: readonly GridNote[],
  barSteps: number,
  tonic: number,
  mode: 'major' | 'minor',
): number | undefined {
  const tonicTriad = [0, mode === 'major' ? 4 : 3, 7];
  const dominant = [7, 11, 2, 5];
  let [phrases, rests] = [0, 0];
  for (let bar = PHRASE_BARS - 1; bar < byBar.length; bar += PHRASE_BARS) {
    const last = byBar[bar]!.findLast(isMelodic);
    if (!last) continue;
    phrases++;
    const degrees = soundingAt(notes, startOf(last, barSteps), barSteps).map(
      ({ pitch }) => (pitch - tonic + 12) % 12,
    );
    const within = (chord: readonly number[]): boolean => degrees.every((degree) => chord.includes(degree));
    if (within(tonicTriad) || within(dominant)) rests++;
  }
  return phrases === 0 ? undefined : rests / phrases;
}

function endingOn(notes: readonly GridNote[], barSteps: number, tonic: number): number | undefined {
  const last = notes.findLast(isMelodic);
  if (!last) return undefined;
  const sounding = soundingAt(notes, startOf(last, barSteps), barSteps);
  return Math.min(...sounding.map(({ pitch }) => pitch)) % 12 === tonic ? 1 : 0;
}

/** Melodic notes that sound at a grid step. */
function soundingAt(notes: readonly GridNote[], step: number, barSteps: number): GridNote[] {
  return notes.filter((note) => {
    const start = startOf(note, barSteps);
    return isMelodic(note) && start <= step && start + DURATIONS[note.duration]! > step;
  });
}

function startOf(note: GridNote, barSteps: number): number {
  return note.bar * barSteps + note.position;
}

function isMelodic({ instrument }: GridNote): boolean {
  return instrument !== DRUM_INSTRUMENT;
}
