import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTempoMap } from './tempo-map.ts';

describe('createTempoMap', () => {
  it('holds 120 bpm where no tempo is given', () => {
    const map = createTempoMap({ ticksPerQuarter: 480, tempos: [] });
    expect(map.secondsAt(960)).toBe(1);
    expect(map.tickAt(0.25)).toBe(240);
    expect(map.bpmAt(0)).toBe(120);
  });

  it('adds up segments: 4 quarters at 60, 4 at 120, then 240 bpm', () => {
    const tempos = [
      { tick: 0, bpm: 60 },
      { tick: 400, bpm: 120 },
      { tick: 800, bpm: 240 },
    ];
    const map = createTempoMap({ ticksPerQuarter: 100, tempos });
    expect([0, 200, 400, 600, 800, 1200].map(map.secondsAt)).toEqual([0, 2, 4, 5, 6, 7]);
    expect([0, 2, 4, 5, 6, 7].map(map.tickAt)).toEqual([0, 200, 400, 600, 800, 1200]);
    expect([0, 399, 400, 799, 800, 1e9].map(map.bpmAt)).toEqual([60, 60, 120, 120, 240, 240]);
    expect(map.secondsBetween(200, 600)).toBe(3);
  });

  it('holds 120 bpm before a first tempo that comes later', () => {
    const map = createTempoMap({ ticksPerQuarter: 96, tempos: [{ tick: 192, bpm: 30 }] });
    expect(map.secondsAt(192)).toBe(1);
    expect(map.secondsAt(288)).toBe(3);
    expect(map.bpmAt(191)).toBe(120);
  });

  it('agrees with the closed form of 10,000 tempi', () => {
    // Tempo i lasts one quarter at 60·(i + 1) bpm: the seconds are harmonic numbers.
    const tempos = Array.from({ length: 10_000 }, (_, i) => ({ tick: i * 24, bpm: 60 * (i + 1) }));
    const map = createTempoMap({ ticksPerQuarter: 24, tempos });
    const harmonic = (n: number): number => Math.log(n) + 0.5772156649015329 + 1 / (2 * n) - 1 / (12 * n * n);
    for (const quarters of [100, 1000, 10_000])
      expect(map.secondsAt(quarters * 24)).toBeCloseTo(harmonic(quarters), 6);
  });

  it('inverts itself', () => {
    const tempo = fc.record({ tick: fc.nat(100_000), bpm: fc.double({ min: 4, max: 1000, noNaN: true }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(tempo, { selector: (t) => t.tick, maxLength: 20 }),
        fc.nat(200_000),
        (tempos, tick) => {
          const map = createTempoMap({
            ticksPerQuarter: 480,
            tempos: tempos.sort((a, b) => a.tick - b.tick),
          });
          expect(map.tickAt(map.secondsAt(tick))).toBe(tick);
          expect(map.positionAt(map.secondsAt(tick))).toBeCloseTo(tick, 4);
        },
      ),
    );
  });

  it('refuses times that are not numbers', () => {
    const map = createTempoMap({ ticksPerQuarter: 480, tempos: [] });
    for (const ask of [map.secondsAt, map.tickAt, map.bpmAt]) {
      expect(() => ask(NaN)).toThrow(expect.objectContaining({ code: 'argument/invalid' }));
    }
  });
});
