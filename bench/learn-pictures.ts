import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LEARN_FOLDER, learnPages, learnRecipes } from './learn/pages.ts';
import { drawPlot, type Plot } from './learn/plot.ts';
import { readRecipes } from './recipes/read-recipes.ts';
import { runRecipes } from './recipes/run-recipes.ts';

export const summary = 'runs the programs of docs/learn and draws its pictures from what they computed';

/** A last recipe that tells what the others left in their folder. */
const TELL = `# A\n\n## Tell\n\n\`\`\`ts
import { readdirSync, readFileSync } from 'node:fs';
const found = readdirSync('.').filter((name) => /^\\d\\d-.*[.]json$/.test(name));
console.log(JSON.stringify(Object.fromEntries(found.map((name) => [name, JSON.parse(readFileSync(name, 'utf8'))]))));
\`\`\`\n`;

/** Writes one SVG for each page whose program left a plot. */
export function run(): void {
  const recipes = [...learnRecipes(), ...readRecipes(TELL, 'tell.md')];
  const answers = runRecipes(recipes);
  answers.forEach(({ error }, i) => {
    if (error !== undefined) throw new Error(`${recipes[i]!.file}: ${error}`);
  });
  const plots = JSON.parse(answers.at(-1)!.printed) as Record<string, Plot>;
  mkdirSync(path.join(LEARN_FOLDER, 'pictures'), { recursive: true });
  for (const [name, plot] of Object.entries(plots)) {
    const svg = drawPlot(plot);
    writeFileSync(path.join(LEARN_FOLDER, 'pictures', name.replace('.json', '.svg')), svg);
    console.log(name, svg.length, 'bytes');
  }
  console.log(`${learnPages().length} pages, ${recipes.length - 1} programs`);
}
