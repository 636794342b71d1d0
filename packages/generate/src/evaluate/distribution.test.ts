import { createRng } from '@attune/core';
import type { Note, Score } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { compareDistributions, distributionDistance, profileOf } from './distribution.ts';
import type { PieceProfile } from './distribution.ts';

/** Random notes of a scale; `spread` semitones wide, `step` ticks apart. */
function random(seed: number, scale: readonly number[], step = 240): Score {
  const rng = createRng(seed);
  const notes = Array.from({ length: 48 }, (_, i): Note => ({
    start: i * step,
    duration: step,
    pitch: 60 + scale[rng.integer(scale.length)]!,
    velocity: 80,
  }));
  const track = { name: '', program: 0, isDrum: false, notes, controls: [], bends: [] };
  return { ticksPerQuarter: 480, title: '', tracks: [track], tempos: [], meters: [], keys: [], texts: [] };
}

const MAJOR = [0, 2, 4, 5, 7, 9, 11];
const CHROMATIC = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const profiles = (from: number, count: number, scale: readonly number[], step?: number): PieceProfile[] =>
  Array.from({ length: count }, (_, i) => profileOf(random(from + i, scale, step)));

describe('profileOf', () => {
  it('has the values of a known piece', () => {
    const pitches = [60, 60, 64, 62, 76];
    const notes = pitches.map((pitch, i): Note => ({ start: i * 480, duration: 480, pitch, velocity: 80 }));
    const piece = { ...random(1, MAJOR), tracks: [{ ...random(1, MAJOR).tracks[0]!, notes }] };
    const profile = profileOf(piece);
    expect(profile.density[0]).toBeCloseTo(0, 12); // five notes in five quarters
    expect(profile.scaleConsistency[0]).toBe(1);
    expect(profile.pitchClassEntropy[0]).toBeCloseTo(-(0.4 * Math.log2(0.4) * 2 + 0.2 * Math.log2(0.2)), 12);
    expect([...profile.onsetGaps].filter((x) => x > 0)).toEqual([1]);
    const moves = [...profile.intervals].flatMap((share, i) => (share > 0 ? [[i - 12, share]] : []));
    expect(moves).toEqual([
      [-2, 0.25],
      [0, 0.25],
      [4, 0.25],
      [12, 0.25], // 14 semitones are clipped to an octave
    ]);
  });
});

describe('distribution distances', () => {
  const real = profiles(0, 40, MAJOR);

  it('overlap of a set with more of the same is near 1, and falls as sets part', () => {
    const same = distributionDistance(real, profiles(100, 40, MAJOR), 'pitchClassEntropy');
    const other = distributionDistance(real, profiles(200, 40, CHROMATIC), 'pitchClassEntropy');
    expect(same.overlap).toBeGreaterThan(0.85);
    expect(other.overlap).toBeLessThan(0.3);
    expect(other.divergence).toBeGreaterThan(same.divergence);
  });

  it('sees no difference where a feature has none', () => {
    const slow = profiles(300, 40, MAJOR, 480);
    expect(distributionDistance(real, slow, 'onsetGaps').overlap).toBeLessThan(0.05);
    expect(distributionDistance(real, slow, 'polyphony').overlap).toBeCloseTo(1, 6);
  });

  it('sets generated pieces beside the floor of two real halves', () => {
    const rows = compareDistributions(real, profiles(400, 20, CHROMATIC));
    const scale = rows.find((row) => row.feature === 'scaleConsistency')!;
    expect(scale.floor.overlap).toBeGreaterThan(0.8);
    expect(scale.ratio).toBeGreaterThan(2);
    expect(scale.ratio).toBeCloseTo((1 - scale.generated.overlap) / (1 - scale.floor.overlap), 12);
  });

  it('refuses sets that are too small', () => {
    expect(() => distributionDistance(real.slice(0, 2), real, 'density')).toThrowError(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });
});
