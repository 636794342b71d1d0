import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserFaults } from './browser/bundle.ts';
import { checkTypes } from './recipes/check-types.ts';
import { readRecipes, type Recipe } from './recipes/read-recipes.ts';
import { runRecipes, type Answer } from './recipes/run-recipes.ts';

const root = path.resolve(import.meta.dirname, '..');
const RECIPES = 'docs/recipes.md';
/** Documents whose programs are checked; a README may use the files that the recipes wrote. */
const DOCUMENTS = [
  RECIPES,
  ...['core', 'generate', 'classify', 'recommend'].map((name) => `packages/${name}/README.md`),
];

const all = DOCUMENTS.flatMap((file) => readRecipes(readFileSync(path.join(root, file), 'utf8'), file));
const runnable = all.filter((recipe) => recipe.prints !== undefined);
const named = (recipes: readonly Recipe[]): [string, Recipe][] =>
  recipes.map((recipe) => [`${recipe.file}:${recipe.line} ${recipe.title}`, recipe]);

describe('the programs in the documents', () => {
  let faults: ReadonlyMap<Recipe, string[]>;
  let answers: ReadonlyMap<Recipe, Answer>;
  beforeAll(() => {
    faults = checkTypes(all);
    answers = new Map(runRecipes(runnable).map((answer, i) => [runnable[i]!, answer]));
  }, 300_000);

  it.each(named(all))('%s: the types are right', (_, recipe) => {
    expect(faults.get(recipe)).toEqual([]);
  });
  it.each(named(runnable))('%s: prints what it says', (_, recipe) => {
    expect(answers.get(recipe)).toEqual({ printed: recipe.prints });
  });
  it.each(named(all.filter((recipe) => recipe.isForBrowser)))(
    '%s: can be bundled for a page',
    async (_, recipe) => {
      expect(await browserFaults(recipe.code)).toEqual([]);
    },
  );
  it('each recipe says what it prints, unless it is for a page', () => {
    const silent = all.filter(
      ({ file, prints, isForBrowser }) => file === RECIPES && prints === undefined && !isForBrowser,
    );
    expect(silent).toEqual([]);
  });
});

describe('the runner', () => {
  const recipeOf = (code: string): Recipe =>
    readRecipes(`# A\n\n## One\n\n\`\`\`ts\n${code}\n\`\`\`\n`, 'a.md')[0]!;

  it('reads title, line, code and output', () => {
    const document = '# A\n\n```\nnpm ci\n```\n\n## One\n\n```ts\nconsole.log(1);\n```\n\n```text\n1\n```\n';
    expect(readRecipes(document, 'a.md')).toEqual([
      { file: 'a.md', line: 10, title: 'One', code: 'console.log(1);\n', prints: '1\n', isForBrowser: false },
    ]);
  });
  it('tells wrong types by their line in the document', () => {
    const recipe = recipeOf("import { createRng } from '@attune/core';\nconsole.log(createRng('seven'));");
    expect(checkTypes([recipe]).get(recipe)!.join()).toMatch(/^a\.md:7: Argument of type 'string'/);
  });
  it('tells what was printed, and what ended a recipe', () => {
    const [answer] = runRecipes([recipeOf("console.log('before', 1);\nthrow new Error('broken');")]);
    expect(answer!.printed).toBe('before 1\n');
    expect(answer!.error).toContain('broken');
  });
});
