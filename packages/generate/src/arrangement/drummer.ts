import { createMeterMap, scoreEndTick, type Note, type Rng, type Score } from '@attune/core';
import { parsePattern } from './pattern.ts';
import type { Beat } from './style-rules.ts';

/** Plays a number of bars of 16 or 12 sixteenths; notes from tick 0. `isFill`: the last bar leads into a new section. */
export type Drummer = (
  bars: number,
  ticksPerQuarter: number,
  stepsPerBar: 16 | 12,
  isFill: boolean,
  rng: Rng,
) => Note[];

const ACCENT = 112;
const STROKE = 88;
const SOFT = 48;

/** Plays textbook beats; a fill is sixteenths on the snare in the last two beats. */
export function createPatternDrummer(beats: readonly Beat[]): Drummer {
  return (bars, ticksPerQuarter, stepsPerBar, isFill, rng) => {
    const step = ticksPerQuarter / 4;
    const beat = beats[rng.integer(beats.length)]!;
    const notes: Note[] = [];
    for (let bar = 0; bar < bars; bar++) {
      const at = bar * stepsPerBar;
      const fillFrom = isFill && bar === bars - 1 ? stepsPerBar - 8 : stepsPerBar;
      for (const [key, pattern] of Object.entries(beat)) {
        for (const { symbol, step: place } of parsePattern(pattern)) {
          if (place >= fillFrom || place >= stepsPerBar) continue;
          const velocity = symbol === 'X' ? ACCENT : symbol === 'o' ? SOFT : STROKE;
          notes.push({ start: (at + place) * step, duration: step, pitch: Number(key), velocity });
        }
      }
      for (let place = fillFrom; place < stepsPerBar; place++) {
        const pitch = place < fillFrom + 4 ? 38 : place < fillFrom + 6 ? 47 : 43;
        notes.push({
          start: (at + place) * step,
          duration: step,
          pitch,
          velocity: 72 + 5 * (place - fillFrom),
        });
      }
    }
    return notes;
  };
}

/** A drummer's recording in one meter, cut at bars. */
export interface DrumTake {
  readonly score: Score;
  readonly isFill: boolean;
}

/** Bars of a take that are repeated. */
const LOOP_BARS = 4;

/**
 * Plays from recordings: a stretch of four bars of one take, repeated, and the bar before a new section from a fill.
 * Takes must have bars of the length asked for; without one that has, `otherwise` plays.
 */
export function createTakeDrummer(takes: readonly DrumTake[], otherwise: Drummer): Drummer {
  return (bars, ticksPerQuarter, stepsPerBar, isFill, rng) => {
    const beats = takes.filter((take) => !take.isFill && barsOf(take, stepsPerBar) >= 2);
    const fills = takes.filter((take) => take.isFill && barsOf(take, stepsPerBar) >= 1);
    if (beats.length === 0) return otherwise(bars, ticksPerQuarter, stepsPerBar, isFill, rng);
    const take = beats[rng.integer(beats.length)]!;
    const available = barsOf(take, stepsPerBar);
    const loop = Math.min(LOOP_BARS, available);
    const first = rng.integer(available - loop + 1);
    const fill = isFill && fills.length > 0 ? fills[rng.integer(fills.length)] : undefined;
    const notes: Note[] = [];
    for (let bar = 0; bar < bars; bar++) {
      const useFill = fill !== undefined && bar === bars - 1;
      const source = useFill ? fill : take;
      const from = useFill ? 0 : first + (bar % loop);
      notes.push(...barOf(source.score, from, stepsPerBar, bar, ticksPerQuarter));
    }
    return notes;
  };
}

function barsOf({ score }: DrumTake, stepsPerBar: number): number {
  const { ticksPerBar } = createMeterMap(score).barAt(0);
  if (ticksPerBar !== (stepsPerBar * score.ticksPerQuarter) / 4) return 0;
  return Math.round(scoreEndTick(score) / ticksPerBar); // the last stroke ends before its bar does
}

/** The strokes of one bar of a recording at the resolution and bar asked for; early ones of the next bar are left out. */
function barOf(
  score: Score,
  from: number,
  stepsPerBar: number,
  bar: number,
  ticksPerQuarter: number,
): Note[] {
  const length = (stepsPerBar * score.ticksPerQuarter) / 4;
  const ratio = ticksPerQuarter / score.ticksPerQuarter;
  return score.tracks
    .filter(({ isDrum }) => isDrum)
    .flatMap(({ notes }) => notes)
    .filter(({ start }) => start >= from * length && start < (from + 1) * length)
    .map((note) => ({
      ...note,
      start: Math.round((note.start + (bar - from) * length) * ratio),
      duration: Math.max(1, Math.round(note.duration * ratio)),
    }));
}
