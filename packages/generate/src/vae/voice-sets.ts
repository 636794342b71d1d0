import { AttuneError } from '@attune/core';
import {
  DRUM_ATTRIBUTES,
  drumAttributesOf,
  MELODY_ATTRIBUTES,
  melodyAttributesOf,
  type DrumAttribute,
  type MelodyAttribute,
} from './attributes.ts';
import { lineOf, type VoiceGrid } from './voice-grid.ts';
import type { Voice } from './voices.ts';

/** Something that can be turned up and down in one voice of a set. */
export interface SetAttribute {
  /** For tables: "density", "bass density". */
  readonly name: string;
  readonly voice: Voice;
  /** Index in `MELODY_ATTRIBUTES`, or of drums in `DRUM_ATTRIBUTES`. */
  readonly index: number;
  /** Name and summary of its slider. */
  readonly slider: readonly [name: string, summary: string];
}

/** Voices that one model writes together. */
export interface VoiceSet {
  readonly name: 'melody' | 'drums' | 'trio';
  /** In the order of `VOICES`. */
  readonly voices: readonly Voice[];
  readonly attributes: readonly SetAttribute[];
  /** Kind of the checkpoints. */
  readonly kind: string;
}

const line = (
  name: string,
  voice: 'melody' | 'bass',
  attribute: MelodyAttribute,
  ...slider: readonly [string, string]
): SetAttribute => ({ name, voice, index: MELODY_ATTRIBUTES.indexOf(attribute), slider });
const drums = (
  name: string,
  attribute: DrumAttribute,
  ...slider: readonly [string, string]
): SetAttribute => ({
  name,
  voice: 'drums',
  index: DRUM_ATTRIBUTES.indexOf(attribute),
  slider,
});

/** Melodies alone. */
export const MELODY: VoiceSet = {
  name: 'melody',
  voices: ['melody'],
  attributes: [
    line('density', 'melody', 'density', 'denser', 'More notes, or fewer below 0.'),
    line('height', 'melody', 'height', 'higher', 'Higher notes, or lower ones below 0.'),
    line('syncopation', 'melody', 'syncopation', 'syncopated', 'More notes off the beat, or fewer below 0.'),
    line('leaps', 'melody', 'leaps', 'leaps', 'Wider intervals, or smaller ones below 0.'),
  ],
  kind: 'melody-vae',
};

/** A drum kit alone. */
export const DRUMS: VoiceSet = {
  name: 'drums',
  voices: ['drums'],
  attributes: [
    drums('density', 'density', 'busier', 'More strokes, or fewer below 0.'),
    drums('syncopation', 'syncopation', 'syncopated', 'More kick and snare off the beat, or less below 0.'),
    drums('cymbals', 'cymbals', 'cymbals', 'More of it on hats and cymbals, or less below 0.'),
    drums('kicks', 'kicks', 'kicks', 'More strokes of the kick, or fewer below 0.'),
  ],
  kind: 'drums-vae',
};

/** Melody, bass and drums together. */
export const TRIO: VoiceSet = {
  name: 'trio',
  voices: ['drums', 'bass', 'melody'],
  attributes: [
    line('melody density', 'melody', 'density', 'denser', 'More notes of the melody, or fewer below 0.'),
    line('melody height', 'melody', 'height', 'higher', 'A higher melody, or a lower one below 0.'),
    line('bass density', 'bass', 'density', 'bass', 'More notes of the bass, or fewer below 0.'),
    drums('drum density', 'density', 'busier', 'More strokes of the drums, or fewer below 0.'),
    drums('cymbals', 'cymbals', 'cymbals', 'More of the drums on hats and cymbals, or less below 0.'),
  ],
  kind: 'trio-vae',
};

/** All sets of which there are models. */
export const VOICE_SETS = [MELODY, DRUMS, TRIO] as const;

/** The set of these voices in this order. Throws `checkpoint/mismatch` where there is none. */
export function voiceSetOf(voices: readonly Voice[]): VoiceSet {
  const wanted = voices.join(', ');
  const set = VOICE_SETS.find((one) => one.voices.join(', ') === wanted);
  if (set) return set;
  throw new AttuneError('checkpoint/mismatch', `There is no model of the voices ${wanted}.`, {
    voices: wanted,
  });
}

/** Values of a grid in the order of the set's attributes. */
export function attributesOf(
  grid: VoiceGrid,
  { voices, attributes }: Pick<VoiceSet, 'voices' | 'attributes'>,
): Float64Array {
  const found = new Map(
    [...new Set(attributes.map(({ voice }) => voice))].map((voice) => {
      const own = lineOf(grid, voices, voice);
      return [voice, voice === 'drums' ? drumAttributesOf(own) : melodyAttributesOf(own)];
    }),
  );
  return Float64Array.from(attributes, ({ voice, index }) => found.get(voice)![index]!);
}
