import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { melodyScore, scaleScore } from '../testing/tiny-scores.ts';
import { createScore } from './create-score.ts';
import { describeDifference, EXACTLY, firstDifference, scoresEqual } from './difference.ts';
import { countNotes, scoreDuration, scoreEndTick } from './extent.ts';
import { findKey } from './find-key.ts';
import type { Score } from './score.ts';
import { createTempoMap } from './tempo-map.ts';
import { quantiseScore } from './quantise.ts';
import { mergeScores, rescaleScore, sliceScore, transposeScore } from './transform.ts';
import { validateScore } from './validate-score.ts';

const note = (start: number, duration: number, pitch = 60, velocity = 64) => ({
  start,
  duration,
  pitch,
  velocity,
});
const scores = scoreArbitrary(fc, { separable: false });
const refused = (code: string) => expect.objectContaining({ code }) as Error;

describe('createScore', () => {
  it('fills defaults and sorts', () => {
    const score = createScore({
      tracks: [{ notes: [note(10, 5, 62), note(0, 9, 64), note(0, 8, 64), note(0, 9, 60)] }],
      tempos: [
        { tick: 9, bpm: 90 },
        { tick: 0, bpm: 60 },
        { tick: 9, bpm: 80 },
      ],
      texts: [
        { tick: 5, kind: 'lyric', text: 'b' },
        { tick: 5, kind: 'lyric', text: 'a' },
      ],
    });
    expect(score).toMatchObject({ ticksPerQuarter: 480, title: '', meters: [], keys: [] });
    expect(score.tracks[0]).toMatchObject({ name: '', program: 0, isDrum: false, controls: [], bends: [] });
    expect(score.tracks[0]!.notes).toEqual([note(0, 9, 60), note(0, 8, 64), note(0, 9, 64), note(10, 5, 62)]);
    expect(score.tempos).toEqual([
      { tick: 0, bpm: 60 },
      { tick: 9, bpm: 80 },
    ]);
    expect(score.texts.map((text) => text.text)).toEqual(['b', 'a']);
  });

  it('does not change its argument', () => {
    const notes = Object.freeze([Object.freeze(note(9, 1)), Object.freeze(note(0, 1))]);
    expect(createScore({ tracks: [{ notes }] }).tracks[0]!.notes[0]!.start).toBe(0);
    expect(notes[0]!.start).toBe(9);
  });

  const meter = (numerator: number, denominator: number) => ({
    meters: [{ tick: 0, numerator, denominator }],
  });
  it.each<[string, object]>([
    ['no ticks', { ticksPerQuarter: 0 }],
    ['fractional ticks', { ticksPerQuarter: 1.5 }],
    ['a negative start', { tracks: [{ notes: [note(-1, 1)] }] }],
    ['a fractional start', { tracks: [{ notes: [note(0.5, 1)] }] }],
    ['a negative duration', { tracks: [{ notes: [note(0, -1)] }] }],
    ['pitch 128', { tracks: [{ notes: [note(0, 1, 128)] }] }],
    ['velocity 0', { tracks: [{ notes: [note(0, 1, 60, 0)] }] }],
    ['NaN', { tracks: [{ notes: [note(NaN, 1)] }] }],
    ['program 128', { tracks: [{ program: 128 }] }],
    ['controller 128', { tracks: [{ controls: [{ tick: 0, controller: 128, value: 0 }] }] }],
    ['bend 8192', { tracks: [{ bends: [{ tick: 0, value: 8192 }] }] }],
    ['tempo 0', { tempos: [{ tick: 0, bpm: 0 }] }],
    ['a tempo at tick -1', { tempos: [{ tick: -1, bpm: 60 }] }],
    ['0/4', meter(0, 4)],
    ['4/3', meter(4, 3)],
    ['a bar below one tick', { ticksPerQuarter: 1, ...meter(1, 8) }],
    ['8 sharps', { keys: [{ tick: 0, fifths: 8, mode: 'major' }] }],
  ])('refuses %s', (_, parts) => {
    expect(() => createScore(parts)).toThrow(refused('score/invalid'));
  });

  it('names the note that is wrong', () => {
    expect(() => createScore({ tracks: [{}, { notes: [note(0, 1), note(1, 1, 200)] }] })).toThrow(
      expect.objectContaining({ place: { track: 1, note: 1 } }),
    );
  });

  it('refuses a hand-made score that is out of order', () => {
    const score = createScore({ tracks: [{ notes: [note(0, 1), note(1, 1)] }] });
    const track = score.tracks[0]!;
    expect(() => {
      validateScore({ ...score, tracks: [{ ...track, notes: track.notes.toReversed() }] });
    }).toThrow(refused('score/invalid'));
  });
});

