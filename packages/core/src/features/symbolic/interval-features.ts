import type { SymbolicContext } from './context.ts';
import type { SymbolicFeature } from './definition.ts';
import { entropy, mean, percentile, share, shareOf } from './statistics.ts';

const JSYMBOLIC = 'McKay 2010 (jSymbolic)';

/** Moves along the lines of all tracks (their highest notes), if not said otherwise. */
export const INTERVAL_FEATURES: readonly SymbolicFeature[] = [
  feature('intervalMean', 'semitones', 'Mean size of a move.', `${JSYMBOLIC}, mean melodic interval`, (c) =>
    mean(c.intervals.map(Math.abs)),
  ),
  feature('repeatedShare', 'share', 'Moves of 0 semitones.', `${JSYMBOLIC}, repeated notes`, (c) =>
    sizeShare(c, 0, 0),
  ),
  feature('semitoneShare', 'share', 'Moves of 1 semitone.', `${JSYMBOLIC}, chromatic motion`, (c) =>
    sizeShare(c, 1, 1),
  ),
  feature(
    'toneShare',
    'share',
    'Moves of 2 semitones.',
    `${JSYMBOLIC}, stepwise motion (its larger part)`,
    (c) => sizeShare(c, 2, 2),
  ),
  feature('thirdShare', 'share', 'Moves of 3 or 4 semitones.', `${JSYMBOLIC}, melodic thirds`, (c) =>
    sizeShare(c, 3, 4),
  ),
  feature('fourthShare', 'share', 'Moves of 5 semitones.', `${JSYMBOLIC}, melodic perfect fourths`, (c) =>
    sizeShare(c, 5, 5),
  ),
  feature('tritoneShare', 'share', 'Moves of 6 semitones.', `${JSYMBOLIC}, melodic tritones`, (c) =>
    sizeShare(c, 6, 6),
  ),
  feature('fifthShare', 'share', 'Moves of 7 semitones.', `${JSYMBOLIC}, melodic perfect fifths`, (c) =>
    sizeShare(c, 7, 7),
  ),
  feature(
    'sixthSeventhShare',
    'share',
    'Moves of 8 to 11 semitones.',
    `${JSYMBOLIC}, melodic sixths and sevenths`,
    (c) => sizeShare(c, 8, 11),
  ),
  feature('octaveShare', 'share', 'Moves of 12 semitones.', `${JSYMBOLIC}, melodic octaves`, (c) =>
    sizeShare(c, 12, 12),
  ),
  feature(
    'wideShare',
    'share',
    'Moves of more than 12 semitones.',
    `${JSYMBOLIC}, melodic large intervals`,
    (c) => sizeShare(c, 13, 127),
  ),
  feature(
    'intervalEntropy',
    'bits',
    'Entropy of the counts of signed moves.',
    'Yang & Lerch 2020, pitch interval histogram',
    (c) => entropy(countsOf(c.intervals)),
  ),
  feature(
    'risingShare',
    'share',
    'Moves upward among the moves that are not repeats.',
    `${JSYMBOLIC}, direction of melodic motion`,
    (c) => share(c.intervals.filter((i) => i > 0).length, c.intervals.filter((i) => i !== 0).length),
  ),
  feature(
    'turnShare',
    'share',
    'Moves of the top line that turn back: sign opposite to that of the last move that was not a repeat.',
    `${JSYMBOLIC}, melodic arcs (its inverse)`,
    (c) => turnShare(c.topIntervals),
  ),
  feature(
    'arcSize',
    'semitones',
    'Mean pitch distance between turning points of the top line.',
    `${JSYMBOLIC}, average interval spanned by melodic arcs`,
    (c) => arcSize(c.topIntervals),
  ),
  feature(
    'topStepShare',
    'share',
    'Moves of 1 or 2 semitones along the top line.',
    `${JSYMBOLIC}, stepwise motion`,
    (c) => shareOf(c.topIntervals, (i) => Math.abs(i) === 1 || Math.abs(i) === 2),
  ),
  feature(
    'topRange',
    'semitones',
    'Distance of the 5th to the 95th percentile of the top line.',
    'own',
    (c) => percentile(topPitches(c), 0.95) - percentile(topPitches(c), 0.05),
  ),
  feature(
    'bigramEntropy',
    'bits',
    'Entropy of the counts of pairs of following moves of the top line, each clipped to an octave.',
    'own, after Conklin & Witten 1995 (interval viewpoint)',
    (c) => bigramEntropy(c.topIntervals),
  ),
];

function feature(
  name: string,
  unit: string,
  description: string,
  source: string,
  value: SymbolicFeature['value'],
): SymbolicFeature {
  return { name, group: 'interval', unit, description, source, value };
}

function sizeShare({ intervals }: SymbolicContext, low: number, high: number): number {
  return shareOf(intervals, (i) => Math.abs(i) >= low && Math.abs(i) <= high);
}

function countsOf(values: Iterable<number>): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}

function topPitches({ notes, topLine }: SymbolicContext): number[] {
  return topLine.map((row) => notes.pitch[row]!);
}

function turnShare(intervals: Int16Array): number {
  const moves = intervals.filter((i) => i !== 0);
  let turns = 0;
  for (let i = 1; i < moves.length; i++) if (moves[i]! > 0 !== moves[i - 1]! > 0) turns++;
  return share(turns, moves.length - 1 > 0 ? moves.length - 1 : 0);
}

function arcSize(intervals: Int16Array): number {
  const arcs: number[] = [];
  for (const move of intervals) {
    if (move === 0) continue;
    const last = arcs.at(-1);
    if (last !== undefined && last > 0 === move > 0) arcs[arcs.length - 1] = last + move;
    else arcs.push(move);
  }
  return mean(arcs.map(Math.abs));
}

function bigramEntropy(intervals: Int16Array): number {
  const clip = (i: number): number => Math.max(-12, Math.min(12, i));
  const pairs: number[] = [];
  for (let i = 1; i < intervals.length; i++) pairs.push(clip(intervals[i - 1]!) * 25 + clip(intervals[i]!));
  return entropy(countsOf(pairs));
}
