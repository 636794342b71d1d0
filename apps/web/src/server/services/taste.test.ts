import { STYLE_SPACE } from '@attune/core/style';
import { describe, expect, it } from 'vitest';
import type { TestDeps } from '../testing/test-deps.ts';
import { testDeps } from '../testing/test-deps.ts';
import { testActor, testTrack, testVector } from '../testing/test-records.ts';
import { chooseQueue } from './choose-queue.ts';
import { correctTaste, describeTaste, resetTaste } from './describe-taste.ts';
import { loadListener } from './listener.ts';
import { listLibrary } from './library.ts';
import { listRatings } from './list-ratings.ts';
import { recommendTracks } from './recommend-tracks.ts';
import { recordPlay } from './record-play.ts';
import { setRating, undoRating } from './set-rating.ts';
import { steerTaste, undoSteering } from './steer-taste.ts';

const ann = testActor('ann');

/** Twenty tracks from slow to fast, alike in everything else. */
async function slowToFast(): Promise<TestDeps> {
  const deps = testDeps();
  for (let i = 0; i < 20; i++) {
    const track = testTrack({
      id: `t${String(i).padStart(2, '0')}`,
      style: null,
      vector: testVector({ tempo: (i - 9.5) / 5 }),
    });
    await deps.tracks.insert({ track, assets: [], classifications: [] });
  }
  return deps;
}

/** Place of the slower half in a list of track ids, 0 first; the mean. */
function meanTempo(ids: readonly string[]): number {
  return ids.reduce((sum, id) => sum + Number(id.slice(1)), 0) / ids.length;
}