describe('extent', () => {
  it('ends with the last note, in ticks and in seconds', () => {
    const score = createScore({
      ticksPerQuarter: 10,
      tracks: [{ notes: [note(0, 60), note(20, 10)] }, {}],
      tempos: [
        { tick: 0, bpm: 60 },
        { tick: 40, bpm: 120 },
      ],
    });
    expect([scoreEndTick(score), scoreDuration(score), countNotes(score)]).toEqual([60, 5, 2]);
    expect([scoreEndTick(createScore()), scoreDuration(createScore())]).toEqual([0, 0]);
  });
});

describe('transposeScore', () => {
  it('moves notes and keys and leaves drums', () => {
    const keys = [
      { tick: 0, fifths: 0, mode: 'major' as const },
      { tick: 9, fifths: -3, mode: 'minor' as const },
    ];
    const score = createScore({
      tracks: [{ notes: [note(0, 1, 60)] }, { isDrum: true, notes: [note(0, 1, 36)] }],
      keys,
    });
    const up = transposeScore(score, 1);
    expect(up.tracks.map((track) => track.notes[0]!.pitch)).toEqual([61, 36]);
    expect(up.keys.map((key) => key.fifths)).toEqual([-5, 4]); // D flat major, C sharp minor
    expect(transposeScore(score, -5).keys.map((key) => key.fifths)).toEqual([1, -2]); // G major, G minor
    expect(transposeScore(score, 6).keys.map((key) => key.fifths)).toEqual([6, 3]);
  });

  it('moves the key that is found by the same interval', () => {
    for (let semitones = -12; semitones <= 12; semitones++) {
      const key = findKey(transposeScore(scaleScore(2, 'minor'), semitones));
      expect(key).toMatchObject({ tonic: (2 + semitones + 24) % 12, mode: 'minor' });
    }
  });

  it('refuses to leave the keyboard', () => {
    expect(() => transposeScore(melodyScore([120]), 8)).toThrow(refused('argument/invalid'));
    expect(() => transposeScore(melodyScore([60]), 0.5)).toThrow(refused('argument/invalid'));
  });
});

describe('sliceScore', () => {
  const score = createScore({
    ticksPerQuarter: 10,
    tracks: [
      {
        notes: [note(0, 10, 60), note(15, 10, 62), note(20, 30, 64), note(40, 5, 65)],
        controls: [
          { tick: 0, controller: 7, value: 90 },
          { tick: 5, controller: 64, value: 127 },
          { tick: 12, controller: 7, value: 80 },
          { tick: 25, controller: 64, value: 0 },
        ],
        bends: [
          { tick: 3, value: 100 },
          { tick: 20, value: -5 },
        ],
      },
    ],
    tempos: [
      { tick: 0, bpm: 60 },
      { tick: 10, bpm: 120 },
      { tick: 30, bpm: 90 },
    ],
    meters: [{ tick: 0, numerator: 3, denominator: 4 }],
    texts: [
      { tick: 19, kind: 'marker', text: 'before' },
      { tick: 20, kind: 'marker', text: 'in' },
      { tick: 40, kind: 'marker', text: 'after' },
    ],
  });

  it('keeps what starts inside, cut at the end, with the state in force at its start', () => {
    const part = sliceScore(score, 20, 40);
    expect(part.tracks[0]!.notes).toEqual([note(0, 20, 64)]);
    expect(part.tracks[0]!.controls).toEqual([
      { tick: 0, controller: 64, value: 127 },
      { tick: 0, controller: 7, value: 80 },
      { tick: 5, controller: 64, value: 0 },
    ]);
    expect(part.tracks[0]!.bends).toEqual([{ tick: 0, value: -5 }]);
    expect(part.tempos).toEqual([
      { tick: 0, bpm: 120 },
      { tick: 10, bpm: 90 },
    ]);
    expect(part.meters).toEqual([{ tick: 0, numerator: 3, denominator: 4 }]);
    expect(part.texts).toEqual([{ tick: 0, kind: 'marker', text: 'in' }]);
    validateScore(part);
  });

  it('can keep what sounds at its start', () => {
    expect(sliceScore(score, 20, 40, { sustained: 'cut' }).tracks[0]!.notes).toEqual([
      note(0, 5, 62),
      note(0, 20, 64),
    ]);
  });

  it('lasts as long as the span did', () => {
    fc.assert(
      fc.property(scores, fc.nat(3000), fc.nat(3000), (any, start, length) => {
        const part = sliceScore(any, start, start + length);
        validateScore(part);
        const [whole, own] = [createTempoMap(any), createTempoMap(part)];
        expect(own.secondsAt(length)).toBeCloseTo(whole.secondsBetween(start, start + length), 9);
        expect(scoreEndTick(part)).toBeLessThanOrEqual(length);
      }),
    );
  });

  it('refuses spans that are none', () => {
    for (const [start, end] of [
      [-1, 5],
      [5, 4],
      [0, 1.5],
    ] as const)
      expect(() => sliceScore(score, start, end)).toThrow(refused('argument/invalid'));
  });
});

