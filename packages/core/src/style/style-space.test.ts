import { describe, expect, it } from 'vitest';
import { createScore, type ScoreParts } from '../score/create-score.ts';
import type { Note } from '../score/score.ts';
import { styleVectorOfAudio } from './audio-style.ts';
import { fitStyleSpace, weightedQuantiles } from './fit-style-space.ts';
import { formatAudioStyleMap, formatMoodTables, formatStyleStatistics } from './format-fit.ts';
import { MOOD_TABLES } from './mood-tables.ts';
import {
  rawStyleOfScore,
  rawStyleValue,
  standardise,
  STYLE_CLIP,
  STYLE_SPACE,
  styleVectorOf,
} from './style-space.ts';

const TPQ = 480;
const line = (pitches: readonly number[], parts: ScoreParts = {}): ScoreParts => ({
  tracks: [
    { notes: pitches.map((pitch, i): Note => ({ start: i * TPQ, duration: TPQ, pitch, velocity: 64 })) },
  ],
  ...parts,
});
const raw = (parts: ScoreParts): Record<string, number> => {
  const values = rawStyleOfScore(createScore(parts));
  return Object.fromEntries(STYLE_SPACE.dimensions.map(({ name }, i) => [name, values[i]!]));
};

describe('the style space', () => {
  it('has 24 to 30 named dimensions, each with words for both ends and statistics of its own', () => {
    const names = STYLE_SPACE.dimensions.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(24);
    expect(names.length).toBeLessThanOrEqual(30);
    expect(new Set(names).size).toBe(names.length);
    for (const { low, high, unit, mean, deviation } of STYLE_SPACE.dimensions) {
      for (const word of [low, high, unit]) expect(word).not.toBe('');
      expect(Number.isFinite(mean)).toBe(true);
      expect(deviation).toBeGreaterThan(0);
    }
  });

  it('measures raw values by hand', () => {
    const r = raw(
      line([60, 62, 64, 65, 67, 71], {
        tempos: [{ tick: 0, bpm: 90 }],
        meters: [{ tick: 0, numerator: 3, denominator: 4 }],
      }),
    );
    expect(r).toMatchObject({
      tempo: 90,
      polyphony: 1,
      instrumentCount: 1,
      tripleMeter: 1,
      drums: 0,
      piano: 1,
      strings: 0,
      loudness: 64,
      dynamics: 0,
      syncopation: 0,
      offGrid: 0,
    });
    expect(r.pitchMean).toBeCloseTo((60 + 62 + 64 + 65 + 67 + 71) / 6, 12);
    expect(r.leaps).toBe(1 / 5); // 67 to 71
    expect(r.noteRate).toBeCloseTo(Math.log2(0.25 + 1.5), 12); // 6 notes in 4 s
    expect(r.noteLength).toBeCloseTo(Math.log2(2 / 3), 12);
    expect(r.rhythmicVariety).toBe(0);
  });

  it('is standardised: 0 at the mean, clipped at ±4, NaN where unknown', () => {
    const means = STYLE_SPACE.dimensions.map(({ mean }) => mean);
    expect(standardise(means).values.every((value) => value === 0)).toBe(true);
    const far = standardise(
      STYLE_SPACE.dimensions.map(({ mean, deviation }, i) => mean + (i % 2 ? -99 : 99) * deviation),
    );
    expect(far.values.map(Math.abs).every((value) => value === STYLE_CLIP)).toBe(true);
    expect(standardise(means.map(() => NaN)).values.every(Number.isNaN)).toBe(true);
  });

  it('gives raw values back by name, and refuses other names and spaces', () => {
    const vector = styleVectorOf(createScore(line([60, 64, 67, 72], { tempos: [{ tick: 0, bpm: 132 }] })));
    expect(rawStyleValue(vector, 'tempo')).toBeCloseTo(132, 9);
    expect(() => rawStyleValue(vector, 'colour')).toThrow(/no dimension colour/);
    expect(() => rawStyleValue({ ...vector, space: 'style-0' }, 'tempo')).toThrow(/style-0/);
  });

  it('refuses a score without notes', () => {
    expect(() => styleVectorOf(createScore())).toThrow(/without notes/);
  });
});

describe('the style of a sound', () => {
  it('is known where sound tells, NaN elsewhere', () => {
    const clip = {
      sampleRate: 22_050,
      channels: [Float32Array.from({ length: 44_100 }, (_, n) => 0.3 * Math.sin(n / 10))],
    };
    const { space, values } = styleVectorOfAudio(clip);
    expect(space).toBe(STYLE_SPACE.version);
    const known = STYLE_SPACE.dimensions.filter((_, i) => !Number.isNaN(values[i]!)).map(({ name }) => name);
    expect(known).toContain('energy');
    expect(known).toContain('drums');
    expect(known).not.toContain('tripleMeter');
  });
});

describe('fitStyleSpace', () => {
  it('weighs strata alike: three slow pieces of one style count as one of another', () => {
    const piece = (
      bpm: number,
      stratum: string,
    ): { score: ReturnType<typeof createScore>; stratum: string } => ({
      score: createScore(line([60, 62, 64, 60], { tempos: [{ tick: 0, bpm }] })),
      stratum,
    });
    const fit = fitStyleSpace([piece(60, 'a'), piece(60, 'a'), piece(60, 'a'), piece(120, 'b')]);
    expect(fit.pieces).toBe(4);
    expect(fit.statistics.tempo).toEqual({ mean: 90, deviation: 30 });
  });
  it('leaves drums out of valence and tension', () => {
    const drums = createScore({
      tracks: [{ isDrum: true, notes: [{ start: 0, duration: 1, pitch: 36, velocity: 64 }] }],
    });
    const tritones = createScore({
      tracks: [{ notes: [60, 66].map((pitch) => ({ start: 0, duration: TPQ, pitch, velocity: 64 })) }],
    });
    const { moods } = fitStyleSpace([
      { score: drums, stratum: 'd' },
      { score: tritones, stratum: 'p' },
    ]);
    expect(moods.tension[0]).toBeGreaterThan(0);
    expect(new Set(moods.energy).size).toBe(2);
  });
  it('takes weighted quantiles: a value holds all steps up to its share of the weight', () => {
    expect(weightedQuantiles([30, 10, 20], [1, 2, 1], 4)).toEqual([10, 10, 10, 20, 30]);
  });
  it('refuses to fit nothing', () => {
    expect(() => fitStyleSpace([])).toThrow(/at least one piece/);
  });
});

describe('the committed tables', () => {
  it('rise from the lowest to the highest training piece', () => {
    for (const table of Object.values(MOOD_TABLES)) {
      expect(table).toHaveLength(51);
      expect([...table].sort((a, b) => a - b)).toEqual(table);
    }
  });
  it('are written as they read', () => {
    const fit = {
      pieces: 1,
      statistics: { tempo: { mean: 90, deviation: 30 } },
      moods: { energy: [0, 0.5], valence: [0, 1], tension: [0, 1] },
    };
    expect(formatStyleStatistics(fit)).toContain('  tempo: { mean: 90, deviation: 30 },');
    expect(formatMoodTables(fit)).toContain('  energy: [\n    0, 0.5,\n  ],');
    const map = {
      mean: [1.234567],
      deviation: [2],
      dimensions: { tempo: { offset: 90, weights: [0.5], r2: 0.71234 } },
    };
    expect(formatAudioStyleMap(map)).toContain(
      '    tempo: {\n      offset: 90,\n      r2: 0.712,\n      weights: [\n        0.5,\n      ],',
    );
  });
});
