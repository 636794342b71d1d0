import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMeterMap } from './meter-map.ts';

describe('createMeterMap', () => {
  it('counts 4/4 where no meter is given', () => {
    const map = createMeterMap({ ticksPerQuarter: 480, meters: [] });
    expect(map.barAt(1919)).toMatchObject({ bar: 0, tickInBar: 1919, beat: 3 });
    expect(map.barAt(1920)).toMatchObject({ bar: 1, tickInBar: 0, beat: 0, ticksPerBar: 1920 });
    expect(map.barStart(3)).toBe(5760);
  });

  it('follows a change from 4/4 to 6/8 to 3/4', () => {
    const meters = [
      { tick: 0, numerator: 4, denominator: 4 },
      { tick: 3840, numerator: 6, denominator: 8 }, // after 2 bars
      { tick: 6720, numerator: 3, denominator: 4 }, // after 2 more
    ];
    const map = createMeterMap({ ticksPerQuarter: 480, meters });
    expect([0, 1, 2, 3, 4, 5].map(map.barStart)).toEqual([0, 1920, 3840, 5280, 6720, 8160]);
    expect([1, 2, 4].map(map.meterAt)).toEqual([
      { numerator: 4, denominator: 4 },
      { numerator: 6, denominator: 8 },
      { numerator: 3, denominator: 4 },
    ]);
    expect(map.barAt(5279)).toMatchObject({
      bar: 2,
      tickInBar: 1439,
      beat: 5,
      meter: { numerator: 6, denominator: 8 },
    });
    expect(map.barEnd(3)).toBe(6720);
    expect([0, 1, 1920, 1921, 6720, 6721].map(map.barCount)).toEqual([0, 1, 1, 2, 4, 5]);
  });

  it('starts a new bar at a change inside a bar and cuts the old one short', () => {
    const meters = [
      { tick: 0, numerator: 4, denominator: 4 },
      { tick: 2400, numerator: 2, denominator: 4 },
    ];
    const map = createMeterMap({ ticksPerQuarter: 480, meters });
    expect([0, 1, 2, 3].map(map.barStart)).toEqual([0, 1920, 2400, 3360]);
    expect(map.barAt(2399)).toMatchObject({ bar: 1, tickInBar: 479 });
    expect(map.barAt(2400)).toMatchObject({ bar: 2, tickInBar: 0 });
  });

  it('rounds bar lines between ticks up: 3/8 at one tick a quarter', () => {
    const map = createMeterMap({ ticksPerQuarter: 1, meters: [{ tick: 0, numerator: 3, denominator: 8 }] });
    expect([0, 1, 2, 3, 4].map(map.barStart)).toEqual([0, 2, 3, 5, 6]);
    expect([0, 1, 2, 3, 4, 5, 6].map((tick) => map.barAt(tick).bar)).toEqual([0, 0, 1, 2, 2, 3, 4]);
  });

  it('puts every tick inside its bar, and every bar after the one before', () => {
    const meter = fc.record({
      tick: fc.nat(20_000),
      numerator: fc.integer({ min: 1, max: 17 }),
      denominator: fc.constantFrom(1, 2, 4, 8, 16, 32, 64),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(meter, { selector: (m) => m.tick, maxLength: 8 }),
        fc.integer({ min: 16, max: 1000 }),
        fc.nat(40_000),
        (meters, ticksPerQuarter, tick) => {
          const map = createMeterMap({ ticksPerQuarter, meters: meters.sort((a, b) => a.tick - b.tick) });
          const { bar, tickInBar } = map.barAt(tick);
          expect(map.barStart(bar) + tickInBar).toBe(tick);
          expect(tickInBar).toBeGreaterThanOrEqual(0);
          expect(map.barEnd(bar)).toBeGreaterThan(tick);
          expect(map.barAt(map.barStart(bar)).bar).toBe(bar);
        },
      ),
    );
  });

  it('refuses negative places and bars shorter than a tick', () => {
    const map = createMeterMap({ ticksPerQuarter: 480, meters: [] });
    expect(() => map.barAt(-1)).toThrow(expect.objectContaining({ code: 'argument/invalid' }));
    expect(() => map.barStart(-1)).toThrow(expect.objectContaining({ code: 'argument/invalid' }));
    expect(() =>
      createMeterMap({ ticksPerQuarter: 1, meters: [{ tick: 0, numerator: 1, denominator: 8 }] }),
    ).toThrow(expect.objectContaining({ code: 'score/invalid' }));
  });
});
