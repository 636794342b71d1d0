import { BAND_PARTS } from '../performance/band-parts.ts';
import { CELLS, CHORD_VALUES, STEPS_PER_QUARTER, WINDOW_QUARTERS } from './band-roll.ts';
import type { GanShape } from './config.ts';

/** Channels of the random numbers, and of the given parts, at each quarter. */
export const LATENT_CHANNELS = 32;
export const HEARD_CHANNELS = 64;
/** Cells of one quarter. */
export const QUARTER_CELLS = STEPS_PER_QUARTER * CELLS;
/** Channels of the three pitch-class profiles of a quarter: melody, comping with pad, bass. */
export const PROFILE_CHANNELS = 36;
/** A quarter is seen with the one before and the one after. */
export const NEIGHBOURS = 3;

/** Inputs and outputs of every layer of the generator; the sampler checks a checkpoint against them. */
export function generatorLayers(
  { latent, width }: GanShape,
  styles: number,
): Record<string, readonly [number, number]> {
  const facts = styles + BAND_PARTS.length;
  return {
    'generator/latent': [latent + facts, WINDOW_QUARTERS * LATENT_CHANNELS],
    'generator/heard': [QUARTER_CELLS, HEARD_CHANNELS],
    'generator/enter': [NEIGHBOURS * (LATENT_CHANNELS + CHORD_VALUES + HEARD_CHANNELS), width],
    'generator/first': [NEIGHBOURS * width, width],
    'generator/second': [NEIGHBOURS * width, width],
    'generator/cells': [width, QUARTER_CELLS],
  };
}

/** As `generatorLayers`, of the encoder. */
export function encoderLayers({ latent }: GanShape): Record<string, readonly [number, number]> {
  return {
    'encoder/heard': [QUARTER_CELLS, HEARD_CHANNELS],
    'encoder/whole': [WINDOW_QUARTERS * (HEARD_CHANNELS + CHORD_VALUES), 2 * HEARD_CHANNELS],
    'encoder/latent': [2 * HEARD_CHANNELS, 2 * latent],
  };
}
