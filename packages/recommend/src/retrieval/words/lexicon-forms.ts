import type { FormMeaning } from './lexicon.ts';

const quality = (qualities: Readonly<Record<string, number>>): FormMeaning => ({
  kind: 'quality',
  qualities,
});
const style = (...styles: readonly string[]): FormMeaning => ({ kind: 'style', styles });
const meter = (...meters: readonly string[]): FormMeaning => ({ kind: 'meter', meters });
const slow: FormMeaning = { kind: 'range', of: 'tempo', atMost: 90 };
const fast: FormMeaning = { kind: 'range', of: 'tempo', atLeast: 130 };

/**
 * [words, what they say]: forms of which a style, a mood or a tempo follows (Harvard Dictionary of Music; the numbers are
 * our reading). Sonata, prelude, ètude and the like may go in any way: they are looked for in titles alone.
 */
export const FORM_WORDS: readonly (readonly [string, readonly FormMeaning[]])[] = [
  ['nocturne|notturno', [quality({ energy: 0.3 }), slow]],
  ['berceuse|cradle song', [quality({ energy: 0.2 }), slow]],
  ['ballad', [quality({ energy: 0.4 }), slow]],
  ['tango|milonga|habanera', [style('latin', 'drums-latin'), meter('2/4', '4/4', '4/8')]],
  ['rumba|mambo|cha cha|cha cha cha|bolero son', [style('latin', 'drums-latin')]],
  ['carol', [style('hymn', 'folk')]],
  ['psalm|anthem|spiritual', [style('hymn')]],
  ['shanty|sea shanty', [style('folk')]],
  ['elegy|lament|dirge|funeral march|threnody', [quality({ valence: 0.25, energy: 0.4 }), slow]],
  ['tarantella|saltarello', [meter('6/8', '12/8'), fast]],
  ['scherzo', [meter('3/4', '3/8'), fast]],
  ['toccata|moto perpetuo|perpetuum mobile', [quality({ noteRate: 0.75 })]],
];
