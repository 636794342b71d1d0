import { majorness } from './key-lean.ts';
import type { SymbolicContext } from './context.ts';
import type { SymbolicFeature } from './definition.ts';
import { scaleShare } from './scale.ts';
import { deviation, entropy, mean, percentile, share, shareOf, skewness } from './statistics.ts';

const JSYMBOLIC = 'McKay 2010 (jSymbolic)';
const MUSPY = 'Dong et al. 2020 (MusPy)';

export const PITCH_FEATURES: readonly SymbolicFeature[] = [
  feature('pitchMean', 'MIDI pitch', 'Mean pitch of the pitched notes.', `${JSYMBOLIC}, mean pitch`, (c) =>
    mean(pitches(c)),
  ),
  feature(
    'pitchDeviation',
    'semitones',
    'Standard deviation of pitch.',
    `${JSYMBOLIC}, pitch variability`,
    (c) => deviation(pitches(c)),
  ),
  feature(
    'pitchRange',
    'semitones',
    'Highest minus lowest pitch.',
    `${JSYMBOLIC}, range; MusPy pitch_range`,
    (c) => percentile(pitches(c), 1) - percentile(pitches(c), 0),
  ),
  feature(
    'pitchRange90',
    'semitones',
    'Distance of the 5th to the 95th percentile of pitch.',
    'own: a range that one stray note does not set',
    (c) => percentile(pitches(c), 0.95) - percentile(pitches(c), 0.05),
  ),
  feature(
    'pitchSkewness',
    'ratio',
    'Fisher–Pearson skewness of pitch.',
    `${JSYMBOLIC}, pitch skewness`,
    (c) => skewness(pitches(c)),
  ),
  feature(
    'pitchEntropy',
    'bits',
    'Entropy of the counts of the 128 pitches.',
    `${MUSPY}, pitch_entropy`,
    (c) => entropy(pitchCounts(c)),
  ),
  feature(
    'lowShare',
    'share',
    'Notes below G3 (MIDI 55).',
    `${JSYMBOLIC}, importance of bass register`,
    (c) => shareOf(pitches(c), (p) => p < 55),
  ),
  feature(
    'middleShare',
    'share',
    'Notes from G3 to C5 (MIDI 55–72).',
    `${JSYMBOLIC}, importance of middle register`,
    (c) => shareOf(pitches(c), (p) => p >= 55 && p <= 72),
  ),
  feature(
    'highShare',
    'share',
    'Notes above C5 (MIDI 72).',
    `${JSYMBOLIC}, importance of high register`,
    (c) => shareOf(pitches(c), (p) => p > 72),
  ),
  feature(
    'pitchClassCount',
    'pitch classes',
    'Different pitch classes used.',
    `${MUSPY}, n_pitch_classes_used`,
    (c) => classCounts(c).filter((n) => n > 0).length,
  ),
  feature(
    'pitchClassEntropy',
    'bits',
    'Entropy of the counts of the 12 pitch classes.',
    `${MUSPY}, pitch_class_entropy`,
    (c) => entropy(classCounts(c)),
  ),
  feature(
    'commonPitchClassShare',
    'share',
    'Notes of the most common pitch class.',
    `${JSYMBOLIC}, prevalence of most common pitch class`,
    (c) => share(Math.max(...classCounts(c)), c.pitched.length),
  ),
  feature(
    'scaleConsistency',
    'share',
    'Largest share of notes that one of the 12 major (= natural minor) scales holds.',
    `${MUSPY}, scale_consistency`,
    (c) => scaleConsistency(c),
  ),
  feature(
    'chromaticShare',
    'share',
    'Sounding time outside the scale of the key (minor with both sixths and sevenths).',
    'own, on the key of Krumhansl & Schmuckler',
    (c) => 1 - inScale(c),
  ),
  feature(
    'keyClarity',
    'correlation',
    'Correlation of pitch-class durations with the profile of the best key.',
    'Krumhansl 1990',
    (c) => c.key?.correlation ?? 0,
  ),
  feature(
    'majorness',
    'correlation',
    'Correlation with the best major key minus that with the best minor key.',
    'Lartillot & Toiviainen 2007 (MIR toolbox, mode)',
    (c) => (c.key ? majorness(c.key) : 0),
  ),
  ...Array.from({ length: 12 }, (_, degree) =>
    feature(
      `degree${degree}`,
      'share',
      `Sounding time ${degree} semitones above the tonic.`,
      'Krumhansl 1990, rotated to the tonic',
      (c) => degreeShare(c, degree),
    ),
  ),
];

function feature(
  name: string,
  unit: string,
  description: string,
  source: string,
  value: SymbolicFeature['value'],
): SymbolicFeature {
  return { name, group: 'pitch', unit, description, source, value };
}

function pitches({ notes, pitched }: SymbolicContext): Uint8Array {
  return Uint8Array.from(pitched, (row) => notes.pitch[row]!);
}

function pitchCounts(context: SymbolicContext): number[] {
  const counts = new Array<number>(128).fill(0);
  for (const pitch of pitches(context)) counts[pitch]!++;
  return counts;
}

function classCounts(context: SymbolicContext): number[] {
  const counts = new Array<number>(12).fill(0);
  for (const pitch of pitches(context)) counts[pitch % 12]!++;
  return counts;
}

function scaleConsistency(context: SymbolicContext): number {
  const counts = classCounts(context);
  const inMajor = (tonic: number): number =>
    [0, 2, 4, 5, 7, 9, 11].reduce((sum, step) => sum + counts[(tonic + step) % 12]!, 0);
  return share(Math.max(...counts.map((_, tonic) => inMajor(tonic))), context.pitched.length);
}

/** Share of sounding time in the scale of the key; 1 without a key. */
function inScale({ notes, key }: SymbolicContext): number {
  return key === undefined ? 1 : scaleShare(notes, key);
}

function degreeShare({ notes, pitched, key }: SymbolicContext, degree: number): number {
  if (key === undefined) return 0;
  let part = 0;
  let whole = 0;
  for (const row of pitched) {
    const duration = notes.end[row]! - notes.start[row]!;
    whole += duration;
    if ((notes.pitch[row]! - key.tonic + 120) % 12 === degree) part += duration;
  }
  return share(part, whole);
}
