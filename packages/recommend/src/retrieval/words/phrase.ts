import { LEXICON, LONGEST_PHRASE, type Meaning } from './lexicon.ts';
import { readTokens, type Token } from './read-tokens.ts';
import type { WishBody } from './wishes.ts';

/** A phrase with its tokens. */
export interface Phrase {
  readonly source: string;
  readonly tokens: readonly Token[];
  /** What `meaningAt` found, by token: readers look at the same place again and again. */
  readonly meanings: Map<number, Found | undefined>;
  /** Words before this token lead to no amount, as was found out before: "under under under …" is gone through once. */
  amountless: number;
}

interface Found {
  readonly meaning: Meaning;
  readonly length: number;
}

export function phraseOf(source: string): Phrase {
  return { source, tokens: readTokens(source), meanings: new Map(), amountless: 0 };
}

/** A wish that was read, and how many tokens it took. */
export interface Read {
  readonly wish: WishBody;
  readonly length: number;
}

/** The longest phrase of the lexicon that begins at a token. */
export function meaningAt({ tokens, meanings }: Phrase, at: number): Found | undefined {
  if (!meanings.has(at)) meanings.set(at, findMeaning(tokens, at));
  return meanings.get(at);
}

function findMeaning(tokens: readonly Token[], at: number): Found | undefined {
  for (let length = Math.min(LONGEST_PHRASE, tokens.length - at); length >= 1; length--) {
    const words = tokens.slice(at, at + length);
    if (words.some(({ kind }) => kind !== 'word')) continue;
    const meaning = LEXICON.get(words.map(({ text }) => text).join(' '));
    if (meaning) return { meaning, length };
  }
  return undefined;
}

/** The meaning that begins at a token, if it is of the kind wanted. */
export function meaningOf<K extends Meaning['kind']>(
  phrase: Phrase,
  at: number,
  kind: K,
): { meaning: Extract<Meaning, { kind: K }>; length: number } | undefined {
  const found = meaningAt(phrase, at);
  return found?.meaning.kind === kind
    ? { meaning: found.meaning as Extract<Meaning, { kind: K }>, length: found.length }
    : undefined;
}
