import { AttuneError } from '../foundation/errors.ts';
import { leastCommonMultiple } from '../foundation/least-common-multiple.ts';
import type { Tick } from '../foundation/units.ts';
import { createScore } from './create-score.ts';
import { sortedNotes } from './order.ts';
import type { KeyEvent, Note, Score, Track } from './score.ts';

/**
 * Moves every note of the pitched tracks, and every key, by whole semitones; drums stay. Keys are spelt with
 * the fewest accidentals (six as sharps). A note that would leave 0–127 is refused with `argument/invalid`.
 */
export function transposeScore(score: Score, semitones: number): Score {
  if (!Number.isInteger(semitones))
    throw new AttuneError('argument/invalid', `Semitones must be whole, not ${semitones}.`);
  const transposeNote = (note: Note): Note => {
    const pitch = note.pitch + semitones;
    if (pitch >= 0 && pitch <= 127) return { ...note, pitch };
    throw new AttuneError('argument/invalid', `Pitch ${note.pitch} cannot move by ${semitones} semitones.`, {
      pitch: note.pitch,
      semitones,
    });
  };
  return {
    ...score,
    tracks: score.tracks.map((track) =>
      track.isDrum ? track : { ...track, notes: track.notes.map(transposeNote) },
    ),
    keys: score.keys.map((key) => transposeKey(key, semitones)),
  };
}

/** A semitone up is seven fifths up; −5 … 6 is the spelling with the fewest accidentals. */
function transposeKey(key: KeyEvent, semitones: number): KeyEvent {
  if (semitones % 12 === 0) return key;
  const fifths = (((key.fifths + 7 * semitones + 5) % 12) + 12) % 12;
  return { ...key, fifths: fifths - 5 };
}

/** What `sliceScore` does at the edge. */
export interface SliceOptions {
  /** A note that sounds across the slice's start: left out (`drop`, the default), or kept from the start on (`cut`). */
  readonly sustained?: 'drop' | 'cut';
}

/**
 * The part from `startTick` up to, not including, `endTick`, moved to tick 0. Notes that sound past the end
 * are shortened to it. The tempo, meter, key, controllers and bend in force at the start stand at tick 0.
 */
export function sliceScore(score: Score, startTick: Tick, endTick: Tick, options: SliceOptions = {}): Score {
  if (!Number.isInteger(startTick) || !Number.isInteger(endTick) || startTick < 0 || endTick < startTick) {
    throw new AttuneError(
      'argument/invalid',
      `A slice from ${startTick} to ${endTick} is not a span of ticks.`,
      { startTick, endTick },
    );
  }
  const within = <T extends { readonly tick: Tick }>(
    events: readonly T[],
    name: (event: T) => number = () => 0,
  ): T[] => sliceEvents(events, startTick, endTick, name);
  const sliceNote = (note: Note): Note[] => {
    const end = note.start + note.duration;
    const starts = note.start >= startTick;
    if (note.start >= endTick || (!starts && (options.sustained !== 'cut' || end <= startTick))) return [];
    const start = Math.max(note.start, startTick);
    return [{ ...note, start: start - startTick, duration: Math.min(end, endTick) - start }];
  };
  return {
    ...score,
    tracks: score.tracks.map((track) => ({
      ...track,
      notes: sortedNotes(track.notes.flatMap(sliceNote)),
      controls: within(track.controls, (control) => control.controller),
      bends: within(track.bends),
    })),
    tempos: within(score.tempos),
    meters: within(score.meters),
    keys: within(score.keys),
    texts: score.texts
      .filter(({ tick }) => tick >= startTick && tick < endTick)
      .map((text) => ({ ...text, tick: text.tick - startTick })),
  };
}

/** Events inside the span, moved to tick 0; before them, for each name, the last event earlier than the span. */
function sliceEvents<T extends { readonly tick: Tick }>(
  events: readonly T[],
  start: Tick,
  end: Tick,
  name: (event: T) => number,
): T[] {
  const inForce = new Map<number, T>();
  const inside: T[] = [];
  for (const event of events) {
    if (event.tick <= start) inForce.delete(name(event)); // set again below, so that the map keeps order of time
    if (event.tick < start) inForce.set(name(event), { ...event, tick: 0 });
    if (event.tick === start || (event.tick > start && event.tick < end))
      inside.push({ ...event, tick: event.tick - start });
  }
  return [...inForce.values(), ...inside];
}

/** The same music at another resolution; ticks are rounded to the nearest where they do not divide. */
export function rescaleScore(score: Score, ticksPerQuarter: number): Score {
  if (ticksPerQuarter === score.ticksPerQuarter) return score;
  const ratio = ticksPerQuarter / score.ticksPerQuarter;
  const scale = (tick: Tick): Tick => Math.round(tick * ratio);
  const at = <T extends { readonly tick: Tick }>(event: T): T => ({ ...event, tick: scale(event.tick) });
  return createScore({
    ...score,
    ticksPerQuarter,
    tracks: score.tracks.map((track) => ({
      ...track,
      notes: track.notes.map((note) => span(note, scale(note.start), scale(note.start + note.duration))),
      controls: track.controls.map(at),
      bends: track.bends.map(at),
    })),
    tempos: score.tempos.map(at),
    meters: score.meters.map(at),
    keys: score.keys.map(at),
    texts: score.texts.map(at),
  });
}

/**
 * All tracks side by side from tick 0. Tempos, meters, keys and title are those of the first score; texts of all
 * are kept. Scores of different resolution meet at the least common multiple (`argument/invalid` above 32,767).
 */
export function mergeScores(scores: readonly Score[]): Score {
  const first = scores[0];
  if (!first) return createScore();
  const scaled = atCommonResolution(scores);
  return createScore({
    ...scaled[0]!,
    tracks: scaled.flatMap((score): readonly Track[] => score.tracks),
    texts: scaled.flatMap((score) => score.texts),
  });
}

/** The scores at the least common multiple of their resolutions; `argument/invalid` above 32,767 ticks a quarter. */
export function atCommonResolution(scores: readonly Score[]): Score[] {
  const common = scores.reduce((a, score) => leastCommonMultiple(a, score.ticksPerQuarter), 1);
  if (common > 32767) {
    throw new AttuneError(
      'argument/invalid',
      `The scores' resolutions meet only at ${common} ticks a quarter, above 32767.`,
      { common },
    );
  }
  return scores.map((score) => rescaleScore(score, common));
}

function span(note: Note, start: Tick, end: Tick): Note {
  return { ...note, start, duration: end - start };
}
