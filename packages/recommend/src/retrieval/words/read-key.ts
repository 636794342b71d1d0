import { meaningAt, meaningOf, type Phrase, type Read } from './phrase.ts';

const LETTERS: Readonly<Record<string, number>> = { c: 0, d: 2, e: 4, f: 5, g: 7, a: 9, b: 11 };

/** 'c minor', 'F# major', 'b flat', 'key of D', 'in g'. A lone letter is a key only after "in" or "key of". */
export function readKey(phrase: Phrase, at: number): Read | undefined {
  let from = at;
  let isStated = false;
  while (
    meaningOf(phrase, from, 'in') ||
    meaningOf(phrase, from, 'key') ||
    (from > at && isThe(phrase, from))
  ) {
    from += meaningAt(phrase, from)!.length;
    isStated = true;
  }
  const tonic = readTonic(phrase, from);
  if (!tonic) return undefined;
  const after = from + tonic.length;
  const mode = meaningOf(phrase, after, 'mode');
  if (!mode && !isStated && !tonic.isCertain) return undefined;
  if (isArticle(phrase, from, mode ? after + mode.length : after, mode !== undefined, isStated))
    return undefined;
  const length = after + (mode?.length ?? 0) - at;
  return { wish: { kind: 'key', tonic: tonic.pitchClass, ...(mode && { mode: mode.meaning.mode }) }, length };
}

function isThe(phrase: Phrase, at: number): boolean {
  return phrase.tokens[at]?.text === 'the';
}

function readTonic(
  phrase: Phrase,
  at: number,
): { pitchClass: number; length: number; isCertain: boolean } | undefined {
  const token = phrase.tokens[at];
  if (!token) return undefined;
  const letter = LETTERS[token.text[0]?.toLowerCase() ?? ''];
  if (letter === undefined) return undefined;
  if (token.kind === 'note') {
    const step = /[#♯]/.test(token.text) ? 1 : -1;
    return { pitchClass: (letter + step + 12) % 12, length: 1, isCertain: !token.text.endsWith('b') };
  }
  if (token.kind !== 'word' || token.text.length !== 1) return undefined;
  const step = meaningOf(phrase, at + 1, 'sharp') ? 1 : meaningOf(phrase, at + 1, 'flat') ? -1 : 0;
  return { pitchClass: (letter + step + 12) % 12, length: step === 0 ? 1 : 2, isCertain: step !== 0 };
}

/**
 * Whether the letter is the word "a": "a minor waltz", "in a minor key", "in a calm mood". It is the note where it is
 * written A within a phrase, or where "in a minor" or "a minor" ends what is said.
 */
function isArticle(
  phrase: Phrase,
  from: number,
  after: number,
  hasMode: boolean,
  isStated: boolean,
): boolean {
  const token = phrase.tokens[from]!;
  if (token.kind !== 'word' || token.text !== 'a' || after - from > (hasMode ? 2 : 1)) return false;
  const written = phrase.source.slice(token.start, token.end);
  if (written === 'A' && from > 0) return false;
  const next = phrase.tokens[after];
  const isEnd = next === undefined || next.kind === 'comma';
  if (!hasMode) return !(isEnd && isStated);
  if (isEnd) return false;
  const follows = meaningAt(phrase, after)?.meaning.kind;
  if (['and', 'or', 'but', 'not', 'compare'].includes(follows ?? '')) return false;
  return !(isStated && follows !== 'key' && follows !== 'filler');
}
