import crypto from 'node:crypto';
import type { Database } from '../database/open-database.ts';
import { findPostgres, openPostgresDatabase, openTestDatabase } from '../testing/test-database.ts';
import type { OpenRepositories } from './contract.ts';
import { repositoryContract } from './contract.ts';
import { createMemoryRepositories } from './memory/index.ts';
import { createPrismaRepositories } from './prisma/index.ts';

function over({ prisma, close }: Database): OpenRepositories {
  return {
    repositories: createPrismaRepositories(prisma, () => crypto.randomUUID()),
    addUser: async (id) => {
      await prisma.user.create({ data: { id, name: id, email: `${id}@attune.example` } });
    },
    close,
  };
}

repositoryContract('in memory', () =>
  Promise.resolve({
    repositories: createMemoryRepositories(),
    addUser: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }),
);
repositoryContract('embedded PostgreSQL', async () => over(await openTestDatabase()));
if (await findPostgres())
  repositoryContract('PostgreSQL server', async () => over(await openPostgresDatabase()));
