import type { Rng } from '../foundation/rng.ts';
import type { MeterEvent, Note, Score, Track } from '../score/score.ts';

/** A note as `[start, duration, pitch, velocity]`. */
export type NoteRow = readonly [start: number, duration: number, pitch: number, velocity: number];

/** A track of notes given as rows, which must be sorted; no controllers. */
export function trackOfRows(program: number, rows: readonly NoteRow[], isDrum = false): Track {
  const notes = rows.map(([start, duration, pitch, velocity]): Note => ({
    start,
    duration,
    pitch,
    velocity,
  }));
  return { name: '', program, isDrum, notes, controls: [], bends: [] };
}

/** A score of tracks with no tempo, key or text events. */
export function scoreOfTracks(
  tracks: readonly Track[],
  meters: readonly MeterEvent[] = [],
  ticksPerQuarter = 480,
): Score {
  return { ticksPerQuarter, title: '', tracks, tempos: [], meters, keys: [], texts: [] };
}

/**
 * A valid but nasty score for property tests: odd resolutions, off-grid onsets, overlaps, duplicates, zero
 * durations, drums, changing meters, empty tracks, long silences. The same generator state, the same score.
 */
export function randomScore(rng: Rng): Score {
  const ticksPerQuarter = [24, 96, 100, 480, 960][rng.integer(5)]!;
  const tracks = Array.from({ length: rng.integer(5) }, () => {
    const rows = Array.from({ length: rng.integer(31) }, (): NoteRow => [
      rng.integer(rng.integer(2) === 0 ? 4000 : 90_000),
      rng.integer(9000),
      rng.integer(128),
      1 + rng.integer(127),
    ]);
    rows.sort((a, b) => a[0] - b[0] || a[2] - b[2] || a[1] - b[1]);
    return trackOfRows(rng.integer(128), rows, rng.integer(4) === 0);
  });
  const ticks = new Set(Array.from({ length: rng.integer(4) }, () => rng.integer(9000)));
  const meters = [...ticks]
    .sort((a, b) => a - b)
    .map((tick) => ({ tick, numerator: 1 + rng.integer(17), denominator: 2 ** rng.integer(7) }));
  return scoreOfTracks(tracks, meters, ticksPerQuarter);
}