describe('rescaleScore and mergeScores', () => {
  it('keeps seconds when the resolution is multiplied', () => {
    fc.assert(
      fc.property(
        scoreArbitrary(fc, { maxTick: 500 }).filter((score) => score.ticksPerQuarter <= 10_000),
        (score) => {
          const finer = rescaleScore(score, score.ticksPerQuarter * 3);
          expect(scoreDuration(finer)).toBeCloseTo(scoreDuration(score), 9);
          expect(firstDifference(rescaleScore(finer, score.ticksPerQuarter), score, EXACTLY)).toBeUndefined();
        },
      ),
    );
  });

  it('lays tracks side by side at a common resolution, under the first score’s tempo', () => {
    const first = createScore({
      ticksPerQuarter: 4,
      title: 'a',
      tracks: [{ notes: [note(4, 4)] }],
      tempos: [{ tick: 0, bpm: 60 }],
    });
    const second = createScore({
      ticksPerQuarter: 6,
      title: 'b',
      tracks: [{ notes: [note(6, 3)] }],
      tempos: [{ tick: 0, bpm: 90 }],
    });
    const merged = mergeScores([first, second]);
    expect(merged).toMatchObject({ ticksPerQuarter: 12, title: 'a', tempos: [{ tick: 0, bpm: 60 }] });
    expect(merged.tracks.map((track) => track.notes)).toEqual([[note(12, 12)], [note(12, 6)]]);
    expect(mergeScores([])).toEqual(createScore());
    const odd = createScore({ ticksPerQuarter: 32_749 });
    expect(() => mergeScores([odd, createScore({ ticksPerQuarter: 480 })])).toThrow(
      refused('argument/invalid'),
    );
  });
});

describe('quantiseScore', () => {
  it('moves starts and ends to the grid and keeps a step of length', () => {
    const score = createScore({
      ticksPerQuarter: 480,
      tracks: [{ notes: [note(50, 100), note(70, 10), note(59, 3), note(61, 500)] }],
    });
    expect(quantiseScore(score, 4).tracks[0]!.notes).toEqual([
      note(0, 120),
      note(0, 120),
      note(120, 120),
      note(120, 480),
    ]);
  });

  it('does nothing twice, stays valid, and lands on the grid', () => {
    fc.assert(
      fc.property(scores, fc.constantFrom(1, 3, 4, 12, 32), (score, steps) => {
        const once = quantiseScore(score, steps);
        validateScore(once);
        expect(quantiseScore(once, steps)).toEqual(once);
        expect(countNotes(once)).toBe(countNotes(score));
        for (const { start } of once.tracks.flatMap((track) => track.notes)) {
          const step = (start * steps) / score.ticksPerQuarter;
          expect(Math.abs(step - Math.round(step)) * score.ticksPerQuarter).toBeLessThanOrEqual(
            steps / 2 + 1e-6,
          );
        }
      }),
    );
  });

  it('refuses grids finer than the ticks', () => {
    for (const steps of [0, 1.5, 481])
      expect(() => quantiseScore(createScore(), steps)).toThrow(refused('argument/invalid'));
  });
});

