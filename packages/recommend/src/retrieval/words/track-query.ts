import type { Mode } from '@attune/core/style';

/** What numbers may be wished for. Units: tempo in quarter notes a minute, seconds, notes a second, instruments. */
export type Quantity = 'tempo' | 'seconds' | 'noteRate' | 'instruments';

/** What every wish has. */
interface Said {
  /** The words that it was read from, as they were written. */
  readonly said: string;
  /** Whether it is refused rather than wished for. */
  readonly not: boolean;
}

/** One of these styles. */
export interface StyleWish extends Said {
  readonly kind: 'style';
  readonly styles: readonly string[];
}
/** A mood axis or style dimension near one end: `target` is a quantile; below 0.5 it means "at most", above "at least". */
export interface QualityWish extends Said {
  readonly kind: 'quality';
  /** A name of `STYLE_SPACE`'s dimensions. */
  readonly name: string;
  readonly target: number;
}
/** A tonic (pitch class, 0 is C), a mode, or both. */
export interface KeyWish extends Said {
  readonly kind: 'key';
  readonly tonic?: number;
  readonly mode?: Mode;
}
/** One of these meters, as '3/4'. */
export interface MeterWish extends Said {
  readonly kind: 'meter';
  readonly meters: readonly string[];
}
/** At least one of these programs plays (0–127; 128 is the drum kit). */
export interface InstrumentWish extends Said {
  readonly kind: 'instrument';
  readonly programs: readonly number[];
}
/** Nothing but these programs plays. */
export interface OnlyWish extends Said {
  readonly kind: 'only';
  readonly programs: readonly number[];
}
/** A number within bounds; `strict` ones are filters, the others fade outside the bounds. */
export interface NumberWish extends Said {
  readonly kind: 'number';
  readonly of: Quantity;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly strict: boolean;
}
/** Like the track of this title. */
export interface LikeWish extends Said {
  readonly kind: 'like';
  readonly title: string;
}
/** The title (or the composer in it) holds these words. */
export interface TitleWish extends Said {
  readonly kind: 'title';
  readonly text: string;
}

/** Best where the title (or the composer in it) holds these words; no track is left out for lacking them. */
export interface WordsWish extends Said {
  readonly kind: 'words';
  readonly text: string;
  /** Whether the words were understood beside: as a form such as "tango", or as another word with a typing error. */
  readonly isKnown: boolean;
}

/** One thing asked for. */
export type Wish =
  | StyleWish
  | QualityWish
  | KeyWish
  | MeterWish
  | InstrumentWish
  | OnlyWish
  | NumberWish
  | LikeWish
  | TitleWish
  | WordsWish;

/** A stretch of the phrase: characters `start` … `end` (exclusive). */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A typing error that was set right. */
export interface SpellingCorrection {
  readonly from: string;
  readonly to: string;
}

/**
 * What a phrase asks for. Words that mean nothing in music are looked for in titles (`WordsWish`, the last of the wishes) and
 * stand in `unknown` too, beside marks and numbers that say nothing: to be shown, none is dropped in silence.
 */
export interface TrackQuery {
  readonly wishes: readonly Wish[];
  readonly unknown: readonly Span[];
  readonly corrections: readonly SpellingCorrection[];
}

const NOTES = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];

/** A wish in a short plain notation, such as `tempo<=90!` or `not instrument:128`; `!` marks a filter. */
export function formatWish(wish: Wish): string {
  return (wish.not ? 'not ' : '') + body(wish);
}

function body(wish: Wish): string {
  switch (wish.kind) {
    case 'style':
      return `style:${wish.styles.join('|')}`;
    case 'quality':
      return `${wish.name}${wish.target < 0.5 ? '<' : '>'}${Number(wish.target.toFixed(3))}`;
    case 'key':
      return `key:${[wish.tonic === undefined ? '' : NOTES[wish.tonic], wish.mode ?? ''].filter(Boolean).join(' ')}`;
    case 'meter':
      return `meter:${wish.meters.join('|')}`;
    case 'instrument':
      return `instrument:${runs(wish.programs)}`;
    case 'only':
      return `only:${runs(wish.programs)}`;
    case 'number': {
      const mark = wish.strict ? '!' : '';
      if (wish.atLeast === undefined) return `${wish.of}<=${wish.atMost}${mark}`;
      if (wish.atMost === undefined) return `${wish.of}>=${wish.atLeast}${mark}`;
      return `${wish.of}=${wish.atLeast}..${wish.atMost}${mark}`;
    }
    case 'like':
      return `like:${wish.title}`;
    case 'title':
      return `title:${wish.text}`;
    case 'words':
      return `words:${wish.text}`;
  }
}

/** Ascending whole numbers as runs: 0-5,40. */
function runs(values: readonly number[]): string {
  const out: string[] = [];
  for (let i = 0; i < values.length;) {
    let j = i;
    while (values[j + 1] === values[j]! + 1) j++;
    out.push(i === j ? `${values[i]}` : `${values[i]}-${values[j]}`);
    i = j + 1;
  }
  return out.join(',');
}
