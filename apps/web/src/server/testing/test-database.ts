import path from 'node:path';
import pg from 'pg';
import type { Database } from '../database/open-database.ts';
import { openDatabase, openMemoryDatabase } from '../database/open-database.ts';

export const MIGRATIONS = path.resolve(import.meta.dirname, '../../../../../prisma/migrations');

export function openTestDatabase(): Promise<Database> {
  return openMemoryDatabase(MIGRATIONS);
}

/** Local servers as they are commonly set up; PGUSER and PGPASSWORD are read by pg itself. */
const SERVER = 'postgresql://postgres:postgres@127.0.0.1:5432';

/** Whether a PostgreSQL server answers on this machine; says so once where it does not. */
export async function findPostgres(): Promise<boolean> {
  const client = new pg.Client({ connectionString: `${SERVER}/postgres`, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    console.info(
      `PostgreSQL on 127.0.0.1:5432 is left out: ${error instanceof Error ? error.message : String(error)}.`,
    );
    return false;
  }
}

/** A database of its own on that server, dropped when closed. */
export async function openPostgresDatabase(): Promise<Database> {
  const name = `attune_test_${process.pid}_${Math.floor(performance.now())}`;
  await onServer(`CREATE DATABASE "${name}"`);
  const database = await openDatabase({ url: `${SERVER}/${name}`, folder: '', migrations: MIGRATIONS });
  const close = async (): Promise<void> => {
    await database.close();
    await onServer(`DROP DATABASE "${name}"`);
  };
  return { ...database, close };
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${SERVER}/postgres` });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
