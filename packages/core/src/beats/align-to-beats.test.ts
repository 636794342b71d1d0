import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScore } from '../score/create-score.ts';
import { countNotes } from '../score/extent.ts';
import { createMeterMap } from '../score/meter-map.ts';
import { createTempoMap } from '../score/tempo-map.ts';
import { validateScore } from '../score/validate-score.ts';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { alignToBeats } from './align-to-beats.ts';

const refused = expect.objectContaining({ code: 'argument/invalid' }) as Error;
/** Notes at the given milliseconds, 100 ms long: at 60 bpm and 1000 ticks a quarter a tick is a millisecond. */
const played = (milliseconds: readonly number[]) =>
  createScore({
    ticksPerQuarter: 1000,
    tracks: [{ notes: milliseconds.map((start) => ({ start, duration: 100, pitch: 60, velocity: 64 })) }],
    tempos: [{ tick: 0, bpm: 60 }],
  });

describe('alignToBeats', () => {
  it('puts beats on quarters and downbeats on bar lines, at the tempo of each beat', () => {
    // beats every 0.5 s, then every 1 s; the first bar line is the second beat
    const times = { beats: [0.5, 1, 1.5, 2, 3, 4, 5], downbeats: [1, 3] };
    const score = alignToBeats(played([1000, 1250, 2500, 5000]), times);
    // one beat is put before the first: second 0 is beat −1
    expect(score.tracks[0]!.notes.map(({ start }) => start)).toEqual([960, 1200, 480 * 4.5, 480 * 7]);
    expect(score.tempos.map(({ tick, bpm }) => [tick / 480, bpm])).toEqual([
      ...[
        [0, 120],
        [2, 120],
        [3, 120],
        [4, 60],
        [5, 60],
        [6, 60],
      ],
    ]);
    const bars = createMeterMap(score);
    expect([0, 1, 2].map((bar) => bars.barStart(bar) / 480)).toEqual([0, 2, 5]);
    expect([0, 1].map((bar) => bars.meterAt(bar).numerator)).toEqual([2, 3]);
  });

  it('changes the meter where bars change their length', () => {
    const beats = Array.from({ length: 14 }, (_, i) => i);
    const score = alignToBeats(played([0]), { beats, downbeats: [0, 4, 8, 10, 13] });
    expect(score.meters.map(({ tick, numerator }) => [tick / 480, numerator])).toEqual([
      [0, 4],
      [8, 2],
      [10, 3],
    ]);
  });

  it('keeps seconds but for a delay of less than a beat, and all notes', () => {
    const gaps = fc.array(fc.integer({ min: 200, max: 1500 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(scoreArbitrary(fc), gaps, fc.integer({ min: 0, max: 3000 }), (score, intervals, first) => {
        const beats = intervals.reduce((all, gap) => [...all, all.at(-1)! + gap / 1000], [first / 1000]);
        const aligned = alignToBeats(score, { beats, downbeats: [beats[1]!] }, { ticksPerBeat: 960 });
        validateScore(aligned);
        expect(countNotes(aligned)).toBe(countNotes(score));
        const [before, after] = [createTempoMap(score), createTempoMap(aligned)];
        const delay =
          Math.ceil(beats[0]! / (beats[1]! - beats[0]!) - 1e-9) * (beats[1]! - beats[0]!) - beats[0]!;
        expect(delay).toBeLessThan(beats[1]! - beats[0]!);
        const seconds = (map: typeof before, all: typeof score) =>
          all.tracks
            .flatMap((track) => track.notes.map(({ start }) => map.secondsAt(start)))
            .sort((a, b) => a - b);
        const [there, here] = [seconds(before, score), seconds(after, aligned)];
        here.forEach((time, i) => expect(Math.abs(time - delay - there[i]!)).toBeLessThan(1.5 / 960));
      }),
    );
  });

  it('leaves meters out where no downbeat is known, and refuses beats that are none', () => {
    const score = played([0]);
    expect(alignToBeats(score, { beats: [0, 1], downbeats: [] }).meters).toEqual([]);
    expect(() => alignToBeats(score, { beats: [1], downbeats: [] })).toThrow(refused);
    expect(() => alignToBeats(score, { beats: [1, 1], downbeats: [] })).toThrow(refused);
    expect(() => alignToBeats(score, { beats: [0, NaN], downbeats: [] })).toThrow(refused);
    expect(() => alignToBeats(score, { beats: [0, 1], downbeats: [0.5] })).toThrow(refused);
  });
});
