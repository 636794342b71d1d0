import type { Note, Score, Track } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { instrumentRange } from './instrument-ranges.ts';
import { measureWellFormedness, wellFormedness } from './well-formedness.ts';

function track(program: number, notes: readonly Note[], isDrum = false): Track {
  return { name: '', program, isDrum, notes, controls: [], bends: [] };
}

function score(...tracks: Track[]): Score {
  return { ticksPerQuarter: 480, title: '', tracks, tempos: [], meters: [], keys: [], texts: [] };
}

/** Quarter notes from `start` quarters on. */
function line(pitches: readonly number[], start = 0): Note[] {
  return pitches.map((pitch, i) => ({ start: (start + i) * 480, duration: 480, pitch, velocity: 80 }));
}

/** Eight bars: a melody in C over half-note fifths, ending on the tonic. */
const melody = [
  [60, 62, 64, 65],
  [67, 65, 64, 62],
  [64, 67, 72, 71],
  [69, 67, 65, 62],
  [60, 64, 67, 69],
  [71, 72, 74, 71],
  [72, 69, 65, 62],
  [64, 62, 60, 60],
].flat();
const bass = [48, 55, 48, 55, 53, 48, 50, 55, 48, 52, 55, 50, 53, 55, 48, 48].map((pitch, i): Note => ({
  start: i * 960,
  duration: 960,
  pitch,
  velocity: 70,
}));
const inner = melody.map((pitch) => (pitch % 12 === 0 || pitch % 12 === 4 || pitch % 12 === 7 ? 55 : 53));
const good = score(track(0, line(melody)), track(41, line(inner)), track(42, bass));

describe('wellFormedness', () => {
  it('finds nothing wrong with a plain piece', () => {
    expect(wellFormedness(good, { bars: 8 })).toMatchObject({ score: 1, faults: [] });
  });

  it('measures by hand-checked definitions', () => {
    expect(measureWellFormedness(good)).toMatchObject({
      emptyBars: 0,
      leadingSilence: 0,
      rangeViolations: 0,
      sameBarRun: 1,
      samePitchRun: 2,
      density: Math.log2((32 + 32 + 16) / 32),
      polyphony: 3,
      tonicEnd: 1,
    });
  });

  const silent = (from: number, to: number): Score =>
    score(
      track(
        0,
        line(melody).filter(({ start }) => start < from * 1920 || start >= to * 1920),
      ),
    );
  it.each([
    ['emptyBars', silent(2, 5), 3 / 8],
    ['leadingSilence', score(track(0, line(melody, 6))), 6],
    ['rangeViolations', score(track(40, line(melody.map((pitch) => pitch - 24)))), 1],
    ['sameBarRun', score(track(0, line(Array.from({ length: 8 }, () => [60, 64, 67, 72]).flat()))), 8],
    ['samePitchRun', score(track(0, line([...Array<number>(40).fill(67), 64, 62, 60]))), 40],
    ['polyphony', score(...Array.from({ length: 16 }, (_, i) => track(i, line(melody)))), 16],
    [
      'density',
      score(track(0, [{ start: 0, duration: 48_000, pitch: 60, velocity: 80 }])),
      Math.log2(1 / 100),
    ],
  ] as const)('names the fault %s', (measure, piece, value) => {
    const found = wellFormedness(piece);
    const fault = found.faults.find((f) => f.measure === measure)!;
    expect(fault.value).toBeCloseTo(value, 12);
    expect(fault.message).toMatch(/^[A-Z\d].*\.$/);
    expect(found.score).toBeLessThan(wellFormedness(good).score);
  });

  it('hears no key in a chromatic cluster, and dissonance', () => {
    const cluster = Array.from({ length: 12 }, (_, i) => track(0, line(Array<number>(16).fill(60 + i))));
    const faults = wellFormedness(score(...cluster)).faults.map((fault) => fault.measure);
    expect(faults).toEqual(expect.arrayContaining(['tension', 'keyClarity']));
  });

  it('rates the ending: triad on the tonic, tonic bass alone, elsewhere', () => {
    const end = (...chord: number[]): number => {
      const last = chord.map((pitch) => ({ start: 32 * 480, duration: 960, pitch, velocity: 80 }));
      return measureWellFormedness(score(...good.tracks, track(0, last))).tonicEnd!;
    };
    expect(end(48, 64, 67)).toBe(1);
    expect(end(48, 65)).toBe(0.5);
    expect(end(52, 60, 67)).toBe(0); // first inversion
    expect(end(55, 59, 62)).toBe(0);
  });

  it('asks of drums only what drums have', () => {
    const beat = Array.from({ length: 64 }, (_, i): Note => ({
      start: i * 160,
      duration: 10,
      pitch: 42,
      velocity: 90,
    }));
    const measures = measureWellFormedness(score(track(0, beat, true)));
    expect(Object.keys(measures).sort()).toEqual([
      'density',
      'emptyBars',
      'leadingSilence',
      'rangeViolations',
    ]);
    expect(wellFormedness(score(track(0, beat, true))).faults).toEqual([]);
  });

  it('compares the length with what was asked for', () => {
    const found = wellFormedness(good, { bars: 16 });
    expect(found.faults).toMatchObject([{ measure: 'length', value: 8, low: 16 }]);
    expect(found.score).toBeCloseTo(0.75, 12);
  });

  it('gives silence no score', () => {
    expect(wellFormedness(score())).toMatchObject({ score: 0, faults: [{ measure: 'length' }] });
  });
});

describe('instrumentRange', () => {
  it('covers all programs and the drum kit with open ranges', () => {
    for (let instrument = 0; instrument <= 128; instrument++) {
      const [low, high] = instrumentRange(instrument);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeGreaterThan(low);
      expect(high).toBeLessThanOrEqual(127);
    }
    expect(instrumentRange(40)[0]).toBe(55); // the violin's G string
    expect(instrumentRange(42)[0]).toBe(36); // the cello's C string
    expect(instrumentRange(128)).toEqual([35, 81]);
  });
});
