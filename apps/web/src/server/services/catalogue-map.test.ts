import { describe, expect, it } from 'vitest';
import type { TestDeps } from '../testing/test-deps.ts';
import { testDeps } from '../testing/test-deps.ts';
import { testActor, testVector } from '../testing/test-records.ts';
import { catalogueMap } from './catalogue-map.ts';

const admin = testActor('ada', { role: 'admin' });

describe('the map of the catalogue', () => {
  it('puts like by like, and bears unknown values and an empty catalogue', async () => {
    const row = (id: string, tempo: number) => ({
      trackId: id,
      title: id,
      kind: 'score' as const,
      vector: testVector({ tempo }),
      label: 'folk',
      confidence: 0.5,
      correctedLabel: null,
      disagrees: false,
    });
    let rows = [row('slow', -2), row('slower', -2.1), row('fast', 2), row('unknown', NaN)];
    const map = { listMap: () => Promise.resolve(rows), countMap: () => Promise.resolve(9) };
    const deps = testDeps({ admin: map as unknown as TestDeps['admin'] });
    const { points, left } = await catalogueMap(deps, admin);
    expect(left).toBe(5);
    expect(points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
    expect(Math.abs(points[0]!.x - points[1]!.x)).toBeLessThan(Math.abs(points[0]!.x - points[2]!.x));
    rows = [];
    expect((await catalogueMap(deps, admin)).points).toEqual([]);
    await expect(catalogueMap(deps, testActor('bob'))).rejects.toMatchObject({ code: 'access/denied' });
  });
});
