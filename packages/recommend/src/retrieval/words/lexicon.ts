import type { Mode } from '@attune/core/style';
import { STYLES } from '@attune/core/style';
import { INSTRUMENT_NAMES } from './lexicon-instruments.ts';
import { FORM_WORDS } from './lexicon-forms.ts';
import { QUALITY_WORDS } from './lexicon-qualities.ts';
import type { Quantity } from './track-query.ts';
import { canonicalWord } from './word-forms.ts';

/** What words stand for. Grammar words are those that the parser joins others with. */
export type Meaning =
  | { readonly kind: 'style'; readonly styles: readonly string[] }
  | { readonly kind: 'quality'; readonly qualities: Readonly<Record<string, number>> }
  | { readonly kind: 'mode'; readonly mode: Mode }
  | { readonly kind: 'meter'; readonly meters: readonly string[] }
  | { readonly kind: 'instrument'; readonly programs: readonly number[] }
  /** A range of a number in words: slow, presto, long. */
  | { readonly kind: 'range'; readonly of: Quantity; readonly atLeast?: number; readonly atMost?: number }
  | { readonly kind: 'unit'; readonly of: Quantity; readonly scale: number }
  /** Comparisons before a number; `of` where the word itself says what is compared. */
  | { readonly kind: 'compare'; readonly side: 'most' | 'least' | 'near'; readonly of?: Quantity }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'degree'; readonly degree: number }
  | { readonly kind: 'voiceless' }
  /** A kind of piece that says several things, and may stand in a title. */
  | { readonly kind: 'form'; readonly means: readonly FormMeaning[] }
  | { readonly kind: Grammar };

/** What a form says of a piece. */
export type FormMeaning = Extract<Meaning, { kind: 'style' | 'quality' | 'meter' | 'range' }>;

/** Kinds of words without a meaning of their own. */
export type Grammar =
  | 'not'
  | 'or'
  | 'and'
  | 'but'
  | 'only'
  | 'free'
  | 'like'
  | 'named'
  | 'between'
  | 'in'
  | 'key'
  | 'tempo'
  | 'sharp'
  | 'flat'
  | 'half'
  | 'article'
  | 'filler';

/** Styles that sound is classified as, beside `STYLES`. */
const SOUND_STYLES = ['blues', 'country', 'disco', 'hiphop', 'metal', 'reggae'];

const STYLE_WORDS: readonly (readonly [string, readonly string[]])[] = [
  ...[...STYLES, ...SOUND_STYLES].map((style) => [style, [style]] as const),
  ['art song|lied|lieder', ['art-song']],
  ['hip hop|rap', ['hiphop']],
  ['jazz|jazzy|swing|bebop', ['jazz', 'drums-jazz', 'standards']],
  ['jazz standard|standard|tin pan alley', ['standards']],
  ['rock|rock and roll|rock n roll', ['rock', 'drums-rock']],
  ['funk|funky', ['funk', 'drums-funk']],
  ['latin|bossa nova|bossa|samba|salsa', ['latin', 'drums-latin']],
  ['electronic|electronica|electro|edm|techno|house music|synthwave', ['electronic']],
  ['folk|folky|traditional|irish|celtic|scottish', ['folk']],
  ['video game|chiptune|game soundtrack', ['game']],
  ['hymn|chorale|church', ['hymn']],
  ['rag', ['ragtime']],
  ['quartet|string quartet', ['string-quartet']],
];

