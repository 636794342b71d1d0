import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserFaults } from './browser/bundle.ts';
import { checkTypes } from './recipes/check-types.ts';
import { readRecipes, type Recipe } from './recipes/read-recipes.ts';
import { runRecipes, type Answer } from './recipes/run-recipes.ts';

const document = readFileSync(path.resolve(import.meta.dirname, '../docs/recipes.md'), 'utf8');
const recipes = readRecipes(document);
const named = recipes.map((recipe) => [recipe.title, recipe] as const);

describe('docs/recipes.md', () => {
  let faults: ReadonlyMap<Recipe, string[]>;
  const answers = new Map<Recipe, Answer>();
  beforeAll(() => {
    faults = checkTypes(recipes);
    const runnable = recipes.filter((recipe) => !recipe.isForBrowser);
    runRecipes(runnable).forEach((answer, i) => answers.set(runnable[i]!, answer));
  }, 300_000);

  it.each(named)('%s: the types are right', (_, recipe) => {
    expect(faults.get(recipe)).toEqual([]);
  });
  it.each(named.filter(([, recipe]) => !recipe.isForBrowser))('%s: prints what it says', (_, recipe) => {
    expect(answers.get(recipe)).toEqual({ printed: recipe.prints });
  });
  it.each(named.filter(([, recipe]) => recipe.isForBrowser))(
    '%s: can be bundled for a page',
    async (_, recipe) => {
      expect(await browserFaults(recipe.code)).toEqual([]);
    },
  );
});

describe('the runner', () => {
  const recipe = (code: string, prints = ''): string =>
    `# Recipes\n\n## One\n\n\`\`\`ts\n${code}\n\`\`\`\n\n\`\`\`text\n${prints}\`\`\`\n`;

  it('reads title, code, output and line', () => {
    expect(readRecipes(recipe('console.log(1);', '1\n'))).toEqual([
      { title: 'One', line: 6, code: 'console.log(1);\n', prints: '1\n', isForBrowser: false },
    ]);
  });
  it('refuses a recipe that does not say what it prints', () => {
    expect(() => readRecipes('## One\n\n```ts\nconsole.log(1);\n```\n')).toThrow(
      'does not say what it prints',
    );
  });
  it('tells wrong types by their line in the document', () => {
    const [one] = readRecipes(
      recipe("import { createRng } from '@attune/core';\nconsole.log(createRng('seven'));"),
    );
    expect(checkTypes([one!]).get(one!)!.join()).toMatch(/recipes\.md:7: Argument of type 'string'/);
  });
  it('tells what was printed, and what ended a recipe', () => {
    const [one] = readRecipes(recipe("console.log('before', 1);\nthrow new Error('broken');"));
    const [answer] = runRecipes([one!]);
    expect(answer!.printed).toBe('before 1\n');
    expect(answer!.error).toContain('broken');
  });
});
