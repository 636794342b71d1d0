/** A program in a document: a `ts` fence, and what it prints, where a `text` fence below says so. */
export interface Recipe {
  /** The document as it is called in messages, and its line with the first line of code, from 1. */
  readonly file: string;
  readonly line: number;
  /** The second-level heading above. */
  readonly title: string;
  readonly code: string;
  /** Without it the program is checked and not run. */
  readonly prints: string | undefined;
  /** The fence says `ts browser`: code for a page. */
  readonly isForBrowser: boolean;
}

interface Fence {
  readonly info: string;
  readonly line: number;
  readonly text: string;
}

/** The programs of a document, in order. */
export function readRecipes(markdown: string, file: string): Recipe[] {
  let line = 1;
  return markdown.split(/^(?=## )/m).flatMap((section) => {
    const title = /^## (.*)/.exec(section)?.[1] ?? '';
    const fences = fencesOf(section, line);
    line += countLines(section);
    return fences.flatMap((fence, i) => recipesOf(fence, fences[i + 1], { file, title }));
  });
}

function recipesOf(
  { info, line, text }: Fence,
  next: Fence | undefined,
  at: Pick<Recipe, 'file' | 'title'>,
): Recipe[] {
  if (info !== 'ts' && info !== 'ts browser') return [];
  const prints = next?.info === 'text' ? next.text : undefined;
  return [{ ...at, line, code: text, prints, isForBrowser: info === 'ts browser' }];
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
