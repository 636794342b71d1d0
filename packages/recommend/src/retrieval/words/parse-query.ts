import { AttuneError } from '@attune/core';
import { readAmount } from './read-amount.ts';
import { readKey } from './read-key.ts';
import { readMeter } from './read-meter.ts';
import type { Token } from './read-tokens.ts';
import { meaningAt, phraseOf, type Phrase } from './phrase.ts';
import type { SpellingCorrection, Span, TrackQuery, Wish } from './track-query.ts';
import { wishesOf, type WishBody } from './wishes.ts';

/** Characters that a phrase may have. */
const LONGEST_QUERY = 1000;

/**
 * What a phrase such as "calm waltz in minor, piano, under 90 bpm" asks for. English; case, accents, plurals and
 * hyphens do not matter, and one typing error in a word of five letters or more is set right (and reported).
 *
 * Negation ("not", "no", "without" …) covers the next thing said, all that "or" joins to it, and what "and" or nothing
 * joins to it while it is of the same kind: "no drums or bass", "not sad, calm". "like X" and "by X" take all up to a
 * comma, "but", "with" or "without", or a quoted title. Bare numbers ("120 bpm") mean within 5 %.
 *
 * Words that mean nothing here are looked for in titles and stand in `unknown`. Nothing throws but a phrase of more than 1000 characters (`argument/invalid`).
 */
export function parseQuery(phrase: string): TrackQuery {
  if (phrase.length > LONGEST_QUERY) {
    throw new AttuneError(
      'argument/invalid',
      `A search has at most ${LONGEST_QUERY} characters, not ${phrase.length}.`,
      {
        characters: phrase.length,
      },
    );
  }
  return new QueryParser(phraseOf(phrase)).parse();
}

/** The quality or number that a wish is about. */
function subjectOf(wish: Wish): string | undefined {
  if (wish.kind === 'quality') return wish.name;
  return wish.kind === 'number' ? wish.of : undefined;
}

class QueryParser {
  private readonly phrase: Phrase;
  private readonly wishes: Wish[] = [];
  /** Wishes that the name of a form brought with it: "nocturne" means calm. */
  private readonly implied = new Set<Wish>();
  private readonly unknown: Token[] = [];
  /** Words that may stand in titles, as they were written, those that follow each other in one. */
  private readonly sought: (Span & { readonly not: boolean; readonly isKnown: boolean })[] = [];
  private at = 0;
  /** Whether a negation is open, and of which kind its last wish was. */
  private not = false;
  private notKind: Wish['kind'] | undefined;
  /** Whether the open negation covers a word that is sought in titles. */
  private notWord = false;
  private joiner: 'or' | 'and' | 'comma' | undefined;
  private degree = 0;
  private only = false;

  constructor(phrase: Phrase) {
    this.phrase = phrase;
  }

  parse(): TrackQuery {
    while (this.at < this.phrase.tokens.length) this.step();
    if (this.only) this.closeOnly();
    const words = this.sought.map(({ text, not, isKnown }): Wish => ({
      kind: 'words',
      text,
      said: text,
      not,
      isKnown,
    }));
    return {
      wishes: [...this.wishes.filter((wish) => !this.givesWay(wish)), ...words],
      unknown: this.unknownSpans(),
      corrections: this.corrections(),
    };
  }

