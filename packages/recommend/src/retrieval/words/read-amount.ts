import { meaningAt, meaningOf, type Phrase, type Read } from './phrase.ts';
import type { Quantity } from './track-query.ts';

/** A bare number, or one after "around", covers this much on both sides. */
const NEAR = 0.05;
/** Lengths are said less exactly. */
const NEAR_SECONDS = 0.15;
/** Quarter notes a minute that a bare number may mean. */
const SLOWEST = 30;
const FASTEST = 300;

interface Amount {
  /** In the unit where one was said. */
  readonly value: number;
  readonly of?: Quantity;
  readonly scale: number;
  /** Written with a plus: '120+ bpm'. */
  readonly isLeast?: boolean;
  readonly end: number;
}

type Side = 'most' | 'least' | 'near' | undefined;

/** 'under 90 bpm', '90-110 bpm', 'between 2 and 3 minutes', '120 bpm or faster', 'tempo 96', 'at 3:30'. */
export function readAmount(phrase: Phrase, at: number): Read | undefined {
  if (at < phrase.amountless) return undefined;
  let from = at;
  let assumed: Quantity | undefined;
  let side: Side;
  let isBetween = false;
  for (;;) {
    const found = meaningAt(phrase, from);
    const kind = found?.meaning.kind;
    if (found?.meaning.kind === 'compare') {
      side = found.meaning.side;
      assumed = found.meaning.of ?? assumed;
    } else if (kind === 'tempo') assumed = 'tempo';
    else if (!(kind === 'between' || (from > at && kind === 'filler' && !isNumberAt(phrase, from)))) break;
    isBetween ||= kind === 'between';
    from += found!.length;
  }
  const first = readNumber(phrase, from);
  if (!first) {
    phrase.amountless = from;
    return undefined;
  }
  const second = readSecond(phrase, first.end);
  const of =
    first.of ??
    second?.of ??
    assumed ??
    (isBetween && second && areTempi(first, second) ? 'tempo' : undefined);
  if (!of) return undefined;
  const scale = (amount: Amount): number => (amount.of ? amount.scale : (second?.scale ?? first.scale));
  const value = first.value * scale(first);
  if (second) {
    const other = second.value * second.scale;
    const [atLeast, atMost] = value <= other ? [value, other] : [other, value];
    return {
      wish: { kind: 'number', of, atLeast, atMost, strict: true },
      length: afterLong(phrase, of, second.end) - at,
    };
  }
  const suffix = readSuffix(phrase, first.end);
  return {
    wish: bounded(of, value, suffix?.side ?? (first.isLeast ? 'least' : side)),
    length: afterLong(phrase, of, suffix?.end ?? first.end) - at,
  };
}

/** Bare numbers as on a metronome: "between 80 and 100". */
function areTempi(...amounts: readonly Amount[]): boolean {
  return amounts.every(({ value }) => value >= SLOWEST && value <= FASTEST);
}

/** "3 minutes long" is not a wish for a long piece. */
function afterLong(phrase: Phrase, of: Quantity, at: number): number {
  return of === 'seconds' && phrase.tokens[at]?.text === 'long' ? at + 1 : at;
}

function bounded(of: Quantity, value: number, side: Side): Read['wish'] {
  if (side === 'most') return { kind: 'number', of, atMost: value, strict: true };
  if (side === 'least') return { kind: 'number', of, atLeast: value, strict: true };
  if (of === 'instruments') return { kind: 'number', of, atLeast: value, atMost: value, strict: true };
  const share = of === 'seconds' ? NEAR_SECONDS : NEAR;
  const round = (x: number): number => Math.round(x * 100) / 100;
  return {
    kind: 'number',
    of,
    atLeast: round(value * (1 - share)),
    atMost: round(value * (1 + share)),
    strict: false,
  };
}

/** The other end of a range: 'to 110', '– 110 bpm', 'and 110' after "between". */
function readSecond(phrase: Phrase, at: number): Amount | undefined {
  const token = phrase.tokens[at];
  const joins =
    token?.kind === 'to' || token?.text === 'to' || meaningOf(phrase, at, 'and') || token?.text === 'or';
  return joins ? readNumber(phrase, at + 1) : undefined;
}

/** 'or faster', 'or less', 'and up', '+', 'max'. */
function readSuffix(phrase: Phrase, at: number): { side: Side; end: number } | undefined {
  const { tokens } = phrase;
  if (tokens[at]?.kind === 'more') return { side: 'least', end: at + 1 };
  const joins = meaningOf(phrase, at, 'or') ?? meaningOf(phrase, at, 'and');
  const word = tokens[at + (joins ? 1 : 0)]?.text ?? '';
  const end = at + (joins ? 2 : 1);
  if (joins && ['faster', 'fast', 'more', 'longer', 'long', 'above', 'up', 'over', 'higher'].includes(word))
    return { side: 'least', end };
  if (
    joins &&
    ['slower', 'slow', 'less', 'fewer', 'shorter', 'short', 'below', 'under', 'lower'].includes(word)
  )
    return { side: 'most', end };
  if (['max', 'maximum'].includes(word)) return { side: 'most', end };
  if (['minimum'].includes(word)) return { side: 'least', end };
  return undefined;
}

function isNumberAt(phrase: Phrase, at: number): boolean {
  return phrase.tokens[at]?.kind === 'number' || meaningOf(phrase, at, 'number') !== undefined;
}

/** A number in digits or words with its unit: '90 bpm', '3:30', 'two and a half minutes', 'half a minute', 'a minute'. */
function readNumber(phrase: Phrase, at: number): Amount | undefined {
  const token = phrase.tokens[at];
  if (!token) return undefined;
  if (token.isTime) return { value: token.value!, of: 'seconds', scale: 1, end: at + 1 };
  let value: number | undefined;
  let end = at;
  const word = meaningAt(phrase, at);
  if (token.kind === 'number') [value, end] = [token.value!, at + 1];
  else if (word?.meaning.kind === 'number') [value, end] = [word.meaning.value, at + word.length];
  else if (word?.meaning.kind === 'half') [value, end] = [0.5, at + word.length];
  else if (word?.meaning.kind === 'article' && meaningOf(phrase, at + 1, 'unit')) [value, end] = [1, at + 1];
  if (value === undefined) return undefined;
  if (
    meaningOf(phrase, end, 'and') &&
    phrase.tokens[end + 1]?.text === 'a' &&
    phrase.tokens[end + 2]?.text === 'half'
  ) {
    value += 0.5;
    end += 3;
  }
  const isLeast = phrase.tokens[end]?.kind === 'more' && meaningOf(phrase, end + 1, 'unit') !== undefined;
  if (isLeast) end++;
  const unit = meaningOf(phrase, end, 'unit');
  if (!unit) return { value, scale: 1, end };
  return { value, of: unit.meaning.of, scale: unit.meaning.scale, isLeast, end: end + unit.length };
}
