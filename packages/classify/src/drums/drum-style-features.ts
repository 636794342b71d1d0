import type { Score } from '@attune/core';
import {
  KIT_PARTS,
  drumPerformanceOf,
  type DrumHit,
  type DrumPerformance,
  type KitPart,
} from './drum-hits.ts';

/** Parts whose places in the bar are told apart; keys of one voice are joined. */
const VOICES: Readonly<Record<string, readonly KitPart[]>> = {
  kick: ['kick'],
  snare: ['snare', 'stick'],
  hat: ['closedHat', 'pedalHat'],
  open: ['openHat', 'crash'],
  ride: ['ride', 'bell'],
  tom: ['tom', 'hand'],
};
const VOICE_NAMES = Object.keys(VOICES);
const PARTS = Object.keys(KIT_PARTS) as KitPart[];
/** Places in a bar: straight sixteenths of 4/4, and triplet eighths. */
const SIXTEENTHS = 16;
const TRIPLETS = 12;
/** Places in a quarter note: thirds and quarters of it fall on whole numbers. */
const TWELFTHS = 12;
const LAGS = [1, 2, 3, 4, 6, 8, 12, 16];
/** Strokes closer than this are one: flams and the spread of a chord of drums. */
const TOGETHER_QUARTERS = 1 / 16;
/** Weaker strokes are ghosts. */
const GHOST = 48;

type Named = readonly [name: string, value: number];

/** Names of what `extractDrumFeatures` gives, in order. */
export const DRUM_STYLE_FEATURES: readonly string[] = namedFeatures({
  hits: [{ part: 'kick', velocity: 100, bar: 0, quarter: 0 }],
  bars: 1,
  quarters: 4,
  bpm: 120,
  quartersPerBar: 4,
}).map(([name]) => name);

/**
 * What tells drum styles apart, [DRUM_STYLE_FEATURES]: tempo, density, the strokes of each voice at the places of a bar
 * (16 straight, 12 triplet) and of a quarter note (12), velocities and accents, how far the strokes lie from the straight
 * grid and how much they swing, how the pattern repeats, and which voices follow or sound with which. After the 16-step
 * histograms of Gere, Rigaux & Audebert (2024), with more places. Throws `score/invalid` where no drum sounds.
 */
export function extractDrumFeatures(score: Score): Float64Array {
  return Float64Array.from(namedFeatures(drumPerformanceOf(score)), ([, value]) => value);
}

function namedFeatures(played: DrumPerformance): Named[] {
  return [
    ...paceFeatures(played),
    ...PARTS.flatMap((part) => partFeatures(played, part)),
    ...VOICE_NAMES.flatMap((voice) => placeFeatures(played, voice)),
    ...repetitionFeatures(played),
    ...successionFeatures(played),
  ];
}

function paceFeatures({ hits, bars, quarters, bpm, quartersPerBar }: DrumPerformance): Named[] {
  const offsets = hits.map(({ quarter }) => quarter * 4 - Math.round(quarter * 4));
  const between = hits
    .map(({ quarter }) => quarter - Math.floor(quarter))
    .filter((place) => place > 0.4 && place < 0.8);
  return [
    ['log tempo', Math.log2(bpm)],
    ['quarters a bar', quartersPerBar],
    ['log bars', Math.log2(bars)],
    ['hits a quarter', hits.length / quarters],
    ['hits a second', ((hits.length / quarters) * bpm) / 60],
    ['velocity mean', mean(hits.map((hit) => hit.velocity)) / 127],
    ['velocity deviation', deviation(hits.map((hit) => hit.velocity)) / 127],
    ['offset mean', mean(offsets)],
    ['offset deviation', deviation(offsets)],
    ['offset size', mean(offsets.map(Math.abs))],
    ['off-beat place', between.length === 0 ? 0.5 : mean(between)],
    ['off-beat share', between.length / hits.length],
  ];
}

