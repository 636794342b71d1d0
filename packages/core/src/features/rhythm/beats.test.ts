import { describe, expect, it } from 'vitest';
import { createRng } from '../../foundation/rng.ts';
import { compareBeats } from './beat-agreement.ts';
import { trackBeats } from './beats.ts';

const RATE = 22_050 / 512;

/** A curve of `seconds` with a bump a frame or two wide at each time, over a little noise. */
function curveOf(
  times: readonly number[],
  seconds: number,
  strength: (i: number) => number = () => 1,
): Float32Array {
  const rng = createRng(7);
  const curve = Float32Array.from({ length: Math.round(seconds * RATE) }, () => 0.02 * rng.uniform());
  times.forEach((time, i) => {
    const at = time * RATE;
    for (let t = Math.max(0, Math.floor(at) - 2); t <= Math.min(curve.length - 1, at + 3); t++)
      curve[t]! += strength(i) * Math.exp(-0.5 * ((t - at) / 0.8) ** 2);
  });
  return curve;
}

function steady(bpm: number, seconds: number, first = 0.3): number[] {
  return Array.from({ length: Math.floor(((seconds - first) * bpm) / 60) }, (_, i) => first + (i * 60) / bpm);
}

describe('trackBeats', () => {
  it.each([40, 50, 60, 72, 84, 96, 100, 112, 120, 128, 140, 160, 176, 200, 220, 240])(
    'finds every click at %i bpm, given the octave',
    (bpm) => {
      const clicks = steady(bpm, 20);
      const range = { minBpm: 0.75 * bpm, maxBpm: 1.4 * bpm };
      const track = trackBeats(curveOf(clicks, 20), RATE, range);
      expect(Math.abs(track.bpm! / bpm - 1)).toBeLessThan(0.01);
      expect(compareBeats(track.beats, clicks).fMeasure).toBeGreaterThan(0.95); // one more beat may follow the last click
      expect(track.confidence).toBeGreaterThan(0.5);
      for (const beat of track.beats.slice(1, -1))
        expect(Math.min(...clicks.map((click) => Math.abs(click - beat)))).toBeLessThan(0.012);
    },
  );

  it.each([40, 55, 70, 90, 120, 150, 180, 210, 240])(
    'finds clicks at %i bpm alone, at some metrical level',
    (bpm) => {
      const clicks = steady(bpm, 20);
      const track = trackBeats(curveOf(clicks, 20), RATE);
      expect(compareBeats(track.beats, clicks).allowedLevel).toBeGreaterThan(0.9);
      const level = Math.log2(track.bpm! / bpm);
      expect(Math.abs(level - Math.round(level))).toBeLessThan(0.02);
    },
  );

  it('keeps the beat under swung quavers', () => {
    const beats = steady(132, 20);
    const swung = beats.flatMap((beat) => [beat, beat + (2 / 3) * (60 / 132)]);
    const track = trackBeats(
      curveOf(swung, 20, (i) => (i % 2 === 0 ? 1 : 0.5)),
      RATE,
    );
    expect(compareBeats(track.beats, beats).fMeasure).toBeGreaterThan(0.97);
  });

  it('follows a tempo that rises from 90 to 135 bpm within 40 s', () => {
    const beats: number[] = [];
    for (let time = 0.2; time < 39.8; time += 60 / (90 + (45 * time) / 40)) beats.push(time);
    const track = trackBeats(curveOf(beats, 40), RATE);
    expect(compareBeats(track.beats, beats).correctLevel).toBeGreaterThan(0.95);
  });

  it('goes on through beats without an onset', () => {
    const beats = steady(120, 20);
    const track = trackBeats(
      curveOf(
        beats.filter((_, i) => i % 8 !== 5),
        20,
      ),
      RATE,
    );
    expect(compareBeats(track.beats, beats).fMeasure).toBeGreaterThan(0.97);
  });

  it('hears nothing in silence, a held tone, or too short a curve', () => {
    const nothing = { beats: [], bpm: undefined, confidence: 0 };
    for (const curve of [
      new Float32Array(0),
      new Float32Array(800),
      new Float32Array(800).fill(3),
      Float32Array.of(1),
    ])
      expect(trackBeats(curve, RATE)).toEqual(nothing);
  });

  it('is not confident of noise', () => {
    const rng = createRng(3);
    const noise = Float32Array.from({ length: 1300 }, () => rng.uniform());
    expect(trackBeats(noise, RATE).confidence).toBeLessThan(0.15);
    expect(trackBeats(curveOf(steady(100, 30), 30), RATE).confidence).toBeGreaterThan(0.5);
  });

  it.each([{ minBpm: 0 }, { minBpm: 200, maxBpm: 100 }, { tightness: -1 }, { priorOctaves: NaN }])(
    'refuses %j',
    (options) => {
      expect(() => trackBeats(new Float32Array(99), RATE, options)).toThrow(
        expect.objectContaining({ code: 'feature/invalid' }),
      );
    },
  );
});

describe('compareBeats', () => {
  const reference = [0, 1, 2, 3, 4, 5, 6, 7];

  it('gives what the definitions give by hand', () => {
    expect(compareBeats(reference, reference)).toEqual({ fMeasure: 1, correctLevel: 1, allowedLevel: 1 });
    expect(compareBeats([0, 2, 4, 6], reference)).toEqual({
      fMeasure: 8 / 12,
      correctLevel: 0,
      allowedLevel: 1,
    });
    const offBeats = compareBeats([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5], reference);
    expect(offBeats).toEqual({ fMeasure: 0, correctLevel: 0, allowedLevel: 1 });
    const double = Array.from({ length: 15 }, (_, i) => i / 2);
    expect(compareBeats(double, reference)).toEqual({ fMeasure: 16 / 23, correctLevel: 0, allowedLevel: 1 });
    // 0.1 s late: outside 70 ms, inside 17.5 % of a second
    expect(compareBeats([0.1, 1.1, 2.1, 3.1, 4.1, 5.1, 6.1, 7.1], reference)).toMatchObject({
      fMeasure: 0,
      correctLevel: 1,
    });
    // half of the beats follow at the right interval
    expect(compareBeats([0, 1, 2, 3], reference)).toMatchObject({ fMeasure: 8 / 12, correctLevel: 0.5 });
  });

  it('has an answer for empty sequences', () => {
    expect(compareBeats([], [])).toEqual({ fMeasure: 1, correctLevel: 1, allowedLevel: 1 });
    expect(compareBeats([], reference)).toEqual({ fMeasure: 0, correctLevel: 0, allowedLevel: 0 });
    expect(compareBeats([1], [1]).fMeasure).toBe(1);
  });
});
