import { createRng } from '@attune/core';
import { readMidi, writeMidi } from '@attune/core/midi';
import type { FamilySampler } from '@attune/generate';
import { FAMILY_TOOLS } from '@attune/generate/node';
import { describe, expect, it } from 'vitest';
import type { ComposeEvent, SamplerView } from '../../api/types.ts';
import { strings } from '../../strings/index.ts';
import { watchJob } from '../services/compose.ts';
import { faultOfSample, startSampling } from '../services/sample.ts';
import { uploadTrack } from '../services/upload-track.ts';
import { sketchPath } from '../storage/file-store.ts';
import type { TestDeps } from '../testing/test-deps.ts';
import { testDeps, workerInProcess } from '../testing/test-deps.ts';
import { createTestScore } from '../testing/test-pieces.ts';
import { testActor, testTrack } from '../testing/test-records.ts';
import { createFlagSignal } from '../worker/flag-signal.ts';
import { listSamplers, makeSamples } from '../worker/samplers.ts';
import { createComposer } from './composer.ts';
import { orderOf } from './order.ts';

const ann = testActor('ann');

/** Gives back what it is given, moved up by a setting; in mode 'sound' a tone instead. */
const mirror: FamilySampler = {
  name: 'vae',
  version: 'mirror-1',
  summary: 'Gives back what it is given, moved up.',
  inputs: { fewest: 1, most: 2, kind: 'score' },
  settings: [
    { kind: 'number', name: 'semitones', summary: 'How far up.', min: 0, max: 12, step: 1, default: 2 },
    {
      kind: 'choice',
      name: 'form',
      summary: 'Notes or sound.',
      choices: ['notes', 'sound'],
      default: 'notes',
    },
  ],
  sample: ({ seed, count, inputs, settings }, hooks) => {
    const rng = createRng(seed);
    const semitones = Number(settings['semitones'] ?? 2);
    const made = Array.from({ length: count }, (_, i) => {
      hooks?.onProgress?.({ done: i, total: count, stage: 'sampling' });
      const name = `mirror ${i + 1}`;
      if (settings['form'] === 'sound') {
        const samples = Float32Array.from(
          { length: 8000 },
          (_, t) => 0.2 * Math.sin(t * (0.05 + 0.01 * rng.uniform())),
        );
        return { name, clip: { sampleRate: 8000, channels: [samples] } };
      }
      const score = inputs[0]!.score!;
      const up = (pitch: number): number => pitch + semitones + i;
      const tracks = score.tracks.map((track) => ({
        ...track,
        notes: track.notes.map((note) => ({ ...note, pitch: up(note.pitch) })),
      }));
      return { name, score: { ...score, tracks } };
    });
    return Promise.resolve(made);
  },
};
const SAMPLERS = { vae: () => Promise.resolve({ load: () => Promise.resolve(mirror) }) };

/** Services whose worker knows the mirror; `inTheWay` may keep tracks from being stored. */
function withMirror(inTheWay: (deps: TestDeps) => Partial<TestDeps> = () => ({})): TestDeps {
  const plain = testDeps({ samplers: () => listSamplers(SAMPLERS) });
  const base = { ...plain, ...inTheWay(plain) };
  const worker = workerInProcess({
    sample: (order, { signal, onProgress }) => {
      const flag = new SharedArrayBuffer(4);
      signal?.addEventListener('abort', () => Atomics.store(new Int32Array(flag), 0, 1));
      return makeSamples(SAMPLERS, order, {
        signal: createFlagSignal(flag),
        onProgress: onProgress ?? (() => undefined),
      });
    },
  });
  return { ...base, composer: createComposer({ ...base, worker, orderOf: (job) => orderOf(base, job, 1) }) };
}

async function watchToEnd(deps: TestDeps, jobId: string): Promise<ComposeEvent[]> {
  const events: ComposeEvent[] = [];
  for await (const { event } of watchJob(deps, ann, { jobId }, undefined)) events.push(event);
  return events;
}

async function withSource(deps: TestDeps): Promise<string> {
  return (await uploadTrack(deps, ann, { name: 'a.mid', bytes: writeMidi(createTestScore(3)) })).id;
}

