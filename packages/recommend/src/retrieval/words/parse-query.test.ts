import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from './parse-query.ts';
import { phraseOf } from './phrase.ts';
import { readAmount } from './read-amount.ts';
import { formatWish } from './track-query.ts';

/** Phrase, wishes in the notation of `formatWish`, words not understood, corrections: all written by hand. */
type Row = readonly [phrase: string, wishes: string, unknown?: string, corrections?: string];

const MOODS: readonly Row[] = [
  [
    'calm waltz in minor, piano, under 90 bpm',
    'energy<0.25; meter:3/4; key:minor; instrument:0-5; tempo<=90!',
  ],
  ['calm', 'energy<0.25'],
  ['CALM', 'energy<0.25'],
  ['calmer', 'energy<0.25'],
  ['very calm', 'energy<0.125'],
  ['slightly calm', 'energy<0.375'],
  ['laid-back', 'energy<0.25'],
  ['happy', 'valence>0.75'],
  ['happier', 'valence>0.75'],
  ['really happy', 'valence>0.875'],
  ['sad', 'valence<0.25'],
  ['sadder', 'valence<0.25'],
  ['sadly', 'valence<0.25'],
  ['tense', 'tension>0.75'],
  ['peaceful', 'energy<0.2; tension<0.35'],
  ['something sad but energetic', 'valence<0.25; energy>0.75'],
  ['dark and mysterious', 'valence<0.25; tension>0.6; tension>0.65; energy<0.45'],
  ['not sad', 'not valence<0.25'],
  ['not sad, calm', 'not valence<0.25; energy<0.25'],
  ['not sad but calm', 'not valence<0.25; energy<0.25'],
  ['neither sad nor tense', 'not valence<0.25; not tension>0.75'],
  ['less tense', 'not tension>0.75'],
  ["isn't loud", 'not loudness>0.75'],
  ['busy', 'noteRate>0.75'],
  ['sparse and quiet', 'noteRate<0.25; loudness<0.25'],
  ['syncopated', 'syncopation>0.75'],
  ['legato, high', 'staccato<0.25; pitchMean>0.75'],
  ['repetitive', 'repetition>0.75'],
];

const STYLES: readonly Row[] = [
  ['baroque', 'style:baroque'],
  ['Baroque music', 'style:baroque'],
  ['ragtime', 'style:ragtime'],
  ['rags', 'style:ragtime'],
  ['art songs', 'style:art-song'],
  ['art-song', 'style:art-song'],
  ['Lieder', 'style:art-song'],
  ['string quartets', 'style:string-quartet'],
  ['Irish tunes', 'style:folk'],
  ['rock', 'style:rock|drums-rock'],
  ['rock and roll', 'style:rock|drums-rock'],
  ['jazzy', 'style:jazz|drums-jazz|standards'],
  ['funky music', 'style:funk|drums-funk'],
  ['bossa nova', 'style:latin|drums-latin'],
  ['a pop song', 'style:pop'],
  ['electronic', 'style:electronic'],
  ['techno', 'style:electronic'],
  ['no funk', 'not style:funk|drums-funk'],
  ['baroque or classical', 'style:baroque|classical'],
  ['baroque, classical', 'style:baroque|classical'],
  ['hymn', 'style:hymn'],
  ['a chorale', 'style:hymn'],
  ['video game music', 'style:game'],
  ['no ragtime', 'not style:ragtime'],
  ['classical but not romantic', 'style:classical; not style:romantic'],
  ['folk, not march', 'style:folk; not style:march'],
  ['jazz standards', 'style:standards'],
  ['hip-hop', 'style:hiphop'],
  ['in the style of baroque music', 'style:baroque'],
];

