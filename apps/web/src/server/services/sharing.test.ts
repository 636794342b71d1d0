import { expect, it, vi } from 'vitest';
import { testDeps } from '../testing/test-deps.ts';
import { testTrack, testVector } from '../testing/test-records.ts';
import { getSharing } from './sharing.ts';
import { steerTaste } from './steer-taste.ts';

const actor = { id: 'ann', name: 'Ann', email: null, isGuest: true, role: 'user' as const };
const reason = { kind: 'listeners' as const, label: 'liked by listeners like you' };

it('whoever turns "listeners like you" off is out of it at once, and told so', async () => {
  const forgetFactors = vi.fn();
  const on = () => Promise.resolve({ mode: 'on' as const });
  const deps = testDeps({ forgetFactors, sharedTaste: { mode: 'on', report: on } });
  const track = testTrack({ id: 'shared', ownerId: null, vector: testVector({ tempo: 1 }) });
  await deps.tracks.insert({ track, assets: [], classifications: [] });
  await deps.ratings.set(actor.id, track.id, 5, deps.now());
  const common = { mode: 'on', epsilon: null, delta: null };
  expect(await getSharing(deps, null)).toEqual({ ...common, contributes: true });
  expect(await getSharing(deps, actor)).toEqual({ ...common, contributes: true });
  expect(await deps.ratings.listShared()).toHaveLength(1);
  await steerTaste(deps, actor, { reason, action: 'less' });
  expect(forgetFactors).toHaveBeenCalledTimes(1);
  expect(await deps.ratings.listShared()).toEqual([]);
  expect(await getSharing(deps, actor)).toEqual({ ...common, contributes: false });
  await steerTaste(deps, actor, { reason, action: 'more' });
  expect(await getSharing(deps, actor)).toEqual({ ...common, contributes: true });
  await steerTaste(deps, actor, { reason: { kind: 'explore', label: 'new to you' }, action: 'less' });
  expect(forgetFactors).toHaveBeenCalledTimes(2); // not for what is nobody else's business
});

it('nobody contributes where nothing is shared', async () => {
  expect(await getSharing(testDeps(), actor)).toEqual({
    mode: 'off',
    epsilon: null,
    delta: null,
    contributes: false,
  });
});
