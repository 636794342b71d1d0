import { writeMidi } from '@attune/core/midi';
import { encodeFlac } from '@attune/core/audio';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ComposeTask } from '../../api/types.ts';
import type { TestDeps } from '../testing/test-deps.ts';
import { testDeps } from '../testing/test-deps.ts';
import { createTestScore } from '../testing/test-pieces.ts';
import { testActor } from '../testing/test-records.ts';
import type { GeneratorOptions } from '../worker/protocol.ts';
import { composeOptions, startComposing } from './compose.ts';
import { uploadTrack } from './upload-track.ts';

const ann = testActor('ann');
const ALL = ['compose', 'continue', 'infill', 'accompany', 'reorchestrate', 'vary'] as const;

function withModel(tasks: GeneratorOptions['tasks'], knowsForm: boolean): TestDeps {
  const generator: GeneratorOptions = {
    version: 'transformer-9@abc',
    styles: ['folk'],
    instruments: [0],
    meters: [],
    tempo: { min: 40, max: 220 },
    bars: { min: 4, max: 64 },
    tasks,
    knowsForm,
  };
  return testDeps({ models: () => Promise.resolve({ reports: [], generator }) });
}

describe('startComposing', () => {
  let deps: TestDeps;
  let own = '';
  beforeEach(async () => {
    deps = withModel(ALL, true);
    own = (await uploadTrack(deps, ann, { name: 'own.mid', bytes: writeMidi(createTestScore(1)) })).id; // 8 bars
  });
  const start = (wish: object): Promise<unknown> =>
    startComposing(deps, ann, { mode: 'controls', conditioning: {}, ...wish });

  it.each([
    ['an unknown style', { conditioning: { style: 'polka' } }, 'There is no style called polka.'],
    ['no bars', { bars: 0 }, 'A piece can have 4 to 64 bars, not 0.'],
    ['ten thousand bars', { bars: 10_000 }, 'A piece can have 4 to 64 bars, not 10000.'],
    [
      'drums alone with a key',
      { conditioning: { instruments: [128], tonic: 2 } },
      /^Drums alone have no key/,
    ],
  ])('refuses %s in a sentence, and queues nothing', async (_name, wish, words) => {
    await expect(start(wish)).rejects.toThrow(words);
    expect(await deps.jobs.list('ann', 10)).toEqual([]);
  });

  it('refuses a gap outside the piece, and one that leaves nothing', async () => {
    const gap = (bars: [number, number]): Promise<unknown> =>
      start({ task: { kind: 'infill', sourceTrackId: own, bars } });
    await expect(gap([8, 9])).rejects.toThrow('Bars 8 to 9 cannot be filled: the piece has bars 1 to 8.');
    await expect(gap([1, 8])).rejects.toThrow(/has to stay/);
    await expect(gap([3, 4])).resolves.toBeDefined();
    expect(await deps.jobs.list('ann', 10)).toMatchObject([{ bars: 8, request: { task: { bars: [3, 4] } } }]);
  });

  it('refuses recorded sound as a source', async () => {
    const bytes = await encodeFlac({
      sampleRate: 8000,
      channels: [Float32Array.from({ length: 8000 }, (_, i) => 0.3 * Math.sin(i / 5))],
    });
    const { id } = await uploadTrack(deps, ann, { name: 'tone.flac', bytes });
    await expect(start({ task: { kind: 'continue', sourceTrackId: id } })).rejects.toThrow(/recorded sound/);
  });

  it('lets nobody start from what is another person’s, not even an administrator', async () => {
    const task = { kind: 'vary', sourceTrackId: own, keep: 0.5, unit: 'bars' } as const;
    for (const actor of [testActor('bob'), testActor('root', { role: 'admin' })]) {
      const wish = { mode: 'controls', conditioning: {}, task } as const;
      await expect(startComposing(deps, actor, wish)).rejects.toMatchObject({ code: 'track/not-found' });
    }
    await expect(start({ task })).resolves.toBeDefined();
  });

  it('refuses what the model has not learned, in words', async () => {
    deps = { ...withModel(['compose', 'continue'], false), tracks: deps.tracks, files: deps.files };
    const task: ComposeTask = { kind: 'accompany', sourceTrackId: own };
    await expect(start({ task, conditioning: { instruments: [33] } })).rejects.toThrow(
      'The composing model transformer-9 has not learned to add instruments to a piece.',
    );
    await expect(start({ conditioning: { form: 'AABA' } })).rejects.toThrow(/has not learned sections/);
  });
});

describe('composeOptions', () => {
  it('says for each task whether the model can do it, and else why not', async () => {
    const { tasks, form } = await composeOptions(withModel(['compose', 'vary'], true));
    expect(tasks.vary).toEqual({ available: true, reason: null });
    expect(tasks.infill.available).toBe(false);
    expect(tasks.infill.reason).toMatch(/transformer-9 has not learned to fill bars/);
    expect(form.available).toBe(true);
    expect((await composeOptions(testDeps())).tasks.compose.available).toBe(false);
  });
});