const KEYS: readonly Row[] = [
  ['minor', 'key:minor'],
  ['in minor', 'key:minor'],
  ['in a minor key', 'key:minor'],
  ['a minor waltz', 'key:minor; meter:3/4'],
  ['in A minor', 'key:A minor'],
  ['in a minor', 'key:A minor'],
  ['in a minor, slow', 'key:A minor; tempo<=80'],
  ['waltz in A minor', 'meter:3/4; key:A minor'],
  ['C major', 'key:C major'],
  ['c minor', 'key:C minor'],
  ['f sharp minor', 'key:F# minor'],
  ['F# minor', 'key:F# minor'],
  ['F♯ minor', 'key:F# minor'],
  ['f-sharp minor', 'key:F# minor'],
  ['Bb major', 'key:Bb major'],
  ['b flat major', 'key:Bb major'],
  ['B♭', 'key:Bb'],
  ['key of D', 'key:D'],
  ['in the key of e flat', 'key:Eb'],
  ['in g', 'key:G'],
  ['C# minor', 'key:Db minor'],
  ['not in minor', 'not key:minor'],
  ['not minor', 'not key:minor'],
  ['not in c major', 'not key:C major'],
  ['a calm tune', 'energy<0.25'],
];

const METERS: readonly Row[] = [
  ['waltz', 'meter:3/4'],
  ['waltzes', 'meter:3/4'],
  ['minuet', 'meter:3/4'],
  ['jig', 'meter:6/8'],
  ['jigs or reels', 'meter:6/8|4/4|2/2'],
  ['slip jig', 'meter:9/8'],
  ['polka', 'meter:2/4'],
  ['march', 'style:march'],
  ['3/4', 'meter:3/4'],
  ['in 6/8 time', 'meter:6/8'],
  ['three four time', 'meter:3/4'],
  ['six-eight', 'meter:6/8'],
  ['in three', 'meter:3/2|3/4|3/8'],
  ['in 5', 'meter:5/2|5/4|5/8'],
  ['common time', 'meter:4/4'],
  ['triple meter', 'meter:3/2|3/4|3/8'],
  ['no waltzes', 'not meter:3/4'],
  ['not in 4/4', 'not meter:4/4'],
  ['3/5', '', '3/5'],
];

const TEMPI: readonly Row[] = [
  ['slow', 'tempo<=80'],
  ['slower', 'tempo<=80'],
  ['very slow', 'tempo<=67'],
  ['fast', 'tempo>=130'],
  ['very fast', 'tempo>=156'],
  ['not too fast', 'not tempo>=130'],
  ['up-tempo', 'tempo>=130'],
  ['adagio', 'tempo=66..76'],
  ['allegro in c', 'tempo=120..168; key:C'],
  ['presto', 'tempo=168..200'],
  ['under 90 bpm', 'tempo<=90!'],
  ['below 90bpm', 'tempo<=90!'],
  ['< 90 bpm', 'tempo<=90!'],
  ['<=90 bpm', 'tempo<=90!'],
  ['over 120 bpm', 'tempo>=120!'],
  ['at least 120 beats per minute', 'tempo>=120!'],
  ['no more than 100 bpm', 'tempo<=100!'],
  ['120 bpm or faster', 'tempo>=120!'],
  ['100 bpm or less', 'tempo<=100!'],
  ['120+ bpm', 'tempo>=120!'],
  ['120 bpm+', 'tempo>=120!'],
  ['120 bpm', 'tempo=114..126'],
  ['around 120 bpm', 'tempo=114..126'],
  ['between 90 and 110 bpm', 'tempo=90..110!'],
  ['90-110 bpm', 'tempo=90..110!'],
  ['90 – 110 bpm', 'tempo=90..110!'],
  ['from 90 to 110 bpm', 'tempo=90..110!'],
  ['90 bpm to 110 bpm', 'tempo=90..110!'],
  ['110-90 bpm', 'tempo=90..110!'],
  ['slower than 100', 'tempo<=100!'],
  ['faster than 100', 'tempo>=100!'],
  ['not faster than 100', 'tempo<=100!'],
  ['tempo 96', 'tempo=91.2..100.8'],
  ['tempo under 96', 'tempo<=96!'],
  ['at 100', 'tempo=95..105'],
  ['not over 120 bpm', 'not tempo>=120!'],
  ['under 90', '', 'under 90'],
  ['90', '', '90'],
];

