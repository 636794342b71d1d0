import type { AdminRepository } from '../repositories/admin.ts';
import type { Repositories } from '../repositories/types.ts';
import { createMemoryRepositories } from '../repositories/memory/index.ts';
import type { Composer } from '../jobs/composer.ts';
import { createRenderer } from '../jobs/renderer.ts';
import type { Deps } from '../services/deps.ts';
import { DEFAULT_LIMITS } from '../services/deps.ts';
import { createInstrumentBanks } from '../services/instrument-bank.ts';
import { createMoodCache } from '../services/tastes.ts';
import { NOTHING_SHARED } from '../shared-taste.ts';
import type { FileStore } from '../storage/file-store.ts';
import { createMemoryFileStore } from '../storage/memory-file-store.ts';
import type { TaskName, Tasks } from '../worker/protocol.ts';
import { createFlagSignal } from '../worker/flag-signal.ts';
import type { RunOptions, WorkerClient } from '../workers/worker-client.ts';
import { TASKS } from '../worker/tasks.ts';

export type TestDeps = Deps & { readonly admin: AdminRepository };

/** Services over memory, with time that goes on by a second at each look, and ids that count up. */
export function testDeps(parts: Partial<TestDeps> = {}): TestDeps {
  let seconds = 0;
  let ids = 0;
  const repositories: Repositories = createMemoryRepositories();
  const files: FileStore = parts.files ?? createMemoryFileStore();
  const studio = parts.studio ?? workerInProcess();
  return {
    ...repositories,
    files,
    studio,
    composer: idleComposer(),
    renderer: createRenderer({ tracks: parts.tracks ?? repositories.tracks, files, studio }),
    models: () => Promise.resolve({ reports: [], generator: null }),
    samplers: () => Promise.resolve([]),
    banks: createInstrumentBanks(studio),
    factors: () => Promise.resolve(undefined),
    moods: createMoodCache(),
    forgetFactors: () => undefined,
    sharedTaste: NOTHING_SHARED,
    modelFiles: createMemoryFileStore(),
    trainer: { wake: () => undefined, cancel: () => Promise.resolve(), close: () => Promise.resolve() },
    classifiersInUse: { folders: { score: null, audio: null }, refresh: () => Promise.resolve() },
    finder: studio,
    limits: DEFAULT_LIMITS,
    now: () => new Date(Date.UTC(2026, 0, 1) + 1000 * seconds++),
    newId: () => `id-${++ids}`,
    newSeed: () => 7,
    admin: refusing<AdminRepository>('admin'),
    ...parts,
  };
}

/** The tasks of the worker without a thread; `answers` stands in for single tasks. */
export function workerInProcess(
  answers: {
    readonly [Name in TaskName]?: (
      input: Tasks[Name]['input'],
      options: RunOptions,
    ) => Promise<Tasks[Name]['answer']>;
  } = {},
): WorkerClient {
  return {
    run: (task, input, options = {}) => {
      const stand = answers[task];
      if (stand) return stand(input, options);
      const context = {
        signal: createFlagSignal(new SharedArrayBuffer(4)),
        onProgress: options.onProgress ?? (() => undefined),
      };
      return TASKS[task](input, context);
    },
    close: () => Promise.resolve(),
  };
}

function idleComposer(): Composer {
  return {
    wake: () => undefined,
    cancel: () => Promise.resolve(),
    watch: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
    }),
    latest: () => undefined,
    close: () => Promise.resolve(),
  };
}

function refusing<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error(`This test has no ${name}.`);
    },
  });
}