const METER_WORDS: readonly (readonly [string, readonly string[]])[] = [
  ['waltz|minuet|menuet|menuetto|mazurka|polonaise|sarabande', ['3/4']],
  ['jig|gigue|barcarolle|siciliano|siciliana', ['6/8']],
  ['slip jig|slipjig|hop jig', ['9/8']],
  ['reel|hornpipe|strathspey|gavotte', ['4/4', '2/2']],
  ['polka|galop', ['2/4']],
  ['march time', ['2/4', '2/2', '4/4']],
  ['common time', ['4/4']],
  ['cut time|alla breve', ['2/2']],
  ['triple meter|triple metre|triple time', ['3/2', '3/4', '3/8']],
  ['duple meter|duple metre|duple time', ['2/2', '2/4']],
  ['quadruple meter|quadruple time', ['4/2', '4/4', '4/8']],
  ['compound meter|compound metre|compound time', ['6/8', '9/8', '12/8']],
  ['odd meter|odd metre|odd time|asymmetric meter', ['5/4', '5/8', '7/4', '7/8', '11/8']],
];

/** Tempo words in quarter notes a minute; the Italian ones as on a Maelzel metronome (Harvard Dictionary of Music). */
const TEMPO_WORDS: readonly (readonly [string, number | undefined, number | undefined])[] = [
  ['slow|slower|slowly|unhurried', undefined, 80],
  ['fast|faster|quicker|quick|rapid|speedy|brisk|up tempo|uptempo', 130, undefined],
  ['medium tempo|mid tempo|midtempo|moderate|moderate tempo', 90, 125],
  ['grave', 25, 45],
  ['largo|lento', 40, 60],
  ['larghetto', 60, 66],
  ['adagio', 66, 76],
  ['andante|walking pace', 76, 108],
  ['andantino', 80, 108],
  ['moderato', 108, 120],
  ['allegretto', 112, 120],
  ['allegro', 120, 168],
  ['vivace', 156, 176],
  ['presto', 168, 200],
  ['prestissimo', 200, undefined],
];

const LENGTH_WORDS: readonly (readonly [string, number | undefined, number | undefined])[] = [
  ['short|shorter|brief', undefined, 60],
  ['long|longer|lengthy|extended', 240, undefined],
];

const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

const GRAMMAR: readonly (readonly [string, Grammar])[] = [
  [
    "not|no|without|except|excluding|avoid|never|minus|non|nothing|neither|don't want|do not want|isn't|aren't|less|anything but|other than|lacking|sans",
    'not',
  ],
  ['or|nor', 'or'],
  ['and|plus|&', 'and'],
  ['but|with|featuring|including|though|yet', 'but'],
  ['only|solo|just|alone|exclusively|unaccompanied|nothing but', 'only'],
  ['free', 'free'],
  ['like|similar to|resembling|reminiscent of|sounds like|along the lines of', 'like'],
  ['called|named|titled|entitled|by|composed by|written by', 'named'],
  ['between|from', 'between'],
  ['in', 'in'],
  ['key|key of', 'key'],
  ['tempo|tempi|speed|at|at a tempo of', 'tempo'],
  ['sharp', 'sharp'],
  ['flat', 'flat'],
  ['half|half a|half an', 'half'],
  ['a|an|the', 'article'],
  [
    "i'd like|i would like|would like|would love|i want|want|looking for|look for|show me|give me|find me|play me|i need|in the style of",
    'filler',
  ],
  [
    'please|some|something|someone|music|piece|track|song|tune|me|i|we|find|show|give|play|search|of|for|that|which|is|are|has|have|having|it|its|to|on|mood|feel|feeling|sound|sounding|style|meter|metre|time|scale|mode|style|instrument|played|than|kind|sort|also|be|long|in length|lasting|length|duration|work|composition|melody|dance|there|should|my|this',
    'filler',
  ],
];

const COMPARE: readonly (readonly [string, 'most' | 'least' | 'near', Quantity?])[] = [
  [
    'under|below|less than|fewer than|lower than|at most|no more than|not more than|maximum|max|up to|until|<|<=|≤|within',
    'most',
  ],
  [
    'over|above|more than|greater than|higher than|at least|no less than|not less than|minimum|>|>=|≥|upwards of',
    'least',
  ],
  ['around|about|roughly|approximately|approx|circa|ca|near|nearly|close to|~', 'near'],
  ['slower than|not faster than|no faster than', 'most', 'tempo'],
  ['faster than|quicker than|not slower than|no slower than', 'least', 'tempo'],
  ['shorter than|not longer than|no longer than', 'most', 'seconds'],
  ['longer than|not shorter than|no shorter than', 'least', 'seconds'],
];

