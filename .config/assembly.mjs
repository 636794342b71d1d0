// npm run assembly [-- --check]: compiles packages/*/assembly/FOLDER/NAME.ts (AssemblyScript) to
// packages/*/src/FOLDER/NAME.wasm.ts, a module that holds the WebAssembly binary as base64. docs/adr/0008 says why.
// Files whose name begins with an underscore are parts of others. --check writes nothing and fails on a difference.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const COLUMNS = 110;
const OPTIONS = [
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
  ...['--runtime', 'stub', '--enable', 'simd', '--uncheckedBehavior', 'always', '--noColors'],
  ...['--initialMemory', '1'],
];

/** Sources that become a module of their own, relative to the repository, e.g. packages/core/assembly/features/x.ts. */
export function assemblySources() {
  return readdirSync(path.join(ROOT, 'packages'))
    .map((name) => path.join('packages', name, 'assembly'))
    .filter((folder) => existsSync(path.join(ROOT, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { recursive: true }).map((file) => path.join(folder, file)),
    )
    .filter((file) => file.endsWith('.ts') && !path.basename(file).startsWith('_'))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

export function targetOf(source) {
  return source.replace('/assembly/', '/src/').replace(/\.ts$/, '.wasm.ts');
}

/** The generated module's text. Throws where AssemblyScript is not installed or the source does not compile. */
export async function compileAssembly(source) {
  const { default: asc } = await import('assemblyscript/asc');
  const written = new Map();
  const { error, stderr } = await asc.main([source, '--outFile', 'out.wasm', ...OPTIONS], {
    readFile: (name, folder) => {
      const file = path.resolve(ROOT, folder, name);
      return existsSync(file) ? readFileSync(file, 'utf8') : null;
    },
    writeFile: (name, bytes) => written.set(name, bytes),
    listFiles: () => [],
  });
  if (error) throw new Error(`${source} does not compile.\n${stderr.toString()}`, { cause: error });
  return moduleText(source, Buffer.from(written.get('out.wasm')));
}

function moduleText(source, bytes) {
  const name = path.basename(source, '.ts').replaceAll('-', '_').toUpperCase();
  const local = source.replace(/^packages\/[^/]+\//, '');
  const base64 = bytes.toString('base64').match(new RegExp(`.{1,${COLUMNS - 8}}`, 'g'));
  return `// Made by \`npm run assembly\` from ${local}; not to be edited.

/** A WebAssembly binary of ${bytes.length} bytes, base64. */
export const ${name}_WASM =
${base64.map((line) => `  '${line}'`).join(' +\n')};
`;
}

async function main(check) {
  let stale = 0;
  for (const source of assemblySources()) {
    const text = await compileAssembly(source);
    const target = path.join(ROOT, targetOf(source));
    const same = existsSync(target) && readFileSync(target, 'utf8') === text;
    console.log(`${same ? 'same   ' : check ? 'STALE  ' : 'written'} ${targetOf(source)}`);
    if (same) continue;
    stale++;
    if (check) continue;
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  if (check && stale > 0) process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) await main(process.argv.includes('--check'));
