/**
 * The dimensions of the style space, in order. Definitions are of the raw value, before standardising.
 * `audio` marks those that can be estimated from sound alone; the others are NaN for a clip.
 */
export interface StyleDimensionDefinition {
  readonly name: string;
  readonly unit: string;
  readonly low: string;
  readonly high: string;
  readonly description: string;
}

/** Sounding time an instrument family takes; General MIDI 1.0 sound groups, drums aside. */
export const INSTRUMENT_FAMILIES = ['piano', 'guitar', 'bass', 'strings', 'winds', 'brass', 'voices', 'other'] as const;
export type InstrumentFamily = (typeof INSTRUMENT_FAMILIES)[number];

/** General MIDI 1.0: programs 0–7 piano, 24–31 guitar, 32–39 bass, 40–51 strings, 52–54 voice, 56–63 brass, 64–79 reed and pipe. */
export function familyOf(program: number): InstrumentFamily {
  if (program < 8) return 'piano';
  if (program >= 24 && program < 32) return 'guitar';
  if (program >= 32 && program < 40) return 'bass';
  if (program >= 40 && program < 52) return 'strings';
  if (program >= 52 && program < 55) return 'voices';
  if (program >= 56 && program < 64) return 'brass';
  if (program >= 64 && program < 80) return 'winds';
  return 'other';
}

const FAMILY_WORDS: Readonly<Record<InstrumentFamily, string>> = {
  piano: 'piano',
  guitar: 'guitar',
  bass: 'bass guitar',
  strings: 'strings',
  winds: 'woodwinds',
  brass: 'brass',
  voices: 'voices',
  other: 'organ, mallets and synthesisers',
};

export const STYLE_DIMENSIONS = [
  { name: 'tempo', unit: 'bpm', low: 'slow', high: 'fast', description: 'Time-weighted median of the tempo.' },
  { name: 'noteRate', unit: 'log₂ notes/s', low: 'sparse', high: 'busy', description: 'log₂ of 0.25 + notes a second over the sounding span.' },
  { name: 'polyphony', unit: 'notes', low: 'single line', high: 'many notes at once', description: 'Mean number of pitched notes in a sonority.' },
  { name: 'instrumentCount', unit: 'instruments', low: 'few instruments', high: 'many instruments', description: 'Different programs that play, the kit counting as one.' },
  { name: 'pitchMean', unit: 'MIDI pitch', low: 'low register', high: 'high register', description: 'Mean pitch of the pitched notes.' },
  { name: 'pitchRange', unit: 'semitones', low: 'narrow range', high: 'wide range', description: 'Distance of the 5th to the 95th percentile of pitch.' },
  { name: 'mode', unit: 'correlation', low: 'minor', high: 'major', description: 'Correlation with the best major key minus that with the best minor key.' },
  { name: 'chromaticism', unit: 'share', low: 'in the key', high: 'chromatic', description: 'Sounding time outside the scale of the key.' },
  { name: 'syncopation', unit: 'share', low: 'on the beat', high: 'syncopated', description: 'Notes that start off the beat and sound across the next beat.' },
  { name: 'offbeat', unit: 'share', low: 'plain rhythm', high: 'fine rhythm', description: 'Notes that start neither on a beat nor on its half.' },
  { name: 'rhythmicVariety', unit: 'bits', low: 'even rhythm', high: 'varied rhythm', description: 'Entropy of the gaps between onsets, in classes of half an octave of length.' },
  { name: 'noteLength', unit: 'log₂ s', low: 'short notes', high: 'long notes', description: 'Mean log₂ of the duration of pitched notes in seconds.' },
  { name: 'staccato', unit: 'share', low: 'sustained', high: 'detached', description: 'Notes that fill less than half of the time to the next onset of their part.' },
  { name: 'leaps', unit: 'share', low: 'moves by step', high: 'leaps', description: 'Moves of more than two semitones among all moves of the top line.' },
  { name: 'drums', unit: 'share', low: 'no drums', high: 'drums', description: 'Notes that the drum kit plays.' },
  ...INSTRUMENT_FAMILIES.map((family) => ({
    name: family,
    unit: 'share',
    low: `no ${FAMILY_WORDS[family]}`,
    high: FAMILY_WORDS[family],
    description: `Notes that ${FAMILY_WORDS[family]} play.`,
  })),
  { name: 'loudness', unit: 'velocity', low: 'soft', high: 'loud', description: 'Mean velocity.' },
  { name: 'dynamics', unit: 'velocity', low: 'even dynamics', high: 'expressive dynamics', description: 'Standard deviation of velocity.' },
  { name: 'tripleMeter', unit: 'share', low: 'in two or four', high: 'in three', description: 'Sounding time in meters whose beats or beat parts come in threes.' },
  { name: 'repetition', unit: 'share', low: 'ever new', high: 'repeats itself', description: 'Bars whose notes were all heard, transposed or not, in an earlier bar.' },
  { name: 'energy', unit: 'raw mood', low: 'calm', high: 'energetic', description: 'Raw energy of the mood model.' },
  { name: 'valence', unit: 'raw mood', low: 'sad', high: 'happy', description: 'Raw valence of the mood model.' },
  { name: 'tension', unit: 'raw mood', low: 'relaxed', high: 'tense', description: 'Raw tension of the mood model.' },
] as const satisfies readonly StyleDimensionDefinition[];
