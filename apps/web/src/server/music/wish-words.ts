import { tonicName } from '@attune/core';
import { STYLE_SPACE } from '@attune/core/style';
import type { NumberWish, Wish } from '@attune/recommend';
import { instrumentName } from '../../lib/instruments.ts';
import { styleName } from './words.ts';

const UNITS: Readonly<Record<NumberWish['of'], string>> = {
  tempo: 'bpm',
  seconds: 'seconds',
  noteRate: 'notes a second',
  instruments: 'instruments',
};
/** More instruments than this are named by the words that they were asked for with. */
const NAMED = 2;

/** What a wish of a search means, in a few words: "under 90 bpm", "not drums", "minor". */
export function wishLabel(wish: Wish): string {
  const words = wordsOf(wish);
  return wish.not ? `not ${words}` : words;
}

function wordsOf(wish: Wish): string {
  switch (wish.kind) {
    case 'style':
      return wish.styles.map(styleName).join(' or ');
    case 'quality': {
      const dimension = STYLE_SPACE.dimensions.find(({ name }) => name === wish.name);
      return dimension ? dimension[wish.target < 0.5 ? 'low' : 'high'] : wish.said;
    }
    case 'key':
      if (wish.tonic === undefined) return wish.mode ?? wish.said;
      return `${tonicName(wish.tonic, wish.mode ?? 'major')}${wish.mode ? ` ${wish.mode}` : ''}`;
    case 'meter':
      return wish.meters.join(' or ');
    case 'instrument':
      return wish.programs.length <= NAMED
        ? wish.programs.map(instrumentName).join(' or ')
        : wish.said.toLowerCase();
    case 'only':
      return wish.programs.length <= NAMED
        ? `only ${wish.programs.map(instrumentName).join(' and ')}`
        : wish.said.toLowerCase();
    case 'number':
      return numberWords(wish);
    case 'like':
      return `like ${wish.title}`;
    case 'title':
      return `“${wish.text}” in the title`;
    case 'words':
      return `“${wish.text}” in the title, if there is one`;
  }
}

function numberWords({ of, atLeast, atMost }: NumberWish): string {
  const unit = UNITS[of];
  const round = (value: number): number => Math.round(value * 10) / 10;
  if (atLeast === undefined) return `at most ${round(atMost ?? 0)} ${unit}`;
  if (atMost === undefined) return `at least ${round(atLeast)} ${unit}`;
  return atLeast === atMost ? `${round(atLeast)} ${unit}` : `${round(atLeast)} to ${round(atMost)} ${unit}`;
}
