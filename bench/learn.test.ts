import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { learnRecipes, LEARN_FOLDER, learnPages } from './learn/pages.ts';
import { checkTypes } from './recipes/check-types.ts';
import type { Recipe } from './recipes/read-recipes.ts';
import { runRecipes, type Answer } from './recipes/run-recipes.ts';

const recipes = learnRecipes();
const named = recipes.map((recipe): [string, Recipe] => [`${recipe.file}: ${recipe.title}`, recipe]);

describe('the pages of docs/learn', () => {
  let faults: ReadonlyMap<Recipe, string[]>;
  let answers: ReadonlyMap<Recipe, Answer>;
  beforeAll(() => {
    faults = checkTypes(recipes);
    answers = new Map(runRecipes(recipes).map((answer, i) => [recipes[i]!, answer]));
  }, 600_000);

  it.each(named)('%s: the types are right', (_, recipe) => expect(faults.get(recipe)).toEqual([]));
  it.each(named)('%s: prints what it says', (_, recipe) => {
    expect(recipe.prints).toBeDefined();
    expect(answers.get(recipe)).toEqual({ printed: recipe.prints });
  });
  it.each(learnPages())('%s: every link and picture is there', (page) => {
    const text = readFileSync(path.join(LEARN_FOLDER, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !existsSync(path.join(LEARN_FOLDER, link)))).toEqual([]);
  });
});
