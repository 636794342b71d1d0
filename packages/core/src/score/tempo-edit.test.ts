import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { createScore } from './create-score.ts';
import { countNotes, scoreDuration } from './extent.ts';
import { createTempoMap } from './tempo-map.ts';
import { removeTempo, scaleTempo, setTempo, warpToTempo } from './tempo-edit.ts';
import { validateScore } from './validate-score.ts';

const refused = expect.objectContaining({ code: 'argument/invalid' }) as Error;
const note = (start: number, duration: number) => ({ start, duration, pitch: 60, velocity: 64 });
const score = createScore({
  ticksPerQuarter: 10,
  tracks: [{ notes: [note(0, 10), note(10, 10), note(20, 20)] }],
  tempos: [
    { tick: 0, bpm: 60 },
    { tick: 10, bpm: 120 },
    { tick: 20, bpm: 30 },
  ],
  meters: [{ tick: 20, numerator: 3, denominator: 4 }],
});

describe('setTempo and removeTempo', () => {
  it('insert, replace and take away', () => {
    expect(setTempo(score, 15, 90).tempos.map(({ tick, bpm }) => [tick, bpm])).toEqual([
      ...[
        [0, 60],
        [10, 120],
        [15, 90],
        [20, 30],
      ],
    ]);
    expect(setTempo(score, 10, 90).tempos.map(({ bpm }) => bpm)).toEqual([60, 90, 30]);
    expect(removeTempo(setTempo(score, 15, 90), 15)).toEqual(score);
    expect(scoreDuration(removeTempo(score, 10))).toBe(1 + 1 + 4);
  });

  it('refuse what is no tempo', () => {
    expect(() => setTempo(score, 1.5, 90)).toThrow(refused);
    for (const bpm of [0, -1, NaN, Infinity]) expect(() => setTempo(score, 0, bpm)).toThrow(refused);
    expect(() => removeTempo(score, 5)).toThrow(refused);
  });
});

describe('scaleTempo', () => {
  it('divides every time by the factor, also under the tempo that holds unsaid', () => {
    fc.assert(
      fc.property(
        scoreArbitrary(fc),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.nat(4000),
        (any, factor, tick) => {
          const scaled = scaleTempo(any, factor);
          validateScore(scaled);
          expect(createTempoMap(scaled).secondsAt(tick)).toBeCloseTo(
            createTempoMap(any).secondsAt(tick) / factor,
            6,
          );
        },
      ),
    );
    expect(scaleTempo(createScore(), 2).tempos).toEqual([{ tick: 0, bpm: 240 }]);
    for (const factor of [0, -1, Infinity]) expect(() => scaleTempo(score, factor)).toThrow(refused);
  });
});

describe('warpToTempo', () => {
  it('puts every note at its second', () => {
    // seconds: 0–1, 1–1.5, 1.5–5.5; at 60 bpm and 10 ticks a quarter a tick is 0.1 s
    const warped = warpToTempo(score, 60);
    expect(warped.tracks[0]!.notes).toEqual([note(0, 10), note(10, 5), note(15, 40)]);
    expect(warped.tempos).toEqual([{ tick: 0, bpm: 60 }]);
    expect(warped.meters).toEqual([{ tick: 15, numerator: 3, denominator: 4 }]);
  });

  it('keeps seconds to half a tick and all notes', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), fc.integer({ min: 30, max: 300 }), (any, bpm) => {
        const warped = warpToTempo(any, bpm);
        validateScore(warped);
        expect(countNotes(warped)).toBe(countNotes(any));
        const halfTick = 30 / (bpm * any.ticksPerQuarter);
        expect(Math.abs(scoreDuration(warped) - scoreDuration(any))).toBeLessThanOrEqual(halfTick + 1e-9);
      }),
    );
  });
});
