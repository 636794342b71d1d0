// node … run-in-folder.ts FOLDER ANSWERS MODULE …: imports each module with the folder as the working directory, and
// writes what each printed to ANSWERS as JSON.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import type { Answer } from './run-recipes.ts';

const [folder, answersFile, ...modules] = process.argv.slice(2) as [string, string, ...string[]];
process.chdir(folder);
const answers: Answer[] = [];
for (const name of modules) {
  const lines: string[] = [];
  console.log = (...values: unknown[]) => void lines.push(`${format(...values)}\n`);
  try {
    await import(pathToFileURL(path.join(folder, name)).href);
    answers.push({ printed: lines.join('') });
  } catch (error) {
    answers.push({
      printed: lines.join(''),
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}
writeFileSync(answersFile, JSON.stringify(answers));