describe('other kinds of model', () => {
  it('makes several tracks of one, with their provenance', async () => {
    const deps = withMirror();
    const source = await withSource(deps);
    const { jobId } = await startSampling(deps, ann, {
      family: 'vae',
      count: 3,
      sourceTrackIds: [source],
      settings: { semitones: 5 },
      seed: 4,
    });
    const last = (await watchToEnd(deps, jobId)).at(-1)!;
    expect(last).toMatchObject({
      status: 'done',
      trackId: `${jobId}-1`,
      trackIds: [1, 2, 3].map((n) => `${jobId}-${n}`),
    });
    const third = (await deps.tracks.find(`${jobId}-3`))!;
    expect(third).toMatchObject({ ownerId: 'ann', title: 'mirror 3', kind: 'score', source: 'generated' });
    expect(third.provenance).toMatchObject({
      modelVersion: 'vae@mirror-1',
      seed: 4,
      bars: 8,
      sample: { family: 'vae', settings: { semitones: 5 }, sourceTrackIds: [source], number: 3, count: 3 },
    });
    const file = (await deps.tracks.findAsset(third.id, 'midi'))!;
    const pitches = readMidi(await deps.files.read(file.path)).tracks.map((track) => track.notes[0]!.pitch);
    expect(pitches).toEqual(createTestScore(3).tracks.map((track) => track.notes[0]!.pitch + 7));
    // Asked again after everything is over, the rows tell the same.
    expect((await watchToEnd(deps, jobId)).at(-1)).toMatchObject({ trackIds: last.trackIds });
  });

  it('keeps sound as audio tracks', async () => {
    const deps = withMirror();
    const { jobId } = await startSampling(deps, ann, {
      family: 'vae',
      count: 1,
      sourceTrackIds: [await withSource(deps)],
      settings: { form: 'sound' },
    });
    expect((await watchToEnd(deps, jobId)).at(-1)?.status).toBe('done');
    expect(await deps.tracks.find(`${jobId}-1`)).toMatchObject({ kind: 'audio', seconds: 1 });
    expect((await deps.tracks.findAsset(`${jobId}-1`, 'audio'))?.mime).toBe('audio/flac');
  });

  it('stores all or nothing', async () => {
    let stored = 0;
    const deps = withMirror((plain) => ({
      tracks: {
        ...plain.tracks,
        insert: (entry) =>
          entry.track.source === 'generated' && ++stored === 2
            ? Promise.reject(new Error('full'))
            : plain.tracks.insert(entry),
      },
    }));
    const source = await withSource(deps);
    const { jobId } = await startSampling(deps, ann, {
      family: 'vae',
      count: 3,
      sourceTrackIds: [source],
      settings: {},
    });
    expect((await watchToEnd(deps, jobId)).at(-1)?.status).toBe('failed');
    expect(await deps.tracks.trackIdsOf('ann')).toEqual([source]);
    expect(await deps.files.list()).toEqual([
      `tracks/${source}/track.mid`,
      sketchPath(`tracks/${source}/track.mid`),
    ]);
  });

  it('takes away what an attempt left that died in the middle, and makes all anew', async () => {
    const deps = withMirror();
    const source = await withSource(deps);
    const idle = { ...deps, composer: testDeps().composer };
    const { jobId } = await startSampling(idle, ann, {
      family: 'vae',
      count: 2,
      sourceTrackIds: [source],
      settings: {},
    });
    await deps.tracks.insert({
      track: testTrack({ id: `${jobId}-1`, ownerId: 'ann', title: 'torn' }),
      assets: [],
      classifications: [],
    });
    deps.composer.wake();
    expect((await watchToEnd(deps, jobId)).at(-1)?.status).toBe('done');
    expect((await deps.tracks.findMany([`${jobId}-1`, `${jobId}-2`])).map(({ title }) => title)).toEqual([
      'mirror 1',
      'mirror 2',
    ]);
  });

  it('refuses another person’s track, recorded sound for notes, and models that are not there', async () => {
    const deps = withMirror();
    const source = await withSource(deps);
    const wish = { family: 'vae', count: 1, sourceTrackIds: [source], settings: {} };
    await expect(startSampling(deps, testActor('bob'), wish)).rejects.toMatchObject({
      code: 'track/not-found',
    });
    await expect(startSampling(deps, testActor('root', { role: 'admin' }), wish)).rejects.toMatchObject({
      code: 'track/not-found',
    });
    await expect(startSampling(deps, ann, { ...wish, family: 'gan' })).rejects.toMatchObject({
      code: 'model/missing',
    });
    await deps.tracks.insert({
      track: testTrack({ id: 'sound', kind: 'audio' }),
      assets: [],
      classifications: [],
    });
    await expect(startSampling(deps, ann, { ...wish, sourceTrackIds: ['sound'] })).rejects.toThrow(
      /recorded sound/,
    );
    expect(await deps.jobs.list('ann', 10)).toEqual([]);
  });

  it('offers every kind of model that ships, by a name and in a sentence of its own', async () => {
    const views = await listSamplers(FAMILY_TOOLS);
    expect(views.map(({ name }) => name)).toEqual(Object.keys(FAMILY_TOOLS));
    expect(views.map(({ name }) => name)).toContain('diffusion');
    for (const { name, summary } of views) {
      expect(strings.others.names[name], name).toBeDefined();
      expect(summary, name).toMatch(/^[A-Z].*\.$/);
    }
    expect(new Set(views.map(({ summary }) => summary)).size).toBe(views.length);
  });

  it('leaves out what cannot be loaded', async () => {
    const broken = { ...SAMPLERS, gan: () => Promise.reject(new Error('no checkpoint')) };
    expect((await listSamplers(broken)).map(({ name }) => name)).toEqual(['vae']);
  });
});

describe('faultOfSample', () => {
  const sampler: SamplerView = mirror;
  const wish = { count: 1, sourceTrackIds: ['a'], settings: {} };
  it.each([
    ['no piece', { count: 0 }, '1 to 16 pieces can be made at once, not 0.'],
    ['too many pieces', { count: 17 }, /not 17/],
    ['no track', { sourceTrackIds: [] }, 'Choose 1 to 2 tracks to start from, not 0.'],
    ['too many tracks', { sourceTrackIds: ['a', 'b', 'c'] }, /not 3/],
    ['an unknown setting', { settings: { colour: 1 } }, 'There is no setting called colour.'],
    ['a number out of range', { settings: { semitones: 13 } }, 'semitones can be 0 to 12, not 13.'],
    ['no number', { settings: { semitones: 'many' } }, /not many/],
    ['an unknown choice', { settings: { form: 'smell' } }, 'form can be notes, sound, not smell.'],
  ])('refuses %s', (_name, parts, words) =>
    expect(faultOfSample(sampler, { ...wish, ...parts })).toMatch(words),
  );
  it('takes what suits', () =>
    expect(faultOfSample(sampler, { ...wish, settings: { semitones: 12, form: 'sound' } })).toBeNull());
});
