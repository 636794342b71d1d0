import { describe, expect, it } from 'vitest';
import { CELLS, cellsOfParts, drawPart, WINDOW_STEPS } from './band-roll.ts';
import { bandDistance, bandMeasures, tonalDistance } from './measures.ts';

const GRID = { ticksPerQuarter: 4, swings: false };
const profile = (...classes: number[]): number[] =>
  Array.from({ length: 12 }, (_, i) => (classes.includes(i) ? 1 : 0));

describe('measures of bands', () => {
  it('tonal distance is 0 for the same notes, and for one semitone as by hand', () => {
    expect(tonalDistance(profile(0, 4, 7), profile(0, 4, 7))).toBe(0);
    // One pitch class a step up turns the three circles by 210°, 270° and 120°: chords 2 sin 105°, √2 and ½ · 2 sin 60°.
    const chord = [2 * Math.sin((105 * Math.PI) / 180), Math.SQRT2, Math.sin((60 * Math.PI) / 180)];
    expect(tonalDistance(profile(0), profile(1))).toBeCloseTo(Math.hypot(...chord), 10);
    // a fifth: 7 · 210° = 30° (mod 360°), 7 · 270° = 90°, 7 · 120° = 120°
    const fifth = [2 * Math.sin((15 * Math.PI) / 180), Math.SQRT2, Math.sin((60 * Math.PI) / 180)];
    expect(tonalDistance(profile(0), profile(7))).toBeCloseTo(Math.hypot(...fifth), 10);
  });

  it('counts silence, pitch classes, lengths and eighths as by hand', () => {
    const cells = new Uint8Array(WINDOW_STEPS * CELLS);
    const note = (start: number, duration: number, pitch: number) => ({
      start,
      duration,
      pitch,
      velocity: 80,
    });
    drawPart(cells, 'bass', [note(0, 4, 36), note(4, 1, 43), note(8, 4, 48)], 0, GRID); // the second bar is silent
    drawPart(cells, 'drums', [note(0, 1, 36), note(2, 1, 42), note(3, 1, 42), note(16, 1, 38)], 0, GRID);
    const measures = bandMeasures([cells]);
    expect(measures.get('EB bass')).toBe(0.5);
    expect(measures.get('EB melody')).toBe(1);
    expect(measures.get('UPC bass')).toBe(2); // C and G
    expect(measures.get('QN bass')).toBeCloseTo(2 / 3, 10);
    expect(measures.get('DP drums')).toBe(0.75);
    expect(measures.get('TD comping–bass')).toBeNaN();
  });

  it('distance of windows is that of Jaccard, over the parts that count', () => {
    const [a, b] = [new Uint8Array(CELLS), new Uint8Array(CELLS)];
    a.fill(1, 0, 3);
    b.fill(1, 1, 5); // 1 and 2 in common, of 0 … 4
    expect(bandDistance(a, b, cellsOfParts(['melody']))).toBeCloseTo(3 / 5, 10);
    expect(bandDistance(a, b, cellsOfParts(['drums']))).toBe(0);
  });
});