const LENGTHS: readonly Row[] = [
  ['short', 'seconds<=60'],
  ['long', 'seconds>=240'],
  ['under 3 minutes', 'seconds<=180!'],
  ['less than three minutes', 'seconds<=180!'],
  ['2-3 minutes', 'seconds=120..180!'],
  ['two to three minutes', 'seconds=120..180!'],
  ['at least 90 seconds', 'seconds>=90!'],
  ['longer than 2 min', 'seconds>=120!'],
  ['at least two and a half minutes', 'seconds>=150!'],
  ['under half a minute', 'seconds<=30!'],
  ['under a minute', 'seconds<=60!'],
  ['under 3:30', 'seconds<=210!'],
  ['1:30-2:00', 'seconds=90..120!'],
  ['2 minutes long', 'seconds=102..138'],
  ['under 3 notes per second', 'noteRate<=3!'],
];

const INSTRUMENTS: readonly Row[] = [
  ['piano', 'instrument:0-5'],
  ['pianos', 'instrument:0-5'],
  ['acoustic grand piano', 'instrument:0'],
  ['harpsichord', 'instrument:6'],
  ['violin and cello', 'instrument:40; instrument:42'],
  ['violin or cello', 'instrument:40,42'],
  ['violin or flute, and cello', 'instrument:40,73; instrument:42'],
  ['strings', 'instrument:40-45,48-51'],
  ['with drums', 'instrument:128'],
  ['with violin, without drums', 'instrument:40; not instrument:128'],
  ['no drums', 'not instrument:128'],
  ['no drums or bass', 'not instrument:32-39,128'],
  ['without piano, drums or bass', 'not instrument:0-5,32-39,128'],
  ['no drums, piano', 'not instrument:128; instrument:0-5'],
  ['drum-free', 'not instrument:128'],
  ['solo piano', 'instrument:0-5; only:0-5'],
  ['piano only', 'instrument:0-5; only:0-5'],
  ['only strings and piano', 'instrument:40-45,48-51; instrument:0-5; only:0-5,40-45,48-51'],
  ['solo', 'instruments<=1!'],
  ['trio', 'instruments=3..3!'],
  ['two instruments', 'instruments=2..2!'],
  ['instrumental', 'not instrument:52-54'],
  ['instrumental jazz standards', 'not instrument:52-54; style:standards'],
  ['French horn', 'instrument:60'],
  ['non-piano', 'not instrument:0-5'],
  ['no fast piano', 'not tempo>=130; instrument:0-5'],
];

const OTHERS: readonly Row[] = [
  ['like Moonlight Sonata', 'like:Moonlight Sonata'],
  ['like Moonlight Sonata but faster', 'like:Moonlight Sonata; tempo>=130'],
  ['like "Over the hills, slow", calm', 'like:Over the hills, slow; energy<0.25'],
  ['similar to The Entertainer', 'like:The Entertainer'],
  ['not like The Entertainer', 'not like:The Entertainer'],
  ['something like a slow waltz', 'tempo<=80; meter:3/4'],
  ["I'd like a jig", 'meter:6/8'],
  ['"Für Elise"', 'title:Für Elise'],
  ['by Bach', 'title:Bach'],
  ['a fugue by Bach, slow', 'title:Bach; tempo<=80; words:fugue', 'fugue'],
  ['Chopin nocturne', 'energy<0.3; tempo<=90; words:Chopin; words:nocturne', 'Chopin'],
  ['tango', 'style:latin|drums-latin; meter:2/4|4/4|4/8; words:tango'],
  ['no tangos', 'not style:latin|drums-latin; not meter:2/4|4/4|4/8'],
  ['a ballad', 'energy<0.4; tempo<=90; words:ballad'],
  ['Christmas carol', 'style:hymn|folk; words:Christmas; words:carol', 'Christmas'],
  ['style of Bach', 'words:Bach', 'Bach'],
  ['not Bach, calm', 'energy<0.25; not words:Bach', 'Bach'],
  ['rainy', 'words:rainy', 'rainy'],
  ['rain', 'words:rain', 'rain'],
  ['étude in E minor', 'key:E minor; words:étude', 'étude'],
  ['between 80 and 100', 'tempo=80..100!'],
  ['calm, between 80 and 100', 'energy<0.25; tempo=80..100!'],
  ['from 3 to 5', '', 'from 3 | 5'],
  ['purple elephants waltz', 'meter:3/4; words:purple elephants', 'purple elephants'],
  ['qwertyuiop', 'words:qwertyuiop', 'qwertyuiop'],
  ['', ''],
  ['please find me some music', ''],
  [
    'baroqe harpsicord',
    'style:baroque; instrument:6; words:baroqe; words:harpsicord',
    '',
    'baroqe>baroque harpsicord>harpsichord',
  ],
  ['witout druns', 'not instrument:128', '', 'witout>without druns>drum'],
  ['minuts', 'words:minuts', 'minuts'], // minutes or minuet
  ['clam', 'words:clam', 'clam'],
  ['wlatz', 'meter:3/4; words:wlatz', '', 'wlatz>waltz'],
];

