import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Auth } from '../auth/create-auth.ts';
import { createAuth } from '../auth/create-auth.ts';
import type { Database } from '../database/open-database.ts';
import { createComposer } from '../jobs/composer.ts';
import { orderOf } from '../jobs/order.ts';
import { createPrismaAdmin } from '../repositories/admin.ts';
import { createPrismaRepositories } from '../repositories/prisma/index.ts';
import { createFileStore } from '../storage/file-store.ts';
import type { TestDeps } from './test-deps.ts';
import { testDeps, workerInProcess } from './test-deps.ts';

export interface ServerFixture {
  readonly deps: TestDeps;
  readonly auth: Auth;
  readonly database: Database;
  close(): Promise<void>;
}

/** The server without Next: a real database, real files, real sign-in; the worker's tasks run in this thread. */
export async function openServer(
  open: () => Promise<Database>,
  parts: Partial<TestDeps> = {},
): Promise<ServerFixture> {
  const database = await open();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'attune-test-'));
  let ids = 0;
  const newId = (): string => `id-${++ids}`;
  const studio = workerInProcess();
  const repositories = createPrismaRepositories(database.prisma, newId);
  const base = testDeps({
    ...repositories,
    admin: createPrismaAdmin(database.prisma),
    files: createFileStore(folder),
    studio,
    now: () => new Date(),
    newId,
    ...parts,
  });
  const composer = createComposer({ ...base, worker: studio, orderOf: (job) => orderOf(base, job, 1) });
  const auth = createAuth(database.prisma, { secret: 'test-secret-test-secret-test-secret', url: undefined });
  return {
    deps: { ...base, composer },
    auth,
    database,
    close: async () => {
      await composer.close();
      await database.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
