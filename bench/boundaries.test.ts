import { ESLint } from 'eslint';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const RULES = ['no-restricted-imports', 'no-restricted-properties', 'no-restricted-globals'];

/** Lints `code` as if it stood in `file`, from the folder and with the config of `npm run lint` there. */
async function lintAs(file: string, code: string): Promise<string[]> {
  const eslint = new ESLint({
    cwd: path.join(root, ...file.split('/').slice(0, 2)),
    ruleFilter: ({ ruleId }) => RULES.includes(ruleId),
    // The planted file is not on disk, so the type-aware parser would refuse it; these rules need no types.
    overrideConfig: { languageOptions: { parserOptions: { projectService: false, project: null } } },
  });
  const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
  const faults = result!.messages.filter((message) => message.fatal);
  if (faults.length > 0) throw new Error(faults[0]!.message);
  return result!.messages
    .filter((message) => RULES.includes(message.ruleId ?? ''))
    .map((message) => message.message);
}

describe('import boundaries: core ← generate, classify, recommend ← web', () => {
  const forbidden: readonly (readonly [from: string, specifier: string])[] = [
    ['core', '@attune/generate'],
    ['core', '@attune/web'],
    ['core', '../../recommend/src/index.ts'],
    ['generate', '@attune/classify'],
    ['generate', '@attune/recommend/package.json'],
    ['classify', '@attune/generate/node'],
    ['recommend', '../../classify/src/index.ts'],
  ];
  it.each(forbidden)('refuses %s importing %s', async (from, specifier) => {
    const messages = await lintAs(`packages/${from}/src/planted.ts`, `export * from '${specifier}';\n`);
    expect(messages.length).toBe(1);
    expect(messages[0]).toContain(`@attune/${from} must not import`);
  });

  const allowed: readonly (readonly [file: string, specifier: string])[] = [
    ['packages/generate/src/planted.ts', '@attune/core/midi'],
    ['packages/classify/src/planted.ts', '@attune/core'],
    ['apps/web/src/server/planted.ts', '@attune/generate/node'],
  ];
  it.each(allowed)('lets %s import %s', async (file, specifier) => {
    expect(await lintAs(file, `export * from '${specifier}';\n`)).toEqual([]);
  });
});

describe('library code runs in a browser', () => {
  it.each(['Buffer.from([1])', 'process.env', 'setImmediate'])('refuses %s in a package', async (value) => {
    const messages = await lintAs('packages/core/src/score/planted.ts', `export const x = ${value};\n`);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('A browser does not have it.');
  });
  it('lets the node entry read the environment', async () => {
    expect(await lintAs('packages/core/src/node/planted.ts', 'export const x = process.env;\n')).toEqual([]);
  });
});

describe('library code takes chance and time as arguments', () => {
  it.each(['Math.random()', 'Date.now()'])('refuses %s in a package', async (call) => {
    expect(await lintAs('packages/core/src/score/planted.ts', `export const x = ${call};\n`)).toHaveLength(1);
  });
  it('lets the node entry read the clock', async () => {
    expect(await lintAs('packages/core/src/node/planted.ts', 'export const x = Date.now();\n')).toEqual([]);
  });
});
