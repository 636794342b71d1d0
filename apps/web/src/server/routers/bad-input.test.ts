import { TRPCError } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { withSmallBody } from '../http/rpc-body.ts';
import type { TestDeps } from '../testing/test-deps.ts';
import { testDeps } from '../testing/test-deps.ts';
import { testActor, testTrack, testVector } from '../testing/test-records.ts';
import { appRouter } from './app.ts';

const ann = testActor('ann');

async function server(
  tracks: number,
): Promise<{ deps: TestDeps; ask: ReturnType<typeof appRouter.createCaller> }> {
  const deps = testDeps();
  for (let i = 0; i < tracks; i++) {
    await deps.tracks.insert({
      track: testTrack({ id: `t${i}`, vector: testVector({ tempo: i / 10 }) }),
      assets: [],
      classifications: [],
    });
  }
  return { deps, ask: appRouter.createCaller({ viewer: ann, deps }) };
}

/** Code and sentence of a refusal; fails where there is none. */
async function refusal(call: Promise<unknown>): Promise<[code: string, message: string]> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCError)) throw new Error(`There was no refusal: ${String(error)}`);
  return [error.code, error.message];
}

describe('bad ratings', () => {
  it.each([0, 6, 2.5, -1, NaN, Infinity, '5', null, undefined, {}, 'love'])(
    'of %s are refused, and nothing is kept',
    async (value) => {
      const { deps, ask } = await server(2);
      const [code, message] = await refusal(ask.rating.set({ trackId: 't0', value: value as never }));
      expect(code).toBe('BAD_REQUEST');
      expect(message).toMatch(/^value: .+\.$/);
      expect(await deps.ratings.listOf('ann')).toEqual([]);
    },
  );

  it('of tracks that never were, are gone, or are not named properly are refused', async () => {
    const { deps, ask } = await server(2);
    await ask.rating.set({ trackId: 't1', value: 4 });
    await deps.tracks.remove('t1');
    for (const trackId of ['nothing', 't1']) {
      expect(await refusal(ask.rating.set({ trackId, value: 3 }))).toEqual([
        'NOT_FOUND',
        'There is no such track.',
      ]);
      expect((await refusal(ask.play.record({ trackId, seconds: 3, completed: false })))[0]).toBe(
        'NOT_FOUND',
      );
    }
    for (const trackId of ['', 'x'.repeat(65)])
      expect((await refusal(ask.rating.set({ trackId, value: 3 })))[0]).toBe('BAD_REQUEST');
    expect(await deps.ratings.listOf('ann')).toEqual([]);
    expect(await ask.rating.list()).toEqual([]);
  });

  it('by the hundred in a minute are refused with a reason, and those before are kept', async () => {
    const { deps } = await server(130);
    const ask = appRouter.createCaller({ viewer: ann, deps: { ...deps, now: () => new Date(1e12) } });
    for (let i = 0; i < 120; i++) await ask.rating.set({ trackId: `t${i}`, value: 3 });
    expect(await refusal(ask.rating.set({ trackId: 't120', value: 3 }))).toEqual([
      'TOO_MANY_REQUESTS',
      expect.stringMatching(/120 tracks .* minute/),
    ]);
    expect(await deps.ratings.count('ann')).toBe(120);
    const later = appRouter.createCaller({
      viewer: ann,
      deps: { ...deps, now: () => new Date(1e12 + 61_000) },
    });
    expect((await later.rating.set({ trackId: 't120', value: 3 })).ratings).toBe(121);
  });
});

describe('a request', () => {
  const post = (bytes: number, headers = {}): Request =>
    new Request('http://attune.example/api/trpc/x', { method: 'POST', body: 'x'.repeat(bytes), headers });

  it('of a million ratings is refused before it is read', async () => {
    await expect(withSmallBody(post(10, { 'content-length': '50000000' }))).rejects.toMatchObject({
      code: 'input/too-large',
    });
    await expect(withSmallBody(post(1_000_001))).rejects.toMatchObject({ code: 'input/too-large' });
    expect(await (await withSmallBody(post(1_000))).text()).toHaveLength(1_000);
    const get = new Request('http://attune.example/api/trpc/x');
    expect(await withSmallBody(get)).toBe(get);
  });
});