const UNITS: readonly (readonly [string, Quantity, number])[] = [
  ['bpm|beats per minute|beats a minute|quarter notes a minute', 'tempo', 1],
  ['minute|min|mins', 'seconds', 60],
  ['second|sec|secs|s', 'seconds', 1],
  ['hour', 'seconds', 3600],
  ['note per second|notes a second|notes per sec', 'noteRate', 1],
  ['instrument|player|part', 'instruments', 1],
];

const DEGREES: readonly (readonly [string, number])[] = [
  ['very|really|extremely|super|so|highly|most', 1],
  ['slightly|a bit|a little|somewhat|fairly|rather|quite|moderately|kind of|sort of', -1],
  ['too|more|a lot|much|even', 0],
];

/** Phrases by their canonical words joined with spaces; what comes later wins. */
function buildLexicon(): Map<string, Meaning> {
  const lexicon = new Map<string, Meaning>();
  const add = (phrases: string, meaning: Meaning): void => {
    for (const phrase of phrases.split('|')) lexicon.set(phraseKey(phrase), meaning);
  };
  for (const [words, kind] of GRAMMAR) add(words, { kind });
  for (const [name, programs] of INSTRUMENT_NAMES) add(name, { kind: 'instrument', programs });
  for (const [words, qualities] of QUALITY_WORDS) add(words, { kind: 'quality', qualities });
  for (const [words, styles] of STYLE_WORDS) add(words, { kind: 'style', styles });
  for (const [words, meters] of METER_WORDS) add(words, { kind: 'meter', meters });
  const ranges = (of: Quantity, table: typeof TEMPO_WORDS): void => {
    for (const [words, atLeast, atMost] of table) {
      add(words, {
        kind: 'range',
        of,
        ...(atLeast !== undefined && { atLeast }),
        ...(atMost !== undefined && { atMost }),
      });
    }
  };
  for (const [words, means] of FORM_WORDS) add(words, { kind: 'form', means });
  ranges('tempo', TEMPO_WORDS);
  ranges('seconds', LENGTH_WORDS);
  add('duo|duet', { kind: 'range', of: 'instruments', atLeast: 2, atMost: 2 });
  add('trio', { kind: 'range', of: 'instruments', atLeast: 3, atMost: 3 });
  add('major|maj', { kind: 'mode', mode: 'major' });
  add('minor', { kind: 'mode', mode: 'minor' });
  add('instrumental', { kind: 'voiceless' });
  NUMBERS.forEach((word, value) => add(word, { kind: 'number', value }));
  for (const [words, side, of] of COMPARE) add(words, { kind: 'compare', side, ...(of && { of }) });
  for (const [words, of, scale] of UNITS) add(words, { kind: 'unit', of, scale });
  for (const [words, degree] of DEGREES) add(words, { kind: 'degree', degree });
  return lexicon;
}

/** Canonical words of a phrase, hyphens as spaces, joined with single spaces. */
export function phraseKey(phrase: string): string {
  return phrase
    .split(/[\s\-_]+/)
    .map(canonicalWord)
    .join(' ');
}

/** Every phrase that is understood. */
export const LEXICON: ReadonlyMap<string, Meaning> = buildLexicon();
/** Words of the longest phrase. */
export const LONGEST_PHRASE: number = Math.max(...[...LEXICON.keys()].map((key) => key.split(' ').length));
/** Every single word of it. */
export const VOCABULARY: ReadonlySet<string> = new Set([...LEXICON.keys()].flatMap((key) => key.split(' ')));
