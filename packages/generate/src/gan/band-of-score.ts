import {
  AttuneError,
  createMeterMap,
  findKey,
  recogniseChords,
  rescaleScore,
  scoreEndTick,
  type Note,
  type Score,
} from '@attune/core';
import { canonicalShift } from '@attune/core/tokens';
import { BAND_PARTS, findBandParts, type BandPart } from '../performance/band-parts.ts';
import { findMelody } from '../performance/melody.ts';
import {
  CELLS,
  CHORD_VALUES,
  drawChords,
  drawPart,
  STEPS_PER_QUARTER,
  WINDOW_QUARTERS,
  WINDOW_STEPS,
  type BandRoll,
} from './band-roll.ts';

/** Music as the networks take it, and what is needed to write beside it. */
export interface HeardBand {
  /** The music at 480 ticks a quarter. */
  readonly score: Score;
  /** Who plays which part: indices of tracks. Of the melody's track only `melody` is given. */
  readonly tracks: Readonly<Record<BandPart, readonly number[]>>;
  readonly melody: readonly Note[];
  readonly bars: number;
  readonly quartersPerBar: number;
  /** Semitones up to the canonical key. */
  readonly shift: number;
  /** Whole windows: the last one is filled up with silence. */
  rollOf(swings: boolean): BandRoll;
}

const TICKS_PER_QUARTER = 480;
const MOST_BARS = 256;

/**
 * Hears a score as a band in bars of 4 or 2 quarters. Throws `argument/invalid` for music without notes, of other
 * meters or of more than 256 bars.
 */
export function hearBand(original: Score): HeardBand {
  if (original.tracks.every(({ notes }) => notes.length === 0)) {
    throw new AttuneError('argument/invalid', 'The music has no notes.');
  }
  const score = rescaleScore(original, TICKS_PER_QUARTER);
  const quarters = quartersPerBarOf(score);
  const bars = createMeterMap(score).barCount(scoreEndTick(score));
  if (bars > MOST_BARS) {
    throw new AttuneError(
      'argument/invalid',
      `The music has ${bars} bars; at most ${MOST_BARS} are played to.`,
      { bars },
    );
  }
  const key = findKey(score);
  const shift = key ? canonicalShift(key.tonic, key.mode) : 0;
  const melody = findMelody(score);
  const tracks = findBandParts(score.tracks, melody?.track);
  const line = melody ? melody.notes.map((i) => score.tracks[melody.track]!.notes[i]!) : [];
  const windows = Math.ceil((bars * quarters) / WINDOW_QUARTERS);
  const chords = drawChords(recogniseChords(score), windows * WINDOW_QUARTERS, shift, TICKS_PER_QUARTER);
  return {
    score,
    tracks,
    melody: line,
    bars,
    quartersPerBar: quarters,
    shift,
    rollOf(swings) {
      const grid = { ticksPerQuarter: TICKS_PER_QUARTER, swings };
      const cells = new Uint8Array(windows * WINDOW_STEPS * CELLS);
      for (const part of BAND_PARTS) {
        const notes = part === 'melody' ? line : tracks[part].flatMap((i) => score.tracks[i]!.notes);
        drawPart(cells, part, notes, shift, grid);
      }
      return { cells, chords };
    },
  };
}

/** Cells and chords of one window: views of the roll. */
export function windowOf({ cells, chords }: BandRoll, window: number): BandRoll {
  return {
    cells: cells.subarray(window * WINDOW_STEPS * CELLS, (window + 1) * WINDOW_STEPS * CELLS),
    chords: chords.subarray(
      window * WINDOW_QUARTERS * CHORD_VALUES,
      (window + 1) * WINDOW_QUARTERS * CHORD_VALUES,
    ),
  };
}

/** Sixteenths of the music's bars; the roll may be longer. */
export function stepsOf({ bars, quartersPerBar }: Pick<HeardBand, 'bars' | 'quartersPerBar'>): number {
  return bars * quartersPerBar * STEPS_PER_QUARTER;
}

function quartersPerBarOf({ meters }: Score): number {
  const lengths = (meters.length === 0 ? [{ numerator: 4, denominator: 4 }] : meters).map(
    ({ numerator, denominator }) => (4 * numerator) / denominator,
  );
  const odd = lengths.findIndex((quarters) => quarters !== lengths[0] || (quarters !== 4 && quarters !== 2));
  if (odd >= 0) {
    const { numerator, denominator } = meters[odd]!;
    throw new AttuneError(
      'argument/invalid',
      `The band plays bars of 4 or 2 quarters throughout, not ${numerator}/${denominator}.`,
      {
        meter: `${numerator}/${denominator}`,
      },
    );
  }
  return lengths[0]!;
}
