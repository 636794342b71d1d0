/**
 * Scores as sound: rendering with a SoundFont as a clip, a stream or stems, and SoundFonts trimmed to what one
 * score needs.
 * @module @attune/core/synth
 */
export type { RenderSettings } from './render-plan.ts';
export { renderScore } from './render-score.ts';
export type { RenderOptions } from './render-score.ts';
export { STREAM_GAIN, renderScoreStream } from './render-score-stream.ts';
export type { StreamOptions } from './render-score-stream.ts';
export { renderStems } from './render-stems.ts';
export type { StemOptions, Stems } from './render-stems.ts';
export { scoreFrom } from './score-from.ts';
export { trimSoundFont } from './trim-sound-font.ts';
