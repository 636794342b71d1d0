/** One recipe of docs/recipes.md: a heading, a `ts` fence, and the `text` fence below it with what the code prints. */
export interface Recipe {
  readonly title: string;
  /** Line of the first line of code in the document, from 1. */
  readonly line: number;
  readonly code: string;
  readonly prints: string;
  /** The fence says `ts browser`: code for a page, that is bundled and not run here. */
  readonly isForBrowser: boolean;
}

interface Fence {
  readonly info: string;
  readonly line: number;
  readonly text: string;
}

/** Reads the recipes of a document, in order. Throws where a recipe has no output block and is not for a browser. */
export function readRecipes(markdown: string): Recipe[] {
  const sections = markdown.split(/^## /m);
  let line = 1 + countLines(sections[0]!);
  return sections.slice(1).flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n'));
    const recipes = recipesOf(title, fencesOf(section, line));
    line += countLines(section);
    return recipes;
  });
}

function recipesOf(title: string, fences: readonly Fence[]): Recipe[] {
  return fences.flatMap(({ info, line, text }, i) => {
    if (!/^ts\b/.test(info)) return [];
    const isForBrowser = info === 'ts browser';
    const output = fences[i + 1]?.info === 'text' ? fences[i + 1]!.text : undefined;
    if (output === undefined && !isForBrowser) throw new Error(`"${title}" does not say what it prints.`);
    return [{ title, line, code: text, prints: output ?? '', isForBrowser }];
  });
}

function fencesOf(section: string, firstLine: number): Fence[] {
  return [...section.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(({ 1: info, 2: text, index }) => ({
    info: info!,
    line: firstLine + countLines(section.slice(0, index)) + 1,
    text: text!,
  }));
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}
