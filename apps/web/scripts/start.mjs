/**
 * npm start: builds what is not built, starts the server on http://localhost:3000 (PORT chooses another port), waits
 * until it answers and says so. Ctrl+C or SIGTERM stops everything; nothing is left running.
 */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';

const HELP = `npm start [-- --help]    builds what is not built and starts Attune; these variables change it:

  PORT                     where the server listens (3000)
  DATABASE_URL             a PostgreSQL server in place of the embedded database
  ATTUNE_DATA_HOME         folder for the database, uploads and rendered sound (.data)
  ATTUNE_SHARED_TASTE      off, on or private: whether, and how, it is learned what listeners have in common (on)
  ATTUNE_PRIVACY_EPSILON   private: what all releases together may tell of any one listener (4)
  ATTUNE_PRIVACY_DELTA     private: keep it below one over the number of listeners (0.00001)
  ATTUNE_PRIVACY_RELEASES  private: among how many releases that is shared out (4)
  ATTUNE_PRIVACY_DAYS      private: least days between two releases (30)

README.md has them all, docs/privacy.md what the private mode promises.`;
if (process.argv.includes('--help')) {
  console.log(HELP);
  process.exit(0);
}

const web = path.resolve(import.meta.dirname, '..');
const workspace = path.resolve(web, '../..');
const require = createRequire(import.meta.url);
const port = Number(process.env.PORT ?? 3000);
const address = `http://localhost:${port}`;
// No daemon of Nx is left behind, and Next reports to nobody.
const quiet = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NX_DAEMON: 'false' };

if (!Number.isInteger(port) || port < 1 || port > 65_535)
  fail(`PORT is a number from 1 to 65535, not ${process.env.PORT}.`);
if (!(await isFree(port)))
  fail(`Port ${port} is taken; stop what uses it, or choose another: PORT=3001 npm start.`);
build();
await serve();

function build() {
  if (!fs.existsSync(path.join(web, 'src/generated/prisma'))) {
    step('Generating the database client', process.execPath, ['prisma/scripts/prisma.mjs', 'generate']);
  }
  // Nx knows by content what is up to date; a build that is there takes a second.
  step('Building', process.execPath, [require.resolve('nx/bin/nx.js'), 'run', '@attune/web:build']);
}

function step(title, command, args) {
  console.log(`${title} …`);
  const { status } = spawnSync(command, args, { cwd: workspace, stdio: 'inherit', env: quiet });
  if (status !== 0) fail(`${title} failed.`);
}

/** Next runs as our direct child: through npm or nx it would outlive a SIGTERM. */
async function serve() {
  const next = require.resolve('next/dist/bin/next');
  const env = { ...quiet, NODE_ENV: 'production', NEXT_MANUAL_SIG_HANDLE: '1' };
  const server = spawn(process.execPath, [next, 'start', '--port', String(port)], {
    cwd: web,
    stdio: 'inherit',
    env,
  });
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      stopping = true;
      server.kill('SIGTERM');
    });
  }
  server.on('exit', (code) => process.exit(stopping ? 0 : (code ?? 1)));
  while (!stopping) {
    if (await answers()) {
      console.log(`\n  Attune is at ${address}\n  Stop it with Ctrl+C.\n`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function answers() {
  try {
    return (await fetch(`${address}/api/health`, { signal: AbortSignal.timeout(30_000) })).ok;
  } catch {
    return false;
  }
}

function isFree(number) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.once('listening', () => probe.close(() => resolve(true)));
    probe.listen(number);
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
