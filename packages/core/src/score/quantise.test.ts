import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreArbitrary } from '../testing/score-arbitrary.ts';
import { createScore } from './create-score.ts';
import { quantiseScore } from './quantise.ts';
import { validateScore } from './validate-score.ts';

const note = (start: number, duration: number) => ({ start, duration, pitch: 60, velocity: 64 });
const scores = scoreArbitrary(fc, { separable: false });

describe('quantiseScore with strength', () => {
  it('goes that share of the way', () => {
    const score = createScore({ tracks: [{ notes: [note(40, 100), note(470, 20)] }] });
    // grid of 120: 40 → 0 and 140 → 120; 470 → 480 and 490 → 600, as a note keeps a step
    expect(quantiseScore(score, 4, { strength: 0.5 }).tracks[0]!.notes).toEqual([
      note(20, 110),
      note(475, 70),
    ]);
    expect(quantiseScore(score, 4, { strength: 1 })).toEqual(quantiseScore(score, 4));
  });

  it('leaves the score at 0 and is never farther from the grid than before', () => {
    fc.assert(
      fc.property(scores, fc.double({ min: 0, max: 1, noNaN: true }), (score, strength) => {
        expect(quantiseScore(score, 4, { strength: 0 })).toEqual(score);
        const moved = quantiseScore(score, 4, { strength });
        validateScore(moved);
        const farthest = (all: typeof score) => {
          const step = all.ticksPerQuarter / 4;
          const offsets = all.tracks.flatMap((track) =>
            track.notes.map(({ start }) => Math.abs(start - Math.round(start / step) * step)),
          );
          return Math.max(0, ...offsets);
        };
        expect(farthest(moved)).toBeLessThanOrEqual(farthest(score) + 1);
      }),
    );
  });
});

describe('quantiseScore with swing', () => {
  it('puts every second eighth on the third triplet', () => {
    const score = createScore({
      tracks: [{ notes: [0, 230, 480, 730, 900].map((start) => note(start, 60)) }],
    });
    const { notes } = quantiseScore(score, 2, { swing: 2 / 3 }).tracks[0]!;
    // 730 lies nearer to 800 than to 480; 900 nearer to 960 (middle 880)
    expect(notes.map(({ start }) => start)).toEqual([0, 320, 480, 800, 960]);
  });

  it('leaves a swung score as it is', () => {
    const swung = [0, 320, 480, 800, 960, 1280, 1440].map((start, i) => note(start, i % 2 === 0 ? 320 : 160));
    const score = createScore({ tracks: [{ notes: swung }] });
    expect(quantiseScore(score, 2, { swing: 2 / 3 })).toEqual(score);
  });

  it.each([{ strength: -0.1 }, { strength: 1.1 }, { strength: NaN }, { swing: 0.4 }, { swing: 0.8 }])(
    'refuses %j',
    (options) => {
      expect(() => quantiseScore(createScore(), 4, options)).toThrow(
        expect.objectContaining({ code: 'argument/invalid' }) as Error,
      );
    },
  );
});