describe('taste', () => {
  it('learns that a listener likes slow music, says so, and recommends it', async () => {
    const deps = await slowToFast();
    const first = await setRating(deps, ann, { trackId: 't01', value: 5 });
    expect(first).toMatchObject({ ratings: 1, previous: null });
    expect(first.moved).toBeGreaterThan(0);
    expect(first.summary).toContain('slower');
    await setRating(deps, ann, { trackId: 't18', value: 1 });
    await setRating(deps, ann, { trackId: 't02', value: 5 });
    const list = await recommendTracks(deps, ann, { take: 5 });
    expect(meanTempo(list.map(({ track }) => track.id))).toBeLessThan(7);
    expect(list[0]!.reasons.map(({ label }) => label)).toContain('you liked Title of t01');
    const tempo = (await describeTaste(deps, ann)).dimensions.find(({ name }) => name === 'tempo')!;
    expect(tempo.mean).toBeLessThan(0);
    expect(tempo.evidence.map(({ trackId }) => trackId)).toEqual(expect.arrayContaining(['t01', 't18']));
  });

  it('never offers a rated track again', async () => {
    const deps = await slowToFast();
    for (const trackId of ['t03', 't04']) await setRating(deps, ann, { trackId, value: 'skip' });
    const queue = await chooseQueue(deps, ann, { take: 20 });
    expect(queue).toHaveLength(18);
    expect(queue.some(({ id }) => id === 't03' || id === 't04')).toBe(false);
  });

  it('is after an undo as if the rating had never been given', async () => {
    const deps = await slowToFast();
    await setRating(deps, ann, { trackId: 't05', value: 4 });
    const before = await describeTaste({ ...deps, now: () => new Date(0) }, ann);
    await setRating(deps, ann, { trackId: 't06', value: 1 });
    expect(await undoRating(deps, ann, { trackId: 't06' })).toMatchObject({ previous: 1, ratings: 1 });
    expect(await describeTaste({ ...deps, now: () => new Date(0) }, ann)).toEqual(before);
    await expect(undoRating(deps, ann, { trackId: 't06' })).rejects.toMatchObject({
      code: 'track/not-found',
    });
  });

  it('obeys a pressed reason', async () => {
    const deps = await slowToFast();
    const reason = { kind: 'feature', label: 'fast', feature: 'tempo', direction: 'high' } as const;
    expect((await steerTaste(deps, ann, { reason, action: 'more' })).summary).toContain('faster');
    const more = await recommendTracks(deps, ann, { take: 4 });
    await steerTaste(deps, ann, { reason, action: 'less' });
    const less = await recommendTracks(deps, ann, { take: 4 });
    expect(meanTempo(more.map(({ track }) => track.id))).toBeGreaterThan(
      meanTempo(less.map(({ track }) => track.id)),
    );
    const never = await steerTaste(deps, ann, { reason, action: 'never' });
    expect(never.summary).toContain('slower');
    const none = await recommendTracks(deps, ann, { take: 4 });
    expect(meanTempo(none.map(({ track }) => track.id))).toBeLessThanOrEqual(
      meanTempo(less.map(({ track }) => track.id)),
    );
  });

  it('never offers what a feature or family was ruled out of, until that is taken back', async () => {
    const deps = await slowToFast();
    for (const trackId of ['t19', 't18', 't17']) await setRating(deps, ann, { trackId, value: 5 });
    const offered = async (): Promise<number[]> =>
      (await recommendTracks(deps, ann, { take: 50 })).map(({ track }) => Number(track.id.slice(1)));
    const before = await offered();
    expect(before[0]).toBeGreaterThan(12);
    const reason = { kind: 'feature', label: 'fast', feature: 'tempo', direction: 'high' } as const;
    const { moved, summary } = await steerTaste(deps, ann, { reason, action: 'never' });
    expect(summary).toContain('slower');
    const items = (await loadListener(deps, 'ann')).items;
    const tempo = STYLE_SPACE.dimensions.findIndex(({ name }) => name === 'tempo');
    const fast = items
      .filter(({ vector }) => vector.values[tempo]! >= 0.5)
      .map(({ id }) => Number(id.slice(1)));
    expect(fast.length).toBeGreaterThan(4);
    expect(moved).toBeGreaterThanOrEqual(fast.length - 3); // three of them were rated
    expect((await offered()).filter((id) => fast.includes(id))).toEqual([]);
    expect((await chooseQueue(deps, ann, { take: 50 })).length).toBe(20 - fast.length);
    const [chip] = (await describeTaste(deps, ann)).chips;
    expect(chip).toEqual({
      kind: 'feature',
      name: 'tempo',
      direction: 'high',
      label: 'fast',
      action: 'never',
    });
    expect((await undoSteering(deps, ann, chip!)).chips).toEqual([]);
    expect(await offered()).toEqual(before);
    await expect(undoSteering(deps, ann, chip!)).rejects.toMatchObject({ code: 'input/invalid' });
  });

  it('lets a track count for less without touching its stars', async () => {
    const deps = await slowToFast();
    await setRating(deps, ann, { trackId: 't02', value: 5 });
    const scoreOf = async (): Promise<number> =>
      (await recommendTracks(deps, ann, { take: 50 })).find(({ track }) => track.id === 't03')!.score;
    const before = await scoreOf();
    const reason = { kind: 'liked-track', label: 'you liked it', trackId: 't02' } as const;
    await steerTaste(deps, ann, { reason, action: 'less' });
    const less = await scoreOf();
    expect(less).toBeLessThan(before);
    expect(less).toBeGreaterThan(3);
    await steerTaste(deps, ann, { reason, action: 'never' });
    expect(await scoreOf()).toBe(3); // as if nothing had been said
    const labels = (await recommendTracks(deps, ann, { take: 50 })).flatMap(({ reasons }) =>
      reasons.map(({ label }) => label),
    );
    expect(labels).not.toContain('you liked Title of t02');
    expect((await listRatings(deps, ann)).map(({ track, value }) => [track.id, value])).toEqual([['t02', 5]]);
    await undoSteering(deps, ann, { kind: 'track', name: 't02', direction: null });
    expect(await scoreOf()).toBeCloseTo(before, 6);
    const gone = { ...reason, trackId: 'nowhere' };
    await expect(steerTaste(deps, ann, { reason: gone, action: 'less' })).rejects.toMatchObject({
      code: 'track/not-found',
    });
  });

  it('says of a track that was only played that it was listened to', async () => {
    const deps = await slowToFast();
    await recordPlay(deps, ann, { trackId: 't00', seconds: 20, completed: true });
    const reasons = (await recommendTracks(deps, ann, { take: 20 })).flatMap((item) => item.reasons);
    expect(reasons).toContainEqual({
      kind: 'played-track',
      label: 'you listened to Title of t00',
      trackId: 't00',
    });
    expect(reasons.some(({ kind }) => kind === 'liked-track')).toBe(false);
  });

  it('offers nothing of a style that was ruled out', async () => {
    const deps = await slowToFast();
    const march = testTrack({ id: 't99', style: 'march', vector: testVector({ tempo: 3 }) });
    await deps.tracks.insert({ track: march, assets: [], classifications: [] });
    const reason = { kind: 'style', label: 'march', feature: 'march' } as const;
    expect(await steerTaste(deps, ann, { reason, action: 'never' })).toMatchObject({
      moved: 1,
      summary: ['no march'],
    });
    expect((await recommendTracks(deps, ann, { take: 50 })).map(({ track }) => track.id)).not.toContain(
      't99',
    );
    expect((await chooseQueue(deps, ann, { take: 50 })).map(({ id }) => id)).not.toContain('t99');
  });

  it('takes a correction and takes it back', async () => {
    const deps = await slowToFast();
    const of = (view: Awaited<ReturnType<typeof describeTaste>>) =>
      view.dimensions.find(({ name }) => name === 'tempo')!;
    const corrected = of(await correctTaste(deps, ann, { dimension: 'tempo', value: 0.8 }));
    expect(corrected).toMatchObject({ corrected: true });
    expect(corrected.mean).toBeCloseTo(0.8, 1);
    expect(of(await correctTaste(deps, ann, { dimension: 'tempo', value: null })).corrected).toBe(false);
    await expect(correctTaste(deps, ann, { dimension: 'smell', value: 0 })).rejects.toMatchObject({
      code: 'dimension/unknown',
    });
  });

  it('counts a finished play as weak evidence, and forgets all on reset', async () => {
    const deps = await slowToFast();
    const empty = await describeTaste(deps, ann);
    const likingOf = async (id: string): Promise<number | undefined> =>
      (await recommendTracks(deps, ann, { take: 20 })).find(({ track }) => track.id === id)?.score;
    expect(await likingOf('t01')).toBe(3); // neither liked nor disliked
    await recordPlay(deps, ann, { trackId: 't00', seconds: 2, completed: false });
    expect(await likingOf('t01')).toBe(3);
    await recordPlay(deps, ann, { trackId: 't00', seconds: 20, completed: true });
    expect(await likingOf('t01')).toBeGreaterThan(3);
    await setRating(deps, ann, { trackId: 't09', value: 5 });
    await correctTaste(deps, ann, { dimension: 'mode', value: -1 });
    expect(await resetTaste(deps, ann)).toEqual(empty);
  });

  it('lists what was rated, best first, in pages', async () => {
    const deps = await slowToFast();
    const values = { t01: 2, t02: 'not-for-me', t03: 5, t04: 'more-like-this', t05: 'skip' } as const;
    for (const [trackId, value] of Object.entries(values)) await setRating(deps, ann, { trackId, value });
    const first = await listLibrary(deps, ann, { sort: 'rating', take: 3 });
    const second = await listLibrary(deps, ann, { sort: 'rating', take: 3, cursor: first.next });
    expect([first, second].map(({ items }) => items.map(({ id }) => id))).toEqual([
      ['t04', 't03', 't01'],
      ['t05', 't02'],
    ]);
    expect(second.next).toBeNull();
    expect((await listLibrary(deps, ann, { sort: 'rating', take: 3, source: 'uploads' })).items).toEqual([]);
    await expect(listLibrary(deps, ann, { sort: 'title', take: 3, cursor: '-1' })).rejects.toMatchObject({
      code: 'input/invalid',
    });
  });

  it('keeps listeners apart', async () => {
    const deps = await slowToFast();
    await setRating(deps, ann, { trackId: 't05', value: 5 });
    expect((await describeTaste(deps, testActor('bob'))).ratings).toBe(0);
    expect(await listRatings(deps, testActor('bob'))).toEqual([]);
  });
});
