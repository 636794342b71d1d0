export {
  drumName,
  GENERAL_MIDI_FAMILIES,
  GENERAL_MIDI_PROGRAMS,
  programFamily,
  programName,
} from './general-midi.ts';
export type { GeneralMidiFamily } from './general-midi.ts';
export { renderScore } from './render-score.ts';
export type { RenderOptions } from './render-score.ts';
export { trimSoundFont } from './trim-sound-font.ts';
