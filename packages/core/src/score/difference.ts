import type { Tick } from '../foundation/units.ts';
import { createMeterMap } from './meter-map.ts';
import type { Note, Score, Track } from './score.ts';

/** How far two scores may lie apart and still count as equal. 0 everywhere asks for identity. */
export interface ScoreTolerance {
  /** Ticks by which note starts and ends and event ticks may differ. */
  readonly ticks: number;
  /** Steps by which velocities may differ. */
  readonly velocity: number;
  /** Relative difference of tempos, e.g. 1e-6. */
  readonly tempo: number;
}

/** No tolerance at all: scores are equal if they are identical. */
export const EXACTLY: ScoreTolerance = { ticks: 0, velocity: 0, tempo: 0 };

/** Where two scores differ first, e.g. `tracks[1].notes[4].pitch`, and the two values there. */
export interface ScoreDifference {
  readonly place: string;
  readonly first: unknown;
  readonly second: unknown;
  /** Index of the track it lies in; undefined outside tracks. */
  readonly track?: number;
  /** Where the note or event stands (in the first score, if it is there); undefined for what has no time. */
  readonly tick?: Tick;
}

/** Whether two scores hold the same music within the tolerance; `firstDifference` says where they part. */
export function scoresEqual(first: Score, second: Score, tolerance: ScoreTolerance): boolean {
  return firstDifference(first, second, tolerance) === undefined;
}

/**
 * The first place where two scores differ by more than the tolerance. Notes and events are compared in
 * their order; resolution, title, names, programs, pitches, values and texts must be equal.
 */
export function firstDifference(
  first: Score,
  second: Score,
  tolerance: ScoreTolerance,
): ScoreDifference | undefined {
  const near = {
    tick: tolerance.ticks,
    start: tolerance.ticks,
    duration: 2 * tolerance.ticks,
    velocity: tolerance.velocity,
  };
  const tempo = { tick: tolerance.ticks, bpm: (bpm: number) => bpm * tolerance.tempo };
  return (
    fields(first, second, '', ['ticksPerQuarter', 'title']) ??
    list(first.tracks, second.tracks, 'tracks', (a, b, place, track) => {
      const difference = trackDifference(a, b, place, near);
      return difference && { ...difference, track };
    }) ??
    list(first.tempos, second.tempos, 'tempos', (a, b, place) =>
      fields(a, b, place, ['tick', 'bpm'], tempo),
    ) ??
    list(first.meters, second.meters, 'meters', (a, b, place) =>
      fields(a, b, place, ['tick', 'numerator', 'denominator'], near),
    ) ??
    list(first.keys, second.keys, 'keys', (a, b, place) =>
      fields(a, b, place, ['tick', 'fifths', 'mode'], near),
    ) ??
    list(first.texts, second.texts, 'texts', (a, b, place) =>
      fields(a, b, place, ['tick', 'kind', 'text'], near),
    )
  );
}

/**
 * A difference as a sentence: track, bar and beat (from 1) of `score`, which is the first of the two that were
 * compared, and both values. “Track 2 (Piano), bar 3, beat 2: the pitch of note 5 is 63 in the first and 64 in the second.”
 */
export function describeDifference(difference: ScoreDifference, score: Score): string {
  const { place, first, second, track, tick } = difference;
  const where: string[] = [];
  if (track !== undefined) where.push(`track ${track + 1}${nameOf(score.tracks[track])}`);
  if (tick !== undefined) {
    const { bar, beat } = createMeterMap(score).barAt(tick);
    where.push(`bar ${bar + 1}`, `beat ${beat + 1}`);
  }
  const [, list, index, field] = /(?:([a-z]+)\[(\d+)\])?\.?([A-Za-z]+)$/.exec(place)!;
  const values = `is ${JSON.stringify(first)} in the first and ${JSON.stringify(second)} in the second.`;
  const counted = /([a-z]+)\.length$/.exec(place)?.[1];
  const isTrack = list === 'tracks'; // already named
  const what = counted
    ? `the number of ${counted}`
    : list && !isTrack
      ? `the ${WORDS[field!] ?? field} of ${list.replace(/s$/, '')} ${Number(index) + 1}`
      : `the ${WORDS[field!] ?? field}`;
  const sentence = `${where.join(', ')}${where.length > 0 ? ': ' : ''}${what} ${values}`;
  return sentence[0]!.toUpperCase() + sentence.slice(1);
}

/** Fields whose name in code is no word. */
const WORDS: Readonly<Record<string, string>> = {
  ticksPerQuarter: 'number of ticks a quarter',
  bpm: 'tempo',
  isDrum: 'drum flag',
  fifths: 'number of sharps',
};

/** Most that a field may differ; a function of its value for a relative bound. Fields not named must be equal. */
type Bounds = Readonly<Record<string, number | ((value: number) => number)>>;
type Compare<T> = (a: T, b: T, place: string, index: number) => ScoreDifference | undefined;

function trackDifference(a: Track, b: Track, place: string, near: Bounds): ScoreDifference | undefined {
  const noteFields: (keyof Note)[] = ['start', 'duration', 'pitch', 'velocity'];
  return (
    fields(a, b, place, ['name', 'program', 'isDrum']) ??
    list(a.notes, b.notes, `${place}.notes`, (x, y, at) => fields(x, y, at, noteFields, near)) ??
    list(a.controls, b.controls, `${place}.controls`, (x, y, at) =>
      fields(x, y, at, ['tick', 'controller', 'value'], near),
    ) ??
    list(a.bends, b.bends, `${place}.bends`, (x, y, at) => fields(x, y, at, ['tick', 'value'], near))
  );
}

function list<T>(
  a: readonly T[],
  b: readonly T[],
  place: string,
  compare: Compare<T>,
): ScoreDifference | undefined {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = compare(a[i]!, b[i]!, `${place}[${i}]`, i);
    if (difference) return difference;
  }
  if (a.length === b.length) return undefined;
  const difference = { place: `${place}.length`, first: a.length, second: b.length };
  const tick = tickOf((a[b.length] ?? b[a.length]) as object); // of the first that has no partner
  return tick === undefined ? difference : { ...difference, tick };
}

function fields<T extends object>(
  a: T,
  b: T,
  place: string,
  names: readonly (keyof T & string)[],
  bounds: Bounds = {},
): ScoreDifference | undefined {
  for (const name of names) {
    const [first, second] = [a[name], b[name]];
    if (first === second || withinBound(first, second, bounds[name])) continue;
    const difference = { place: place === '' ? name : `${place}.${name}`, first, second };
    const tick = tickOf(a);
    return tick === undefined ? difference : { ...difference, tick };
  }
  return undefined;
}

function withinBound(first: unknown, second: unknown, bound: Bounds[string] | undefined): boolean {
  if (bound === undefined || typeof first !== 'number' || typeof second !== 'number') return false;
  return Math.abs(first - second) <= (typeof bound === 'number' ? bound : bound(first));
}

function tickOf(item: object): Tick | undefined {
  const { start, tick } = item as { readonly start?: Tick; readonly tick?: Tick };
  return start ?? tick;
}

function nameOf(track: Track | undefined): string {
  return track && track.name !== '' ? ` (${track.name})` : '';
}
