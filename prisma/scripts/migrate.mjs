/**
 * node prisma/scripts/migrate.mjs new NAME   writes the next migration from schema.prisma
 * node prisma/scripts/migrate.mjs check      fails when the migrations do not give schema.prisma
 *
 * Prisma's own schema engine does the comparison, as WebAssembly on a throw-away database in memory: the native
 * engine is a download that not every machine can make.
 */
import { PGlite } from '@electric-sql/pglite';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPGlite } from 'pglite-prisma-adapter';

const LOCK = 'migration_lock.toml';
const LOCK_TEXT = '# Written by migrate.mjs; Prisma reads it to know the dialect.\nprovider = "postgresql"\n';
const home = path.resolve(import.meta.dirname, '..');
const migrations = path.join(home, 'migrations');
const schema = { path: 'schema.prisma', content: fs.readFileSync(path.join(home, 'schema.prisma'), 'utf8') };

const [command, name] = process.argv.slice(2);
if (command !== 'check' && !(command === 'new' && /^[a-z][a-z0-9_]*$/.test(name ?? ''))) {
  console.error('Usage: migrate.mjs check | migrate.mjs new name_in_small_letters');
  process.exit(2);
}

const engine = await openEngine();
const difference = await engine.diff({
  from: { tag: 'migrations', ...readMigrations() },
  to: { tag: 'schemaDatamodel', files: [schema] },
  script: true,
  exitCode: true,
  filters: { externalTables: [], externalEnums: [] },
});
const same = difference.exitCode === 0;
if (command === 'check') {
  console.log(same ? 'The migrations give schema.prisma.' : `The migrations lack:\n${difference.stdout}`);
  process.exit(same ? 0 : 1);
}
if (same) console.log('Nothing to do: the migrations already give schema.prisma.');
else writeMigration(difference.stdout);
process.exit(0);

/** The wasm package loads itself only under bundlers; in Node its module is instantiated by hand. */
async function openEngine() {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const glue = await import(path.join(folder, 'schema_engine_bg.js'));
  const wasm = fs.readFileSync(path.join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const database = bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(new PGlite()));
  return glue.SchemaEngine.new({ datamodels: [[schema.path, schema.content]] }, () => {}, database);
}

function readMigrations() {
  const folders = fs.existsSync(migrations)
    ? fs.readdirSync(migrations, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  return {
    baseDir: migrations,
    lockfile: { path: LOCK, content: LOCK_TEXT },
    shadowDbInitScript: '',
    migrationDirectories: folders
      .map((entry) => entry.name)
      .sort()
      .map((folder) => {
        const value = fs.readFileSync(path.join(migrations, folder, 'migration.sql'), 'utf8');
        return { path: folder, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
      }),
  };
}

function writeMigration(sql) {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = path.join(migrations, `${stamp}_${name}`);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'migration.sql'), sql);
  fs.writeFileSync(path.join(migrations, LOCK), LOCK_TEXT);
  console.log(`Wrote migrations/${path.basename(folder)}/migration.sql`);
}