  private step(): void {
    const { phrase, at } = this;
    const token = phrase.tokens[at]!;
    if (token.kind === 'comma') return this.comma();
    const read = readKey(phrase, at) ?? readMeter(phrase, at) ?? readAmount(phrase, at);
    if (read) return this.take([read.wish], read.length);
    if (token.kind === 'quote') return this.take([{ kind: 'title', text: token.text }], 1);
    const found = meaningAt(phrase, at);
    if (!found) {
      this.unknown.push(token);
      if (token.kind === 'word' && /\p{L}{2}/u.test(token.text)) this.seek(token, token.end, false);
      this.at++;
      return;
    }
    const { meaning, length } = found;
    switch (meaning.kind) {
      case 'style':
      case 'quality':
      case 'mode':
      case 'meter':
      case 'instrument':
      case 'range':
      case 'voiceless':
        if (meaning.kind === 'voiceless') this.not = true;
        this.take(wishesOf(meaning, this.degree), length);
        if (meaning.kind === 'voiceless') this.endNegation();
        return;
      case 'form': {
        this.seek(token, phrase.tokens[at + length - 1]!.end, true);
        return this.take(
          meaning.means.flatMap((means) => wishesOf(means, this.degree)),
          length,
          true,
        );
      }
      case 'like':
      case 'named':
        return this.title(meaning.kind, length);
      case 'not':
        this.endNegation();
        this.not = true;
        break;
      case 'but':
        this.endNegation();
        break;
      case 'or':
      case 'and':
        this.joiner = meaning.kind;
        break;
      case 'only':
        this.only = true;
        break;
      case 'free':
        this.flipLast();
        break;
      case 'degree':
        this.degree = meaning.degree;
        break;
      case 'article':
      case 'filler':
      case 'in':
      case 'key':
      case 'tempo':
        break;
      default: // numbers, units and comparisons that make no amount, a lone sharp
        this.unknown.push(...phrase.tokens.slice(at, at + length));
    }
    this.at += length;
  }

  /** A refused form is refused by what it means, as many pieces are called by it. */
  private seek({ start }: Token, end: number, isKnown: boolean): void {
    if (isKnown && this.not) return;
    this.notWord = this.not;
    const { source } = this.phrase;
    const last = this.sought.at(-1);
    const joins =
      last && !isKnown && !last.isKnown && last.not === this.not && isBlank(source.slice(last.end, start));
    if (joins) this.sought.pop();
    const from = joins ? last.start : start;
    this.sought.push({ text: source.slice(from, end), start: from, end, not: this.not, isKnown });
  }

  private comma(): void {
    this.at++;
    if (this.joiner === undefined) this.joiner = 'comma';
    if (!this.not) return;
    if (this.notKind === undefined) {
      if (this.notWord) this.endNegation();
      return;
    }
    // "without piano, drums or bass": the list goes on where the same kind follows and is joined further
    const next = meaningAt(this.phrase, this.at);
    const after = next && meaningAt(this.phrase, this.at + next.length);
    const isList =
      next?.meaning.kind === this.notKind && (after?.meaning.kind === 'or' || after?.meaning.kind === 'and');
    if (!isList) this.endNegation();
  }

  /** "like X" and "by X"; where all of X is understood ("something like a slow waltz"), the word is only a filler. */
  private title(kind: 'like' | 'named', length: number): void {
    const { tokens, source } = this.phrase;
    let from = this.at + length;
    const quoted = tokens[from]?.kind === 'quote';
    let to = from;
    if (quoted) to = from + 1;
    else while (to < tokens.length && !this.endsTitle(to, from)) to++;
    if (!quoted && meaningAt(this.phrase, from)?.meaning.kind === 'article' && kind === 'named') from++;
    if (from >= to || (!quoted && kind === 'like' && this.isUnderstood(from, to))) {
      this.at += length;
      return;
    }
    const text = quoted ? tokens[from]!.text : source.slice(tokens[from]!.start, tokens[to - 1]!.end);
    this.take([kind === 'like' ? { kind, title: text } : { kind: 'title', text }], to - this.at);
  }

  private endsTitle(at: number, from: number): boolean {
    if (this.phrase.tokens[at]!.kind === 'comma') return true;
    const kind = meaningAt(this.phrase, at)?.meaning.kind;
    return (
      at > from &&
      (kind === 'but' || kind === 'not' || kind === 'like' || kind === 'named' || kind === 'compare')
    );
  }

  private isUnderstood(from: number, to: number): boolean {
    for (let at = from; at < to;) {
      const read = readKey(this.phrase, at) ?? readMeter(this.phrase, at) ?? readAmount(this.phrase, at);
      const length = read?.length ?? meaningAt(this.phrase, at)?.length;
      if (length === undefined) return false;
      at += length;
    }
    return true;
  }

