import { AttuneError, createScore, createTempoMap, type Score, type Track } from '@attune/core';
import { findMelody } from '../performance/melody.ts';

/**
 * A melody on a grid of sixteenths, one class a step, as MusicVAE reads them (Roberts et al. 2018): 0–127 a note of that
 * pitch begins, 128 what sounds goes on, 129 nothing sounds. [steps]
 */
export type MelodyGrid = Uint8Array;

/** A melody on the grid with what the grid does not hold. */
export interface Melody {
  readonly grid: MelodyGrid;
  /** Quarters a minute at its first note. */
  readonly bpm: number;
  /** General MIDI program 0–127. */
  readonly program: number;
}

/** Class of a step in which the note before goes on. */
export const HOLD = 128;
/** Class of a silent step. */
export const REST = 129;
/** How many classes there are. */
export const MELODY_CLASSES = 130;
/** Grid steps of a quarter and of a bar of four quarters. */
export const GRID_PER_QUARTER = 4;
export const GRID_PER_BAR = 16;

const OCTAVE = 12;
const HIGHEST = 127;
const TICKS_PER_QUARTER = 480;
const VELOCITY = 88;

/**
 * The melody of a score (`findMelody`) from its first bar on; onsets and ends go to the nearest sixteenth, and of notes
 * that begin in one step the first is kept. Throws `argument/invalid` for music without pitched notes.
 */
export function melodyOfScore(score: Score): Melody {
  const melody = findMelody(score);
  if (!melody)
    throw new AttuneError('argument/invalid', 'There is no melody in the music: it has no pitched notes.');
  const track = score.tracks[melody.track]!;
  const first = track.notes[melody.notes[0]!]!;
  return {
    grid: gridOfLine(track, melody.notes, score.ticksPerQuarter),
    bpm: createTempoMap(score).bpmAt(first.start),
    program: track.program,
  };
}

function gridOfLine(track: Track, line: readonly number[], ticksPerQuarter: number): MelodyGrid {
  const stepOf = (tick: number): number => Math.round((tick * GRID_PER_QUARTER) / ticksPerQuarter);
  const notes: { start: number; end: number; pitch: number }[] = [];
  for (const i of line) {
    const { start, duration, pitch } = track.notes[i]!;
    const step = stepOf(start);
    const last = notes.at(-1);
    if (last?.start === step) continue;
    if (last && last.end > step) last.end = step;
    notes.push({ start: step, end: Math.max(step + 1, stepOf(start + duration)), pitch });
  }
  const grid = new Uint8Array(notes.at(-1)?.end ?? 0).fill(REST);
  for (const { start, end, pitch } of notes) {
    grid.fill(HOLD, start, end);
    grid[start] = pitch;
  }
  return grid;
}

/** The melody as a score in 4/4. A hold that follows no note is silent. */
export function scoreOfMelody({ grid, bpm, program }: Melody, title = ''): Score {
  const ticksPerStep = TICKS_PER_QUARTER / GRID_PER_QUARTER;
  const notes: { start: number; duration: number; pitch: number; velocity: number }[] = [];
  let isSounding = false;
  grid.forEach((value, step) => {
    if (value < HOLD) {
      notes.push({ start: step * ticksPerStep, duration: ticksPerStep, pitch: value, velocity: VELOCITY });
    } else if (value === HOLD && isSounding) notes.at(-1)!.duration += ticksPerStep;
    isSounding = value < HOLD || (value === HOLD && isSounding);
  });
  return createScore({
    ticksPerQuarter: TICKS_PER_QUARTER,
    title,
    tracks: [{ name: 'melody', program, notes }],
    tempos: [{ tick: 0, bpm }],
    meters: [{ tick: 0, numerator: 4, denominator: 4 }],
  });
}

/** The grid moved by semitones; where a note would leave 0–127, by octaves less. */
export function transposeGrid(grid: MelodyGrid, semitones: number): MelodyGrid {
  return grid.map((value) => {
    if (value >= HOLD) return value;
    let pitch = value + semitones;
    while (pitch > HIGHEST) pitch -= OCTAVE;
    while (pitch < 0) pitch += OCTAVE;
    return pitch;
  });
}

/** `steps` steps from `from` on, with silence after the end of the grid. */
export function windowOf(grid: MelodyGrid, from: number, steps: number): MelodyGrid {
  const window = new Uint8Array(steps).fill(REST);
  window.set(grid.subarray(from, from + steps));
  return window;
}

/** Throws `model/invalid` naming the first step whose value is no class, or a grid of another length. */
export function checkGrid(grid: ArrayLike<number>, steps: number): void {
  if (grid.length !== steps) {
    throw new AttuneError(
      'model/invalid',
      `A melody of ${steps} steps is needed, not one of ${grid.length}.`,
      {
        steps: grid.length,
      },
    );
  }
  for (let step = 0; step < steps; step++) {
    const value = grid[step]!;
    if (!Number.isInteger(value) || value < 0 || value >= MELODY_CLASSES) {
      throw new AttuneError('model/invalid', `Step ${step} of the melody is ${value}; a class is 0 to 129.`, {
        step,
      });
    }
  }
}
