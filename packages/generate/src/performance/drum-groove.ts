import { createMeterMap, type Note, type Score, type Tick } from '@attune/core';
import type { Deviations } from './deviations.ts';

/** Parts of a drum kit that drummers treat alike. */
export const DRUM_PARTS = [
  'kick',
  'snare',
  'rim',
  'tom',
  'closed hat',
  'open hat',
  'ride',
  'crash',
  'other',
] as const;
export type DrumPart = (typeof DRUM_PARTS)[number];

/** General MIDI level 1 percussion keys, and those of the Roland kits that Groove was recorded on (22, 26, 58). */
// prettier-ignore
const PART_OF_KEY: Readonly<Record<number, DrumPart>> = {
  35: 'kick', 36: 'kick', 38: 'snare', 40: 'snare', 37: 'rim', 39: 'rim',
  41: 'tom', 43: 'tom', 45: 'tom', 47: 'tom', 48: 'tom', 50: 'tom', 58: 'tom',
  42: 'closed hat', 44: 'closed hat', 22: 'closed hat', 46: 'open hat', 26: 'open hat',
  51: 'ride', 53: 'ride', 59: 'ride', 49: 'crash', 52: 'crash', 55: 'crash', 57: 'crash',
};

export function drumPart(key: number): DrumPart {
  return PART_OF_KEY[key] ?? 'other';
}

/** How drummers of one style play each part at each place of the bar. */
export interface GrooveTable {
  /** [parts, places]: mean velocity, 1–127; 0 where it was hardly ever heard. */
  readonly velocity: readonly (readonly number[])[];
  /** [parts, places]: mean delay against the grid, milliseconds, over the kit's own mean: how its parts differ. */
  readonly delay: readonly (readonly number[])[];
}

/** Places of a 4/4 bar that are told apart: sixteenths, and the two triplet eighths inside each quarter. */
export const PLACES = 24;

/** Twelfths of a quarter at which its places stand; the last is the next quarter. */
const TWELFTHS = [0, 3, 4, 6, 8, 9, 12] as const;
const PLACES_A_QUARTER = TWELFTHS.length - 1;

/** The nearest place of the bar, bars longer than four quarters beginning again; and the exact tick of that place. */
export function placeOf(
  meters: ReturnType<typeof createMeterMap>,
  tick: Tick,
  ticksPerQuarter: number,
): { readonly place: number; readonly tick: number } {
  const { tickInBar } = meters.barAt(tick);
  const quarter = Math.floor(tickInBar / ticksPerQuarter);
  const twelfth = (12 * (tickInBar % ticksPerQuarter)) / ticksPerQuarter;
  let nearest = 0;
  TWELFTHS.forEach((at, i) => {
    if (Math.abs(at - twelfth) < Math.abs(TWELFTHS[nearest]! - twelfth)) nearest = i;
  });
  const exact = tick - tickInBar + (quarter + TWELFTHS[nearest]! / 12) * ticksPerQuarter;
  return { place: (quarter * PLACES_A_QUARTER + nearest) % PLACES, tick: exact };
}

/**
 * Plays drums as drummers of the style do: their delay at each place, and, where the track itself has no dynamics,
 * their loudness around its mean.
 */
export function applyDrumGroove(
  score: Score,
  all: readonly Deviations[],
  table: GrooveTable,
  isFlat: (track: number) => boolean,
  k: number,
): void {
  const meters = createMeterMap(score);
  score.tracks.forEach(({ notes, isDrum }, t) => {
    if (!isDrum || notes.length === 0) return;
    const cellOf = (note: Note): { velocity: number; delay: number } => {
      const part = DRUM_PARTS.indexOf(drumPart(note.pitch));
      const { place } = placeOf(meters, note.start, score.ticksPerQuarter);
      return { velocity: table.velocity[part]![place]!, delay: table.delay[part]![place]! };
    };
    const heard = notes.map((note) => cellOf(note).velocity).filter((v) => v > 0);
    const mean = heard.reduce((a, b) => a + b, 0) / Math.max(1, heard.length);
    notes.forEach((note, i) => {
      const { velocity, delay } = cellOf(note);
      all[t]!.delay[i]! += (k * delay) / 1000;
      if (isFlat(t) && velocity > 0 && mean > 0) all[t]!.level[i]! += k * 40 * Math.log10(velocity / mean);
    });
  });
}

/** Mean velocity and delay of a style's drummers. `minimum`: cells heard less often are 0 in both. */
export function fitGroove(scores: readonly Score[], minimum = 20): GrooveTable {
  const cells = DRUM_PARTS.map(() =>
    Array.from({ length: PLACES }, () => ({ count: 0, velocity: 0, delay: 0 })),
  );
  for (const score of scores) {
    const strokes = strokesOf(score);
    const mean = meanDelay(strokes);
    for (const { part, place, note, delayMs } of strokes) {
      const cell = cells[part]![place]!;
      cell.count++;
      cell.velocity += note.velocity;
      cell.delay += delayMs - mean;
    }
  }
  const meanOf = (name: 'velocity' | 'delay', digits: number): number[][] =>
    cells.map((row) =>
      row.map((cell) => (cell.count < minimum ? 0 : Number((cell[name] / cell.count).toFixed(digits)))),
    );
  return { velocity: meanOf('velocity', 0), delay: meanOf('delay', 1) };
}

/** One stroke of a drummer. */
export interface Stroke {
  /** Index in `DRUM_PARTS`. */
  readonly part: number;
  readonly place: number;
  readonly note: Note;
  /** Milliseconds after its place; before, where negative. */
  readonly delayMs: number;
}

/** How late the whole kit is, on average: of the recording, not of the playing. 0 without strokes. */
export function meanDelay(strokes: readonly Stroke[]): number {
  return strokes.reduce((sum, { delayMs }) => sum + delayMs, 0) / Math.max(1, strokes.length);
}

/** Every drum stroke of a score at one tempo, with its place and how late it comes there. */
export function strokesOf(score: Score): Stroke[] {
  const meters = createMeterMap(score);
  const bpm = score.tempos[0]?.bpm ?? 120;
  const msPerTick = 60_000 / bpm / score.ticksPerQuarter;
  return score.tracks
    .filter(({ isDrum }) => isDrum)
    .flatMap(({ notes }) =>
      notes.map((note) => {
        const { place, tick } = placeOf(meters, note.start, score.ticksPerQuarter);
        return {
          part: DRUM_PARTS.indexOf(drumPart(note.pitch)),
          place,
          note,
          delayMs: (note.start - tick) * msPerTick,
        };
      }),
    );
}
