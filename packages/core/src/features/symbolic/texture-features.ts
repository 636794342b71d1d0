import type { SymbolicContext } from './context.ts';
import type { SymbolicFeature } from './definition.ts';
import { deviation, entropy, mean, share } from './statistics.ts';

const JSYMBOLIC = 'McKay 2010 (jSymbolic)';
const MUSPY = 'Dong et al. 2020 (MusPy)';

/** A sonority is what sounds at an onset of a pitched note; means over sonorities are not weighted by length. */
export const TEXTURE_FEATURES: readonly SymbolicFeature[] = [
  feature('polyphony', 'notes', 'Mean notes in a sonority.', `${MUSPY}, polyphony`, (c) => mean(sizes(c))),
  feature(
    'polyphonyDeviation',
    'notes',
    'Standard deviation of the notes in a sonority.',
    `${JSYMBOLIC}, variability of number of independent voices`,
    (c) => deviation(sizes(c)),
  ),
  feature(
    'monophonyShare',
    'share',
    'Sonorities of one note.',
    `1 − ${MUSPY} polyphony_rate, on onsets`,
    (c) => sizeShare(c, 1, 1),
  ),
  feature('twoNoteShare', 'share', 'Sonorities of two notes.', 'own', (c) => sizeShare(c, 2, 2)),
  feature('threeNoteShare', 'share', 'Sonorities of three notes.', 'own', (c) => sizeShare(c, 3, 3)),
  feature('fourNoteShare', 'share', 'Sonorities of four notes.', 'own', (c) => sizeShare(c, 4, 4)),
  feature('manyNoteShare', 'share', 'Sonorities of six or more notes.', 'own', (c) =>
    sizeShare(c, 6, Infinity),
  ),
  feature('attackSize', 'notes', 'Mean notes (drums too) that start at an onset.', 'own', (c) =>
    share(c.notes.size, c.onsets.length),
  ),
  feature(
    'soundingSpan',
    'semitones',
    'Mean distance of lowest and highest note of the sonorities of two or more.',
    `${JSYMBOLIC}, average range of vertical span`,
    (c) => mean(spans(c)),
  ),
  feature(
    'bassGap',
    'semitones',
    'Mean distance of the two lowest notes of the sonorities of two or more.',
    'own',
    (c) => mean(pairsOf(c).map(({ pitches }) => pitches[1]! - pitches[0]!)),
  ),
  feature(
    'parallelMotion',
    'share',
    'Outer voices move the same way by the same amount, among the moves of both.',
    `${JSYMBOLIC}, parallel motion`,
    (c) => motion(c).parallel,
  ),
  feature(
    'similarMotion',
    'share',
    'Outer voices move the same way by different amounts, among the moves of both.',
    `${JSYMBOLIC}, similar motion`,
    (c) => motion(c).similar,
  ),
  feature(
    'contraryMotion',
    'share',
    'Outer voices move opposite ways, among the moves of both.',
    `${JSYMBOLIC}, contrary motion`,
    (c) => motion(c).contrary,
  ),
  feature(
    'obliqueMotion',
    'share',
    'Just one outer voice moves, among all changes of either.',
    `${JSYMBOLIC}, oblique motion`,
    (c) => motion(c).oblique,
  ),
  feature('trackCount', 'tracks', 'Tracks with notes.', 'own', (c) => notesByTrack(c).length),
  feature(
    'trackEntropy',
    'bits',
    'Entropy of the notes of the tracks.',
    `${JSYMBOLIC}, note prevalence of instruments, as one number`,
    (c) => entropy(notesByTrack(c)),
  ),
];

function feature(
  name: string,
  unit: string,
  description: string,
  source: string,
  value: SymbolicFeature['value'],
): SymbolicFeature {
  return { name, group: 'texture', unit, description, source, value };
}

function sizes({ sonorities }: SymbolicContext): number[] {
  return sonorities.map(({ pitches }) => pitches.length);
}

function sizeShare(context: SymbolicContext, low: number, high: number): number {
  return share(sizes(context).filter((n) => n >= low && n <= high).length, context.sonorities.length);
}

function pairsOf({ sonorities }: SymbolicContext): SymbolicContext['sonorities'] {
  return sonorities.filter(({ pitches }) => pitches.length >= 2);
}

function spans(context: SymbolicContext): number[] {
  return pairsOf(context).map(({ pitches }) => pitches.at(-1)! - pitches[0]!);
}

function notesByTrack({ notes }: SymbolicContext): number[] {
  const counts = new Map<number, number>();
  for (const track of notes.track) counts.set(track, (counts.get(track) ?? 0) + 1);
  return [...counts.values()];
}

/** Motion of the lowest against the highest note from one sonority of two or more to the next such. */
function motion({ sonorities }: SymbolicContext): {
  parallel: number;
  similar: number;
  contrary: number;
  oblique: number;
} {
  let parallel = 0;
  let similar = 0;
  let contrary = 0;
  let oblique = 0;
  for (let i = 1; i < sonorities.length; i++) {
    const from = sonorities[i - 1]!.pitches;
    const to = sonorities[i]!.pitches;
    if (from.length < 2 || to.length < 2) continue;
    const low = to[0]! - from[0]!;
    const high = to.at(-1)! - from.at(-1)!;
    if (low === 0 && high === 0) continue;
    if (low === 0 || high === 0) oblique++;
    else if (low > 0 !== high > 0) contrary++;
    else if (low === high) parallel++;
    else similar++;
  }
  const both = parallel + similar + contrary;
  return {
    parallel: share(parallel, both),
    similar: share(similar, both),
    contrary: share(contrary, both),
    oblique: share(oblique, both + oblique),
  };
}
