import { describe, expect, it } from 'vitest';
import { concatenateScores } from '../score/concatenate.ts';
import { findKey } from '../score/find-key.ts';
import { createScore } from '../score/create-score.ts';
import { transposeScore } from '../score/transform.ts';
import { scaleScore } from '../testing/tiny-scores.ts';
import { findKeys } from './find-keys.ts';

const repeat = (score: ReturnType<typeof scaleScore>, times: number) =>
  concatenateScores(Array.from({ length: times }, () => score));

describe('findKeys', () => {
  it('finds one key where there is one, as findKey does', () => {
    for (let tonic = 0; tonic < 12; tonic++) {
      for (const mode of ['major', 'minor'] as const) {
        const score = repeat(scaleScore(tonic, mode), 3);
        expect(findKeys(score)).toEqual([{ start: 0, end: 12 * 1920, tonic, mode }]);
        expect(findKey(score)).toMatchObject({ tonic, mode });
      }
    }
  });

  it('finds a modulation within two bars of where it is', () => {
    const here = repeat(scaleScore(0, 'major'), 5); // 20 bars each
    const spans = findKeys(concatenateScores([here, transposeScore(here, 6)]));
    expect(spans.map(({ tonic, mode }) => [tonic, mode])).toEqual([
      [0, 'major'],
      [6, 'major'],
    ]);
    expect(Math.abs(spans[1]!.start / 1920 - 20)).toBeLessThanOrEqual(2);
    expect(spans[0]!.end).toBe(spans[1]!.start);
  });

  it('keeps to one key where modulation is ruled out', () => {
    const here = repeat(scaleScore(0, 'major'), 5);
    const both = concatenateScores([here, transposeScore(here, 6)]);
    expect(findKeys(both, { modulationCost: Infinity })).toHaveLength(1);
  });

  it('has none where nothing is pitched, and refuses windows that are none', () => {
    expect(findKeys(createScore())).toEqual([]);
    const notes = [{ start: 0, duration: 480, pitch: 40, velocity: 64 }];
    expect(findKeys(createScore({ tracks: [{ isDrum: true, notes }] }))).toEqual([]);
    for (const options of [
      { windowBars: 0 },
      { windowBars: 4 },
      { windowBars: 1.5 },
      { modulationCost: -1 },
    ]) {
      expect(() => findKeys(createScore(), options)).toThrow(
        expect.objectContaining({ code: 'argument/invalid' }) as Error,
      );
    }
  });
});
