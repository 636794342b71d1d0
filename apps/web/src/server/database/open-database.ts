import path from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../generated/prisma/client.ts';
import { lockFolder } from './lock.ts';
import { applyMigrations } from './migrate.ts';

export interface Database {
  readonly prisma: PrismaClient;
  /** Where the rows lie, for a person. */
  readonly place: string;
  readonly embedded: boolean;
  readonly close: () => Promise<void>;
}

export interface DatabaseOptions {
  /** PostgreSQL address; without one the database is embedded in `folder`. */
  readonly url?: string | undefined;
  readonly folder: string;
  readonly migrations: string;
}

/** Opens and migrates the database. One process may open an embedded folder at a time. */
export async function openDatabase({ url, folder, migrations }: DatabaseOptions): Promise<Database> {
  if (url !== undefined) {
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    return finish(pool, migrations, {
      place: hideSecrets(url),
      embedded: false,
      closeRest: () => Promise.resolve(),
    });
  }
  const release = lockFolder(folder);
  const place = path.join(/*turbopackIgnore: true*/ folder, 'database');
  try {
    const lite = new PGlite(place);
    await lite.waitReady;
    const closeRest = async (): Promise<void> => {
      await lite.close();
      release();
    };
    return await finish(poolOver(lite), migrations, { place, embedded: true, closeRest });
  } catch (error) {
    release();
    throw error;
  }
}

/** An embedded database in memory, for tests; `snapshot` starts from a dumped data folder. */
export async function openMemoryDatabase(
  migrations: string,
  snapshot?: Blob,
): Promise<Database & { dump(): Promise<Blob> }> {
  const options: PGliteOptions = snapshot ? { loadDataDir: snapshot } : {};
  const lite = new PGlite(options);
  await lite.waitReady;
  const closeRest = (): Promise<void> => lite.close();
  const database = await finish(poolOver(lite), migrations, { place: 'memory', embedded: true, closeRest });
  return { ...database, dump: () => lite.dumpDataDir('none') };
}

/** A pg pool of one connection over PGlite, which has one session only. */
function poolOver(lite: PGlite): pg.Pool {
  const config = createPgConfig(lite);
  // PGlite's stand-in expects `types` to be a list of type numbers; Prisma's adapter passes a parser object.
  const connection = config.connection as unknown as { parse(query: { types?: unknown }): void };
  const parse = connection.parse.bind(connection);
  connection.parse = (query) =>
    parse({ ...query, types: Array.isArray(query.types) ? query.types : undefined });
  return new pg.Pool({ ...(config as unknown as pg.PoolConfig), max: 1 });
}

interface Rest {
  readonly place: string;
  readonly embedded: boolean;
  readonly closeRest: () => Promise<void>;
}

async function finish(
  pool: pg.Pool,
  migrations: string,
  { place, embedded, closeRest }: Rest,
): Promise<Database> {
  pool.on('error', (error) => console.error(`The database connection failed: ${error.message}`));
  await applyMigrations(pool, migrations);
  // The embedded database has one connection: many at once wait in line for it rather than fail after two seconds.
  const transactionOptions = { maxWait: 15_000, timeout: 20_000 };
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions });
  const close = async (): Promise<void> => {
    await prisma.$disconnect();
    if (!pool.ended) await pool.end();
    await closeRest();
  };
  return { prisma, place, embedded, close };
}

function hideSecrets(url: string): string {
  const parsed = new URL(url);
  return `${parsed.hostname}${parsed.port ? `:${parsed.port}` : ''}${parsed.pathname}`;
}
