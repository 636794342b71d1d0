import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { chooseByRuns } from './choose-by-runs.ts';
import type { MelodyMoves } from './melody.ts';
import { packMoves, type PackedMoves } from './packed-moves.ts';

function draw(seed: number, moves: number): MelodyMoves {
  const rng = createRng(seed);
  const steps = Float64Array.from({ length: moves }, () => rng.integer(45) - 22);
  return { steps, ratios: new Float64Array(moves) };
}

/** By the definition: runs as text, in sets. */
function byDefinition(query: MelodyMoves, melodies: readonly PackedMoves[], most: number): number[] {
  const runsOf = (steps: ArrayLike<number>): Set<string> => {
    const near = Array.from(steps, (step) => Math.max(-15, Math.min(15, step)));
    return new Set(
      [2, 3, 4].flatMap((length) =>
        near.flatMap((_, i) => (i + length <= near.length ? [near.slice(i, i + length).join(' ')] : [])),
      ),
    );
  };
  const sets = melodies.map(({ steps }) => runsOf(steps!));
  const votes = sets.map((set) =>
    [...runsOf(query.steps!)]
      .filter((run) => set.has(run))
      .reduce(
        (sum, run) => sum + Math.log(melodies.length / sets.filter((other) => other.has(run)).length),
        0,
      ),
  );
  return [...votes.keys()].sort((a, b) => votes[b]! - votes[a]! || a - b).slice(0, most);
}

describe('chooseByRuns', () => {
  it('chooses by rare shared runs, as the definition says', () => {
    const melodies = Array.from({ length: 80 }, (_, i) => packMoves(draw(i, 150)));
    for (let seed = 100; seed < 110; seed++) {
      const query = draw(seed, 14);
      query.steps!.set(draw(seed - 60, 150).steps!.subarray(30, 37), 4); // a stretch of one of them
      const chosen = [...chooseByRuns(query, melodies, 12)];
      expect(chosen[0]).toBe(seed - 60);
      expect(chosen).toEqual(byDefinition(query, melodies, 12));
    }
  });

  it('chooses by rhythm where the query was tapped, uneven by a twentieth', () => {
    const lengths = [0.5, 1, 1, 1.5, 2, 4];
    const rhythm = (seed: number, moves: number, jitter: number): MelodyMoves => {
      const rng = createRng(seed);
      const gaps = Array.from({ length: moves }, () => lengths[rng.integer(lengths.length)]!);
      const uneven = gaps.map((gap) => gap * Math.exp(jitter * rng.normal()));
      const ratios = Float64Array.from(uneven, (gap, i) => (i === 0 ? 0 : Math.log2(gap / uneven[i - 1]!)));
      return { steps: undefined, ratios };
    };
    const melodies = Array.from({ length: 400 }, (_, seed) => packMoves(rhythm(seed, 60, 0)));
    const hits = Array.from({ length: 40 }, (_, seed) => seed).filter((seed) =>
      chooseByRuns(rhythm(seed, 24, 0.05), melodies, 40).includes(seed),
    );
    expect(hits.length).toBeGreaterThanOrEqual(36); // by chance 4
  });

  it('chooses all where there are no more', () => {
    const melodies = [packMoves(draw(1, 5)), { steps: undefined, ratios: new Int8Array(3) }];
    expect([...chooseByRuns({ steps: undefined, ratios: new Float64Array(4) }, melodies, 2)]).toEqual([0, 1]);
    expect([...chooseByRuns(draw(1, 5), melodies, 2)]).toEqual([0, 1]);
    expect([...chooseByRuns(draw(1, 5), melodies, 1)]).toEqual([0]);
  });
});
