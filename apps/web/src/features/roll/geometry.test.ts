import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PianoRollData, RollNote } from '@/api/types.ts';
import {
  barAt,
  clampView,
  firstView,
  followView,
  indexAt,
  layOutRows,
  noteBox,
  SHORTEST_SPAN,
  stepBars,
  timeToX,
  wholeView,
  xToTime,
  zoomView,
} from './geometry.ts';

function roll(pitched: RollNote[], drums: RollNote[] = []): PianoRollData {
  const track = { name: 'Piano', program: 0, isDrum: false, colour: 0 };
  return {
    tracks: [
      { ...track, notes: pitched },
      { ...track, name: 'Drums', isDrum: true, colour: 1, notes: drums },
    ],
    seconds: 8,
    bars: [0, 2, 4, 6],
    key: 'C major',
    meter: '4/4',
    tempo: 120,
  };
}

const seconds = fc.double({ min: SHORTEST_SPAN, max: 1000, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('views', () => {
  it('shows all of a short piece and the start of a long one', () => {
    expect(firstView(20)).toEqual({ from: 0, span: 20 });
    expect(firstView(300)).toEqual({ from: 0, span: 32 });
  });

  it('stays inside the piece whatever is asked', () => {
    const any = fc.double({ min: -2000, max: 2000, noNaN: true });
    fc.assert(
      fc.property(seconds, any, any, (length, from, span) => {
        const view = clampView({ from, span }, length);
        expect(view.from).toBeGreaterThanOrEqual(0);
        expect(view.from + view.span).toBeLessThanOrEqual(length + 1e-9);
        expect(view.span).toBeGreaterThanOrEqual(SHORTEST_SPAN);
      }),
    );
  });

  it('zooms around a second that stays where it is', () => {
    const view = zoomView({ from: 10, span: 20 }, 0.5, 15, 100);
    // 15 s is a quarter into the view before and after: 15 = 12.5 + 10 / 4.
    expect(view).toEqual({ from: 12.5, span: 10 });
  });

  it('turns the page near the right edge and after a jump, and not before', () => {
    const view = { from: 0, span: 10 };
    expect(followView(view, 8.4, 100)).toBe(view);
    expect(followView(view, 8.6, 100)).toEqual({ from: 7.1, span: 10 });
    expect(followView({ from: 50, span: 10 }, 3, 100)).toEqual({ from: 1.5, span: 10 });
  });

  it('converts between seconds and pixels without loss', () => {
    fc.assert(
      fc.property(seconds, share, (length, part) => {
        const view = wholeView(length);
        const time = part * length;
        expect(xToTime(view, 640, timeToX(view, 640, time))).toBeCloseTo(time, 6);
      }),
    );
  });
});

describe('rows', () => {
  it('gives pitched notes two semitones of margin and at least two octaves', () => {
    const wide = layOutRows(
      roll([
        [0, 1, 36, 80],
        [1, 1, 84, 80],
      ]),
    );
    expect([wide.low, wide.high, wide.pitchedShare]).toEqual([34, 86, 1]);
    const narrow = layOutRows(roll([[0, 1, 60, 80]]));
    expect(narrow.high - narrow.low + 1).toBe(24 + 4);
  });

  it('gives drums their own rows below, and the whole height when they are alone', () => {
    const both = layOutRows(
      roll(
        [[0, 1, 60, 80]],
        [
          [0, 0.1, 42, 80],
          [0, 0.1, 36, 80],
          [1, 0.1, 36, 80],
        ],
      ),
    );
    expect(both.drums).toEqual([36, 42]);
    expect(both.pitchedShare).toBeCloseTo(0.72);
    expect(layOutRows(roll([], [[0, 0.1, 36, 80]])).pitchedShare).toBe(0);
  });

  it('draws higher notes higher, and drums under all of them', () => {
    const data = roll(
      [
        [0, 1, 60, 80],
        [0, 1, 72, 80],
      ],
      [[0, 0.1, 36, 80]],
    );
    const rows = layOutRows(data);
    const view = wholeView(8);
    const [low, high] = data.tracks[0]!.notes.map((note) => noteBox(note, false, rows, view, 800, 200));
    const drum = noteBox(data.tracks[1]!.notes[0]!, true, rows, view, 800, 200);
    expect(high!.y).toBeLessThan(low!.y);
    expect(drum.y).toBeGreaterThan(low!.y + low!.height);
    expect(drum.y + drum.height).toBeLessThanOrEqual(200);
    expect(low!.x).toBe(0);
    expect(low!.width).toBeCloseTo(99, 6); // 1 of 8 seconds on 800 px, less the gap of a pixel
  });
});

describe('bars', () => {
  const bars = [0, 2, 4, 6];

  it('finds the last start that is not after a time', () => {
    expect([-1, 0, 1.9, 2, 5, 99].map((time) => indexAt(bars, time))).toEqual([-1, 0, 0, 1, 2, 3]);
  });

  it('counts bars from one and forgives rounding', () => {
    expect([0, 1.9, 2, 3.9999999, 7].map((time) => barAt(bars, time))).toEqual([1, 1, 2, 3, 4]);
    expect(barAt([], 5)).toBe(1);
  });

  it('steps by bars and stops at the ends', () => {
    expect(stepBars(bars, 2.5, 1)).toBe(4);
    expect(stepBars(bars, 2.5, -1)).toBe(0);
    expect(stepBars(bars, 2.5, 99)).toBe(6);
    expect(stepBars(bars, 2.5, -99)).toBe(0);
  });
});
