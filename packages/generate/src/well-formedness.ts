import { countNotes, createMeterMap, findKey, scoreEndTick } from '@attune/core';
import type { Note, Score } from '@attune/core';
import { analyseScore } from '@attune/core/style';
import { DRUM_INSTRUMENT } from '@attune/core/tokens';
import { instrumentRange } from './instrument-ranges.ts';
import { WELL_FORMEDNESS_LIMITS } from './well-formedness-limits.ts';

/** Measures of craft; each is one number about a score. */
export const WELL_FORMEDNESS_MEASURES = [
  /** Bars from the first note to the last in which nothing sounds; share. */
  'emptyBars',
  /** Silence before the first note, in quarters. */
  'leadingSilence',
  /** Notes outside what their instrument can play; share. */
  'rangeViolations',
  /** Longest run of bars that all hold the same notes. */
  'sameBarRun',
  /** Longest run of one pitch in the top line. */
  'samePitchRun',
  /** Notes a quarter, all instruments together; log₂. */
  'density',
  /** Pitched notes that sound together, on average over the time in which any sounds. */
  'polyphony',
  /** Dissonance and chromaticism, the raw tension of `analyseScore`. */
  'tension',
  /** Correlation of the pitch classes with the best key. */
  'keyClarity',
  /** 1: the piece ends with the tonic in the bass and only notes of the tonic triad above; 0.5: the bass alone; 0. */
  'tonicEnd',
] as const;
/** One of `WELL_FORMEDNESS_MEASURES`. */
export type WellFormednessMeasure = (typeof WELL_FORMEDNESS_MEASURES)[number];

/**
 * Measures of pitched notes; a piece for drums alone has none of these. Nor is it judged by the same bar in a row:
 * grooves repeat by nature.
 */
const PITCHED_ONLY: ReadonlySet<WellFormednessMeasure> = new Set([
  'sameBarRun',
  'samePitchRun',
  'polyphony',
  'tension',
  'keyClarity',
  'tonicEnd',
]);

/** Percentiles of a measure over real excerpts. */
export interface MeasureLimits {
  readonly p1: number;
  readonly p5: number;
  readonly p95: number;
  readonly p99: number;
}

/** One measure that lies outside what real music has. */
export interface WellFormednessFault {
  readonly measure: WellFormednessMeasure | 'length';
  readonly value: number;
  /** 1st and 99th percentile of real music. */
  readonly low: number;
  readonly high: number;
  /** One sentence for a person. */
  readonly message: string;
}

/** What `wellFormedness` found. */
export interface WellFormedness {
  /**
   * 1 where every measure lies between the 5th and the 95th percentile of real music; each measure outside takes
   * up to half away, the more the farther out. 0 for a score without notes.
   */
  readonly score: number;
  /** Measures outside the 1st to 99th percentile. */
  readonly faults: readonly WellFormednessFault[];
  readonly measures: Readonly<Partial<Record<WellFormednessMeasure, number>>>;
}

/** What was asked of the piece. */
export interface WellFormednessOptions {
  /** Bars that were asked for; a different length is a fault. */
  readonly bars?: number;
}

/** A measure can take away at most this part of the score. */
const WEIGHT = 0.5;
/** Many real pieces end open (modal tunes, movements that lead on): it costs a little, and is no fault. */
const OPEN_END_PENALTY = 0.3;