describe('firstDifference', () => {
  const melody = melodyScore([60, 62, 64, 65, 67, 69]);
  const base = { ...melody, tracks: melody.tracks.map((track) => ({ ...track, name: 'lead' })) };
  const changed = (change: (score: Score) => object): Score => ({ ...base, ...change(base) });
  const withNote = (index: number, fields: object): Score =>
    changed(({ tracks }) => ({
      tracks: [
        { ...tracks[0]!, notes: tracks[0]!.notes.map((n, i) => (i === index ? { ...n, ...fields } : n)) },
      ],
    }));

  it.each<[string, Score]>([
    ['title', changed(() => ({ title: 'x' }))],
    ['tracks.length', changed(() => ({ tracks: [] }))],
    ['tracks[0].program', changed(({ tracks }) => ({ tracks: [{ ...tracks[0]!, program: 5 }] }))],
    ['tracks[0].notes[1].pitch', withNote(1, { pitch: 63 })],
    ['tracks[0].notes[0].velocity', withNote(0, { velocity: 81 })],
    ['tempos[0].bpm', changed(() => ({ tempos: [{ tick: 0, bpm: 121 }] }))],
    ['meters[0].numerator', changed(() => ({ meters: [{ tick: 0, numerator: 3, denominator: 4 }] }))],
    ['keys.length', changed(() => ({ keys: [{ tick: 0, fifths: 0, mode: 'major' }] }))],
  ])('names %s', (place, other) => {
    expect(firstDifference(base, other, EXACTLY)?.place).toBe(place);
    expect(scoresEqual(base, other, EXACTLY)).toBe(false);
  });

  it.each<[Score, string]>([
    [
      withNote(1, { pitch: 63 }),
      'Track 1 (lead), bar 1, beat 2: the pitch of note 2 is 62 in the first and 63 in the second.',
    ],
    [
      changed(() => ({ tempos: [{ tick: 0, bpm: 121 }] })),
      'Bar 1, beat 1: the tempo of tempo 1 is 120 in the first and 121 in the second.',
    ],
    [
      changed(({ tracks }) => ({ tracks: [{ ...tracks[0]!, program: 5 }] })),
      'Track 1 (lead): the program is 0 in the first and 5 in the second.',
    ],
    [
      changed(({ tracks }) => ({ tracks: [{ ...tracks[0]!, notes: tracks[0]!.notes.slice(0, 5) }] })),
      'Track 1 (lead), bar 2, beat 2: the number of notes is 6 in the first and 5 in the second.',
    ],
    [changed(() => ({ title: 'x' })), 'The title is "" in the first and "x" in the second.'],
    [changed(() => ({ tracks: [] })), 'The number of tracks is 1 in the first and 0 in the second.'],
  ])('says what differs in a sentence', (other, sentence) => {
    expect(describeDifference(firstDifference(base, other, EXACTLY)!, base)).toBe(sentence);
  });

  it('allows as much as the tolerance says and no more', () => {
    const moved = withNote(1, { start: 483, velocity: 78 });
    expect(scoresEqual(base, moved, { ticks: 3, velocity: 2, tempo: 0 })).toBe(true);
    expect(firstDifference(base, moved, { ticks: 2, velocity: 2, tempo: 0 })?.place).toBe(
      'tracks[0].notes[1].start',
    );
    expect(firstDifference(base, moved, { ticks: 3, velocity: 1, tempo: 0 })?.place).toBe(
      'tracks[0].notes[1].velocity',
    );
    const faster = changed(() => ({ tempos: [{ tick: 0, bpm: 120.1 }] }));
    expect(scoresEqual(base, faster, { ticks: 0, velocity: 0, tempo: 1e-3 })).toBe(true);
    expect(scoresEqual(base, faster, { ticks: 0, velocity: 0, tempo: 1e-4 })).toBe(false);
    expect(scoresEqual(base, structuredClone(base), EXACTLY)).toBe(true);
  });
});
