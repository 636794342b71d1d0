import { describe, expect, it } from 'vitest';
import { orderOf } from '../jobs/order.ts';
import type { TestDeps } from '../testing/test-deps.ts';
import { testDeps } from '../testing/test-deps.ts';
import { testActor, testTrack, testVector } from '../testing/test-records.ts';
import { startComposing } from './compose.ts';
import { composeForMood, describeListening } from './moods.ts';
import { recommendTracks } from './recommend-tracks.ts';
import { steerTaste } from './steer-taste.ts';

const ann = testActor('ann');
const DAY = 86_400_000;

/** Sixty tracks: fast marches and slow hymns. On even days ann likes the one and not the other, on odd days the reverse. */
async function twoMoods(days: number): Promise<TestDeps> {
  let time = Date.UTC(2026, 0, 1);
  const deps = testDeps({ now: () => new Date(time) });
  for (let i = 0; i < 60; i++) {
    const fast = i % 2 === 0;
    const vector = testVector({ tempo: (fast ? 1.5 : -1.5) + (i % 7) / 20, energy: fast ? 1 : -1 });
    const provenance = { conditioning: { style: fast ? 'march' : 'hymn', tempo: fast ? 140 : 60 } } as never;
    await deps.tracks.insert({
      track: testTrack({ id: `t${i}`, style: fast ? 'march' : 'hymn', vector, provenance }),
      assets: [],
      classifications: [],
    });
  }
  for (let day = 0; day < days; day++) {
    for (let i = 0; i < 4; i++) {
      const liked = day % 2 === 0;
      await deps.ratings.set('ann', `t${4 * day + i}`, (i % 2 === 0) === liked ? 5 : 1, new Date(time));
      time += 60_000;
    }
    time += DAY;
  }
  return deps;
}

describe('moods', () => {
  it('are told apart, each with recommendations of its own, and can be composed for', async () => {
    const deps = await twoMoods(10);
    const { moods, exploration, halfLifeDays } = await describeListening(deps, ann);
    expect(moods).toHaveLength(2);
    expect(moods.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(moods.filter(({ isNow }) => isNow)).toHaveLength(1);
    expect(moods.every(({ tracks }) => tracks.length === 3)).toBe(true);
    expect([exploration, halfLifeDays]).toEqual([0.2, 365]);
    const marches = await Promise.all(
      moods.map(
        async ({ key }) =>
          (await recommendTracks(deps, ann, { take: 5, mood: key })).filter(
            ({ track }) => track.style === 'march',
          ).length,
      ),
    );
    expect(Math.max(...marches)).toBeGreaterThanOrEqual(4);
    expect(Math.min(...marches)).toBeLessThanOrEqual(1);
    const all = await recommendTracks(deps, ann, { take: 6 });
    expect(new Set(all.map(({ track }) => track.style))).toEqual(new Set(['hymn', 'march'])); // by turns
    const slow = moods[marches.indexOf(Math.min(...marches))]!.key;
    const { jobId } = await composeForMood(deps, ann, { mood: slow });
    const job = (await deps.jobs.find(jobId))!;
    expect(job).toMatchObject({ mode: 'taste', request: { follow: { mood: slow } } });
    const { followsTaste, listener } = await orderOf(deps, job, 1);
    expect(followsTaste).toBe(true);
    const stars = new Map(listener.taste.ratings.map(({ itemId, verdict }) => [itemId, verdict]));
    const loved = listener
      .moodItems!.filter((id) => stars.get(id) === 5)
      .map((id) => listener.items.find((item) => item.id === id)!.style);
    expect(loved.length).toBeGreaterThan(5);
    expect(loved.filter((style) => style === 'hymn').length).toBeGreaterThan(0.8 * loved.length);
    const studio = { mode: 'controls', conditioning: { tempo: 90 }, follow: { mood: slow } } as const;
    const ordered = await orderOf(
      deps,
      (await deps.jobs.find((await startComposing(deps, ann, studio)).jobId))!,
      1,
    );
    expect(ordered).toMatchObject({
      conditioning: { tempo: 90 },
      followsTaste: true,
      listener: { moodItems: listener.moodItems },
    });
    await expect(startComposing(deps, ann, { ...studio, follow: { mood: 'nowhere' } })).rejects.toMatchObject(
      {
        code: 'input/invalid',
      },
    );
    await expect(recommendTracks(deps, ann, { take: 5, mood: 'nowhere' })).rejects.toMatchObject({
      code: 'input/invalid',
    });
  });

  it('are none where one taste explains it all, or nothing was said', async () => {
    expect((await describeListening(testDeps(), ann)).moods).toEqual([]);
    const deps = await twoMoods(1);
    expect((await describeListening(deps, ann)).moods).toEqual([]);
    await expect(composeForMood(deps, ann, { mood: 't0' })).rejects.toMatchObject({ code: 'input/invalid' });
  });

  it('tell how much is new on purpose, as the listener set it', async () => {
    const deps = await twoMoods(1);
    const reason = { kind: 'explore', label: 'something to try' } as const;
    await steerTaste(deps, ann, { reason, action: 'never' });
    expect((await describeListening(deps, ann)).exploration).toBe(0);
    await steerTaste(deps, ann, { reason, action: 'more' });
    expect((await describeListening(deps, ann)).exploration).toBe(0.4);
  });
});
