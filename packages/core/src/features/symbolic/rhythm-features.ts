import { distanceFromGrid } from './beats.ts';
import type { SymbolicContext } from './context.ts';
import type { SymbolicFeature } from './definition.ts';
import {
  gapEntropy,
  gridShare,
  grooveConsistency,
  onsetGaps,
  onsetGapSeconds,
  silence,
  staccato,
  swing,
  syncopation,
} from './rhythm-measures.ts';
import { deviation, mean, share, shareOf } from './statistics.ts';
import { isCompound, isTriple, meterShare } from './tempo-and-meter.ts';

const JSYMBOLIC = 'McKay 2010 (jSymbolic)';
const MUSPY = 'Dong et al. 2020 (MusPy)';

/** Beats are dotted in compound meters; places count as on a grid within 1/12 of a beat. */
export const RHYTHM_FEATURES: readonly SymbolicFeature[] = [
  feature(
    'tempo',
    'log₂ bpm',
    'log₂ of the time-weighted median tempo.',
    `${JSYMBOLIC}, initial tempo`,
    (c) => Math.log2(c.tempo),
  ),
  feature(
    'tripleMeter',
    'share',
    'Sounding time in meters whose numerator is a multiple of three.',
    `${JSYMBOLIC}, triple meter`,
    (c) => meterShare(c.score, c.notes, isTriple),
  ),
  feature(
    'compoundMeter',
    'share',
    'Sounding time in 6/8, 9/8, 12/8 …',
    `${JSYMBOLIC}, compound or simple meter`,
    (c) => meterShare(c.score, c.notes, isCompound),
  ),
  feature('twoBeatBars', 'share', 'Sounding time in bars of two beats.', 'own', (c) =>
    meterShare(c.score, c.notes, ({ numerator }) => numerator === 2 || numerator === 6),
  ),
  feature(
    'noteRate',
    'log₂ notes/s',
    'log₂ of 0.25 + notes a second over the sounding span.',
    `${JSYMBOLIC}, note density`,
    (c) => Math.log2(0.25 + c.notes.size / Math.max(1, c.notes.spanSeconds)),
  ),
  feature(
    'onsetRate',
    'log₂ onsets/beat',
    'log₂ of 1 / mean gap between onsets in beats; 0 without a gap.',
    'own',
    (c) => (c.onsets.length < 2 ? 0 : -Math.log2(mean(onsetGaps(c)))),
  ),
  feature(
    'gapMean',
    'log₂ s',
    'Mean log₂ of the gaps between onsets in seconds.',
    `${JSYMBOLIC}, average time between attacks`,
    (c) => mean(onsetGapSeconds(c).map(Math.log2)),
  ),
  feature(
    'gapDeviation',
    'octaves',
    'Standard deviation of log₂ of the gaps between onsets in beats.',
    `${JSYMBOLIC}, variability of time between attacks`,
    (c) => deviation(onsetGaps(c).map(Math.log2)),
  ),
  feature(
    'gapEntropy',
    'bits',
    'Entropy of the gaps between onsets in classes of half an octave of beats.',
    'Yang & Lerch 2020, inter-onset-interval histogram',
    gapEntropy,
  ),
  feature(
    'evenGapShare',
    'share',
    'Gaps within 5 % of the gap before.',
    'own, after Schubert & Gabrielsson',
    evenGapShare,
  ),
  feature(
    'lengthMean',
    'log₂ beats',
    'Mean log₂ of the durations of pitched notes.',
    `${JSYMBOLIC}, average note duration`,
    (c) => mean(lengths(c).map(Math.log2)),
  ),
  feature(
    'lengthDeviation',
    'octaves',
    'Standard deviation of log₂ of the durations of pitched notes.',
    `${JSYMBOLIC}, variability of note durations`,
    (c) => deviation(lengths(c).map(Math.log2)),
  ),
  feature(
    'shortShare',
    'share',
    'Pitched notes shorter than 0.3 beats.',
    `${JSYMBOLIC}, prevalence of very short rhythmic values`,
    (c) => shareOf(lengths(c), (l) => l < 0.3),
  ),
  feature(
    'halfBeatShare',
    'share',
    'Pitched notes of 0.3 to 0.6 beats.',
    `${JSYMBOLIC}, prevalence of short rhythmic values`,
    (c) => shareOf(lengths(c), (l) => l >= 0.3 && l <= 0.6),
  ),
  feature(
    'longShare',
    'share',
    'Pitched notes longer than 1.6 beats.',
    `${JSYMBOLIC}, prevalence of long rhythmic values`,
    (c) => shareOf(lengths(c), (l) => l > 1.6),
  ),
  feature('downbeatShare', 'share', 'Onsets at the start of a bar.', 'own', (c) =>
    share(
      c.onsets.filter((row) => Math.min(c.beats.inBar[row]!, 1 - c.beats.inBar[row]!) < 0.02).length,
      c.onsets.length,
    ),
  ),
  feature('onBeatShare', 'share', 'Onsets on a beat.', 'own', (c) => gridShare(c, 1)),
  feature('halfGridShare', 'share', 'Onsets on half beats and no beat.', 'own', (c) =>
    gridShare(c, 1 / 2, [1]),
  ),
  feature('thirdGridShare', 'share', 'Onsets on thirds of a beat and no beat or half.', 'own', (c) =>
    gridShare(c, 1 / 3, [1, 1 / 2]),
  ),
  feature(
    'quarterGridShare',
    'share',
    'Onsets on quarters of a beat and on no beat, half or third.',
    'own',
    (c) => gridShare(c, 1 / 4, [1, 1 / 2, 1 / 3]),
  ),
  feature(
    'looseness',
    'beats',
    'Mean distance of onsets from a grid of 12 places a beat.',
    'own: performed against notated timing',
    (c) => mean(c.onsets.map((row) => distanceFromGrid(c.beats.beat[row]!, 1 / 12))),
  ),
  feature(
    'swing',
    'beats',
    'Mean place of the off-beat eighth; 0.5 is straight, 0.67 triplet swing.',
    'own, after Friberg & Sundström 2002 (swing ratio)',
    swing,
  ),
  feature(
    'syncopation',
    'share',
    'Pitched notes that start off the beat and sound past the next beat.',
    'after Huron & Ommen 2006',
    syncopation,
  ),
  feature(
    'staccato',
    'share',
    'Pitched notes that fill less than half of the time to the next onset of their track.',
    `after ${JSYMBOLIC}, amount of staccato`,
    staccato,
  ),
  feature(
    'silence',
    'share',
    'Part of the span in which nothing sounds.',
    'own, after MusPy empty_beat_rate',
    silence,
  ),
  feature(
    'grooveConsistency',
    'share',
    'Mean agreement of the 16-step onset patterns of neighbouring bars; 1 for one bar.',
    `Wu & Yang 2020; ${MUSPY}, groove_consistency`,
    grooveConsistency,
  ),
];

function feature(
  name: string,
  unit: string,
  description: string,
  source: string,
  value: SymbolicFeature['value'],
): SymbolicFeature {
  return { name, group: 'rhythm', unit, description, source, value };
}

/** Durations of the pitched notes in beats, at least 1/64. */
function lengths({ notes, beats, pitched }: SymbolicContext): number[] {
  return pitched.map((row) =>
    Math.max(1 / 64, (notes.end[row]! - notes.start[row]!) / beats.beatTicks[row]!),
  );
}

function evenGapShare(context: SymbolicContext): number {
  const gaps = onsetGaps(context);
  let even = 0;
  for (let i = 1; i < gaps.length; i++) if (Math.abs(gaps[i]! - gaps[i - 1]!) <= 0.05 * gaps[i - 1]!) even++;
  return share(even, gaps.length - 1 > 0 ? gaps.length - 1 : 0);
}
