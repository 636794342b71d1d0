import { AttuneError } from '@attune/core';
import { HOLD, VOICE_CODES, type Voice } from './voices.ts';

/** Voices on a grid of sixteenths, one class a step and voice, the voices of a step side by side: [steps, voices]. */
export type VoiceGrid = Uint16Array;

/** Grid steps of a quarter and of a bar of four quarters. */
export const GRID_PER_QUARTER = 4;
export const GRID_PER_BAR = 16;

const OCTAVE = 12;
const HIGHEST = 127;

/** The grid moved by semitones, drums aside; where a note would leave 0–127, by octaves less. */
export function transposeGrid(grid: VoiceGrid, voices: readonly Voice[], semitones: number): VoiceGrid {
  return grid.map((value, i) => {
    if (value >= HOLD || !VOICE_CODES[voices[i % voices.length]!].isPitched) return value;
    let pitch = value + semitones;
    while (pitch > HIGHEST) pitch -= OCTAVE;
    while (pitch < 0) pitch += OCTAVE;
    return pitch;
  });
}

/** `steps` steps from step `from` on, with silence after the end of the grid. */
export function windowOf(grid: VoiceGrid, voices: readonly Voice[], from: number, steps: number): VoiceGrid {
  const count = voices.length;
  const window = silentGrid(voices, steps);
  window.set(grid.subarray(from * count, (from + steps) * count));
  return window;
}

/** Silence in all voices. */
export function silentGrid(voices: readonly Voice[], steps: number): VoiceGrid {
  return Uint16Array.from(
    { length: steps * voices.length },
    (_, i) => VOICE_CODES[voices[i % voices.length]!].silent,
  );
}

/** The classes of one voice [steps]. */
export function lineOf(grid: VoiceGrid, voices: readonly Voice[], voice: Voice): VoiceGrid {
  if (voices.length === 1) return grid;
  const at = voices.indexOf(voice);
  return Uint16Array.from({ length: grid.length / voices.length }, (_, t) => grid[t * voices.length + at]!);
}

/** Lines of one length side by side: what `lineOf` takes apart. */
export function gridOfLines(lines: readonly VoiceGrid[]): VoiceGrid {
  const count = lines.length;
  return Uint16Array.from(
    { length: lines[0]!.length * count },
    (_, i) => lines[i % count]![Math.floor(i / count)]!,
  );
}

/** Grids after one another. */
export function joinGrids(grids: readonly VoiceGrid[]): VoiceGrid {
  const joined = new Uint16Array(grids.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const grid of grids) {
    joined.set(grid, at);
    at += grid.length;
  }
  return joined;
}

/** Throws `model/invalid` naming the first step and voice whose value is no class, or a grid of another length. */
export function checkGrid(grid: ArrayLike<number>, voices: readonly Voice[], steps: number): void {
  if (grid.length !== steps * voices.length) {
    const found = grid.length / voices.length;
    throw new AttuneError('model/invalid', `Music of ${steps} steps is needed, not of ${found}.`, {
      steps: found,
    });
  }
  for (let i = 0; i < grid.length; i++) {
    const [value, step, voice] = [grid[i]!, Math.floor(i / voices.length), voices[i % voices.length]!];
    const { classes } = VOICE_CODES[voice];
    if (!Number.isInteger(value) || value < 0 || value >= classes) {
      throw new AttuneError(
        'model/invalid',
        `Step ${step} of the ${voice} is ${value}; a class is 0 to ${classes - 1}.`,
        { step, voice },
      );
    }
  }
}
