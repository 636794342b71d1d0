import { STYLE_SPACE } from '@attune/core/style';
import { describe, expect, it } from 'vitest';
import { findByTitle, matchTracks } from './match-tracks.ts';
import { parseQuery } from './parse-query.ts';
import { shareOfWords, titleQueryOf } from './title-words.ts';
import type { SearchableTrack } from './searchable-track.ts';

function track(
  id: string,
  rest: Partial<SearchableTrack>,
  dimensions: Record<string, number> = {},
): SearchableTrack {
  const values = STYLE_SPACE.dimensions.map(({ name }) => dimensions[name] ?? 0);
  return {
    id,
    title: id,
    style: null,
    instruments: [0],
    vector: { space: STYLE_SPACE.version, values },
    ...rest,
  };
}
const meter = (numerator: number, denominator = 4) => ({ numerator, denominator });
const LIBRARY: SearchableTrack[] = [
  track(
    'waltz',
    {
      title: 'Sad Waltz',
      style: 'romantic',
      tempo: 84,
      meter: meter(3),
      tonic: 0,
      mode: 'minor',
      seconds: 100,
    },
    { energy: -2, valence: -2 },
  ),
  track(
    'march',
    {
      title: 'Loud March',
      style: 'march',
      tempo: 116,
      meter: meter(4),
      tonic: 5,
      mode: 'major',
      seconds: 200,
      instruments: [56, 128],
    },
    { energy: 2, valence: 2 },
  ),
  track(
    'jig',
    {
      title: 'The Jig',
      style: 'folk',
      tempo: 150,
      meter: meter(6, 8),
      tonic: 2,
      mode: 'major',
      seconds: 60,
      instruments: [40],
    },
    { energy: 1, valence: 1 },
  ),
  track('rag', {
    title: 'A Rag',
    style: 'ragtime',
    tempo: 96,
    meter: meter(2),
    tonic: 0,
    mode: 'major',
    seconds: 150,
  }),
  {
    ...track('tape', { title: 'A Tape', instruments: [] }),
    vector: { space: STYLE_SPACE.version, values: STYLE_SPACE.dimensions.map(() => NaN) },
  },
];
const find = (phrase: string): string[] => matchTracks(parseQuery(phrase), LIBRARY).map(({ id }) => id);

describe('matchTracks', () => {
  it.each([
    ['calm waltz in minor, piano, under 90 bpm', ['waltz']],
    ['under 100 bpm', ['rag', 'waltz']],
    ['no drums, fast', ['jig', 'rag', 'waltz', 'tape']],
    ['solo piano', ['rag', 'waltz']],
    ['violin', ['jig']],
    ['not major', ['tape', 'waltz']],
    ['folk or ragtime', ['jig', 'rag']],
    ['in C', ['rag', 'waltz']],
    ['1-2 minutes', ['jig', 'waltz']],
    ['trumpet, at least two instruments', ['march']],
    ['titled rag', ['rag']],
    ['by nobody', []],
    ['qwertyuiop', []],
  ])('finds what "%s" asks for', (phrase, ids) => {
    expect(find(phrase)).toEqual(ids);
  });

  it('ranks by how well soft wishes are met', () => {
    expect(find('happy').slice(0, 2).sort()).toEqual(['jig', 'march']);
    expect(find('happy').at(-1)).toBe('waltz');
    expect(find('calm')[0]).toBe('waltz');
    expect(find('around 100 bpm')[0]).toBe('rag');
  });

  it('rules out what is clearly refused', () => {
    expect(find('not happy')).not.toContain('march');
    expect(find('not happy')).toContain('waltz');
  });

  it('says what each track has', () => {
    const [best] = matchTracks(parseQuery('waltz in minor, tempo 80, piano, very calm, romantic'), LIBRARY);
    expect(best!.wishes.map(({ fact }) => fact)).toEqual([
      '3/4',
      'C minor',
      '84 bpm',
      'Acoustic grand piano',
      expect.stringMatching(/^energy 0\.\d\d$/),
      'romantic',
    ]);
    // 84 is inside 76 … 84
    expect(best!.wishes[2]!.score).toBe(1);
  });

  it('fades outside soft bounds: a quarter octave off is exp(-1/2)', () => {
    const [match] = matchTracks(parseQuery('slow'), [track('x', { tempo: 80 * 2 ** 0.25 })]);
    expect(match!.score).toBeCloseTo(Math.exp(-0.5), 12);
  });

  it('finds what is like a named track, but not that track', () => {
    const found = matchTracks(parseQuery('like "Sad Waltz"'), LIBRARY);
    expect(found.map(({ id }) => id)).not.toContain('waltz');
    expect(found[0]!.id).toBe('rag'); // two deviations away; the march is four
    expect(matchTracks(parseQuery('like nothing at all here'), LIBRARY)).toEqual([]);
  });

  it('finds titles by all their words, the shortest first', () => {
    expect(findByTitle('JIG', LIBRARY)?.id).toBe('jig');
    expect(findByTitle('the', LIBRARY)).toBeUndefined();
  });

  it('takes only so many, and nothing of nothing', () => {
    expect(matchTracks(parseQuery('happy'), LIBRARY, 2)).toHaveLength(2);
    expect(matchTracks(parseQuery('happy'), [])).toEqual([]);
    expect(matchTracks(parseQuery(''), LIBRARY)).toEqual([]);
  });

  it('takes vectors of another space as not known', () => {
    const other = track('x', { vector: { space: 'other', values: [1] } });
    expect(matchTracks(parseQuery('happy, under 9 notes per second'), [other])).toEqual([]);
  });
});

