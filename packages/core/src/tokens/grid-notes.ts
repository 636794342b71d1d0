import { AttuneError } from '../foundation/errors.ts';
import type { Note, Score, Track } from '../score/score.ts';
import { createTempoMap } from '../score/tempo-map.ts';
import type { TempoMap } from '../score/tempo-map.ts';
import { barLines } from './bar-lines.ts';
import { lossBesideNotes } from './encoding-loss.ts';
import type { EncodingLoss } from './encoding-loss.ts';
import {
  DRUM_INSTRUMENT,
  DRUM_PITCH_OFFSET,
  DURATIONS,
  MAX_BAR_GAP,
  STEPS_PER_QUARTER,
  barStepsOf,
  drumKeyOf,
  durationIndexAtMost,
  durationIndexOf,
  velocityBinOf,
  velocityOfBin,
} from './grid.ts';
import type { Meter } from './grid.ts';

/** One note on the token grid. Sorted by bar, position, instrument, pitch; no two agree in all four. */
export interface GridNote {
  /** Absolute (pseudo-)bar index from 0. */
  readonly bar: number;
  /** Onset within the bar, in grid steps. */
  readonly position: number;
  /** General MIDI program 0–127, or `DRUM_INSTRUMENT`. */
  readonly instrument: number;
  /** 0–127, or drum key + `DRUM_PITCH_OFFSET`. */
  readonly pitch: number;
  /** Index into `DURATIONS`. */
  readonly duration: number;
  /** Velocity bin. */
  readonly velocity: number;
}

/** How pitches are moved before encoding. */
export interface EncodeOptions {
  /** Semitones added to melodic pitches, e.g. from `canonicalShift`; default 0. */
  readonly shift?: number;
}

/** What tokens do not hold and a score needs. */
export interface DecodeOptions {
  /** Default 480; a multiple of `STEPS_PER_QUARTER`. */
  readonly ticksPerQuarter?: number;
  /** Quarter notes a minute; default 120. */
  readonly tempo?: number;
  /** Default: the meter of the sequence. Its bars must have the same length. */
  readonly meter?: Meter;
  /** Semitones that encoding added and decoding takes away; default: the shift of the sequence. */
  readonly shift?: number;
  readonly title?: string;
  /** Track names by instrument number. */
  readonly trackNames?: Readonly<Record<number, string>>;
}

/** A piece on the grid: its notes in the order of `GridNote`, and what is needed to undo the encoding. */
export interface GridPiece {
  readonly notes: readonly GridNote[];
  /** Bars up to the last onset. */
  readonly bars: number;
  /** The main meter: the one that holds longest. */
  readonly meter: Meter;
  readonly shift: number;
}

/** Lays a score on the grid. Throws `token/invalid` for a meter without a bar length or a shift that is no integer. */
export function toGrid(
  score: Score,
  options: EncodeOptions = {},
): GridPiece & { readonly loss: EncodingLoss } {
  const shift = options.shift ?? 0;
  if (!Number.isInteger(shift) || Math.abs(shift) > 127) {
    throw new AttuneError('token/invalid', `A shift is a whole number of semitones, not ${shift}.`, {
      shift,
    });
  }
  const line = barLines(score);
  const map = createTempoMap(score);
  const count = { quantised: 0, maxShift: 0, maxSeconds: 0, durations: 0, clipped: 0, folded: 0, drums: 0 };
  const instruments = new Set<number>();
  const stepsPerTick = STEPS_PER_QUARTER / score.ticksPerQuarter;
  const notes: PlacedNote[] = [];
  for (const track of score.tracks) {
    const instrument = track.isDrum ? DRUM_INSTRUMENT : track.program;
    if (track.notes.length > 0) instruments.add(instrument);
    for (const note of track.notes) {
      const exact = note.start * stepsPerTick;
      const onset = Math.round(exact);
      if (Math.abs(exact - onset) > 1e-9) {
        count.quantised++;
        count.maxShift = Math.max(count.maxShift, Math.abs(exact - onset) / STEPS_PER_QUARTER);
        const moved = Math.abs(map.secondsBetween(note.start, onset / stepsPerTick));
        count.maxSeconds = Math.max(count.maxSeconds, moved);
      }
      const step = onset + line.silenceBefore(onset);
      const pitch = track.isDrum ? drumKeyOf(note.pitch) : foldPitch(note.pitch + shift);
      if (track.isDrum && pitch !== note.pitch) count.drums++;
      if (!track.isDrum && pitch !== note.pitch + shift) count.folded++;
      const steps = note.duration * stepsPerTick;
      const duration = track.isDrum ? 0 : durationIndexOf(Math.max(1, Math.round(steps)));
      if (!track.isDrum && Math.abs(DURATIONS[duration]! - steps) > 1e-9) count.durations++;
      if (!track.isDrum && steps > DURATIONS.at(-1)!) count.clipped++;
      notes.push({
        bar: Math.floor(step / line.barSteps),
        position: step % line.barSteps,
        instrument,
        pitch: track.isDrum ? pitch + DRUM_PITCH_OFFSET : pitch,
        duration,
        velocity: velocityBinOf(note.velocity),
        start: note.start,
        length: note.duration,
        loudness: note.velocity,
      });
    }
  }
  notes.sort(compareNotes);
  const merged = mergeDuplicates(notes);
  const gaps = shortenGaps(merged);
  const cutOverlaps = cutSounding(merged, line.barSteps);
  const loss: EncodingLoss = {
    quantisedOnsets: count.quantised,
    maxOnsetShift: count.maxShift,
    maxOnsetShiftSeconds: count.maxSeconds,
    quantisedDurations: count.durations,
    clippedDurations: count.clipped,
    ...durationChanges(merged, score.ticksPerQuarter, map),
    ...velocityChanges(merged),
    mergedDuplicates: notes.length - merged.length,
    cutOverlaps,
    foldedPitches: count.folded,
    movedDrums: count.drums,
    flattenedMeters: line.changes,
    addedSilence: line.addedSteps / STEPS_PER_QUARTER,
    shortenedGaps: gaps.count,
    droppedBars: gaps.bars,
    ...lossBesideNotes(score, instruments.size),
  };
  const bars = (merged.at(-1)?.bar ?? -1) + 1;
  return { notes: merged.map(gridNote), bars, meter: line.meter, shift, loss };
}

