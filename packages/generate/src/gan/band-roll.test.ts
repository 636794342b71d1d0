import type { Note } from '@attune/core';
import { describe, expect, it } from 'vitest';
import {
  CELLS,
  CHORD_VALUES,
  drawChords,
  drawPart,
  PART_CELLS,
  readPart,
  stepOfTick,
  tickOfStep,
} from './band-roll.ts';

const GRID = { ticksPerQuarter: 480, swings: false };
const note = (start: number, duration: number, pitch: number): Note => ({
  start,
  duration,
  pitch,
  velocity: 80,
});

describe('band roll', () => {
  it('gives back notes on the grid, struck again where they are struck again', () => {
    const cells = new Uint8Array(16 * CELLS);
    const notes = [note(0, 240, 40), note(240, 240, 40), note(960, 480, 45)];
    drawPart(cells, 'bass', notes, 0, GRID);
    expect(readPart(cells, 'bass', 0, GRID, () => 80)).toEqual(notes);
  });

  it('holds a note that another one of its part joins by a stroke of its own: both are struck', () => {
    const cells = new Uint8Array(16 * CELLS);
    drawPart(cells, 'comping', [note(0, 480, 60), note(240, 240, 64)], 0, GRID);
    const read = readPart(cells, 'comping', 0, GRID, () => 80).sort(
      (a, b) => a.start - b.start || a.pitch - b.pitch,
    );
    expect(read).toEqual([note(0, 240, 60), note(240, 240, 60), note(240, 240, 64)]);
  });

  it('moves pitches to the canonical key and back, and folds what lies outside by octaves', () => {
    const cells = new Uint8Array(16 * CELLS);
    drawPart(cells, 'bass', [note(0, 480, 64)], 2, GRID); // 66 is above 26 … 53: 54 too, 42 is in
    expect(cells[PART_CELLS.bass.from + 42 - 26]).toBe(1);
    expect(readPart(cells, 'bass', 2, GRID, () => 80)).toEqual([note(0, 480, 40)]);
  });

  it('keeps drums as strokes of one step, unknown ones left out', () => {
    const cells = new Uint8Array(16 * CELLS);
    drawPart(cells, 'drums', [note(0, 10, 35), note(480, 10, 38), note(480, 10, 77)], 5, GRID);
    expect(readPart(cells, 'drums', 5, GRID, () => 80)).toEqual([note(0, 120, 36), note(480, 120, 38)]);
  });

  it('counts swung eighths as even ones', () => {
    const swung = { ticksPerQuarter: 480, swings: true };
    expect([0, 320, 480, 800].map((tick) => stepOfTick(tick, swung))).toEqual([0, 2, 4, 6]);
    expect([0, 2, 4, 6].map((step) => tickOfStep(step, swung))).toEqual([0, 320, 480, 800]);
    expect([0, 240, 480, 720].map((tick) => stepOfTick(tick, GRID))).toEqual([0, 2, 4, 6]);
  });

  it('tells chords by tones and bass in the middle of each quarter', () => {
    const spans = [{ start: 0, end: 700, chord: { root: 2, quality: 'min', bass: 5 } as const }];
    const chords = drawChords(spans, 3, -2, 480); // D minor over F, two semitones down: C minor over Eb
    const on = (quarter: number): number[] =>
      [...chords.subarray(quarter * CHORD_VALUES, (quarter + 1) * CHORD_VALUES).entries()]
        .filter(([, v]) => v === 1)
        .map(([i]) => i);
    expect(on(0)).toEqual([0, 3, 7, 12 + 3]);
    expect(on(1)).toEqual([]); // the middle of the second quarter is tick 720
    expect(on(2)).toEqual([]);
  });
});
