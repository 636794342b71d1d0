import { transformSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Recipe } from './read-recipes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const ANSWERS = 'answers.json';

/** What one recipe printed, and the error that ended it, if one did. */
export interface Answer {
  readonly printed: string;
  readonly error?: string;
}

/** Runs recipes one after the other in one process and one empty folder: each sees the files of those before. */
export function runRecipes(recipes: readonly Recipe[]): Answer[] {
  // Inside node_modules, so that packages are found by name and nothing is left in the working tree.
  mkdirSync(path.join(root, 'node_modules/.cache'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'node_modules/.cache/recipes-'));
  try {
    const names = recipes.map(({ code }, i) => {
      const name = `recipe-${i}.mjs`;
      writeFileSync(
        path.join(folder, name),
        transformSync(code, { loader: 'ts', format: 'esm', target: 'es2022' }).code,
      );
      return name;
    });
    const program = path.join(import.meta.dirname, 'run-in-folder.ts');
    const options = ['--conditions=@attune/source', '--import', 'tsx', program, folder, ANSWERS, ...names];
    execFileSync(process.execPath, options, { cwd: root, stdio: 'pipe' });
    return JSON.parse(readFileSync(path.join(folder, ANSWERS), 'utf8')) as Answer[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