describe('little to go on', () => {
  it('is answered: no ratings, no tracks, one track, nothing but rated tracks', async () => {
    const none = (await server(0)).ask;
    expect([await none.recommend.list({ take: 5 }), await none.discover.queue({ take: 5 })]).toEqual([
      [],
      [],
    ]);
    expect((await none.taste.get()).ratings).toBe(0);
    expect((await none.search.words({ text: 'slow', take: 5 })).found).toEqual([]);
    const { ask } = await server(1);
    expect((await ask.recommend.list({ take: 5 })).map(({ track }) => track.id)).toEqual(['t0']);
    expect(await ask.track.similar({ id: 't0', take: 3 })).toEqual([]);
    expect(await ask.rating.set({ trackId: 't0', value: 5 })).toMatchObject({ ratings: 1, moved: 0 });
    expect(await ask.recommend.list({ take: 5 })).toEqual([]);
    expect(
      (await ask.taste.get()).dimensions.every(({ mean, low, high }) =>
        [mean, low, high].every(Number.isFinite),
      ),
    ).toBe(true);
  });

  it('is answered where features are unknown or of another space', async () => {
    const { deps, ask } = await server(3);
    const unknown = testVector({});
    await deps.tracks.insert({
      track: testTrack({ id: 'unknown', vector: { ...unknown, values: unknown.values.map(() => NaN) } }),
      assets: [],
      classifications: [],
    });
    await deps.tracks.insert({
      track: testTrack({ id: 'old', vector: { space: 'style-0', values: [1, 2] } }),
      assets: [],
      classifications: [],
    });
    await deps.tracks.insert({
      track: testTrack({ id: 'bare', vector: null }),
      assets: [],
      classifications: [],
    });
    for (const trackId of ['unknown', 'old', 'bare']) await ask.rating.set({ trackId, value: 5 });
    await ask.rating.set({ trackId: 't0', value: 1 });
    const list = await ask.recommend.list({ take: 9 });
    expect(list.map(({ track }) => track.id).sort()).toEqual(['t1', 't2']);
    expect(list.every(({ score, deviation }) => Number.isFinite(score) && Number.isFinite(deviation))).toBe(
      true,
    );
    expect((await ask.taste.get()).dimensions.every(({ mean }) => Number.isFinite(mean))).toBe(true);
    expect(await ask.track.similar({ id: 'old', take: 3 })).toEqual([]);
    expect(
      (await ask.search.words({ text: 'slow and calm', take: 9 })).found.every(({ score }) =>
        Number.isFinite(score),
      ),
    ).toBe(true);
  });

  it('of numbers outside their range is refused by name', async () => {
    const { ask } = await server(1);
    const calls: [Promise<unknown>, RegExp][] = [
      [ask.recommend.list({ take: 0 }), /^take: /],
      [ask.recommend.list({ take: 1e9 }), /^take: /],
      [ask.taste.correct({ dimension: 'tempo', value: NaN }), /^value: /],
      [ask.taste.correct({ dimension: 'tempo', value: 1.1 }), /^value: /],
      [ask.play.record({ trackId: 't0', seconds: -1, completed: false }), /^seconds: /],
      [ask.search.tapped({ onsets: [0, Infinity], take: 5 }), /^onsets\.1: /],
      [ask.search.words({ text: 'x'.repeat(1001), take: 5 }), /^text: /],
      [ask.library.list({ cursor: 'soon' }), /page/],
    ];
    for (const [call, message] of calls)
      expect(await refusal(call)).toEqual(['BAD_REQUEST', expect.stringMatching(message)]);
  });
});
