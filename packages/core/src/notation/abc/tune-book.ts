import type { AbcBudget } from './limits.ts';
import { exceed } from './limits.ts';

/** One line of a tune: comments and line ends are gone. */
export interface AbcLine {
  /** Counts from 1 in the whole text. */
  readonly number: number;
  readonly text: string;
}

/** The lines of one tune, from its X: field on. */
export interface TuneText {
  readonly lines: readonly AbcLine[];
}

export interface TuneBook {
  /** Lines before the first tune: fields and directives that hold for all. */
  readonly header: readonly AbcLine[];
  readonly tunes: readonly TuneText[];
}

/**
 * Parts a text into its file header and tunes (§ 2.2): a tune runs from X: to the next empty line; what stands
 * between tunes is free text and left out. A text without any X: is one tune.
 */
export function splitTuneBook(text: string, budget: AbcBudget): TuneBook {
  const { limits } = budget;
  if (text.length > limits.characters) exceed('characters', limits, 1);
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line, i): AbcLine => ({ number: i + 1, text: withoutComment(line) }));
  const hasTunes = lines.some((line) => isTuneStart(line.text));
  if (!hasTunes) return { header: [], tunes: [{ lines: lines.filter((line) => line.text.trim() !== '') }] };
  const tunes: AbcLine[][] = [];
  const header: AbcLine[] = [];
  let tune: AbcLine[] | undefined;
  for (const line of lines) {
    if (isTuneStart(line.text)) {
      tune = [line];
      if (tunes.push(tune) > limits.tunes) exceed('tunes', limits, line.number);
    } else if (isEmpty(line.text)) tune = undefined;
    else if (tune) tune.push(line);
    else if (tunes.length === 0) header.push(line);
  }
  return { header, tunes: tunes.map((each) => ({ lines: each })) };
}

function isTuneStart(text: string): boolean {
  return /^X:/.test(text);
}

/** A line that held only a comment is not empty: it does not end a tune. */
function isEmpty(text: string): boolean {
  return text !== COMMENT_LINE && text.trim() === '';
}

const COMMENT_LINE = '\u0000';

/** Cuts from % on, but not an escaped \% or the %% of a directive. */
function withoutComment(line: string): string {
  if (line.startsWith('%%')) return line;
  const at = /(?<!\\)%/.exec(line)?.index;
  if (at === undefined) return line;
  return line.slice(0, at).trim() === '' ? COMMENT_LINE : line.slice(0, at);
}
