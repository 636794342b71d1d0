import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScore } from '../score/create-score.ts';
import type { Score } from '../score/score.ts';
import { transposeScore } from '../score/transform.ts';
import { scoreEndTick } from '../score/extent.ts';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { CHORD_INTERVALS, CHORD_QUALITIES } from './chord.ts';
import { findKeys } from './find-keys.ts';
import { formatChord } from './chord-symbol.ts';
import { recogniseChords, type RecogniseChordsOptions } from './recognise-chords.ts';

const Q = 480;
/** Rows of pitches, each row sounding for `quarters`, as blocks. */
function blocks(rows: readonly (readonly number[])[], quarters: number, meter = 4): Score {
  const notes = rows.flatMap((pitches, i) =>
    pitches.map((pitch) => ({ start: i * quarters * Q, duration: quarters * Q, pitch, velocity: 80 })),
  );
  return createScore({ tracks: [{ notes }], meters: [{ tick: 0, numerator: meter, denominator: 4 }] });
}
/** The same rows note after note, an eighth each. */
function arpeggios(rows: readonly (readonly number[])[]): Score {
  const notes = rows.flat().map((pitch, i) => ({ start: (i * Q) / 2, duration: Q / 2, pitch, velocity: 80 }));
  return createScore({ tracks: [{ notes }] });
}
const symbols = (score: Score, options: RecogniseChordsOptions = {}) =>
  recogniseChords(score, options).map((span) => formatChord(span.chord));

const CADENCE = [
  [48, 64, 67, 72],
  [45, 64, 69, 72],
  [50, 62, 65, 69],
  [43, 62, 67, 71],
  [48, 60, 64, 67],
];

describe('recogniseChords', () => {
  it('hears I–vi–ii–V–I, a bar each', () => {
    const spans = recogniseChords(blocks(CADENCE, 4));
    expect(spans.map((span) => formatChord(span.chord))).toEqual(['C', 'Am', 'Dm', 'G', 'C']);
    expect(spans.map((span) => span.start)).toEqual([0, 4, 8, 12, 16].map((quarter) => quarter * Q));
  });

  it('hears a chord every half bar, with and without keys', () => {
    for (const keys of [[], findKeys(blocks(CADENCE, 2))]) {
      expect(symbols(blocks(CADENCE, 2), { keys })).toEqual(['C', 'Am', 'Dm', 'G', 'C']);
    }
  });

  it('hears sevenths and inversions', () => {
    const rows = [
      [50, 60, 65, 69],
      [43, 59, 62, 65],
      [48, 59, 64, 67],
      [53, 59, 62, 67],
      [52, 60, 67, 72],
    ];
    expect(symbols(blocks(rows, 4))).toEqual(['Dm7', 'G7', 'Cmaj7', 'G7/F', 'C/E']);
  });

  it('hears broken chords', () => {
    const rows = [
      [48, 55, 60, 64, 67, 64, 60, 55],
      [41, 53, 57, 60, 65, 60, 57, 53],
      [43, 55, 59, 62, 67, 62, 59, 55],
      [45, 52, 57, 60, 64, 60, 57, 52],
    ];
    expect(symbols(arpeggios(rows))).toEqual(['C', 'F', 'G', 'Am']);
  });

  it('hears a waltz: bass on one, chord on two and three', () => {
    const bars = [
      [43, 59, 62, 67],
      [48, 60, 64, 67],
      [50, 60, 66, 69],
      [43, 59, 62, 67],
    ];
    const notes = bars.flatMap(([bass, ...chord], bar) => [
      { start: bar * 3 * Q, duration: Q, pitch: bass!, velocity: 90 },
      ...[1, 2].flatMap((beat) =>
        chord.map((pitch) => ({ start: (bar * 3 + beat) * Q, duration: Q, pitch, velocity: 70 })),
      ),
    ]);
    const waltz = createScore({ tracks: [{ notes }], meters: [{ tick: 0, numerator: 3, denominator: 4 }] });
    expect(symbols(waltz)).toEqual(['G', 'C', 'D7', 'G']);
  });

  it('hears every quality in root position, in a bar of four equal notes', () => {
    for (const quality of CHORD_QUALITIES) {
      for (let root = 0; root < 12; root++) {
        const pitches = [36 + root, ...CHORD_INTERVALS[quality].map((interval) => 60 + root + interval)];
        const [span] = recogniseChords(blocks([pitches], 4), { keys: [] });
        expect(formatChord(span!.chord)).toBe(formatChord({ root, quality, bass: root }));
      }
    }
  });

  it('hears passing tones as no chords of their own', () => {
    const held = [48, 55, 64].map((pitch) => ({ start: 0, duration: 8 * Q, pitch, velocity: 80 }));
    const run = [72, 74, 76, 77, 79, 77, 76, 74].map((pitch, i) => ({
      start: i * Q,
      duration: Q,
      pitch,
      velocity: 80,
    }));
    expect(symbols(createScore({ tracks: [{ notes: held }, { notes: run }] }))).toEqual(['C']);
  });

  it('says no chord in silence and to drums', () => {
    const late = [60, 64, 67].map((pitch) => ({ start: 8 * Q, duration: 4 * Q, pitch, velocity: 80 }));
    expect(symbols(createScore({ tracks: [{ notes: late }] }))).toEqual(['N.C.', 'C']);
    const drums = [{ start: 0, duration: 4 * Q, pitch: 38, velocity: 80 }];
    expect(symbols(createScore({ tracks: [{ isDrum: true, notes: drums }] }))).toEqual(['N.C.']);
    expect(recogniseChords(createScore())).toEqual([]);
  });

  it('moves with a transposition', () => {
    const score = blocks(CADENCE, 4);
    for (let semitones = -6; semitones <= 6; semitones++) {
      const moved = recogniseChords(transposeScore(score, semitones));
      expect(moved.map(({ chord }) => (chord!.root - semitones + 24) % 12)).toEqual([0, 9, 2, 7, 0]);
    }
  });

  it('covers any score without gaps, on the lines asked for', () => {
    fc.assert(
      fc.property(
        scoreArbitrary(fc, { maxTracks: 2, maxNotes: 8, maxTick: 800 }),
        fc.constantFrom('beat' as const, 'half-bar' as const, 'bar' as const),
        (score, step) => {
          const spans = recogniseChords(score, { step });
          expect(spans.at(-1)?.end ?? 0).toBe(scoreEndTick(score));
          spans.forEach((span, i) => expect(span.start).toBe(i === 0 ? 0 : spans[i - 1]!.end));
          for (const span of spans) expect(span.end).toBeGreaterThan(span.start);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('refuses a score of too many beats', () => {
    const long = createScore({
      ticksPerQuarter: 1,
      tracks: [{ notes: [{ start: 10_000_000, duration: 1, pitch: 60, velocity: 60 }] }],
    });
    expect(() => recogniseChords(long)).toThrow(
      expect.objectContaining({ code: 'argument/invalid' }) as Error,
    );
  });
});
