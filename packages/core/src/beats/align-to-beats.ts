import { AttuneError } from '../foundation/errors.ts';
import type { Second, Tick } from '../foundation/units.ts';
import { createScore } from '../score/create-score.ts';
import type { MeterEvent, Score } from '../score/score.ts';
import { lastIndexAtOrBefore } from '../score/search.ts';
import { createTempoMap } from '../score/tempo-map.ts';

/** Beat times of a performance, in seconds from its start. */
export interface BeatTimes {
  /** Ascending; at least two. */
  readonly beats: readonly Second[];
  /** Those of `beats` that start a bar; may be empty. */
  readonly downbeats: readonly Second[];
}

/** Resolution of the aligned score. */
export interface AlignOptions {
  /** Ticks a beat of the result; 480 by default. */
  readonly ticksPerBeat?: number;
}

/**
 * The same performance written so that its quarters are the given beats and its bars begin at the downbeats: each beat
 * gets the tempo at which it was played, so seconds stay as they were up to the rounding to ticks and a delay of less
 * than one beat, which brings whole beats before the first. Notes before the first or after the last beat follow
 * the nearest beat's tempo. Bars are n/4 with n the beats from one downbeat to the next; before the first downbeat stands
 * a shorter pick-up bar where beats are left over. The score's own tempos and meters are replaced.
 * @throws `argument/invalid` where there are fewer than two beats, beats do not rise, or a downbeat is no beat.
 */
export function alignToBeats(score: Score, times: BeatTimes, options: AlignOptions = {}): Score {
  const { beats, downbeats } = times;
  const ticksPerBeat = options.ticksPerBeat ?? 480;
  const downbeatIndices = checkBeats(beats, downbeats);
  const tempoMap = createTempoMap(score);
  const grid = Float64Array.from(beats);
  const lead = Math.max(0, Math.ceil(beats[0]! / (beats[1]! - beats[0]!) - 1e-9));
  const at = (tick: Tick): Tick => {
    const time = tempoMap.secondsAt(tick);
    const i = Math.min(lastIndexAtOrBefore(grid, time), beats.length - 2);
    const position = i + (time - beats[i]!) / (beats[i + 1]! - beats[i]!);
    return Math.max(0, Math.round((lead + position) * ticksPerBeat));
  };
  const moved = <T extends { readonly tick: Tick }>(event: T): T => ({ ...event, tick: at(event.tick) });
  return createScore({
    ticksPerQuarter: ticksPerBeat,
    title: score.title,
    tracks: score.tracks.map((track) => ({
      ...track,
      notes: track.notes.map((note) => {
        const start = at(note.start);
        return { ...note, start, duration: at(note.start + note.duration) - start };
      }),
      controls: track.controls.map(moved),
      bends: track.bends.map(moved),
    })),
    tempos: beats.slice(1).map((beat, i) => ({
      tick: i === 0 ? 0 : (lead + i) * ticksPerBeat,
      bpm: 60 / (beat - beats[i]!),
    })),
    meters: metersOf(
      downbeatIndices.map((index) => index + lead),
      ticksPerBeat,
    ),
    keys: score.keys.map(moved),
    texts: score.texts.map(moved),
  });
}

/** Indices of the downbeats among the beats. */
function checkBeats(beats: readonly Second[], downbeats: readonly Second[]): number[] {
  if (beats.length < 2) {
    throw new AttuneError('argument/invalid', `Bars need at least two beats, not ${beats.length}.`);
  }
  beats.forEach((beat, index) => {
    if (Number.isFinite(beat) && (index === 0 || beat > beats[index - 1]!)) return;
    throw new AttuneError(
      'argument/invalid',
      `Beat ${index} at ${beat} s does not follow the one before it.`,
      { index },
    );
  });
  const places = new Map(beats.map((beat, index) => [beat, index]));
  return downbeats.map((downbeat, index) => {
    const place = places.get(downbeat);
    if (place !== undefined) return place;
    throw new AttuneError('argument/invalid', `Downbeat ${index} at ${downbeat} s is not one of the beats.`, {
      index,
    });
  });
}

/** Meters at the first bar line and wherever the length of bars changes. `downbeats`: beats since tick 0. */
function metersOf(downbeats: readonly number[], ticksPerBeat: number): MeterEvent[] {
  const meters: MeterEvent[] = [];
  let current = 0;
  const put = (beat: number, length: number): void => {
    if (length === current) return;
    if (length > 255) {
      throw new AttuneError('argument/invalid', `A bar of ${length} beats is longer than a meter can say.`, {
        length,
      });
    }
    meters.push({ tick: beat * ticksPerBeat, numerator: length, denominator: 4 });
    current = length;
  };
  const first = downbeats[0];
  if (first === undefined) return meters;
  const usual = (downbeats[1] ?? first + 4) - first;
  const pickup = first % usual;
  if (pickup > 0) put(0, pickup);
  put(pickup, usual);
  for (let i = 0; i + 1 < downbeats.length; i++) {
    put(downbeats[i]!, downbeats[i + 1]! - downbeats[i]!);
  }
  return meters;
}
