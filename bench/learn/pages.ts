import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readRecipes, type Recipe } from '../recipes/read-recipes.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** Folder of the tutorial. */
export const LEARN_FOLDER = path.join(root, 'docs/learn');

/** Names of the tutorial's documents, in order. */
export function learnPages(): string[] {
  return readdirSync(LEARN_FOLDER)
    .filter((name) => name.endsWith('.md'))
    .sort();
}

/** The programs of all pages, in order. */
export function learnRecipes(): Recipe[] {
  return learnPages().flatMap((name) =>
    readRecipes(readFileSync(path.join(LEARN_FOLDER, name), 'utf8'), `docs/learn/${name}`),
  );
}
