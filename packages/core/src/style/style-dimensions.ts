import { INSTRUMENT_FAMILIES, type InstrumentFamily, familyOf } from '../features/symbolic/instrument-families.ts';
import { majorness } from '../features/symbolic/key-lean.ts';
import type { SymbolicContext } from '../features/symbolic/context.ts';
import { barRepetition } from '../features/symbolic/repetition.ts';
import { gapEntropy, gridShare, staccato, syncopation } from '../features/symbolic/rhythm-measures.ts';
import { deviation, mean, percentile, share, shareOf } from '../features/symbolic/statistics.ts';
import { isTriple, meterShare } from '../features/symbolic/tempo-and-meter.ts';
import { chromaticShare, rawMoodOf, type RawMood } from './mood.ts';

/** One dimension of the style space: the words for a listener, and its raw value of a score (finite). */
export interface StyleDimensionDefinition {
  readonly name: string;
  readonly unit: string;
  readonly low: string;
  readonly high: string;
  readonly description: string;
  value(context: SymbolicContext, mood: RawMood): number;
}

const FAMILY_WORDS: Readonly<Record<InstrumentFamily, string>> = {
  piano: 'piano',
  guitar: 'guitar',
  bass: 'bass guitar',
  strings: 'strings',
  winds: 'woodwinds',
  brass: 'brass',
  voices: 'voices',
  other: 'organ, mallets or synthesisers',
};

/** The dimensions in order. A change of order, number or definition asks for a new `STYLE_SPACE_VERSION`. */
export const STYLE_DIMENSIONS: readonly StyleDimensionDefinition[] = [
  dimension('tempo', 'bpm', 'slow', 'fast', 'Time-weighted median of the tempo.', (c) => c.tempo),
  dimension('noteRate', 'log₂ notes/s', 'sparse', 'busy', 'log₂ of 0.25 + notes a second over the sounding span.', (c) => Math.log2(0.25 + c.notes.size / Math.max(1, c.notes.spanSeconds))),
  dimension('polyphony', 'notes', 'a single line', 'many notes at once', 'Mean number of pitched notes in a sonority.', (c) => mean(c.sonorities.map(({ pitches }) => pitches.length))),
  dimension('instrumentCount', 'instruments', 'few instruments', 'many instruments', 'Different programs that play, the kit counting as one.', (c) => new Set(c.notes.program).size),
  dimension('pitchMean', 'MIDI pitch', 'low register', 'high register', 'Mean pitch of the pitched notes; 60 without any.', (c) => (c.pitched.length === 0 ? 60 : mean(pitches(c)))),
  dimension('pitchRange', 'semitones', 'narrow range', 'wide range', 'Distance of the 5th to the 95th percentile of pitch.', (c) => percentile(pitches(c), 0.95) - percentile(pitches(c), 0.05)),
  dimension('mode', 'correlation', 'minor', 'major', 'Correlation with the best major key minus that with the best minor key.', (c) => (c.key ? majorness(c.key) : 0)),
  dimension('chromaticism', 'share', 'stays in the key', 'chromatic', 'Sounding time outside the scale of the key.', (c) => chromaticShare(c.notes, c.key)),
  dimension('syncopation', 'share', 'on the beat', 'syncopated', 'Pitched notes that start off the beat and sound past the next beat.', syncopation),
  dimension('offGrid', 'share', 'plain rhythm', 'fine rhythm', 'Onsets that fall neither on a beat nor on its half.', (c) => 1 - gridShare(c, 1 / 2)),
  dimension('rhythmicVariety', 'bits', 'even rhythm', 'varied rhythm', 'Entropy of the gaps between onsets in classes of half an octave.', gapEntropy),
  dimension('noteLength', 'log₂ s', 'short notes', 'long notes', 'Mean log₂ of the durations of pitched notes in seconds; −2 without any.', noteLength),
  dimension('staccato', 'share', 'sustained', 'detached', 'Pitched notes that fill less than half of the time to the next onset of their track.', staccato),
  dimension('leaps', 'share', 'moves by step', 'leaps', 'Moves of more than two semitones along the lines of the tracks.', (c) => shareOf(c.intervals, (i) => Math.abs(i) > 2)),
  dimension('drums', 'share', 'no drums', 'drums', 'Notes that the drum kit plays.', (c) => share(c.drums.length, c.notes.size)),
  ...INSTRUMENT_FAMILIES.map((family) =>
    dimension(family, 'share', `no ${FAMILY_WORDS[family]}`, FAMILY_WORDS[family], `Notes that ${FAMILY_WORDS[family]} play.`, (c) =>
      share(c.pitched.filter((row) => familyOf(c.notes.program[row]!) === family).length, c.notes.size),
    ),
  ),
  dimension('loudness', 'velocity', 'soft', 'loud', 'Mean velocity.', (c) => mean(c.notes.velocity)),
  dimension('dynamics', 'velocity', 'even dynamics', 'expressive dynamics', 'Standard deviation of velocity.', (c) => deviation(c.notes.velocity)),
  dimension('tripleMeter', 'share', 'in two or four', 'in three', 'Sounding time in meters whose numerator is a multiple of three.', (c) => meterShare(c.score, c.notes, isTriple)),
  dimension('repetition', 'share', 'ever new', 'repeats itself', 'Bars, after the first, whose notes are those of an earlier bar, transposed or not.', barRepetition),
  dimension('energy', 'raw mood', 'calm', 'energetic', 'Raw energy of the mood model.', (_, mood) => mood.energy),
  dimension('valence', 'raw mood', 'sad', 'happy', 'Raw valence of the mood model.', (_, mood) => mood.valence),
  dimension('tension', 'raw mood', 'relaxed', 'tense', 'Raw tension of the mood model.', (_, mood) => mood.tension),
];

/** Raw values of all dimensions, in order. */
export function rawStyleOf(context: SymbolicContext): Float64Array {
  const mood = rawMoodOf(context.notes, context.tempo, context.key);
  return Float64Array.from(STYLE_DIMENSIONS, (dimension) => dimension.value(context, mood));
}

function dimension(
  name: string,
  unit: string,
  low: string,
  high: string,
  description: string,
  value: StyleDimensionDefinition['value'],
): StyleDimensionDefinition {
  return { name, unit, low, high, description, value };
}

function pitches({ notes, pitched }: SymbolicContext): Uint8Array {
  return Uint8Array.from(pitched, (row) => notes.pitch[row]!);
}

function noteLength({ notes, pitched }: SymbolicContext): number {
  if (pitched.length === 0) return -2;
  return mean(pitched.map((row) => Math.log2(Math.max(1 / 64, notes.endSeconds[row]! - notes.startSeconds[row]!))));
}
