/**
 * Styles, wishes for a piece (`Conditioning`), mood axes, and the space of musical dimensions that taste lives in.
 * @module @attune/core/style
 */
export { isStyle, STYLES } from './styles.ts';
export type { Style } from './styles.ts';
export { DRUMS, MOOD_AXES } from './conditioning.ts';
export type { Conditioning, Mode, MoodAxis } from './conditioning.ts';
export type { StyleDimension, StyleSpace, StyleVector } from './style-vector.ts';
export { analyseScore } from './analyse-score.ts';
export type { ScoreAnalysis } from './analyse-score.ts';
export { moodQuantile } from './mood.ts';
export type { RawMood } from './mood.ts';
export type { MoodTables } from './mood-tables.ts';
export { fitStyleSpace } from './fit-style-space.ts';
export { formatAudioStyleMap, formatMoodTables, formatStyleStatistics } from './format-fit.ts';
export type { StyleSpaceFit, StyleStatistics } from './fit-style-space.ts';
export {
  rawStyleOfScore,
  rawStyleValue,
  STYLE_CLIP,
  STYLE_SPACE,
  STYLE_SPACE_VERSION,
  styleVectorOf,
} from './style-space.ts';
export { AUDIO_STYLE_MAP } from './audio-style-map.ts';
export { styleVectorOfAudio, styleVectorOfSummary } from './audio-style.ts';
export { explainedVariance, fitAudioStyle } from './fit-audio-style.ts';
export type { AudioStyleMap, HeardPiece } from './fit-audio-style.ts';
