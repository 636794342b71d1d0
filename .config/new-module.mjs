// npm run new -- PACKAGE MODULE [--entry]: a module of a package in the shape that all of them have.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const PACKAGES = ['core', 'generate', 'classify', 'recommend'];
const USAGE = `npm run new -- PACKAGE MODULE [--entry] [--root FOLDER]

  PACKAGE   one of ${PACKAGES.join(', ')}
  MODULE    a domain noun in kebab-case, e.g. loudness or pitch-class
  --entry   also make it an entry of its own: @attune/PACKAGE/MODULE

Makes packages/PACKAGE/src/MODULE/{MODULE.ts, MODULE.test.ts, index.ts}.`;

export function createModule(root, packageName, moduleName, { entry = false } = {}) {
  if (!PACKAGES.includes(packageName))
    throw new Error(`There is no package ${packageName}: ${PACKAGES.join(', ')}.`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(moduleName)) {
    throw new Error(`A module's name is a noun in kebab-case, not ${moduleName}.`);
  }
  const packageFolder = path.join(root, 'packages', packageName);
  const folder = path.join(packageFolder, 'src', moduleName);
  if (existsSync(folder)) throw new Error(`packages/${packageName}/src/${moduleName} is already there.`);
  const type = moduleName.replace(/(^|-)([a-z0-9])/g, (_, dash, letter) => letter.toUpperCase());
  const files = {
    [`${moduleName}.ts`]: `/** What ${moduleName.replaceAll('-', ' ')} is: say its unit, its range and its source here. */
export interface ${type} {
  readonly name: string;
}

export function create${type}(name: string): ${type} {
  return { name };
}
`,
    [`${moduleName}.test.ts`]: `import { expect, it } from 'vitest';
import { create${type} } from './${moduleName}.ts';

it('keeps what it was given', () => {
  expect(create${type}('a').name).toBe('a');
});
`,
    'index.ts': `${entry ? moduleComment(packageName, moduleName) : ''}export { create${type} } from './${moduleName}.ts';
export type { ${type} } from './${moduleName}.ts';
`,
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  if (entry) addEntry(path.join(packageFolder, 'package.json'), moduleName);
  return Object.keys(files).map((name) => path.join(folder, name));
}

/** Names the entry in the API reference. */
function moduleComment(packageName, moduleName) {
  return `/**
 * What ${moduleName.replaceAll('-', ' ')} is for, in one sentence.
 * @module @attune/${packageName}/${moduleName}
 */
`;
}

function addEntry(manifestPath, moduleName) {
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  manifest.exports[`./${moduleName}`] = {
    '@attune/source': `./src/${moduleName}/index.ts`,
    types: `./dist/${moduleName}/index.d.ts`,
    default: `./dist/${moduleName}/index.js`,
  };
  writeFileSync(manifestPath, JSON.stringify(manifest, null, 2) + '\n');
}

if (process.argv[1] === import.meta.filename) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { entry: { type: 'boolean' }, root: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help || positionals.length !== 2) {
    console.log(USAGE);
    process.exit(values.help ? 0 : 2);
  }
  try {
    const root = values.root ?? path.resolve(import.meta.dirname, '..');
    for (const file of createModule(root, positionals[0], positionals[1], values))
      console.log(path.relative(root, file));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
