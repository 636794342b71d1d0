import { writeMidi } from '@attune/core/midi';
import { describe, expect, it } from 'vitest';
import type { ComposeEvent } from '../../api/types.ts';
import { DomainError } from '../errors.ts';
import type { JobRecord } from '../repositories/types.ts';
import { startComposing, watchJob } from '../services/compose.ts';
import { removeTrack } from '../services/library.ts';
import { uploadTrack } from '../services/upload-track.ts';
import type { TestDeps } from '../testing/test-deps.ts';
import { testDeps, workerInProcess } from '../testing/test-deps.ts';
import { createTestScore } from '../testing/test-pieces.ts';
import { testActor, testTrack } from '../testing/test-records.ts';
import { describeScore } from '../worker/describe.ts';
import type { ComposeOrder, Composition } from '../worker/protocol.ts';
import type { RunOptions } from '../workers/worker-client.ts';
import { createComposer, MOST_ATTEMPTS } from './composer.ts';
import { orderOf } from './order.ts';

const ann = testActor('ann');

async function composition(seed: number): Promise<Composition> {
  const score = createTestScore(seed);
  return {
    title: 'Pale Harbour Song',
    midi: writeMidi(score),
    description: await describeScore(score),
    modelVersion: 'test-1',
    tokenizer: 'abc',
    seed,
    bars: 8,
    conditioning: { tempo: 90 },
    originality: 0.9,
    wellFormedness: 0.8,
    candidates: 2,
    reasons: [],
  };
}

type Compose = (order: ComposeOrder, options: RunOptions) => Promise<Composition>;

/** Services whose composer asks `compose` instead of a thread. */
function withComposer(compose: Compose): TestDeps {
  const base = testDeps();
  const worker = workerInProcess({ compose });
  const composer = createComposer({ ...base, worker, orderOf: (job) => orderOf(base, job, 2) });
  return { ...base, composer };
}

async function watchToEnd(deps: TestDeps, jobId: string): Promise<ComposeEvent[]> {
  const events: ComposeEvent[] = [];
  for await (const { event } of watchJob(deps, ann, { jobId }, undefined)) events.push(event);
  return events;
}

const controls = { mode: 'controls', conditioning: { tempo: 90 }, bars: 8, seed: 5 } as const;

