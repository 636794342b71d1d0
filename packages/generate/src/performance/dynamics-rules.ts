import { createMeterMap, type Score, type Tick } from '@attune/core';
import type { Deviations } from './deviations.ts';
import type { Phrase } from './phrases.ts';

/** Sound level of the highest place of a phrase over its ends, dB at k = 1. */
const ARCH_LEVEL = 4;
/** Where in a phrase its climax lies (Friberg 1995: after the middle). */
const CLIMAX = 0.6;

/** Louder towards the climax of its phrase, softer at both ends; the mean of a phrase is unchanged. */
export function applyPhraseDynamics(
  score: Score,
  phrases: readonly Phrase[],
  all: readonly Deviations[],
  k: number,
): void {
  eachNote(score, (t, i, start) => {
    const phrase = phraseAt(phrases, start);
    if (phrase) all[t]!.level[i]! += k * ARCH_LEVEL * (archAt(phrase, start) - 2 / 3);
  });
}

/** 0 at both ends of the phrase, 1 at its climax: two half parabolas, mean 2/3. */
export function archAt({ start, end }: Phrase, tick: Tick): number {
  const x = (tick - start) / Math.max(1, end - start);
  const fromClimax = x < CLIMAX ? (CLIMAX - x) / CLIMAX : (x - CLIMAX) / (1 - CLIMAX);
  return 1 - fromClimax * fromClimax;
}

export function phraseAt(phrases: readonly Phrase[], tick: Tick): Phrase | undefined {
  return phrases.find(({ start, end }) => tick >= start && tick < end);
}

/** dB a semitone: a quarter of a decibel (Friberg 1991), counted from the track's mean pitch. */
const HIGH_LOUD = 0.25;

export function applyHighLoud(score: Score, all: readonly Deviations[], k: number): void {
  score.tracks.forEach((track, t) => {
    if (track.isDrum || track.notes.length === 0) return;
    const mean = track.notes.reduce((sum, { pitch }) => sum + pitch, 0) / track.notes.length;
    track.notes.forEach(({ pitch }, i) => (all[t]!.level[i]! += k * HIGH_LOUD * (pitch - mean)));
  });
}

/** Melodic charge of each semitone over the reference (Friberg 1991, table of C: steps on the circle of fifths). */
const MELODIC_CHARGE = [0, 6.5, 2, 4.5, 4, 2.5, 6, 1, 5.5, 3, 3.5, 5];
/** dB a unit of charge. */
const CHARGE_LEVEL = 0.2;

/** `tonicAt`: pitch class of the reference in force; the published rule takes the chord's root, this one the key's tonic. */
export function applyMelodicCharge(
  score: Score,
  all: readonly Deviations[],
  tonicAt: (tick: Tick) => number,
  k: number,
): void {
  eachNote(score, (t, i, start, pitch) => {
    if (score.tracks[t]!.isDrum) return;
    all[t]!.level[i]! += k * CHARGE_LEVEL * MELODIC_CHARGE[(pitch - tonicAt(start) + 132) % 12]!;
  });
}

/** Notes shorter than this are softer, most so at a third of it: −0.8 dB at k = 1 (Friberg 1991, DPC 1A). */
const CONTRAST_SECONDS = 0.6;
const CONTRAST_LEVEL = 0.8;
/** They also end early, by up to this. */
const CONTRAST_BREATH = 0.0165;

export function applyDurationContrast(
  score: Score,
  all: readonly Deviations[],
  secondsBetween: (start: Tick, end: Tick) => number,
  k: number,
): void {
  eachNote(score, (t, i, start, _, end) => {
    if (score.tracks[t]!.isDrum) return;
    const amount = contrastOf(secondsBetween(start, end));
    all[t]!.level[i]! -= k * CONTRAST_LEVEL * amount;
    all[t]!.breath[i]! += k * CONTRAST_BREATH * amount;
  });
}

/** 0 … 1: a triangle over durations from 30 ms over 200 ms to 600 ms. */
function contrastOf(seconds: number): number {
  const [shortest, most] = [0.03, CONTRAST_SECONDS / 3];
  if (seconds <= shortest || seconds >= CONTRAST_SECONDS) return 0;
  return seconds < most
    ? (seconds - shortest) / (most - shortest)
    : (CONTRAST_SECONDS - seconds) / (CONTRAST_SECONDS - most);
}

/** dB at k = 1 of the levels of the bar: its start, its middle, a beat, anything else. */
const ACCENTS = [1.6, 0.8, 0.2, -0.8];

export function applyMetricalAccent(score: Score, all: readonly Deviations[], k: number): void {
  const meters = createMeterMap(score);
  eachNote(score, (t, i, start) => {
    if (!score.tracks[t]!.isDrum) all[t]!.level[i]! += k * ACCENTS[metricalLevel(meters, start)]!;
  });
}

/** 0: start of a bar; 1: its middle, where it has one on a beat; 2: another beat (three eighths in 6/8, 9/8, 12/8); 3: between. */
export function metricalLevel(meters: ReturnType<typeof createMeterMap>, tick: Tick): number {
  const { tickInBar, ticksPerBar, meter } = meters.barAt(tick);
  if (tickInBar === 0) return 0;
  const isCompound = meter.denominator >= 8 && meter.numerator % 3 === 0 && meter.numerator > 3;
  const beats = isCompound ? meter.numerator / 3 : meter.numerator;
  const beat = (tickInBar / ticksPerBar) * beats;
  if (Math.abs(beat - Math.round(beat)) > 1e-9) return 3;
  return beats % 2 === 0 && Math.round(beat) === beats / 2 ? 1 : 2;
}

function eachNote(
  score: Score,
  visit: (track: number, note: number, start: Tick, pitch: number, end: Tick) => void,
): void {
  score.tracks.forEach(({ notes }, t) =>
    notes.forEach((note, i) => visit(t, i, note.start, note.pitch, note.start + note.duration)),
  );
}
