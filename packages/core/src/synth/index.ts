/**
 * Scores as sound: rendering with a SoundFont, and SoundFonts trimmed to what one score needs.
 * @module @attune/core/synth
 */
export { renderScore } from './render-score.ts';
export type { RenderOptions } from './render-score.ts';
export { trimSoundFont } from './trim-sound-font.ts';