describe('composer', () => {
  it('turns a wish into a track with its provenance, and tells how it goes', async () => {
    let asked: ComposeOrder | undefined;
    const deps = withComposer(async (order, { onProgress }) => {
      asked = order;
      onProgress?.({ stage: 'writing', done: 1, total: 8, bars: 1 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      return composition(order.seed);
    });
    const { jobId } = await startComposing(deps, ann, controls);
    const events = await watchToEnd(deps, jobId);
    expect(events.map(({ status }) => status)).toContain('running');
    expect(events.find(({ stage }) => stage === 'writing')).toMatchObject({ bars: 1, total: 8 });
    expect(events.at(-1)).toMatchObject({ status: 'done', trackId: jobId });
    expect(asked).toMatchObject({ conditioning: { tempo: 90 }, bars: 8, seed: 5, candidates: 2 });
    const track = await deps.tracks.find(jobId);
    expect(track).toMatchObject({ ownerId: 'ann', source: 'generated', title: 'Pale Harbour Song' });
    expect(track?.provenance).toMatchObject({
      modelVersion: 'test-1',
      seed: 5,
      tokenizer: 'abc',
      conditioning: { tempo: 90 },
    });
    expect(await deps.files.list()).toEqual([`tracks/${jobId}/track.mid`]);
    expect(await deps.jobs.find(jobId)).toMatchObject({ status: 'done', trackId: jobId });
  });

  it('sends the taste along when the taste decides', async () => {
    let asked: ComposeOrder | undefined;
    const deps = withComposer((order) => {
      asked = order;
      return composition(order.seed);
    });
    const liked = testTrack({
      id: 'liked',
      provenance: {
        modelVersion: 'm',
        seed: 1,
        bars: 8,
        conditioning: { style: 'folk', tempo: 80 },
        tokenizer: null,
        originality: null,
        wellFormedness: null,
        candidates: 1,
        reasons: [],
      },
    });
    await deps.tracks.insert({ track: liked, assets: [], classifications: [] });
    await deps.ratings.set('ann', 'liked', 5, new Date(0));
    const { jobId } = await startComposing(deps, ann, { mode: 'taste' });
    await watchToEnd(deps, jobId);
    expect(asked?.conditioning).toBeNull();
    expect(asked?.listener.taste.ratings.map(({ itemId, verdict }) => [itemId, verdict])).toEqual([
      ['liked', 5],
    ]);
    expect(asked?.listener.anchors).toMatchObject([
      { item: { id: 'liked' }, conditioning: { style: 'folk', tempo: 80 } },
    ]);
  });

  it('says why it failed, and keeps nothing', async () => {
    const deps = withComposer(() =>
      Promise.reject(new DomainError('model/invalid', 'There is no style called polka.')),
    );
    const { jobId } = await startComposing(deps, ann, controls);
    expect((await watchToEnd(deps, jobId)).at(-1)).toMatchObject({
      status: 'failed',
      error: 'There is no style called polka.',
    });
    expect(await deps.jobs.find(jobId)).toMatchObject({
      status: 'failed',
      error: 'There is no style called polka.',
    });
    expect(await deps.files.list()).toEqual([]);
  });

  it('hides the words of an unforeseen error', async () => {
    const deps = withComposer(() =>
      Promise.reject(new TypeError('undefined is not a function at /secret/path')),
    );
    const { jobId } = await startComposing(deps, ann, controls);
    expect((await watchToEnd(deps, jobId)).at(-1)?.error).not.toMatch(/secret/);
  });

  it('stops a running piece when it is cancelled, and one that waits without starting it', async () => {
    const started: number[] = [];
    const deps = withComposer((order, { signal }) => {
      started.push(order.seed);
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () =>
          reject(new DomainError('cancelled', 'The work was cancelled.')),
        ),
      );
    });
    const first = await startComposing(deps, ann, { ...controls, seed: 1 });
    const second = await startComposing(deps, ann, { ...controls, seed: 2 });
    while (started.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await deps.composer.cancel(second.jobId);
    await deps.composer.cancel(first.jobId);
    for (const { jobId } of [first, second])
      expect((await watchToEnd(deps, jobId)).at(-1)?.status).toBe('cancelled');
    await deps.composer.close();
    expect(started).toEqual([1]);
    expect(await deps.tracks.trackIdsOf('ann')).toEqual([]);
  });

  it('throws a piece away that was finished after it was cancelled', async () => {
    let finish: (() => void) | undefined;
    const deps = withComposer(async (order) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return composition(order.seed);
    });
    const { jobId } = await startComposing(deps, ann, controls);
    while (!finish) await new Promise((resolve) => setTimeout(resolve, 5));
    await deps.composer.cancel(jobId);
    finish();
    await deps.composer.close();
    expect(await deps.tracks.find(jobId)).toBeUndefined();
    expect(await deps.files.list()).toEqual([]);
    expect((await deps.jobs.find(jobId))?.status).toBe('cancelled');
  });

  it('does not compose twice what was stored before a crash', async () => {
    let asked = 0;
    const deps = withComposer((order) => {
      asked++;
      return composition(order.seed);
    });
    const job: JobRecord = {
      id: 'torn',
      userId: 'ann',
      status: 'queued',
      mode: 'controls',
      request: { mode: 'controls' },
      seed: 1,
      bars: 8,
      stage: 'waiting',
      done: 0,
      total: 0,
      attempts: 0,
      error: null,
      trackId: null,
      createdAt: new Date(0),
      startedAt: null,
      finishedAt: null,
    };
    await deps.jobs.insert(job);
    await deps.jobs.claim(new Date(1)); // runs, stores its piece, and the process dies
    await deps.tracks.insert({
      track: testTrack({ id: 'torn', ownerId: 'ann', source: 'generated' }),
      assets: [],
      classifications: [],
    });
    expect(await deps.jobs.recover(MOST_ATTEMPTS, new Date(2))).toEqual({ requeued: 1, failed: 0 });
    deps.composer.wake();
    expect((await watchToEnd(deps, 'torn')).at(-1)).toMatchObject({ status: 'done', trackId: 'torn' });
    expect(asked).toBe(0);
  });

  it('sends the source of a task along, and says what was done with which music', async () => {
    let asked: ComposeOrder | undefined;
    const deps = withComposer((order) => {
      asked = order;
      return composition(order.seed);
    });
    const source = await uploadTrack(deps, ann, { name: 'source.mid', bytes: writeMidi(createTestScore(2)) });
    const task = { kind: 'vary', sourceTrackId: source.id, keep: 0.5, unit: 'notes' } as const;
    const { jobId } = await startComposing(deps, ann, {
      mode: 'controls',
      conditioning: {},
      task,
      listen: true,
      seed: 3,
    });
    expect((await watchToEnd(deps, jobId)).at(-1)?.status).toBe('done');
    const asset = (await deps.tracks.findAsset(source.id, 'midi'))!;
    const midi = await deps.files.read(asset.path);
    expect(asked?.task).toEqual({ kind: 'vary', keep: 0.5, unit: 'notes', title: 'source', midi });
    expect(asked?.candidates).toBe(1); // heard while it is written
    expect((await deps.tracks.find(jobId))?.provenance?.task).toEqual({
      ...task,
      sourceSha256: asset.sha256,
    });
    expect((await deps.jobs.find(jobId))?.bars).toBe(8);
  });

  it('says so where the source was removed before its turn came, and stores nothing', async () => {
    const deps = withComposer((order) => composition(order.seed));
    const source = await uploadTrack(deps, ann, { name: 'source.mid', bytes: writeMidi(createTestScore(2)) });
    const waiting = { ...deps, composer: testDeps().composer }; // queued, and nobody is awake
    const task = { kind: 'continue', sourceTrackId: source.id } as const;
    const { jobId } = await startComposing(waiting, ann, { ...controls, task });
    await removeTrack(deps, ann, { trackId: source.id });
    deps.composer.wake();
    expect((await watchToEnd(deps, jobId)).at(-1)).toMatchObject({
      status: 'failed',
      error: 'The track to start from is not there; it may have been removed.',
    });
    expect(await deps.files.list()).toEqual([]);
  });

  it('goes on with a wish of an older version that names a track to continue', async () => {
    let asked: ComposeOrder | undefined;
    const deps = withComposer((order) => {
      asked = order;
      return composition(order.seed);
    });
    const source = await uploadTrack(deps, ann, { name: 'source.mid', bytes: writeMidi(createTestScore(2)) });
    const { jobId } = await startComposing({ ...deps, composer: testDeps().composer }, ann, controls);
    const job = (await deps.jobs.find(jobId))!;
    await deps.jobs.insert({
      ...job,
      id: 'older',
      request: { mode: 'controls', conditioning: {}, promptTrackId: source.id },
    });
    deps.composer.wake();
    await watchToEnd(deps, 'older');
    expect(asked?.task).toMatchObject({ kind: 'continue', title: 'source' });
  });

  it('holds a person to a few open wishes', async () => {
    const deps = { ...testDeps(), limits: { ...testDeps().limits, openJobs: 1 } };
    await startComposing(deps, ann, controls);
    await expect(startComposing(deps, ann, controls)).rejects.toMatchObject({ code: 'job/limit' });
    await expect(startComposing(deps, testActor('bob'), controls)).resolves.toBeDefined();
  });

  it('lets nobody watch what is not theirs', async () => {
    const deps = testDeps();
    const { jobId } = await startComposing(deps, ann, controls);
    await expect(watchJob(deps, testActor('bob'), { jobId }, undefined).next()).rejects.toMatchObject({
      code: 'job/not-found',
    });
  });
});