  private take(bodies: readonly WishBody[], length: number, isImplied = false): void {
    const { tokens, source } = this.phrase;
    const said = source.slice(tokens[this.at]!.start, tokens[this.at + length - 1]!.end);
    const kind = bodies[0]!.kind;
    // What was taken for a typing error may be a word of a title.
    if (kind !== 'title' && kind !== 'like') {
      for (const token of tokens.slice(this.at, this.at + length))
        if (token.correctedFrom !== undefined) this.seek(token, token.end, true);
    }
    if (this.not && this.notKind !== undefined && this.joiner !== 'or' && kind !== this.notKind)
      this.endNegation();
    for (const body of bodies) {
      const wish: Wish = { ...body, said, not: this.not };
      if (isImplied) this.implied.add(wish);
      if (!this.join(wish)) this.wishes.push(wish);
    }
    if (this.not) this.notKind = kind;
    this.joiner = undefined;
    this.degree = 0;
    this.at += length;
  }

  /** What a form implies counts only where nothing else was said of the same quality or number. */
  private givesWay(wish: Wish): boolean {
    const subject = subjectOf(wish);
    if (subject === undefined || !this.implied.has(wish)) return false;
    const before = this.wishes.indexOf(wish);
    return this.wishes.some(
      (other, i) =>
        subjectOf(other) === subject && other !== wish && (!this.implied.has(other) || i < before),
    );
  }

  /** A track has one style, key and meter, so several of these are alternatives; instruments are where "or" says so. */
  private join(wish: Wish): boolean {
    const last = this.wishes.at(-1);
    if (!last || last.not !== wish.not || this.wishes.length === 0) return false;
    const said = `${last.said} ${this.joiner === 'or' ? 'or ' : ''}${wish.said}`;
    if (wish.kind === 'style' && last.kind === 'style') {
      return this.replaceLast({ ...last, said, styles: union(last.styles, wish.styles) });
    }
    if (wish.kind === 'meter' && last.kind === 'meter') {
      return this.replaceLast({ ...last, said, meters: union(last.meters, wish.meters) });
    }
    if (wish.kind === 'instrument' && last.kind === 'instrument' && (this.joiner === 'or' || wish.not)) {
      return this.replaceLast({
        ...last,
        said,
        programs: union(last.programs, wish.programs).sort((a, b) => a - b),
      });
    }
    return false;
  }

  private replaceLast(wish: Wish): true {
    this.wishes[this.wishes.length - 1] = wish;
    return true;
  }

  private flipLast(): void {
    const last = this.wishes.at(-1);
    if (last) this.wishes[this.wishes.length - 1] = { ...last, not: !last.not };
  }

  /** "solo piano", "only strings": nothing but the instruments named; "solo" alone is one instrument. */
  private closeOnly(): void {
    const named = this.wishes.filter((wish) => wish.kind === 'instrument' && !wish.not);
    const said = ['only', ...named.map((wish) => wish.said)].join(' ');
    if (named.length === 0) {
      this.wishes.push({
        kind: 'number',
        of: 'instruments',
        atMost: 1,
        strict: true,
        said: 'solo',
        not: false,
      });
      return;
    }
    const programs = named.reduce<readonly number[]>(
      (all, wish) => union(all, wish.kind === 'instrument' ? wish.programs : []),
      [],
    );
    this.wishes.push({ kind: 'only', programs: [...programs].sort((a, b) => a - b), said, not: false });
  }

  private endNegation(): void {
    this.not = false;
    this.notKind = undefined;
    this.notWord = false;
  }

  /** Neighbouring unknown words as one span. */
  private unknownSpans(): Span[] {
    const spans: Span[] = [];
    for (const { start, end } of this.unknown) {
      const last = spans.at(-1);
      const joins = last && isBlank(this.phrase.source.slice(last.end, start));
      if (joins) spans.pop();
      const from = joins ? last.start : start;
      spans.push({ text: this.phrase.source.slice(from, end), start: from, end });
    }
    return spans;
  }

  private corrections(): SpellingCorrection[] {
    const inTitles = this.wishes
      .filter((wish) => wish.kind === 'like' || wish.kind === 'title')
      .map((wish) => wish.said);
    return this.phrase.tokens
      .filter(
        (token) =>
          token.correctedFrom !== undefined && !inTitles.some((said) => said.includes(token.correctedFrom!)),
      )
      .map((token) => ({ from: token.correctedFrom!, to: token.text }));
  }
}

function isBlank(text: string): boolean {
  return /^[\s-]*$/.test(text);
}

function union<T>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Set([...a, ...b])];
}