/**
 * The score of grid notes: one track an instrument, the drum kit last, one tempo and one meter. A note ends where
 * its instrument strikes the same pitch again. Throws `token/invalid` for options that do not fit the grid.
 */
export function fromGrid(piece: GridPiece, options: DecodeOptions = {}): Score {
  const ticksPerQuarter = options.ticksPerQuarter ?? 480;
  const ticksPerStep = ticksPerQuarter / STEPS_PER_QUARTER;
  if (!Number.isInteger(ticksPerStep) || ticksPerStep < 1) {
    throw new AttuneError(
      'token/invalid',
      `Ticks a quarter must be a multiple of ${STEPS_PER_QUARTER}, not ${ticksPerQuarter}.`,
      { ticksPerQuarter },
    );
  }
  const tempo = options.tempo ?? 120;
  if (!(tempo > 0) || !Number.isFinite(tempo)) {
    throw new AttuneError('token/invalid', `A tempo is above zero, not ${tempo}.`, { tempo });
  }
  const meter = options.meter ?? piece.meter;
  const barSteps = barStepsOf(meter);
  if (barSteps !== barStepsOf(piece.meter)) {
    throw new AttuneError(
      'token/invalid',
      `Bars of ${meter.numerator}/${meter.denominator} are not as long as those of ${piece.meter.numerator}/${piece.meter.denominator}.`,
    );
  }
  const shift = options.shift ?? piece.shift;
  const byInstrument = new Map<number, Note[]>();
  const ends = lastSteps(piece.notes, barSteps);
  piece.notes.forEach((note, i) => {
    const start = note.bar * barSteps + note.position;
    const isDrum = note.instrument === DRUM_INSTRUMENT;
    const steps = Math.min(DURATIONS[note.duration]!, ends[i]! - start);
    const notes = byInstrument.get(note.instrument) ?? [];
    byInstrument.set(note.instrument, notes);
    notes.push({
      start: start * ticksPerStep,
      duration: steps * ticksPerStep,
      pitch: isDrum ? drumKeyOf(note.pitch - DRUM_PITCH_OFFSET) : foldPitch(note.pitch - shift),
      velocity: velocityOfBin(note.velocity),
    });
  });
  const tracks = [...byInstrument.keys()]
    .sort((a, b) => a - b)
    .map((instrument): Track => {
      const isDrum = instrument === DRUM_INSTRUMENT;
      return {
        name: options.trackNames?.[instrument] ?? '',
        program: isDrum ? 0 : instrument,
        isDrum,
        notes: byInstrument
          .get(instrument)!
          .sort((a, b) => a.start - b.start || a.pitch - b.pitch || a.duration - b.duration),
        controls: [],
        bends: [],
      };
    });
  return {
    ticksPerQuarter,
    title: options.title ?? '',
    tracks,
    tempos: [{ tick: 0, bpm: tempo }],
    meters: [{ tick: 0, numerator: meter.numerator, denominator: meter.denominator }],
    keys: [],
    texts: [],
  };
}

