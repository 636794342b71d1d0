export { renderScore } from './render-score.ts';
export type { RenderOptions } from './render-score.ts';
export { trimSoundFont } from './trim-sound-font.ts';
