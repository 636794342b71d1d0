import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { createScore } from './create-score.ts';
import { countNotes } from './extent.ts';
import { deleteBars, insertBars, setMeter } from './meter-edit.ts';
import { createMeterMap } from './meter-map.ts';
import type { Score } from './score.ts';
import { validateScore } from './validate-score.ts';

const refused = expect.objectContaining({ code: 'argument/invalid' }) as Error;
const note = (start: number, duration: number) => ({ start, duration, pitch: 60, velocity: 64 });
/** A note on every bar line: two bars of 4/4, two of 3/4, two of 4/4. */
const score = createScore({
  ticksPerQuarter: 10,
  tracks: [{ notes: [0, 40, 80, 110, 140, 180].map((start) => note(start, 10)) }],
  meters: [
    { tick: 0, numerator: 4, denominator: 4 },
    { tick: 80, numerator: 3, denominator: 4 },
    { tick: 140, numerator: 4, denominator: 4 },
  ],
  texts: [{ tick: 80, kind: 'marker', text: 'waltz' }],
});
const starts = (each: Score) => each.tracks[0]!.notes.map(({ start }) => start);
const bars = (each: Score, count: number) =>
  Array.from({ length: count }, (_, bar) => createMeterMap(each).barStart(bar));
const threeFour = { numerator: 3, denominator: 4 };

describe('setMeter', () => {
  it('draws bar lines anew up to the next meter, and leaves the music', () => {
    const edited = setMeter(score, 1, { numerator: 2, denominator: 4 });
    expect(bars(edited, 7)).toEqual([0, 40, 60, 80, 110, 140, 180]);
    expect(starts(edited)).toEqual(starts(score));
    expect(bars(setMeter(score, 0, threeFour), 5)).toEqual([0, 30, 60, 80, 110]); // the third is cut short
  });

  it('keeps bars together where asked, with silence at their ends', () => {
    const edited = setMeter(score, 2, { numerator: 5, denominator: 4 }, { keep: 'bars' });
    expect(bars(edited, 6)).toEqual([0, 40, 80, 130, 180, 220]);
    expect(starts(edited)).toEqual(bars(edited, 6));
    const shorter = setMeter(score, 0, { numerator: 1, denominator: 4 }, { keep: 'bars' });
    expect(starts(shorter)).toEqual([0, 10, 20, 50, 80, 120]);
    expect(shorter.texts[0]!.tick).toBe(20);
  });

  it('goes back to where it was', () => {
    const there = setMeter(score, 2, { numerator: 7, denominator: 4 }, { keep: 'bars' });
    expect(setMeter(there, 2, threeFour, { keep: 'bars' })).toEqual(score);
  });

  it('refuses to lose notes, and meters that are none', () => {
    const offbeat = createScore({ ticksPerQuarter: 10, tracks: [{ notes: [note(30, 5)] }] });
    expect(() => setMeter(offbeat, 0, threeFour, { keep: 'bars' })).toThrow(refused);
    expect(starts(setMeter(offbeat, 0, threeFour))).toEqual([30]);
    for (const meter of [
      { numerator: 0, denominator: 4 },
      { numerator: 3, denominator: 5 },
    ]) {
      expect(() => setMeter(score, 0, meter)).toThrow(refused);
      expect(() => setMeter(score, 0, meter, { keep: 'bars' })).toThrow(refused);
      expect(() => insertBars(score, 0, 1, meter)).toThrow(refused);
    }
    expect(() => setMeter(score, -1, threeFour)).toThrow(refused);
  });
});

describe('insertBars', () => {
  it('moves what follows by whole bars of the meter there', () => {
    const edited = insertBars(score, 3, 2);
    expect(bars(edited, 8)).toEqual([0, 40, 80, 110, 140, 170, 200, 240]);
    expect(starts(edited)).toEqual([0, 40, 80, 170, 200, 240]);
    expect(edited.meters).toHaveLength(3);
  });

  it('fills the gap with another meter and goes back to the old one', () => {
    const edited = insertBars(score, 1, 1, { numerator: 6, denominator: 8 });
    expect(bars(edited, 4)).toEqual([0, 40, 70, 110]);
    expect(starts(edited).slice(0, 3)).toEqual([0, 70, 110]);
  });

  it('lets a note ring into the gap', () => {
    const long = createScore({ ticksPerQuarter: 10, tracks: [{ notes: [note(0, 60)] }] });
    expect(insertBars(long, 1, 1).tracks[0]!.notes).toEqual([note(0, 60)]);
  });
});

describe('deleteBars', () => {
  it('closes the gap', () => {
    const edited = deleteBars(score, 1, 2);
    expect(starts(edited)).toEqual([0, 40, 70, 110]);
    expect(bars(edited, 4)).toEqual([0, 40, 70, 110]);
    expect(deleteBars(score, 0, 100).tracks[0]!.notes).toEqual([]);
  });

  it('undoes insertBars, whatever the score', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), fc.nat(5), fc.nat(3), (any, bar, count) => {
        fc.pre(any.ticksPerQuarter % 8 === 0); // else bars of x/32 are no whole ticks, and lines move by one
        const start = createMeterMap(any).barStart(bar);
        const cut = {
          ...any,
          tracks: any.tracks.map((track) => ({
            ...track,
            notes: track.notes.filter((n) => n.start >= start || n.start + n.duration <= start),
          })),
        };
        const wider = insertBars(cut, bar, count);
        validateScore(wider);
        expect(countNotes(wider)).toBe(countNotes(cut));
        const back = deleteBars(wider, bar, count);
        expect(back.tracks.map((track) => track.notes)).toEqual(cut.tracks.map((track) => track.notes));
        for (let each = 0; each < 8; each++) {
          expect(createMeterMap(back).barStart(each)).toBe(createMeterMap(cut).barStart(each));
        }
      }),
    );
  });

  it('refuses counts that are none', () => {
    for (const count of [-1, 0.5, NaN]) {
      expect(() => deleteBars(score, 0, count)).toThrow(refused);
      expect(() => insertBars(score, 0, count)).toThrow(refused);
    }
  });
});