type MutableNote = { -readonly [K in keyof GridNote]: GridNote[K] };

/** A grid note with the start, length (ticks) and velocity of the note it was made from. */
interface PlacedNote extends MutableNote {
  start: number;
  length: number;
  loudness: number;
}

function gridNote({ bar, position, instrument, pitch, duration, velocity }: PlacedNote): GridNote {
  return { bar, position, instrument, pitch, duration, velocity };
}

function compareNotes(a: GridNote, b: GridNote): number {
  return a.bar - b.bar || a.position - b.position || a.instrument - b.instrument || a.pitch - b.pitch;
}

export function foldPitch(pitch: number): number {
  let folded = pitch;
  while (folded < 0) folded += 12;
  while (folded > 127) folded -= 12;
  return folded;
}

/** One note of each sorted run of equals, with the longest length and the highest velocity. */
function mergeDuplicates(sorted: readonly PlacedNote[]): PlacedNote[] {
  const kept: PlacedNote[] = [];
  for (const note of sorted) {
    const last = kept.at(-1);
    if (last && compareNotes(last, note) === 0) {
      last.duration = Math.max(last.duration, note.duration);
      last.velocity = Math.max(last.velocity, note.velocity);
      last.loudness = Math.max(last.loudness, note.loudness);
      if (note.length > last.length) [last.start, last.length] = [note.start, note.length];
    } else kept.push(note);
  }
  return kept;
}

/** How far lengths of melodic notes are from those they were made from; measured from where each note began. */
function durationChanges(
  notes: readonly PlacedNote[],
  ticksPerQuarter: number,
  map: TempoMap,
): Pick<EncodingLoss, 'maxDurationChange' | 'maxDurationChangeSeconds'> {
  let [maxDurationChange, maxDurationChangeSeconds] = [0, 0];
  for (const { instrument, duration, start, length } of notes) {
    if (instrument === DRUM_INSTRUMENT) continue;
    const ticks = (DURATIONS[duration]! * ticksPerQuarter) / STEPS_PER_QUARTER;
    const change = Math.abs(ticks - length) / ticksPerQuarter;
    if (change * STEPS_PER_QUARTER <= 1e-9) continue;
    maxDurationChange = Math.max(maxDurationChange, change);
    const seconds = Math.abs(map.secondsBetween(start + length, start + ticks));
    maxDurationChangeSeconds = Math.max(maxDurationChangeSeconds, seconds);
  }
  return { maxDurationChange, maxDurationChangeSeconds };
}

function velocityChanges(
  notes: readonly PlacedNote[],
): Pick<EncodingLoss, 'quantisedVelocities' | 'maxVelocityChange'> {
  let [quantisedVelocities, maxVelocityChange] = [0, 0];
  for (const { velocity, loudness } of notes) {
    const change = Math.abs(velocityOfBin(velocity) - loudness);
    if (change > 0) quantisedVelocities++;
    maxVelocityChange = Math.max(maxVelocityChange, change);
  }
  return { quantisedVelocities, maxVelocityChange };
}

function shortenGaps(notes: MutableNote[]): { count: number; bars: number } {
  let count = 0;
  let dropped = 0;
  let previous = 0;
  for (const note of notes) {
    const gap = note.bar - dropped - previous;
    if (gap > MAX_BAR_GAP) {
      count++;
      dropped += gap - MAX_BAR_GAP;
    }
    note.bar -= dropped;
    previous = note.bar;
  }
  return { count, bars: dropped };
}

/** For each note the step at which its instrument strikes its pitch again (Infinity: never). */
function lastSteps(notes: readonly GridNote[], barSteps: number): Float64Array {
  const ends = new Float64Array(notes.length).fill(Infinity);
  const next = new Map<number, number>();
  for (let i = notes.length - 1; i >= 0; i--) {
    const note = notes[i]!;
    const voice = note.instrument * 256 + note.pitch;
    const start = note.bar * barSteps + note.position;
    const again = next.get(voice);
    // An equal start cannot come from `toGrid`; a hand-made sequence may hold one, and keeps both notes.
    if (again !== undefined && again > start) ends[i] = again;
    next.set(voice, start);
  }
  return ends;
}

function cutSounding(notes: MutableNote[], barSteps: number): number {
  const ends = lastSteps(notes, barSteps);
  let cut = 0;
  notes.forEach((note, i) => {
    const room = ends[i]! - (note.bar * barSteps + note.position);
    if (DURATIONS[note.duration]! <= room) return;
    note.duration = durationIndexAtMost(room);
    cut++;
  });
  return cut;
}