const ROWS = [...MOODS, ...STYLES, ...KEYS, ...METERS, ...TEMPI, ...LENGTHS, ...INSTRUMENTS, ...OTHERS];

describe('parseQuery', () => {
  it.each(ROWS)('reads "%s" as "%s"', (phrase, wishes, unknown = '', corrections = '') => {
    const query = parseQuery(phrase!);
    expect(query.wishes.map(formatWish).join('; ')).toBe(wishes);
    expect(query.unknown.map(({ text }) => text).join(' | ')).toBe(unknown);
    expect(query.corrections.map(({ from, to }) => `${from}>${to}`).join(' ')).toBe(corrections);
  });

  it('says which words each wish and each unknown word came from', () => {
    const query = parseQuery('Calm fugue, under 90 bpm');
    expect(query.wishes.map(({ said }) => said)).toEqual(['Calm', 'under 90 bpm', 'fugue']);
    expect(query.unknown).toEqual([{ text: 'fugue', start: 5, end: 10 }]);
  });

  it('reads anything, and points into the phrase', () => {
    const words = ROWS.flatMap(([phrase]) => phrase.split(' '));
    const phrases = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(phrases, (phrase) => {
        for (const { text, start, end } of parseQuery(phrase).unknown)
          expect(phrase.slice(start, end)).toBe(text);
      }),
    );
  });

  it('reads the longest phrases of the worst words', () => {
    const units = [...new Set(ROWS.flatMap(([phrase]) => phrase.split(' ')))].concat(
      ['"', '-', '5-', '1/', ',', '…', "'", '\u0301', '\ud800', '\0', '<=', '# ', '& '],
      ['not or', 'like by', 'between 1 and', 'no x,', 'half a', 'tempo of'],
    );
    const phrases = fc
      .tuple(
        fc.array(fc.constantFrom(...units), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', ' ', ', '),
      )
      .map(([all, gap]) => (all.join(gap) + gap).repeat(1000).slice(0, 1000));
    fc.assert(
      fc.property(phrases, (phrase) => {
        const { wishes, unknown } = parseQuery(phrase);
        for (const wish of wishes) expect(formatWish(wish)).not.toMatch(/NaN|undefined/);
        for (const { text, start, end } of unknown) expect(phrase.slice(start, end)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it('looks at each word of a long row of comparisons a few times, not once for each before it', () => {
    const looksAt = (count: number): number => {
      let looks = 0;
      const phrase = phraseOf('under '.repeat(count));
      const tokens = new Proxy(phrase.tokens, {
        get: (all, key) => {
          if (typeof key === 'string' && /^\d+$/.test(key)) looks++;
          return Reflect.get(all, key) as unknown;
        },
      });
      const counted = { ...phrase, tokens };
      for (let at = 0; at < count; at++) expect(readAmount(counted, at)).toBeUndefined();
      return looks;
    };
    expect(looksAt(160)).toBeLessThan(2.1 * looksAt(80));
  });

  it('takes from the name of a form what was not said otherwise', () => {
    const saidBy = (phrase: string): (readonly [string, string])[] =>
      parseQuery(phrase).wishes.map((wish) => [formatWish(wish), wish.said] as const);
    expect(saidBy('calm nocturne, under 90 bpm')).toEqual([
      ['energy<0.25', 'calm'],
      ['tempo<=90!', 'under 90 bpm'],
      ['words:nocturne', 'nocturne'],
    ]);
    expect(saidBy('nocturne').map(([wish]) => wish)).toEqual(['energy<0.3', 'tempo<=90', 'words:nocturne']);
  });

  it('refuses more than 1000 characters', () => {
    expect(() => parseQuery('a'.repeat(1001))).toThrowError(/1000 characters/);
  });
});