/** How far a piece is from the habits of real music, after percentiles of the training pieces. */
export function wellFormedness(score: Score, options: WellFormednessOptions = {}): WellFormedness {
  if (countNotes(score) === 0) {
    const message = 'The piece has no notes.';
    return {
      score: 0,
      faults: [{ measure: 'length', value: 0, low: 1, high: Infinity, message }],
      measures: {},
    };
  }
  const measures = measureWellFormedness(score);
  const limits = WELL_FORMEDNESS_LIMITS[isDrumsOnly(score) ? 'drums' : 'pitched'];
  const faults: WellFormednessFault[] = [];
  let total = 1;
  for (const measure of WELL_FORMEDNESS_MEASURES) {
    const value = measures[measure];
    const limit = limits[measure];
    if (value === undefined || limit === undefined) continue;
    const penalty = measure === 'tonicEnd' ? OPEN_END_PENALTY * (1 - value) : penaltyOf(value, limit);
    total *= 1 - WEIGHT * penalty;
    if (value < limit.p1 || value > limit.p99) {
      faults.push({
        measure,
        value,
        low: limit.p1,
        high: limit.p99,
        message: messageOf(measure, value, limit),
      });
    }
  }
  if (options.bars !== undefined) {
    const bars = barsOf(score);
    if (bars !== options.bars) {
      const message = `The piece fills ${bars} bars instead of ${options.bars}.`;
      faults.push({ measure: 'length', value: bars, low: options.bars, high: options.bars, message });
      total *= 1 - WEIGHT * Math.min(1, Math.abs(bars - options.bars) / options.bars);
    }
  }
  return { score: total, faults, measures };
}

/** The measures of a score with notes; pitched ones are absent where only drums play. */
export function measureWellFormedness(score: Score): Partial<Record<WellFormednessMeasure, number>> {
  const analysis = analyseScore(score);
  const bars = barContents(score);
  const sounding = bars.slice(bars.findIndex((bar) => bar.sounds));
  const all: Record<WellFormednessMeasure, number> = {
    emptyBars: sounding.filter((bar) => !bar.sounds).length / sounding.length,
    leadingSilence: leadingSilence(score),
    rangeViolations: rangeViolations(score),
    sameBarRun: longestRun(sounding.map((bar) => bar.content).filter((content) => content !== '')),
    samePitchRun: longestRun(topLine(score).map((note) => note.pitch)),
    density: Math.log2(analysis.density),
    polyphony: polyphony(score),
    tension: analysis.rawMood.tension,
    keyClarity: findKey(score)?.correlation ?? 0,
    tonicEnd: tonicEnd(score),
  };
  const drumsOnly = isDrumsOnly(score);
  return Object.fromEntries(
    WELL_FORMEDNESS_MEASURES.filter((name) => !drumsOnly || !PITCHED_ONLY.has(name)).map((name) => [
      name,
      all[name],
    ]),
  );
}

/** 0 from p5 to p95, rising evenly to 0.5 at p1 or p99, and to 1 as far again. */
function penaltyOf(value: number, { p1, p5, p95, p99 }: MeasureLimits): number {
  const out = value > p95 ? value - p95 : value < p5 ? p5 - value : 0;
  if (out === 0) return 0;
  const room = value > p95 ? p99 - p95 : p5 - p1;
  return room > 0 ? Math.min(1, (0.5 * out) / room) : 1;
}

function messageOf(measure: WellFormednessMeasure, value: number, { p1, p99 }: MeasureLimits): string {
  const high = value > p99;
  const number = Number(value.toFixed(2));
  switch (measure) {
    case 'emptyBars':
      return `${Math.round(100 * value)} % of the bars are silent.`;
    case 'leadingSilence':
      return `The piece starts with ${number} quarters of silence.`;
    case 'rangeViolations':
      return `${Math.round(100 * value)} % of the notes cannot be played on their instrument.`;
    case 'sameBarRun':
      return `One bar is played ${number} times in a row.`;
    case 'samePitchRun':
      return `One pitch is played ${number} times in a row.`;
    case 'density':
      return `There are unusually ${high ? 'many' : 'few'} notes: ${Number((2 ** value).toFixed(2))} a quarter.`;
    case 'polyphony':
      return `Unusually ${high ? 'many' : 'few'} notes sound together: ${number} on average.`;
    case 'tension':
      return high ? 'The harmony is unusually dissonant.' : 'The harmony is unusually bare.';
    case 'keyClarity':
      return high ? 'The pitches leave the tonic triad unusually seldom.' : 'No key can be heard.';
    default:
      return `${String(measure)} is ${number}, outside ${p1} to ${p99}.`;
  }
}

