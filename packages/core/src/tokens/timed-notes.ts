import { AttuneError } from '../foundation/errors.ts';
import type { Second } from '../foundation/units.ts';
import { scoreDuration } from '../score/extent.ts';
import type { Score } from '../score/score.ts';
import { createTempoMap } from '../score/tempo-map.ts';
import { barLines } from './bar-lines.ts';
import { lossBesideNotes } from './encoding-loss.ts';
import type { EncodingLoss } from './encoding-loss.ts';
import { DRUM_INSTRUMENT, DRUM_PITCH_OFFSET } from './grid.ts';
import type { Meter } from './grid.ts';
import { foldPitch } from './grid-notes.ts';
import { STEPS_PER_SECOND, fineVelocityBinOf, velocityOfFineBin } from './midi-like-vocabulary.ts';

/** One note in clock time. Sorted by start, instrument, pitch; no two agree in all three. */
export interface TimedNote {
  /** Steps of 10 ms; end > start, and for a drum note start + 1. */
  readonly start: number;
  readonly end: number;
  readonly instrument: number;
  /** 0–127, or drum key + `DRUM_PITCH_OFFSET`. */
  readonly pitch: number;
  /** Bin of `fineVelocityBinOf`. */
  readonly velocity: number;
}

/** A longer score would be little but tokens of passing time. */
const MAX_SECONDS: Second = 1_000_000;

/** Lays a score on clock time. Throws `token/invalid` for more than 1,000,000 s or a shift that is no integer. */
export function toTimedNotes(
  score: Score,
  shift: number,
): { readonly notes: readonly TimedNote[]; readonly meter: Meter; readonly loss: EncodingLoss } {
  if (!Number.isInteger(shift) || Math.abs(shift) > 127) {
    throw new AttuneError('token/invalid', `A shift is a whole number of semitones, not ${shift}.`, {
      shift,
    });
  }
  const seconds = scoreDuration(score);
  if (!(seconds <= MAX_SECONDS)) {
    const message = `A score of ${Math.round(seconds)} s cannot be encoded in clock time; ${MAX_SECONDS} s can.`;
    throw new AttuneError('token/invalid', message, { seconds, limit: MAX_SECONDS });
  }
  const placed = placeNotes(score, shift);
  const notes = mergeDuplicates(placed);
  const cutOverlaps = cutSounding(notes);
  const { meter, changes } = barLines(score);
  const instruments = new Set(notes.map(({ instrument }) => instrument)).size;
  return {
    notes: notes.map(({ start, end, instrument, pitch, velocity }) => ({
      ...{ start, end, instrument, pitch, velocity },
    })),
    meter,
    loss: {
      ...onsetLoss(score, placed),
      ...durationLoss(score, placed, notes),
      ...velocityLoss(notes),
      mergedDuplicates: placed.length - notes.length,
      cutOverlaps,
      foldedPitches: placed.filter((note) => note.folded).length,
      movedDrums: 0,
      flattenedMeters: changes,
      addedSilence: 0,
      shortenedGaps: 0,
      droppedBars: 0,
      ...lossBesideNotes(score, instruments),
    },
  };
}

/** A timed note with what it was made from: ticks, seconds and velocity of the score. */
interface PlacedNote {
  readonly start: number;
  end: number;
  readonly instrument: number;
  readonly pitch: number;
  velocity: number;
  readonly folded: boolean;
  readonly exactStart: Second;
  exactEnd: Second;
  readonly startTick: number;
  endTick: number;
  loudness: number;
}

/** Less than this of a step is rounding of floating-point seconds, not a note moved. */
const ROUNDING = 1e-6;

function placeNotes(score: Score, shift: number): PlacedNote[] {
  const { secondsAt } = createTempoMap(score);
  const placed = score.tracks.flatMap((track) =>
    track.notes.map((note): PlacedNote => {
      const endTick = note.start + note.duration;
      const [exactStart, exactEnd] = [secondsAt(note.start), secondsAt(endTick)];
      const start = Math.round(exactStart * STEPS_PER_SECOND);
      const end = Math.max(start + 1, Math.round(exactEnd * STEPS_PER_SECOND));
      const pitch = track.isDrum ? note.pitch + DRUM_PITCH_OFFSET : foldPitch(note.pitch + shift);
      return {
        start,
        end: track.isDrum ? start + 1 : end,
        instrument: track.isDrum ? DRUM_INSTRUMENT : track.program,
        pitch,
        velocity: fineVelocityBinOf(note.velocity),
        folded: !track.isDrum && pitch !== note.pitch + shift,
        ...{ exactStart, exactEnd, startTick: note.start, endTick, loudness: note.velocity },
      };
    }),
  );
  return placed.sort((a, b) => a.start - b.start || a.instrument - b.instrument || a.pitch - b.pitch);
}

