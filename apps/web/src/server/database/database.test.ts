import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../testing/test-database.ts';
import { lockFolder } from './lock.ts';
import { applyMigrations } from './migrate.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'attune-test-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('lockFolder', () => {
  const lock = (): string => path.join(folder, 'lock');

  it('refuses a folder that a living process holds, in one sentence', () => {
    fs.writeFileSync(lock(), String(process.ppid)); // the test runner: alive, and a Node process
    expect(() => lockFolder(folder)).toThrow(
      /^Another Attune \(process \d+\) is using the data folder .*\.$/,
    );
  });

  it('takes over from a process that is gone, and lets go', () => {
    fs.writeFileSync(lock(), '999999999');
    const release = lockFolder(folder);
    expect(fs.readFileSync(lock(), 'utf8')).toBe(String(process.pid));
    release();
    expect(fs.existsSync(lock())).toBe(false);
  });

  it('takes over a lock that makes no sense', () => {
    fs.writeFileSync(lock(), 'hello');
    lockFolder(folder)();
    expect(fs.existsSync(lock())).toBe(false);
  });
});

describe('applyMigrations', () => {
  it('applies each once, whole or not at all, and notices one that was edited', async () => {
    const lite = new PGlite();
    const pool = new pg.Pool({ ...(createPgConfig(lite) as unknown as pg.PoolConfig), max: 1 });
    const write = (name: string, sql: string): void => {
      fs.mkdirSync(path.join(folder, name), { recursive: true });
      fs.writeFileSync(path.join(folder, name, 'migration.sql'), sql);
    };
    const tables = async (): Promise<string[]> =>
      (
        await pool.query<{ name: string }>(
          `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
        )
      ).rows.map(({ name }) => name);
    write('1_first', 'CREATE TABLE a (id int)');
    expect(await applyMigrations(pool, folder)).toEqual(['1_first']);
    expect(await applyMigrations(pool, folder)).toEqual([]);
    write('2_torn', 'CREATE TABLE b (id int); CREATE TABLE a (id int)');
    await expect(applyMigrations(pool, folder)).rejects.toThrow(/already exists/);
    expect(await tables()).toEqual(['_prisma_migrations', 'a']);
    write('2_torn', 'CREATE TABLE b (id int)');
    expect(await applyMigrations(pool, folder)).toEqual(['2_torn']);
    write('1_first', 'CREATE TABLE a (id text)');
    await expect(applyMigrations(pool, folder)).rejects.toThrow(/1_first was edited/);
    await pool.end();
    await lite.close();
  });

  it('finds the migrations of the project beside the schema', () => {
    expect(fs.readdirSync(MIGRATIONS)).toContain('migration_lock.toml');
  });
});
