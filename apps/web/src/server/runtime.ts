import crypto from 'node:crypto';
import path from 'node:path';
import type { Liking } from '@attune/recommend';
import { readEnv } from '../env.ts';
import type { Env } from '../env.ts';
import { createAuth } from './auth/create-auth.ts';
import type { Auth } from './auth/create-auth.ts';
import { ensureAdmin } from './auth/demo-admin.ts';
import { loadSecret } from './auth/secret.ts';
import { openDatabase } from './database/open-database.ts';
import { createFactorCache } from './factors.ts';
import { createClassifiersInUse } from './jobs/classifiers-in-use.ts';
import { createComposer, MOST_ATTEMPTS } from './jobs/composer.ts';
import { orderOf } from './jobs/order.ts';
import { createRenderer } from './jobs/renderer.ts';
import { createTrainer } from './jobs/trainer.ts';
import type { AdminRepository } from './repositories/admin.ts';
import { createPrismaAdmin } from './repositories/admin.ts';
import { cacheTracks } from './repositories/cached-tracks.ts';
import { createPrismaRepositories } from './repositories/prisma/index.ts';
import type { Repositories } from './repositories/types.ts';
import { createPrivateFactors } from './private-factors.ts';
import { seedCatalogue } from './seed/seed-catalogue.ts';
import type { Deps } from './services/deps.ts';
import { DEFAULT_LIMITS } from './services/deps.ts';
import { checkVersions } from './services/classifier-versions.ts';
import { hearNewPieces } from './services/labelling.ts';
import { createInstrumentBanks } from './services/instrument-bank.ts';
import { createMoodCache } from './services/tastes.ts';
import { NOTHING_SHARED, sharedLikings, type SharedTaste } from './shared-taste.ts';
import { createFileStore, sweepFiles } from './storage/file-store.ts';
import { columnsOf } from './worker/factors/fit.ts';
import type { WorkerClient } from './workers/worker-client.ts';
import { createWorkerClient, findWorkerEntry } from './workers/worker-client.ts';

