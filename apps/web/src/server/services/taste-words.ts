import { STYLE_SPACE } from '@attune/core/style';

/** Dimensions that say how much one family of instruments plays. */
export const INSTRUMENT_DIMENSIONS: ReadonlySet<string> = new Set([
  'drums',
  'piano',
  'guitar',
  'bass',
  'strings',
  'winds',
  'brass',
  'voices',
  'other',
]);

/** "Towards the low end", "towards the high end", in one or two words. */
const COMPARATIVES: Readonly<Record<string, readonly [low: string, high: string]>> = {
  tempo: ['slower', 'faster'],
  noteRate: ['sparser', 'busier'],
  polyphony: ['thinner', 'fuller'],
  instrumentCount: ['fewer instruments', 'more instruments'],
  pitchMean: ['lower', 'higher'],
  pitchRange: ['narrower', 'wider'],
  mode: ['more minor', 'more major'],
  noteLength: ['shorter notes', 'longer notes'],
  loudness: ['softer', 'louder'],
  energy: ['calmer', 'more energetic'],
  valence: ['sadder', 'happier'],
  tension: ['more relaxed', 'tenser'],
};

export function wordOf(dimension: string, direction: 'low' | 'high'): string {
  const found = STYLE_SPACE.dimensions.find(({ name }) => name === dimension);
  return found ? found[direction] : dimension;
}

export function comparativeOf(dimension: string, direction: 'low' | 'high'): string {
  const pair = COMPARATIVES[dimension];
  if (pair) return pair[direction === 'low' ? 0 : 1];
  if (INSTRUMENT_DIMENSIONS.has(dimension))
    return `${direction === 'low' ? 'less' : 'more'} ${wordOf(dimension, 'high')}`;
  return `more ${wordOf(dimension, direction)}`;
}