/** One note of each sorted run of equals: the one that ends last, with the highest velocity of them. */
function mergeDuplicates(sorted: readonly PlacedNote[]): PlacedNote[] {
  const kept: PlacedNote[] = [];
  for (const note of sorted) {
    const last = kept.at(-1);
    if (last?.start === note.start && last.instrument === note.instrument && last.pitch === note.pitch) {
      if (note.exactEnd > last.exactEnd) {
        const { exactStart, exactEnd, startTick, endTick } = note;
        Object.assign(last, { exactStart, exactEnd, startTick, endTick });
      }
      last.end = Math.max(last.end, note.end);
      last.velocity = Math.max(last.velocity, note.velocity);
      last.loudness = Math.max(last.loudness, note.loudness);
    } else kept.push({ ...note });
  }
  return kept;
}

/** Ends each note where its instrument strikes its pitch again; returns how many were cut. */
function cutSounding(notes: readonly PlacedNote[]): number {
  const next = new Map<number, number>();
  let cut = 0;
  for (const note of notes.toReversed()) {
    const voice = note.instrument * 256 + note.pitch;
    const again = next.get(voice);
    if (again !== undefined && again < note.end) {
      note.end = again;
      cut++;
    }
    next.set(voice, note.start);
  }
  return cut;
}

function onsetLoss(
  score: Score,
  placed: readonly PlacedNote[],
): Pick<EncodingLoss, 'quantisedOnsets' | 'maxOnsetShift' | 'maxOnsetShiftSeconds'> {
  const { positionAt } = createTempoMap(score);
  let [quantisedOnsets, maxOnsetShift, maxOnsetShiftSeconds] = [0, 0, 0];
  for (const { start, exactStart, startTick } of placed) {
    const seconds = Math.abs(start / STEPS_PER_SECOND - exactStart);
    if (seconds * STEPS_PER_SECOND <= ROUNDING) continue;
    quantisedOnsets++;
    maxOnsetShiftSeconds = Math.max(maxOnsetShiftSeconds, seconds);
    const ticks = Math.abs(positionAt(start / STEPS_PER_SECOND) - startTick);
    maxOnsetShift = Math.max(maxOnsetShift, ticks / score.ticksPerQuarter);
  }
  return { quantisedOnsets, maxOnsetShift, maxOnsetShiftSeconds };
}

/** Lengths against the score's: counted over all melodic notes, the farthest over those that are kept. */
function durationLoss(
  score: Score,
  placed: readonly PlacedNote[],
  kept: readonly PlacedNote[],
): Pick<
  EncodingLoss,
  'quantisedDurations' | 'clippedDurations' | 'maxDurationChange' | 'maxDurationChangeSeconds'
> {
  const { positionAt } = createTempoMap(score);
  const changeOf = ({ start, end, exactStart, exactEnd }: PlacedNote): Second => {
    const change = Math.abs((end - start) / STEPS_PER_SECOND - (exactEnd - exactStart));
    return change * STEPS_PER_SECOND <= ROUNDING ? 0 : change;
  };
  let [maxDurationChange, maxDurationChangeSeconds] = [0, 0];
  for (const note of kept) {
    if (note.instrument === DRUM_INSTRUMENT || changeOf(note) === 0) continue;
    maxDurationChangeSeconds = Math.max(maxDurationChangeSeconds, changeOf(note));
    const ticks = positionAt(note.end / STEPS_PER_SECOND) - positionAt(note.start / STEPS_PER_SECOND);
    const change = Math.abs(ticks - (note.endTick - note.startTick)) / score.ticksPerQuarter;
    maxDurationChange = Math.max(maxDurationChange, change);
  }
  const isChanged = (note: PlacedNote): boolean => note.instrument !== DRUM_INSTRUMENT && changeOf(note) > 0;
  return {
    quantisedDurations: placed.filter(isChanged).length,
    clippedDurations: 0,
    maxDurationChange,
    maxDurationChangeSeconds,
  };
}

function velocityLoss(
  notes: readonly PlacedNote[],
): Pick<EncodingLoss, 'quantisedVelocities' | 'maxVelocityChange'> {
  const changes = notes.map(({ velocity, loudness }) => Math.abs(velocityOfFineBin(velocity) - loudness));
  return {
    quantisedVelocities: changes.filter((change) => change > 0).length,
    maxVelocityChange: changes.reduce((most, change) => Math.max(most, change), 0),
  };
}
