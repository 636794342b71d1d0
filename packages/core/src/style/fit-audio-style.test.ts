import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { explainedVariance, fitAudioStyle, type HeardPiece } from './fit-audio-style.ts';
import { STYLE_DIMENSIONS } from './style-dimensions.ts';
import { styleVectorOfSummary } from './audio-style.ts';
import { STYLE_SPACE } from './style-space.ts';

/** Tempo is a straight line of the first summary; all else has nothing to do with it. */
function world(count: number, seed: number): HeardPiece[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => {
    const summary = [rng.normal(), 5, rng.normal()];
    return {
      summary,
      raw: STYLE_DIMENSIONS.map(({ name }) => (name === 'tempo' ? 120 + 30 * summary[0]! : rng.normal())),
    };
  });
}

describe('fitAudioStyle', () => {
  const map = fitAudioStyle(world(400, 1), world(200, 2));

  it('keeps what sound tells, and only that', () => {
    expect(Object.keys(map.dimensions)).toEqual(['tempo']);
    expect(map.dimensions.tempo!.r2).toBeGreaterThan(0.99);
  });
  it('finds the line again, with NaN for the rest', () => {
    const { values } = styleVectorOfSummary([1, 5, 0], map);
    const { mean, deviation } = STYLE_SPACE.dimensions[0]!;
    expect(Math.abs(values[0]! * deviation + mean - 150)).toBeLessThan(2); // the penalty pulls by 10 in 400
    expect(values.slice(1).every(Number.isNaN)).toBe(true);
  });
});

describe('explained variance', () => {
  it('is 1 of the truth, 0 of the mean', () => {
    expect(explainedVariance([1, 2, 3], [1, 2, 3])).toBe(1);
    expect(explainedVariance([1, 2, 3], [2, 2, 2])).toBe(0);
    expect(explainedVariance([1, 1], [0, 2])).toBe(0);
  });
});
