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
    list(first.tracks, second.tracks, 'tracks', (a, b, place) => trackDifference(a, b, place, near)) ??
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

/** Most that a field may differ; a function of its value for a relative bound. Fields not named must be equal. */
type Bounds = Readonly<Record<string, number | ((value: number) => number)>>;
type Compare<T> = (a: T, b: T, place: string) => ScoreDifference | undefined;

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
    const difference = compare(a[i]!, b[i]!, `${place}[${i}]`);
    if (difference) return difference;
  }
  return a.length === b.length ? undefined : { place: `${place}.length`, first: a.length, second: b.length };
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
    return { place: place === '' ? name : `${place}.${name}`, first, second };
  }
  return undefined;
}

function withinBound(first: unknown, second: unknown, bound: Bounds[string] | undefined): boolean {
  if (bound === undefined || typeof first !== 'number' || typeof second !== 'number') return false;
  return Math.abs(first - second) <= (typeof bound === 'number' ? bound : bound(first));
}
