/**
 * npm run e2e: the browser journeys against a server of their own, on the embedded database and, where a PostgreSQL
 * server answers (E2E_POSTGRES, default postgresql://postgres@127.0.0.1:5432/postgres), those that a database can change
 * on a database made for the run. Arguments choose specs.
 * Afterwards the stopped database and the data folder are searched for anything of the erased account.
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';

const web = path.resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const POSTGRES = process.env.E2E_POSTGRES ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const START_MS = 600_000;

if (!fs.existsSync(process.env.CHROMIUM_PATH ?? '/usr/bin/chromium')) {
  console.error(
    'There is no Chromium at /usr/bin/chromium: install it, or say where it is in CHROMIUM_PATH.',
  );
  process.exit(2);
}
const chosen = process.argv.slice(2);
/** What a database can change: the looks of pages and what is composed are the same on both. */
const ON_POSTGRES = ['journey.spec.ts', 'admin.spec.ts', 'bad-input.spec.ts'];

let failed = !(await journey('the embedded database', undefined, chosen));
if (await answersPostgres()) failed = !(await onPostgres()) || failed;
else console.log('\nNo PostgreSQL server answers: the journey ran on the embedded database alone.');
process.exit(failed ? 1 : 0);

async function answersPostgres() {
  const client = new pg.Client({ connectionString: POSTGRES, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function onPostgres() {
  const name = `attune_e2e_${process.pid}`;
  const client = new pg.Client({ connectionString: POSTGRES });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  try {
    const url = new URL(POSTGRES);
    url.pathname = `/${name}`;
    return await journey('PostgreSQL', url.href, chosen.length > 0 ? chosen : ON_POSTGRES);
  } finally {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await client.end();
  }
}

async function journey(where, databaseUrl, specs) {
  console.log(`\n=== The journeys on ${where}`);
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'attune-e2e-'));
  const erasedFile = path.join(home, 'erased.json');
  const dataHome = path.join(home, 'data');
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const env = { ...process.env, PORT: String(port), ATTUNE_DATA_HOME: dataHome };
  delete env.DATABASE_URL;
  if (databaseUrl) env.DATABASE_URL = databaseUrl;
  const server = spawn(process.execPath, [path.join(import.meta.dirname, 'start.mjs')], { cwd: web, env });
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (log += chunk));
  try {
    const admin = await started(server, () => log);
    const cli = path.join(path.dirname(require.resolve('@playwright/test/package.json')), 'cli.js');
    const { status } = spawnSync(process.execPath, ['--conditions=@attune/source', cli, 'test', ...specs], {
      cwd: web,
      stdio: 'inherit',
      env: {
        ...env,
        BASE_URL: base,
        SECOND_PORT: String(await freePort()),
        ERASED_FILE: erasedFile,
        ADMIN_EMAIL: admin.email,
        ADMIN_PASSWORD: admin.password,
      },
    });
    await stop(server);
    if (status !== 0) {
      console.error(`\nWhat the server said:\n${log.slice(-4000)}`);
      return false;
    }
    return (
      !fs.existsSync(erasedFile) ||
      (await nothingRemains(JSON.parse(fs.readFileSync(erasedFile, 'utf8')), dataHome, databaseUrl))
    );
  } finally {
    await stop(server);
    fs.rmSync(home, { recursive: true, force: true });
  }
}

/** Waits for the address and the demo sign-in that the first start prints. */
async function started(server, log) {
  const end = Date.now() + START_MS;
  while (Date.now() < end) {
    const email = /\S+@attune\.example/.exec(log());
    const password = /[Pp]assword:?\s+(\S+)/.exec(log());
    if (/Attune is at/.test(log()) && email && password) return { email: email[0], password: password[1] };
    if (server.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`The server did not start:\n${log()}`);
}

async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
}

/** Looks for the erased person in every column of every table, and in every file of the data folder. */
async function nothingRemains({ id, email, trackIds }, dataHome, databaseUrl) {
  const needles = [id, email, ...trackIds];
  const { query, close } = await openDatabase(dataHome, databaseUrl);
  const found = [];
  const columns = await query(
    `SELECT table_schema, table_name, column_name FROM information_schema.columns
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  for (const { table_schema: schema, table_name: table, column_name: column } of columns) {
    for (const needle of needles) {
      const rows = await query(
        `SELECT count(*)::int AS n FROM "${schema}"."${table}" WHERE position($1 in "${column}"::text) > 0`,
        [needle],
      );
      if (rows[0].n > 0) found.push(`${table}.${column}: ${needle} (${rows[0].n})`);
    }
  }
  await close();
  for (const file of fs.readdirSync(dataHome, { recursive: true, withFileTypes: true })) {
    const place = path.join(file.parentPath, file.name);
    // The embedded database's own files keep dead rows until it reuses their pages; its tables were searched above.
    if (place.includes(`${path.sep}pglite${path.sep}`) || place.includes(`${path.sep}database${path.sep}`))
      continue;
    if (needles.some((needle) => file.name.includes(needle))) found.push(place);
    else if (file.isFile() && needles.some((needle) => fs.readFileSync(place).includes(needle)))
      found.push(`in ${place}`);
  }
  if (found.length > 0) console.error(`\nOf the erased account there remains: ${found.join(', ')}`);
  else
    console.log(
      `Nothing remains of the erased account: ${columns.length} columns and the data folder were searched.`,
    );
  return found.length === 0;
}

async function openDatabase(dataHome, databaseUrl) {
  if (databaseUrl) {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    return {
      query: async (sql, values) => (await client.query(sql, values)).rows,
      close: () => client.end(),
    };
  }
  const { PGlite } = await import('@electric-sql/pglite');
  const folder = ['pglite', 'database']
    .map((name) => path.join(dataHome, name))
    .find((place) => fs.existsSync(place));
  const lite = await PGlite.create(folder);
  return { query: async (sql, values) => (await lite.query(sql, values)).rows, close: () => lite.close() };
}

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