describe('words that are sought in titles', () => {
  const named = [
    track('a', { title: 'Tango of the Docks', style: 'romantic', tempo: 70 }, { energy: 2 }),
    track('b', { title: 'Old Tangos', style: 'latin', meter: meter(2) }),
    track('c', { title: 'Samba', style: 'latin', meter: meter(4) }, { energy: -2 }),
    track('d', { title: 'Noël', style: 'hymn' }, { energy: -2 }),
    track('e', { title: 'Chopin’s Nocturne', style: 'romantic', tempo: 70 }, { energy: -2 }),
  ];
  const ids = (phrase: string): string =>
    matchTracks(parseQuery(phrase), named)
      .map(({ id }) => id)
      .join('');

  it('bring tracks whose title has them first, and leave none out', () => {
    expect(ids('tango')).toBe('bac');
    expect(ids('Noel')).toBe('d');
    expect(ids('calm noel')[0]).toBe('d');
    expect([...ids('calm samba docks')].slice(0, 2)).toEqual(expect.arrayContaining(['a', 'c']));
    expect(ids('Chopin nocturne')[0]).toBe('e');
    expect(ids('chopin calm').length).toBe(5);
  });

  it('count for nothing where no title has them', () => {
    const plain = matchTracks(parseQuery('calm'), named);
    const with_ = matchTracks(parseQuery('calm frobnicate'), named);
    expect(with_.map(({ id, score }) => [id, score])).toEqual(plain.map(({ id, score }) => [id, score]));
    expect(ids('frobnicate')).toBe('');
  });

  it('are refused where they are negated', () => {
    expect(ids('not Chopin')).toBe('abcd');
  });

  it('are found by title alone as by taking every title apart', () => {
    const titles = [
      'Melodies',
      'A Melody',
      'The Fly',
      "Fox's Waltzes",
      'Ländler',
      'Reel 21',
      'Sad-eyed',
      'Flies',
    ];
    const found = (text: string): string[] =>
      titles.filter((title) => shareOfWords(title, titleQueryOf(text)) === 1);
    expect(found('melody')).toEqual(['Melodies', 'A Melody']);
    expect(found('fly')).toEqual(['The Fly', 'Flies']);
    expect(found('fox waltz')).toEqual(["Fox's Waltzes"]);
    expect(found('landler')).toEqual(['Ländler']);
    expect(found('eyed')).toEqual(['Sad-eyed']);
    expect(found('')).toEqual([]);
  });
});