function isDrumsOnly(score: Score): boolean {
  return score.tracks.every((track) => track.isDrum || track.notes.length === 0);
}

function barsOf(score: Score): number {
  const map = createMeterMap(score);
  const last = Math.max(...score.tracks.map((track) => track.notes.at(-1)?.start ?? 0));
  return map.barAt(last).bar + 1;
}

/** Quarters before the first note of a score that has one. */
export function leadingSilence(score: Score): number {
  return Math.min(...score.tracks.map((track) => track.notes[0]?.start ?? Infinity)) / score.ticksPerQuarter;
}

function rangeViolations(score: Score): number {
  let outside = 0;
  for (const track of score.tracks) {
    const [low, high] = instrumentRange(track.isDrum ? DRUM_INSTRUMENT : track.program);
    for (const note of track.notes) if (note.pitch < low || note.pitch > high) outside++;
  }
  return outside / countNotes(score);
}

/** Onsets within a quarter that tell bars apart. */
const PLACES_PER_QUARTER = 12;

/** The pitched notes that start in each bar, and whether anything sounds in it. */
function barContents(score: Score): { content: string; sounds: boolean }[] {
  const map = createMeterMap(score);
  const count = map.barCount(scoreEndTick(score));
  const contents = Array.from({ length: count }, () => [] as string[]);
  const sounds = new Uint8Array(count);
  score.tracks.forEach((track, index) => {
    for (const note of track.notes) {
      const { bar, tickInBar } = map.barAt(note.start);
      const last = map.barAt(Math.max(note.start, note.start + note.duration - 1)).bar;
      sounds.fill(1, bar, last + 1);
      if (!track.isDrum)
        contents[bar]!.push(
          `${Math.round((tickInBar * PLACES_PER_QUARTER) / score.ticksPerQuarter)}:${index}:${note.pitch}`,
        );
    }
  });
  return contents.map((content, bar) => ({ content: content.join(' '), sounds: sounds[bar] === 1 }));
}

/** Sum of the durations over the length of their union. */
function polyphony(score: Score): number {
  const notes = score.tracks.filter((track) => !track.isDrum).flatMap((track) => track.notes);
  notes.sort((a, b) => a.start - b.start);
  let [sum, union, end] = [0, 0, 0];
  for (const { start, duration } of notes) {
    sum += duration;
    union += Math.max(0, start + duration - Math.max(end, start));
    end = Math.max(end, start + duration);
  }
  return union === 0 ? 0 : sum / union;
}

function longestRun(values: readonly (string | number)[]): number {
  let longest = 0;
  let run = 0;
  values.forEach((value, i) => {
    run = i > 0 && value === values[i - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  });
  return longest;
}

/** The highest pitched note of each onset. */
function topLine(score: Score): Note[] {
  const notes = score.tracks.filter((track) => !track.isDrum).flatMap((track) => track.notes);
  notes.sort((a, b) => a.start - b.start || b.pitch - a.pitch);
  return notes.filter((note, i) => note.start !== notes[i - 1]?.start);
}

function tonicEnd(score: Score): number {
  const key = findKey(score);
  const notes = score.tracks.filter((track) => !track.isDrum).flatMap((track) => track.notes);
  if (!key || notes.length === 0) return 0;
  const end = Math.max(...notes.map((note) => note.start + note.duration));
  const last = notes.filter((note) => note.start + note.duration >= end - score.ticksPerQuarter / 8);
  const bass = Math.min(...last.map((note) => note.pitch));
  if (bass % 12 !== key.tonic) return 0;
  // A minor piece may end in major (Picardy third).
  const triad = [0, 3, 4, 7];
  return last.every((note) => triad.includes((note.pitch - key.tonic + 120) % 12)) ? 1 : 0.5;
}
