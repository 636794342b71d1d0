import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { createScore } from '../score/create-score.ts';
import type { Note, Score } from '../score/score.ts';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { recogniseChords } from '../harmony/recognise-chords.ts';
import { formatChord } from '../harmony/chord-symbol.ts';
import { alignToBeats } from './align-to-beats.ts';
import { trackBeats } from './track-beats.ts';

/** A performance in milliseconds, written on a grid that has nothing to do with it: 60 bpm, a tick a millisecond. */
const performance = (notes: readonly Note[]): Score =>
  createScore({ ticksPerQuarter: 1000, tracks: [{ notes }], tempos: [{ tick: 0, bpm: 60 }] });
const note = (seconds: number, length: number, pitch: number): Note => ({
  start: Math.round(1000 * seconds),
  duration: Math.round(1000 * length),
  pitch,
  velocity: 80,
});
/** C, A minor, F, G: bass on the first beat of four, chords on the others, beats at the given times. */
const accompaniment = (beats: readonly number[], perBar = 4): Note[] => {
  const bars = [
    [36, 60, 64, 67],
    [33, 57, 60, 64],
    [41, 57, 60, 65],
    [43, 59, 62, 67],
  ];
  return beats.slice(0, -1).flatMap((beat, b) => {
    const length = beats[b + 1]! - beat;
    const [bass, ...chord] = bars[Math.floor(b / perBar) % 4]!;
    if (b % perBar === 0) return [note(beat, length * perBar * 0.9, bass!)];
    return chord.map((pitch) => note(beat, length * 0.8, pitch));
  });
};
const steady = (start: number, period: number, count: number) =>
  Array.from({ length: count }, (_, i) => start + i * period);
/** Share of the true beats that have a tracked beat within 70 ms, and the other way round, the worse of both. */
const agreement = (truth: readonly number[], found: readonly number[]) => {
  const share = (a: readonly number[], b: readonly number[]) =>
    a.filter((x) => b.some((y) => Math.abs(x - y) <= 0.07)).length / a.length;
  return Math.min(share(truth, found), share(found, truth));
};

describe('trackBeats', () => {
  it.each([70, 84, 100, 112])('finds %d bpm, its beats and its bars of four', (bpm) => {
    const beats = steady(0.8, 60 / bpm, 65);
    const tracked = trackBeats(performance(accompaniment(beats)));
    expect(Math.abs(tracked.bpm! / bpm - 1)).toBeLessThan(0.03);
    expect(agreement(beats.slice(0, -1), tracked.beats)).toBe(1);
    const barLines = beats.filter((_, b) => b % 4 === 0 && b < 64);
    expect(agreement(barLines, tracked.downbeats)).toBeGreaterThan(0.9);
    expect(tracked.confidence).toBeGreaterThan(0.3);
  });

  it('finds the bars of a waltz', () => {
    const beats = steady(0, 0.6, 61);
    const tracked = trackBeats(performance(accompaniment(beats, 3)));
    const barLines = beats.filter((_, b) => b % 3 === 0 && b < 60);
    expect(agreement(barLines, tracked.downbeats)).toBeGreaterThan(0.9);
  });

  it('follows a rubato that swells and slackens by a tenth, and unsteady fingers', () => {
    const rng = createRng(3);
    const beats = [0.5];
    for (let b = 1; b < 65; b++)
      beats.push(beats.at(-1)! + 0.7 * (1 + 0.1 * Math.sin((2 * Math.PI * b) / 32)));
    const notes = accompaniment(beats).map((each) => ({
      ...each,
      start: each.start + Math.round(12 * rng.normal()),
    }));
    const tracked = trackBeats(performance(notes.sort((a, b) => a.start - b.start)));
    expect(agreement(beats.slice(0, -1), tracked.beats)).toBeGreaterThan(0.95);
  });

  it('follows a scale whose tempo drifts from 80 to 96', () => {
    const beats = [0];
    for (let b = 1; b < 57; b++) beats.push(beats.at(-1)! + 60 / (80 + (16 * b) / 56));
    const steps = [0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2];
    const notes = beats.slice(0, -1).flatMap((beat, b) => {
      const half = (beats[b + 1]! - beat) / 2;
      return [0, 1].map((part) => note(beat + part * half, half * 0.9, 60 + steps[(2 * b + part) % 14]!));
    });
    const roots = beats
      .slice(0, -1)
      .flatMap((beat, b) => (b % 2 === 0 ? [note(beat, 1, 36 + (b % 4 === 0 ? 0 : 7))] : []));
    const { beats: found } = trackBeats(performance([...notes, ...roots]));
    // eighths are all there is: the beat or its half or double may be felt, but on the notes
    const eighths = beats.slice(0, -1).flatMap((beat, b) => [beat, (beat + beats[b + 1]!) / 2]);
    expect(
      found.filter((beat) => eighths.some((time) => Math.abs(time - beat) < 0.07)).length / found.length,
    ).toBeGreaterThan(0.95);
  });

  it('does not look at the tempo or meter that the file states', () => {
    const notes = accompaniment(steady(0.8, 0.6, 40));
    const one = performance(notes);
    const twice = notes.map((each) => ({ ...each, start: 2 * each.start, duration: 2 * each.duration }));
    const other = createScore({
      ticksPerQuarter: 1000,
      tracks: [{ notes: twice }],
      tempos: [{ tick: 0, bpm: 120 }],
      meters: [{ tick: 0, numerator: 7, denominator: 8 }],
    });
    expect(trackBeats(other)).toEqual(trackBeats(one));
  });

  it('makes a performance fit for chord recognition', () => {
    const score = performance(accompaniment(steady(0.37, 0.71, 33)));
    const aligned = alignToBeats(score, trackBeats(score));
    expect(
      recogniseChords(aligned)
        .map((span) => formatChord(span.chord))
        .join(' '),
    ).toContain('C Am F G C Am F G');
  });

  it('finds none where there are none', () => {
    const nothing = { beats: [], downbeats: [], bpm: undefined, confidence: 0 };
    expect(trackBeats(createScore())).toEqual(nothing);
    expect(trackBeats(performance([note(1, 1, 60)]))).toEqual(nothing);
  });

  it('refuses what is longer than four hours', () => {
    expect(() => trackBeats(performance([note(0, 1, 60), note(14_401, 1, 60)]))).toThrow(
      expect.objectContaining({ code: 'argument/invalid' }) as Error,
    );
  });

  it('gives rising beats, downbeats among them, for any score', () => {
    fc.assert(
      fc.property(scoreArbitrary(fc, { maxTick: 2000 }), (score) => {
        const { beats, downbeats, bpm, confidence } = trackBeats(score);
        for (let i = 1; i < beats.length; i++) expect(beats[i]!).toBeGreaterThan(beats[i - 1]!);
        expect(downbeats.every((downbeat) => beats.includes(downbeat))).toBe(true);
        expect(bpm === undefined).toBe(beats.length === 0);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });
});
