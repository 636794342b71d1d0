import { AttuneError, createMeterMap, createTempoMap, type Score } from '@attune/core';

/** Parts of the kit, by how they are played: the keys of General MIDI level 1 and those that electronic kits add. */
export const KIT_PARTS = {
  kick: [35, 36],
  snare: [38, 40, 39],
  stick: [37],
  closedHat: [42, 22],
  openHat: [46, 26],
  pedalHat: [44],
  tom: [41, 43, 45, 47, 48, 50, 58],
  crash: [49, 52, 55, 57],
  ride: [51, 59],
  bell: [53],
  hand: [54, 56, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 75, 76, 77],
} as const satisfies Readonly<Record<string, readonly number[]>>;
/** A part of the drum kit: the keys of one part count as one instrument. */
export type KitPart = keyof typeof KIT_PARTS;

const PART_OF_KEY: ReadonlyMap<number, KitPart> = new Map(
  Object.entries(KIT_PARTS).flatMap(([part, keys]) => keys.map((key) => [key, part as KitPart])),
);

/** One stroke on the kit. */
export interface DrumHit {
  readonly part: KitPart;
  /** 1–127. */
  readonly velocity: number;
  /** Bars from the start of the score, with its fraction; bars have the length of the notated meter. */
  readonly bar: number;
  /** Quarter notes from the start of the score. */
  readonly quarter: number;
}

/** The strokes of a score in time order, and what they are counted against. */
export interface DrumPerformance {
  readonly hits: readonly DrumHit[];
  /** Bars that sound, at least 1: from the bar of the first stroke to that of the last. */
  readonly bars: number;
  readonly quarters: number;
  /** Tempo of the first stroke, quarter notes a minute. */
  readonly bpm: number;
  readonly quartersPerBar: number;
}

/** Reads the drum tracks. Throws `score/invalid` where no drum of the kit sounds. */
export function drumPerformanceOf(score: Score): DrumPerformance {
  const meters = createMeterMap(score);
  const hits = score.tracks
    .filter((track) => track.isDrum)
    .flatMap((track) => track.notes)
    .flatMap((note): DrumHit[] => {
      const part = PART_OF_KEY.get(note.pitch);
      if (part === undefined) return [];
      const { bar, tickInBar, ticksPerBar } = meters.barAt(note.start);
      return [
        {
          part,
          velocity: note.velocity,
          bar: bar + tickInBar / ticksPerBar,
          quarter: note.start / score.ticksPerQuarter,
        },
      ];
    })
    .sort((a, b) => a.quarter - b.quarter || a.velocity - b.velocity);
  const first = hits[0];
  const last = hits.at(-1);
  if (!first || !last)
    throw new AttuneError(
      'score/invalid',
      'No drum of the kit sounds in this score, so it has no drum style.',
    );
  const bars = Math.max(1, Math.floor(last.bar) - Math.floor(first.bar) + 1);
  const quarters =
    (meters.barEnd(Math.floor(last.bar)) - meters.barStart(Math.floor(first.bar))) / score.ticksPerQuarter;
  const bpm = createTempoMap(score).bpmAt(Math.round(first.quarter * score.ticksPerQuarter));
  return { hits, bars, quarters, bpm, quartersPerBar: quarters / bars };
}
