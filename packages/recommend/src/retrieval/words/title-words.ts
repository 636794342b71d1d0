import { canonicalWord } from './word-forms.ts';

/** Words that are looked for in titles. */
export interface TitleQuery {
  /** Canonical. */
  readonly words: readonly string[];
  /** The beginning that every form of each word has, where both are plain. */
  readonly stems: readonly string[];
}

export function titleQueryOf(text: string): TitleQuery {
  const words = [...new Set(wordsOf(text))];
  return { words, stems: words.map((word) => word.replace(/y$/, '')) };
}

/**
 * Share of the words that a title has, 0 … 1; 0 where there are none. A catalogue has very many titles, and taking one apart
 * costs a microsecond or more: one of plain letters is taken apart only where it holds the beginning of a word.
 */
export function shareOfWords(title: string, { words, stems }: TitleQuery): number {
  if (words.length === 0) return 0;
  if (isPlain(title)) {
    const lower = title.toLowerCase();
    if (!stems.some((stem) => lower.includes(stem))) return 0;
  }
  const own = wordsOf(title);
  return words.filter((word) => own.includes(word)).length / words.length;
}

/** Whether letters stand for themselves: accents and apostrophes fall away in the canonical form. */
function isPlain(title: string): boolean {
  return /^[\w !-&(-~]*$/.test(title);
}

function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}'’]+/gu) ?? [])
    .map(canonicalWord)
    .filter((word) => !['the', 'a', 'an', ''].includes(word));
}
