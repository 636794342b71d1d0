import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { appendScore, concatenateScores } from './concatenate.ts';
import { createScore } from './create-score.ts';
import { EXACTLY, firstDifference } from './difference.ts';
import { countNotes, scoreDuration, scoreEndTick } from './extent.ts';
import { createTempoMap } from './tempo-map.ts';
import { sliceScore } from './transform.ts';
import { validateScore } from './validate-score.ts';

const note = (start: number, duration: number, pitch = 60) => ({ start, duration, pitch, velocity: 64 });
const refused = expect.objectContaining({ code: 'argument/invalid' }) as Error;
const waltz = createScore({
  ticksPerQuarter: 10,
  title: 'waltz',
  tracks: [
    {
      name: 'piano',
      notes: [note(0, 40)],
      controls: [{ tick: 0, controller: 64, value: 127 }],
      bends: [{ tick: 0, value: 9 }],
    },
  ],
  tempos: [{ tick: 0, bpm: 90 }],
  meters: [{ tick: 0, numerator: 3, denominator: 4 }],
});
const march = createScore({
  ticksPerQuarter: 10,
  tracks: [
    { name: 'drums', isDrum: true, notes: [note(0, 5, 38)] },
    { name: 'piano', notes: [note(10, 10)] },
  ],
});

describe('concatenateScores', () => {
  it('begins the second score on the next bar line, under its own tempo, meter and controllers', () => {
    const both = concatenateScores([waltz, march]);
    expect(both.tracks.map((track) => [track.name, track.notes])).toEqual([
      ['piano', [note(0, 40), note(70, 10)]],
      ['drums', [note(60, 5, 38)]],
    ]);
    expect(both.title).toBe('waltz');
    expect(both.tempos).toEqual([
      { tick: 0, bpm: 90 },
      { tick: 60, bpm: 120 },
    ]);
    expect(both.meters.map(({ tick, numerator }) => [tick, numerator])).toEqual([
      [0, 3],
      [60, 4],
    ]);
    expect(both.tracks[0]!.controls.at(-1)).toEqual({ tick: 60, controller: 64, value: 0 });
    expect(both.tracks[0]!.bends.at(-1)).toEqual({ tick: 60, value: 0 });
  });

  it('begins right at the end where asked, and meets at a common resolution', () => {
    expect(concatenateScores([waltz, march], { from: 'note' }).tracks[1]!.notes).toEqual([note(40, 5, 38)]);
    const fine = createScore({ ticksPerQuarter: 15, tracks: [{ name: 'piano', notes: [note(15, 15)] }] });
    const both = concatenateScores([march, fine], { from: 'note' });
    expect(both.ticksPerQuarter).toBe(30);
    expect(both.tracks[1]!.notes).toEqual([note(30, 30), note(90, 30)]);
    expect(concatenateScores([])).toEqual(createScore());
    expect(concatenateScores([march])).toEqual(march);
  });

  it('keeps all notes and adds up seconds', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), scoreArbitrary(fc), (a, b) => {
        fc.pre(
          a.ticksPerQuarter === b.ticksPerQuarter || Math.max(a.ticksPerQuarter, b.ticksPerQuarter) < 181,
        );
        const both = concatenateScores([a, b], { from: 'note' });
        validateScore(both);
        expect(countNotes(both)).toBe(countNotes(a) + countNotes(b));
      }),
    );
  });

  it('puts the halves of a score together again', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc), fc.nat(4000), (score, at) => {
        const end = 20_000;
        const parts = [sliceScore(score, 0, at), sliceScore(score, at, end)] as const;
        const whole = appendScore(...parts, at);
        validateScore(whole);
        expect(countNotes(whole)).toBe(countNotes(parts[0]) + countNotes(parts[1]));
        for (const tick of [0, at, at + 1, 4000, end]) {
          expect(createTempoMap(whole).secondsAt(tick)).toBeCloseTo(createTempoMap(score).secondsAt(tick), 9);
        }
        const starts = (each: typeof score) =>
          each.tracks.flatMap((track) => track.notes.map((n) => `${n.start} ${n.pitch}`)).sort();
        expect(starts(whole)).toEqual(starts(score));
      }),
    );
  });

  it('refuses a joint before the last note, or two resolutions', () => {
    expect(() => appendScore(march, march, 10)).toThrow(refused);
    expect(() => appendScore(march, march, 12.5)).toThrow(refused);
    expect(() => appendScore(march, createScore(), 100)).toThrow(refused);
    expect(
      firstDifference(appendScore(march, createScore({ ticksPerQuarter: 10 }), 40), march, EXACTLY)?.place,
    ).toBe('tempos.length');
    expect(scoreEndTick(appendScore(march, march, 11))).toBe(31);
    expect(scoreDuration(appendScore(march, march, 20))).toBeCloseTo(2, 9);
  });
});
