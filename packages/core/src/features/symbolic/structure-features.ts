import type { SymbolicFeature } from './definition.ts';
import { barRepetition, rhythmRepetition } from './repetition.ts';

/** Nothing here grows with the length of the piece, so that an excerpt looks like its piece. */
export const STRUCTURE_FEATURES: readonly SymbolicFeature[] = [
  {
    name: 'barRepetition',
    group: 'structure',
    unit: 'share',
    description: 'Bars, after the first, whose notes are those of an earlier bar, transposed or not.',
    source: 'own, after Foote 1999 (self-similarity)',
    value: barRepetition,
  },
  {
    name: 'rhythmRepetition',
    group: 'structure',
    unit: 'share',
    description: 'Bars, after the first, whose pattern of onsets is that of an earlier bar.',
    source: 'own, after Foote 1999 (self-similarity)',
    value: rhythmRepetition,
  },
];
