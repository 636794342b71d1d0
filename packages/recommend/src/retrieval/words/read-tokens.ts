import { LEXICON, VOCABULARY } from './lexicon.ts';
import { baseForms, canonicalWord, isOneErrorApart } from './word-forms.ts';

/** One word, number or mark of a phrase. */
export interface Token {
  readonly kind: 'word' | 'number' | 'fraction' | 'note' | 'quote' | 'comma' | 'to' | 'more';
  /** Canonical for words, as it stands for the rest. */
  readonly text: string;
  /** Of numbers; times such as 3:30 in seconds. */
  readonly value?: number;
  readonly isTime?: boolean;
  /** What a typing error was set right to. */
  readonly correctedFrom?: string;
  readonly start: number;
  readonly end: number;
}

/** Order matters: the first that matches at a place is taken. */
const PATTERNS: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /[\s\-_‐‑()[\].!?:]+(?!\d)|\s+/y],
  ['quote', /["“”]([^"“”]{1,200})["“”]/y],
  ['fraction', /\d{1,2}\/\d{1,2}(?!\d)/y],
  ['number', /\d{1,3}:[0-5]\d(?!\d)/y],
  ['number', /\d{1,6}(?:\.\d{1,4})?/y],
  ['to', /\s*(?:-|–|—|\.\.\.?|…)\s*(?=\d)/y],
  ['more', /\+/y],
  ['comma', /[,;]/y],
  ['word', /<=|>=|[<>≤≥~&]/y],
  ['note', /[a-g](?:#|♯|♭)|[a-g]b(?![a-z'’])/iy],
  ['word', /[\p{L}'’]+/uy],
  ['word', /[^\s]/y],
];
/** Words shorter than this are too often one error from another. */
const SHORTEST_TO_CORRECT = 5;

/** Tokens of a phrase, front to back. */
export function readTokens(phrase: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < phrase.length;) {
    const match = matchAt(phrase, at, tokens.at(-1)?.end ?? 0);
    if (match.kind !== 'space') tokens.push(tokenOf(match.kind, match.text, match.inner, at));
    at += match.text.length;
  }
  return tokens;
}

function matchAt(
  phrase: string,
  at: number,
  lastEnd: number,
): { kind: Token['kind'] | 'space'; text: string; inner?: string } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(phrase);
    // A dash is a range only after a number.
    if (!match || (kind === 'to' && !isAfterWord(phrase, lastEnd, at))) continue;
    return { kind, text: match[0], ...(match[1] !== undefined && { inner: match[1] }) };
  }
  return { kind: 'space', text: phrase[at]! };
}

/** Whether nothing but space stands between `at` and the end of a word or number. */
function isAfterWord(phrase: string, lastEnd: number, at: number): boolean {
  return phrase.slice(lastEnd, at).trim() === '' && /[\da-z]/i.test(phrase.charAt(lastEnd - 1));
}

function tokenOf(kind: Token['kind'], text: string, inner: string | undefined, start: number): Token {
  const span = { start, end: start + text.length };
  if (kind === 'quote') return { kind, text: inner ?? text, ...span };
  if (kind === 'number') {
    const [minutes = '0', seconds] = text.split(':');
    if (seconds === undefined) return { kind, text, value: Number(text), ...span };
    return { kind, text, value: 60 * Number(minutes) + Number(seconds), isTime: true, ...span };
  }
  if (kind !== 'word') return { kind, text, ...span };
  const canonical = canonicalWord(text);
  const known = recognise(canonical, text.length);
  if (known === undefined) return { kind, text: canonical, ...span };
  return { kind, text: known.word, ...(known.corrected && { correctedFrom: text }), ...span };
}

/** The word of the vocabulary that is meant; undefined where none or more than one could be. */
function recognise(word: string, letters: number): { word: string; corrected: boolean } | undefined {
  if (VOCABULARY.has(word)) return { word, corrected: false };
  // Forms of instruments say something else: "rainy" is no rain pad, "stringy" no violin.
  const base = baseForms(word).find(
    (form) => VOCABULARY.has(form) && LEXICON.get(form)?.kind !== 'instrument',
  );
  if (base !== undefined) return { word: base, corrected: false };
  if (letters < SHORTEST_TO_CORRECT) return undefined;
  const near = [...VOCABULARY].filter(
    (known) => known.length >= SHORTEST_TO_CORRECT - 1 && isOneErrorApart(word, known),
  );
  return near.length === 1 ? { word: near[0]!, corrected: true } : undefined;
}
