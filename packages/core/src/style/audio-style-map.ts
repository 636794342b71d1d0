import type { AudioStyleMap } from './fit-audio-style.ts';

/** Written by `attune-classify fit-audio-style`; not edited by hand. */
export const AUDIO_STYLE_MAP: AudioStyleMap = { mean: [], deviation: [], dimensions: {} };
