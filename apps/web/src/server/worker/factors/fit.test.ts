import { expect, it } from 'vitest';
import { columnsOf, FACTOR_TASKS, rowsOf } from './fit.ts';

/** Ten listeners of two minds about six tracks. */
const LIKINGS = Array.from({ length: 60 }, (_, i) => ({
  listener: `l${i % 10}`,
  item: `t${Math.floor(i / 10)}`,
  liking: (i % 2 === 0) === i < 30 ? 1 : -0.5,
  weight: 1,
}));

it('likings are the same after a journey in columns', () => {
  expect(rowsOf(columnsOf(LIKINGS))).toEqual(LIKINGS);
  expect(rowsOf(columnsOf([]))).toEqual([]);
});

it('likings in columns are fitted: tracks that the same listeners like lie together', async () => {
  const factors = (await FACTOR_TASKS.fitFactors(columnsOf(LIKINGS)))!;
  const likeness = (a: string, b: string): number =>
    factors.items.get(a)!.reduce((sum, value, f) => sum + value * factors.items.get(b)![f]!, 0);
  expect(factors.listeners).toBe(10);
  expect(likeness('t0', 't1')).toBeGreaterThan(0);
  expect(likeness('t0', 't5')).toBeLessThan(0);
  expect(await FACTOR_TASKS.fitFactors(columnsOf(LIKINGS.slice(0, 5)))).toBeNull();
});

it('private factors spend what they are told to, and are of the catalogue alone', async () => {
  const items = ['t0', 't5', 't9'];
  const loud = await FACTOR_TASKS.fitPrivateFactors({ likings: columnsOf(LIKINGS), items, rho: 1 / 8 });
  expect(loud.deviation).toBe(2); // 1 / √(2 / 8)
  const { factors } = await FACTOR_TASKS.fitPrivateFactors({ likings: columnsOf(LIKINGS), items, rho: 1e12 });
  expect([...factors!.items.keys()]).toEqual(items);
  expect(factors!.items.get('t0')![0]! * factors!.items.get('t5')![0]!).toBeLessThan(0);
});