function partFeatures({ hits, quarters }: DrumPerformance, part: KitPart): Named[] {
  const own = hits.filter((hit) => hit.part === part);
  const velocities = own.map((hit) => hit.velocity);
  const offsets = own.map(({ quarter }) => quarter * 4 - Math.round(quarter * 4));
  return [
    [`${part} share`, own.length / hits.length],
    [`${part} a quarter`, own.length / quarters],
    [`${part} velocity`, mean(velocities) / 127],
    [`${part} velocity deviation`, deviation(velocities) / 127],
    [`${part} ghosts`, velocities.filter((velocity) => velocity < GHOST).length / Math.max(1, own.length)],
    [`${part} offset`, mean(offsets)],
  ];
}

function placeFeatures({ hits, bars, quarters }: DrumPerformance, voice: string): Named[] {
  const own = hits.filter((hit) => isOf(hit, voice));
  const counted = (
    places: number,
    placeOf: (hit: DrumHit) => number,
    over: number,
    what: string,
  ): Named[] => {
    const counts = new Float64Array(places);
    for (const hit of own) counts[((Math.round(placeOf(hit)) % places) + places) % places]! += 1 / over;
    return [...counts].map((count, place) => [`${voice} ${what} ${place}`, Math.sqrt(count)]);
  };
  const accents = new Float64Array(4);
  const strokes = new Float64Array(4);
  for (const { quarter, velocity } of own) {
    const place = Math.round(quarter * 4) % 4;
    accents[place]! += velocity / 127;
    strokes[place]!++;
  }
  return [
    ...counted(SIXTEENTHS, (hit) => hit.bar * SIXTEENTHS, bars, 'sixteenth'),
    ...counted(TRIPLETS, (hit) => hit.bar * TRIPLETS, bars, 'triplet'),
    ...counted(TWELFTHS, (hit) => hit.quarter * TWELFTHS, quarters, 'twelfth'),
    ...[...accents].map((sum, place): Named => [
      `${voice} accent ${place}`,
      sum / Math.max(1, strokes[place]!),
    ]),
  ];
}

/** Share of the strokes of a voice that come again a number of sixteenths later. */
function repetitionFeatures({ hits }: DrumPerformance): Named[] {
  return VOICE_NAMES.flatMap((voice) => {
    const places = new Set(
      hits.filter((hit) => isOf(hit, voice)).map(({ quarter }) => Math.round(quarter * 4)),
    );
    return LAGS.map((lag): Named => [
      `${voice} again after ${lag}`,
      [...places].filter((place) => places.has(place + lag)).length / Math.max(1, places.size),
    ]);
  });
}

/** Shares of the steps from voice to voice, of the strokes that sound together, and of the times between strokes. */
function successionFeatures({ hits }: DrumPerformance): Named[] {
  const voices = VOICE_NAMES.length;
  const after = new Float64Array(voices * voices);
  const together = new Float64Array(voices * voices);
  const gaps = new Float64Array(LAGS.length + 1);
  hits.forEach((hit, i) => {
    const from = VOICE_NAMES.findIndex((voice) => isOf(hit, voice));
    let next = i + 1;
    for (; next < hits.length && hits[next]!.quarter - hit.quarter < TOGETHER_QUARTERS; next++) {
      const other = VOICE_NAMES.findIndex((voice) => isOf(hits[next]!, voice));
      together[Math.min(from, other) * voices + Math.max(from, other)]! += 1 / hits.length;
    }
    const follower = hits[next];
    if (!follower) return;
    after[from * voices + VOICE_NAMES.findIndex((voice) => isOf(follower, voice))]! += 1 / hits.length;
    const place = LAGS.findIndex((lag) => (follower.quarter - hit.quarter) * 4 < lag + 0.5);
    gaps[place < 0 ? LAGS.length : place]! += 1 / hits.length;
  });
  const pairs = VOICE_NAMES.flatMap((from, a) =>
    VOICE_NAMES.map((to, b) => ({ from, to, index: a * voices + b, ordered: b >= a })),
  );
  return [
    ...pairs.map(({ from, to, index }): Named => [`${to} after ${from}`, after[index]!]),
    ...pairs
      .filter(({ ordered }) => ordered)
      .map(({ from, to, index }): Named => [`${from} with ${to}`, together[index]!]),
    ...[...gaps].map((share, i): Named => [`gap ${LAGS[i] ?? 'longer'}`, share]),
  ];
}

function isOf(hit: DrumHit, voice: string): boolean {
  return VOICES[voice]!.includes(hit.part);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
