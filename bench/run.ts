import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** `npm run bench -- NAME [ARGUMENT …]`: runs `bench/NAME.ts`, which exports `summary` and `run(args)`. */
interface Benchmark {
  readonly summary: string;
  run(args: readonly string[]): Promise<void> | void;
}

const NOT_BENCHMARKS = ['run.ts', 'evaluate.ts', 'vitest.config.ts'];

async function load(name: string): Promise<Benchmark> {
  return (await import(pathToFileURL(path.join(import.meta.dirname, `${name}.ts`)).href)) as Benchmark;
}

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !NOT_BENCHMARKS.includes(file))
  .map((file) => path.basename(file, '.ts'));
const [name, ...args] = process.argv.slice(2);

if (name === undefined || name === '--help' || !names.includes(name)) {
  if (name !== undefined && name !== '--help') console.error(`There is no benchmark called ${name}.\n`);
  console.log('npm run bench -- NAME [ARGUMENT …]\n');
  for (const each of names) console.log(`  ${each.padEnd(18)} ${(await load(each)).summary ?? ''}`);
  process.exit(name === undefined || name === '--help' ? 0 : 2);
}
await (await load(name)).run(args);
