import { describe, expect, it, vi } from 'vitest';
import type { Factors } from '@attune/recommend';
import { createPrivateFactors, type PrivateFactorNeeds } from './private-factors.ts';
import { createMemoryRepositories } from './repositories/memory/index.ts';
import { createPrismaFactorReleases } from './repositories/prisma/factor-releases.ts';
import { openTestDatabase } from './testing/test-database.ts';
import { reportSharing } from './services/sharing.ts';

const DAY = 24 * 3600 * 1000;
/** ln 1/δ = 4, so that ε = 5 is ρ = (3 − 2)² = 1 by hand. */
const BUDGET = { epsilon: 5, delta: Math.exp(-4), releases: 4, days: 30 };

/** A server whose fits are told apart by their number. */
function open(parts: Partial<PrivateFactorNeeds> = {}) {
  const state = { time: 1000 * DAY, spends: [] as number[] };
  const needs: PrivateFactorNeeds = {
    likings: () => Promise.resolve([]),
    catalogue: () => Promise.resolve(['a', 'b']),
    releases: createMemoryRepositories().factorReleases,
    fit: (_, items, rho) => {
      state.spends.push(rho);
      const of = items.map((item) => [item, Float64Array.of(state.spends.length)] as const);
      return Promise.resolve({ factors: { rank: 1, items: new Map(of) }, deviation: 7 });
    },
    now: () => new Date(state.time),
    ...parts,
  };
  const start = (budget = BUDGET) => createPrivateFactors(needs, budget);
  const ask = async (shared: ReturnType<typeof start>): Promise<Factors | undefined> => {
    await shared.factors(); // may begin a release, for which it does not wait
    await shared.settled();
    const factors = await shared.factors();
    await shared.settled();
    return factors;
  };
  return { state, needs, start, ask };
}

const firstOf = (factors: Factors | undefined): number | undefined => factors?.items.get('a')?.[0];

describe('private factors', () => {
  it('are released once a period, each for a share of the budget, until it is spent; then the last stays', async () => {
    const { state, start, ask } = open();
    const shared = start();
    const seen: (number | undefined)[] = [];
    for (let day = 0; day <= 200; day += 10) {
      state.time = (1000 + day) * DAY;
      seen.push(firstOf(await ask(shared)));
    }
    expect(state.spends).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(seen).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, ...Array<number>(12).fill(4)]);
    const report = await shared.report();
    expect(report).toMatchObject({ mode: 'private', releases: 4, plannedReleases: 4, nextAfter: null });
    expect(report).toHaveProperty('spentEpsilon', expect.closeTo(5, 12));
  });

  it('account by the closed form of zCDP: ρ add up, ε = ρ + 2 √(4 ρ)', async () => {
    const { state, start, ask } = open();
    const shared = start();
    expect(await shared.report()).toMatchObject({ spentEpsilon: 0, releases: 0, releasedAt: null });
    for (const releases of [1, 2, 3]) {
      await ask(shared);
      const rho = releases / 4;
      expect(await shared.report()).toMatchObject({
        releases,
        spentEpsilon: expect.closeTo(rho + 2 * Math.sqrt(4 * rho), 12) as number,
        deviation: 7,
        releasedAt: new Date(state.time).toISOString(),
        nextAfter: new Date(state.time + 30 * DAY).toISOString(),
      });
      state.time += 30 * DAY;
    }
  });

  it('are not spent again by a restart, in a real database, nor by other settings', async () => {
    const database = await openTestDatabase();
    try {
      const { state, start, ask } = open({ releases: createPrismaFactorReleases(database.prisma) });
      expect(firstOf(await ask(start()))).toBe(1);
      for (let restart = 0; restart < 5; restart++) expect(firstOf(await ask(start()))).toBe(1);
      expect(state.spends).toEqual([0.25]);
      state.time += 31 * DAY;
      // ρ of ε = 2.25 is (√6.25 − 2)² = 0.25: all of that is spent.
      expect(firstOf(await ask(start({ ...BUDGET, epsilon: 2.25, releases: 1 })))).toBe(1);
      // Three quarters are left of ε = 5: one release of all of it would be too much.
      expect(firstOf(await ask(start({ ...BUDGET, releases: 1 })))).toBe(1);
      expect(firstOf(await ask(start({ ...BUDGET, releases: 2 })))).toBe(2);
      expect(state.spends).toEqual([0.25, 0.5]);
    } finally {
      await database.close();
    }
  });

  it('use what another server published first, and forget their own unseen', async () => {
    const { state, needs, start, ask } = open();
    const [one, two] = [start(), start()];
    await Promise.all([ask(one), ask(two)]);
    expect(state.spends).toEqual([0.25, 0.25]); // both computed, one was stored
    expect(await needs.releases.spent()).toEqual({ releases: 1, rho: 0.25 });
    expect([firstOf(await one.factors()), firstOf(await two.factors())]).toEqual([1, 1]);
  });

  it('spend also where nothing stood out of the noise, and serve none', async () => {
    const { start, ask } = open({ fit: () => Promise.resolve({ factors: null, deviation: 7 }) });
    const shared = start();
    expect(await ask(shared)).toBeUndefined();
    expect(await shared.report()).toMatchObject({ releases: 1, stoodOut: false });
  });

  it('keep what was released where a fit fails, spend nothing, and are tried again after five minutes', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    let broken = false;
    const { state, needs, start, ask } = open();
    const shared = createPrivateFactors(
      {
        ...needs,
        fit: (...parts) => (broken ? Promise.reject(new Error('away')) : needs.fit(...parts)),
      },
      BUDGET,
    );
    await ask(shared);
    broken = true;
    state.time += 31 * DAY;
    expect(firstOf(await ask(shared))).toBe(1);
    broken = false;
    expect(firstOf(await ask(shared))).toBe(1);
    state.time += 6 * 60_000;
    expect(firstOf(await ask(shared))).toBe(2);
    expect(told).toHaveBeenCalledTimes(1);
    expect(await needs.releases.spent()).toEqual({ releases: 2, rho: 0.5 });
    expect(firstOf(await ask(start()))).toBe(2);
    told.mockRestore();
  });

  it('tell administrators alone what was spent', async () => {
    const shared = open().start();
    const actor = { id: 'x', name: 'x', email: null, isGuest: false, role: 'user' as const };
    await expect(reportSharing({ sharedTaste: shared }, actor)).rejects.toThrow('administrator');
    expect((await reportSharing({ sharedTaste: shared }, { ...actor, role: 'admin' })).mode).toBe('private');
  });
});
