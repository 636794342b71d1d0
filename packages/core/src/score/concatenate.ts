import { AttuneError } from '../foundation/errors.ts';
import type { Tick } from '../foundation/units.ts';
import { createScore } from './create-score.ts';
import { scoreEndTick } from './extent.ts';
import { createMeterMap, DEFAULT_METER } from './meter-map.ts';
import type { ControlChange, PitchBend, Score, Track } from './score.ts';
import { temposFromStart } from './tempo-edit.ts';
import { atCommonResolution } from './transform.ts';

/** Where a score begins that follows another. */
export interface ConcatenateOptions {
  /** Each score begins with the bar after the last note of the one before (`bar`, the default), or right at its end (`note`). */
  readonly from?: 'bar' | 'note';
}

/**
 * One score after another. A part goes on in the first track of the same kind (drums or program) and name that the score
 * before has; parts without such a track come after the others. Title and resolution are as in `mergeScores`. No scores
 * make an empty one.
 */
export function concatenateScores(scores: readonly Score[], options: ConcatenateOptions = {}): Score {
  const [first, ...rest] = atCommonResolution(scores);
  if (!first) return createScore();
  return rest.reduce(
    (whole, score) => appendScore(whole, score, joinTick(whole, options.from ?? 'bar')),
    first,
  );
}

/**
 * `second` from tick `at` of `first` on; both at one resolution. Tempo, meter, controllers and bends at the joint are those
 * of the second, with the defaults of General MIDI where it states none; a key lasts until another is stated. Notes of
 * the first that sound past `at` keep sounding; its tempo, meter and key events from `at` on are left out.
 * @throws `argument/invalid` where a note of the first starts at or after `at`, or the resolutions differ.
 */
export function appendScore(first: Score, second: Score, at: Tick): Score {
  checkJoint(first, second, at);
  const before = <T extends { readonly tick: Tick }>(events: readonly T[]): T[] =>
    events.filter(({ tick }) => tick < at);
  const later = <T extends { readonly tick: Tick }>(events: readonly T[]): T[] =>
    events.map((event) => ({ ...event, tick: event.tick + at }));
  const partner = pairTracks(first.tracks, second.tracks);
  const joined = first.tracks.map((track, i): Track => {
    const next = second.tracks[partner.indexOf(i)];
    const controls = before(track.controls);
    const bends = before(track.bends);
    return {
      ...track,
      notes: [...track.notes, ...(next?.notes ?? []).map((note) => ({ ...note, start: note.start + at }))],
      controls: [
        ...controls,
        ...controlResets(controls, next?.controls ?? [], at),
        ...later(next?.controls ?? []),
      ],
      bends: [...bends, ...bendResets(bends, next?.bends ?? [], at), ...later(next?.bends ?? [])],
    };
  });
  const added = second.tracks
    .filter((_, j) => partner[j] === undefined)
    .map((track) => ({
      ...track,
      notes: track.notes.map((note) => ({ ...note, start: note.start + at })),
      controls: later(track.controls),
      bends: later(track.bends),
    }));
  const meters =
    second.meters[0]?.tick === 0 ? second.meters : [{ tick: 0, ...DEFAULT_METER }, ...second.meters];
  return createScore({
    ...first,
    tracks: [...joined, ...added],
    tempos: [...before(first.tempos), ...later(temposFromStart(second))],
    meters: [...before(first.meters), ...later(meters)],
    keys: [...before(first.keys), ...later(second.keys)],
    texts: [...first.texts, ...later(second.texts)],
  });
}

function checkJoint(first: Score, second: Score, at: Tick): void {
  if (first.ticksPerQuarter !== second.ticksPerQuarter) {
    const [one, other] = [first.ticksPerQuarter, second.ticksPerQuarter];
    const message = `Scores of ${one} and ${other} ticks a quarter cannot be joined; rescale one.`;
    throw new AttuneError('argument/invalid', message, { one, other });
  }
  const late = first.tracks.findIndex((track) => (track.notes.at(-1)?.start ?? -1) >= at);
  if (!Number.isInteger(at) || at < 0 || late >= 0) {
    const message =
      late >= 0
        ? `Track ${late} of the first score still begins notes at or after tick ${at}.`
        : `Scores are joined at a whole tick from 0, not at ${at}.`;
    throw new AttuneError('argument/invalid', message, { at });
  }
}

function joinTick(score: Score, from: 'bar' | 'note'): Tick {
  const end = lastTick(score);
  const meterMap = createMeterMap(score);
  return from === 'note' || end === 0 ? end : meterMap.barStart(meterMap.barCount(end));
}

/** End of the last note, or the tick after a last note without length. */
function lastTick(score: Score): Tick {
  const starts = score.tracks.map((track) => (track.notes.at(-1)?.start ?? -1) + 1);
  return Math.max(scoreEndTick(score), ...starts);
}

/** For each later track the index of the earlier one that it goes on in, each taken once. */
function pairTracks(earlier: readonly Track[], later: readonly Track[]): (number | undefined)[] {
  const free = new Set(earlier.keys());
  return later.map((track) => {
    for (const i of free) {
      const other = earlier[i]!;
      const sameKind = other.isDrum === track.isDrum && (track.isDrum || other.program === track.program);
      if (!sameKind || other.name !== track.name) continue;
      free.delete(i);
      return i;
    }
    return undefined;
  });
}

/** Volume 100, pan 64, expression 127 (General MIDI level 1; RP-015); every other controller 0. */
function defaultOf(controller: number): number {
  return { 7: 100, 8: 64, 10: 64, 11: 127 }[controller] ?? 0;
}

/** What must be said at the joint so that controllers of the first part do not reach into the second. */
function controlResets(
  before: readonly ControlChange[],
  after: readonly ControlChange[],
  tick: Tick,
): ControlChange[] {
  const inForce = new Map(before.map(({ controller, value }) => [controller, value]));
  for (const { tick: own, controller } of after) if (own === 0) inForce.delete(controller);
  return [...inForce]
    .filter(([controller, value]) => value !== defaultOf(controller))
    .map(([controller]) => ({ tick, controller, value: defaultOf(controller) }));
}

function bendResets(before: readonly PitchBend[], after: readonly PitchBend[], tick: Tick): PitchBend[] {
  const isBent = (before.at(-1)?.value ?? 0) !== 0;
  return isBent && after[0]?.tick !== 0 ? [{ tick, value: 0 }] : [];
}