/** The running server: everything joined up, once a process. */
export interface Runtime {
  readonly deps: Deps & { readonly admin: AdminRepository };
  readonly auth: Auth;
  /** What a person who starts the server wants to know. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** Private factors need a matrix of tracks by tracks. */
const MOST_PRIVATE_TRACKS = 1_000;

/** Next bundles routes and the start-up hook apart: what they share lives on the process, not in a module. */
const shared = globalThis as typeof globalThis & { attuneRuntime?: Promise<Runtime> | undefined };

export function getRuntime(): Promise<Runtime> {
  shared.attuneRuntime ??= startRuntime(readEnv()).catch((error: unknown) => {
    shared.attuneRuntime = undefined;
    throw error;
  });
  return shared.attuneRuntime;
}

export async function stopRuntime(): Promise<void> {
  const running = shared.attuneRuntime;
  shared.attuneRuntime = undefined;
  await (await running)?.close();
}

export async function startRuntime(env: Env): Promise<Runtime> {
  const migrations = path.join(/*turbopackIgnore: true*/ env.workspace, 'prisma/migrations');
  const database = await openDatabase({ url: env.databaseUrl, folder: env.dataHome, migrations });
  const { prisma } = database;
  const now = (): Date => new Date();
  const newId = (): string => crypto.randomUUID();
  const stored = createPrismaRepositories(prisma, newId);
  const tracks = cacheTracks(stored.tracks, now);
  const repositories: Repositories = {
    ...stored,
    tracks,
    modelVersions: {
      ...stored.modelVersions,
      // Another model may show tracks under other styles.
      adopt: async (...parts) => {
        const adopted = await stored.modelVersions.adopt(...parts);
        tracks.forget();
        return adopted;
      },
    },
  };
  const admin = createPrismaAdmin(prisma);
  const files = createFileStore(path.join(/*turbopackIgnore: true*/ env.dataHome, 'files'));
  const modelFiles = createFileStore(path.join(/*turbopackIgnore: true*/ env.dataHome, 'models'));
  /** Read when a thread starts, also after one died: the classifiers that are in use then. */
  const threadData = {
    composer: env.composer,
    get classifiers() {
      return classifiersInUse.folders;
    },
  };
  const studio = createWorkerClient(() => findWorkerEntry(env.workspace), threadData);
  const finder = createWorkerClient(() => findWorkerEntry(env.workspace), threadData);
  const training = createWorkerClient(() => findWorkerEntry(env.workspace), threadData);
  const composing = createWorkerClient(() => findWorkerEntry(env.workspace), threadData);
  const workers = [studio, finder, training, composing];
  const classifiersInUse = createClassifiersInUse({ ...repositories, modelFiles }, () => workers);
  const shared = openSharedTaste(env, repositories, finder, now);
  const base = { ...repositories, files, now, factors: shared.factors, moods: createMoodCache() };
  const composer = createComposer({
    ...base,
    worker: composing,
    orderOf: (job) => orderOf(base, job, env.candidates),
  });
  const trainer = createTrainer({ ...base, modelFiles, worker: training });
  const deps: Runtime['deps'] = {
    ...base,
    admin,
    modelFiles,
    trainer,
    classifiersInUse,
    finder,
    studio,
    composer,
    renderer: createRenderer({ ...base, studio }),
    models: remember(() => composing.run('models', null)),
    samplers: remember(() => composing.run('samplers', null)),
    banks: createInstrumentBanks(studio),
    forgetFactors: shared.forget,
    sharedTaste: shared,
    limits: DEFAULT_LIMITS,
    newId,
    newSeed: () => crypto.randomInt(2 ** 31),
  };
  const auth = createAuth(prisma, { secret: env.secret ?? loadSecret(env.dataHome), url: env.url });

  const seeded = await seedCatalogue(deps, env.catalogue);
  await sweepFiles(files, await repositories.tracks.assetPaths());
  const recovered = await repositories.jobs.recover(MOST_ATTEMPTS, now());
  const demo = env.url === undefined ? await ensureAdmin(auth, prisma) : undefined;
  await repositories.trainings.failInterrupted(now());
  composer.wake();
  trainer.wake();
  void registerModels(deps).catch((error: unknown) =>
    console.error('The models could not be looked up.', error),
  );

  const notes = [
    `Data: ${database.embedded ? env.dataHome : `${database.place} (rows), ${env.dataHome} (files)`}`,
    ...(seeded.added > 0 ? [`Catalogue: ${seeded.added} pieces added.`] : []),
    ...(seeded.total === 0 ? ['Catalogue: empty; npm run catalogue -w @attune/web composes one.'] : []),
    ...(recovered.requeued + recovered.failed > 0
      ? [`Unfinished pieces: ${recovered.requeued} go on, ${recovered.failed} given up.`]
      : []),
    ...(env.sharedTaste.mode === 'private'
      ? [`What listeners have in common: private, ε = ${env.sharedTaste.epsilon} for all releases together.`]
      : []),
    ...(demo ? [`Administrator, told this once: ${demo.email} with password ${demo.password}`] : []),
  ];
  const close = async (): Promise<void> => {
    await Promise.all([composer.close(), trainer.close()]);
    await Promise.all(workers.map((worker) => worker.close()));
    await database.close();
  };
  return { deps, auth, notes, close };
}

function openSharedTaste(
  { sharedTaste }: Env,
  { ratings, tracks, factorReleases }: Repositories,
  finder: WorkerClient,
  now: () => Date,
): SharedTaste {
  if (sharedTaste.mode === 'off') return NOTHING_SHARED;
  if (sharedTaste.mode === 'on') {
    const fit = async (likings: readonly Liking[]) =>
      (await finder.run('fitFactors', columnsOf(likings))) ?? undefined;
    return createFactorCache(ratings, now, fit);
  }
  return createPrivateFactors(
    {
      likings: () => sharedLikings(ratings),
      // Which tracks are in it depends on the catalogue alone, so that it tells nothing of listeners.
      catalogue: async () =>
        (await tracks.listForTaste('', 'shared'))
          .map(({ id }) => id)
          .sort()
          .slice(0, MOST_PRIVATE_TRACKS),
      releases: factorReleases,
      fit: (likings, items, rho) =>
        finder.run('fitPrivateFactors', { likings: columnsOf(likings), items, rho }),
      now,
    },
    sharedTaste,
  );
}

/** Asked of the worker once; what is on disk does not change under a running server. */
function remember<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () =>
    (known ??= ask().catch((error: unknown) => {
      known = undefined;
      throw error;
    }));
}

async function registerModels(deps: Runtime['deps']): Promise<void> {
  const { modelVersions, models, now } = deps;
  const { reports } = await models();
  for (const { reason, info, ...report } of reports) {
    await modelVersions.put({ ...report, info: reason === null ? info : { ...info, reason } }, now());
  }
  await checkVersions(deps);
  await hearNewPieces(deps);
}
