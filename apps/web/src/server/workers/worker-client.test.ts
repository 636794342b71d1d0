import path from 'node:path';
import { writeMidi } from '@attune/core/midi';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestScore } from '../testing/test-pieces.ts';
import { createWorkerClient } from './worker-client.ts';

const entry = {
  file: path.resolve(import.meta.dirname, '../testing/worker-entry.mjs'),
  execArgv: ['--conditions=@attune/source'],
};

describe('worker', () => {
  const client = createWorkerClient(() => entry);
  afterAll(() => client.close());

  it('carries out a task in a thread, refuses with the code of the fault, and goes on', async () => {
    const midi = writeMidi(createTestScore(2));
    const first = client.run('describeMidi', { bytes: midi });
    const broken = client.run('describeMidi', { bytes: midi.subarray(0, 9) });
    const [described, refused] = await Promise.allSettled([first, broken]);
    expect(refused).toMatchObject({
      status: 'rejected',
      reason: { name: 'DomainError', code: 'midi/malformed' },
    });
    if (described.status === 'rejected') throw described.reason;
    const { description } = described.value;
    expect(description).toMatchObject({ meter: '4/4' });
    expect(description.seconds).toBeGreaterThan(10);
  });

  it('stops a task whose signal fires while the thread is busy', async () => {
    const controller = new AbortController();
    const midi = writeMidi(createTestScore(2, 400));
    const rendering = client.run(
      'renderWav',
      { midi },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(rendering).rejects.toMatchObject({ code: 'cancelled' });
    await expect(client.run('describeMidi', { bytes: midi })).resolves.toBeDefined();
  });

  it('refuses work once it is closed', async () => {
    const other = createWorkerClient(() => entry);
    await other.close();
    await expect(other.run('models', null)).rejects.toMatchObject({ code: 'server/stopping' });
  });
});
