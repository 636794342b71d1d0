import type { Tastes } from '@attune/recommend';
import { describe, expect, it } from 'vitest';
import type { TestDeps } from '../testing/test-deps.ts';
import { testDeps } from '../testing/test-deps.ts';
import { testActor, testTrack, testVector } from '../testing/test-records.ts';
import { correctTaste, resetTaste } from './describe-taste.ts';
import { loadListener } from './listener.ts';
import { recordPlay } from './record-play.ts';
import { setRating, undoRating } from './set-rating.ts';
import { steerTaste } from './steer-taste.ts';
import { createMoodCache, moodsOf } from './tastes.ts';

const ann = testActor('ann');

async function tenTracks(parts: Partial<TestDeps> = {}): Promise<TestDeps> {
  const deps = testDeps({ now: () => new Date(0), ...parts });
  for (let i = 0; i < 10; i++) {
    const track = testTrack({ id: `t${i}`, style: 'hymn', vector: testVector({ tempo: i / 5 - 1 }) });
    await deps.tracks.insert({ track, assets: [], classifications: [] });
  }
  return deps;
}

describe('the cache of moods', () => {
  it('holds so many listeners, the last served, and what is asked for only', () => {
    const cache = createMoodCache(2);
    const inferred: string[] = [];
    const ask = (user: string, version: string): Tastes =>
      cache.of(user, version, () => {
        inferred.push(user + version);
        return { facets: [], current: 0, gain: 0 } as unknown as Tastes;
      });
    const first = ask('ann', '1');
    expect(ask('ann', '1')).toBe(first);
    ask('bob', '1');
    ask('ann', '1');
    ask('cai', '1'); // bob was served longest ago
    ask('ann', '1');
    ask('bob', '1');
    expect(inferred).toEqual(['ann1', 'bob1', 'cai1', 'bob1']);
    ask('ann', '2');
    expect(inferred.at(-1)).toBe('ann2');
    cache.forget('ann');
    ask('ann', '2');
    expect(inferred.filter((each) => each === 'ann2')).toHaveLength(2);
  });

  it('infers once for the same taste, and again after whatever is said, taken back, removed or an hour old', async () => {
    let time = 0;
    const deps = await tenTracks({ now: () => new Date(time) });
    const moods = async () => moodsOf(await loadListener(deps, 'ann'), deps.now());
    await setRating(deps, ann, { trackId: 't1', value: 5 });
    const changes: (() => unknown)[] = [
      () => setRating(deps, ann, { trackId: 't2', value: 1 }),
      () => undoRating(deps, ann, { trackId: 't2' }),
      () => recordPlay(deps, ann, { trackId: 't3', seconds: 20, completed: true }),
      () => correctTaste(deps, ann, { dimension: 'tempo', value: 0.5 }),
      () =>
        steerTaste(deps, ann, {
          reason: { kind: 'feature', label: 'fast', feature: 'tempo', direction: 'high' },
          action: 'less',
        }),
      () => deps.tracks.remove('t3'),
      () => (time += 3_600_000),
    ];
    let before = await moods();
    for (const [i, change] of changes.entries()) {
      expect(await moods(), `before change ${i}`).toBe(before);
      await change();
      const after = await moods();
      expect(after === before, `after change ${i}`).toBe(false);
      before = after;
    }
    const bob = moodsOf(await loadListener(deps, 'bob'), deps.now());
    expect(bob.whole.observations).toEqual([]);
  });

  it('and what listeners have in common are forgotten when a taste is reset', async () => {
    let forgotten = 0;
    const deps = await tenTracks({ forgetFactors: () => void forgotten++ });
    await setRating(deps, ann, { trackId: 't1', value: 5 });
    const before = moodsOf(await loadListener(deps, 'ann'), deps.now());
    await resetTaste(deps, ann);
    expect(forgotten).toBe(1);
    await setRating(deps, ann, { trackId: 't1', value: 5 });
    const again = moodsOf(await loadListener(deps, 'ann'), deps.now());
    expect(again.whole.mean).toEqual(before.whole.mean);
    expect(again).not.toBe(before);
  });
});
