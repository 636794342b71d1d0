import { describe, expect, it } from 'vitest';
import { chordScore, melodyScore, scaleScore } from '../testing/tiny-scores.ts';
import { createScore } from './create-score.ts';
import {
  findKey,
  findKeyOfHistogram,
  KRUMHANSL_KESSLER,
  pitchClassDurations,
  TEMPERLEY_1999,
} from './find-key.ts';

const TONICS = Array.from({ length: 12 }, (_, tonic) => tonic);

describe('findKey', () => {
  it.each(TONICS)('finds the major and minor key on pitch class %d', (tonic) => {
    for (const mode of ['major', 'minor'] as const)
      expect(findKey(scaleScore(tonic, mode))).toMatchObject({ tonic, mode });
  });

  it('correlates perfectly with its own profile and ranks all 24 keys', () => {
    const result = findKeyOfHistogram(
      KRUMHANSL_KESSLER.minor.map((_, i) => KRUMHANSL_KESSLER.minor[(i + 7) % 12]!),
    );
    expect(result).toMatchObject({ tonic: 5, mode: 'minor' });
    expect(result!.correlation).toBeCloseTo(1, 12);
    expect(result!.ranking).toHaveLength(24);
    expect(new Set(result!.ranking.map((key) => `${key.tonic} ${key.mode}`)).size).toBe(24);
  });

  it('gives the correlations computed by hand for one note: the profile minus its mean over its norm', () => {
    // One pitch class against C major: (6.35 − 3.4833) / 4.9385 · sqrt(12 / 11), by Pearson's formula.
    const { ranking } = findKey(melodyScore([60]))!;
    const profile = KRUMHANSL_KESSLER.major;
    const mean = profile.reduce<number>((a, b) => a + b, 0) / 12;
    const norm = Math.sqrt(profile.reduce<number>((sum, value) => sum + (value - mean) ** 2, 0));
    const expected = ((6.35 - mean) / norm) * Math.sqrt(12 / 11);
    expect(ranking.find((key) => key.tonic === 0 && key.mode === 'major')!.correlation).toBeCloseTo(
      expected,
      12,
    );
  });

  it('goes by other profiles where told to, as the formula of Pearson correlates them', () => {
    const weights = [2, 0, 1, 0, 1, 1, 0, 5, 0, 1, 0, 1.2];
    const correlationOf = (profile: readonly number[], tonic: number): number => {
      const turned = weights.map((_, i) => weights[(tonic + i) % 12]!);
      const centred = (values: readonly number[]): number[] => {
        const mean = values.reduce((a, b) => a + b, 0) / 12;
        return values.map((value) => value - mean);
      };
      const [a, b] = [centred(turned), centred(profile)];
      const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      return dot / (Math.hypot(...a) * Math.hypot(...b));
    };
    const found = findKeyOfHistogram(weights, TEMPERLEY_1999)!;
    for (const { tonic, mode, correlation } of found.ranking)
      expect(correlation).toBeCloseTo(correlationOf(TEMPERLEY_1999[mode], tonic), 12);
    expect(findKeyOfHistogram(weights)).not.toEqual(found);
  });

  it('hears a cadence in A minor with its raised seventh', () => {
    expect(
      findKey(
        chordScore([
          [57, 60, 64],
          [62, 65, 69],
          [64, 68, 71],
          [57, 60, 64],
        ]),
      ),
    ).toMatchObject({ tonic: 9, mode: 'minor' });
  });

  it('weights pitch classes by duration and leaves drums out', () => {
    const drums = { isDrum: true, notes: [{ start: 0, duration: 99_999, pitch: 42, velocity: 100 }] };
    const notes = [
      { start: 0, duration: 30, pitch: 60, velocity: 1 },
      { start: 5, duration: 12, pitch: 72, velocity: 127 },
      { start: 9, duration: 7, pitch: 61, velocity: 64 },
    ];
    const score = createScore({ tracks: [{ notes }, drums] });
    expect([...pitchClassDurations(score)]).toEqual([42, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('says nothing of silence, of drums alone and of all twelve pitches alike', () => {
    expect(findKey(createScore())).toBeUndefined();
    expect(
      findKey(
        createScore({
          tracks: [{ isDrum: true, notes: [{ start: 0, duration: 9, pitch: 36, velocity: 9 }] }],
        }),
      ),
    ).toBeUndefined();
    expect(findKey(melodyScore(TONICS.map((tonic) => 60 + tonic)))).toBeUndefined();
    expect(findKeyOfHistogram(new Float32Array(12).fill(0.1))).toBeUndefined();
  });
});
