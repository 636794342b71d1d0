import type { Score } from '@attune/core';
import { DRUMS, type Conditioning } from '@attune/core/style';
import { findKeyByCorpusProfiles } from './key-finder.ts';

/** Wishes that are judged. */
export const JUDGED = ['style', 'key', 'mode', 'tempo', 'meter', 'instruments', 'density'] as const;
export type Judged = (typeof JUDGED)[number];

const TEMPO_TOLERANCE = 0.005; // MIDI stores whole microseconds a quarter
const DENSITY_TOLERANCE = 0.15;

/**
 * Which wishes a piece keeps, by nothing that the composer steers with: key and mode by another key finder, tempo, meter
 * and instruments as the score's own events say them, density by counting notes. A piece of no notes keeps none.
 */
export function keptWishes(
  request: Conditioning,
  score: Score,
  heardStyle: string | undefined,
): Partial<Record<Judged, boolean>> {
  const notes = score.tracks.flatMap((track) => track.notes);
  const kept: Partial<Record<Judged, boolean>> = {};
  if (request.style !== undefined && heardStyle !== undefined) kept.style = heardStyle === request.style;
  if (request.tonic !== undefined && request.mode !== undefined) {
    const key = findKeyByCorpusProfiles(score);
    kept.mode = key?.mode === request.mode;
    kept.key = kept.mode && key?.tonic === request.tonic;
  }
  if (request.tempo !== undefined) {
    const wish = request.tempo;
    const all = score.tempos.length === 0 ? [120] : score.tempos.map(({ bpm }) => bpm); // MIDI's own default
    kept.tempo = notes.length > 0 && all.every((bpm) => Math.abs(bpm / wish - 1) <= TEMPO_TOLERANCE);
  }
  if (request.meter !== undefined) {
    const { numerator, denominator } = request.meter;
    const all = score.meters.length === 0 ? [{ numerator: 4, denominator: 4 }] : score.meters;
    kept.meter =
      notes.length > 0 && all.every((one) => one.numerator === numerator && one.denominator === denominator);
  }
  if (request.instruments !== undefined) {
    const playing = score.tracks.filter((track) => track.notes.length > 0);
    const heard = new Set(playing.map((track) => (track.isDrum ? DRUMS : track.program)));
    const asked = new Set(request.instruments);
    kept.instruments = heard.size === asked.size && [...asked].every((one) => heard.has(one));
  }
  if (request.density !== undefined) {
    const first = notes.reduce((low, { start }) => Math.min(low, start), Infinity);
    const last = notes.reduce((high, { start, duration }) => Math.max(high, start + duration), 0);
    const density = notes.length / Math.max(1, (last - first) / score.ticksPerQuarter);
    kept.density = notes.length > 0 && Math.abs(density / request.density - 1) <= DENSITY_TOLERANCE;
  }
  return kept;
}
