export { isStyle, STYLES } from './styles.ts';
export type { Style } from './styles.ts';
export { DRUMS, MOOD_AXES } from './conditioning.ts';
export type { Conditioning, Mode, MoodAxis } from './conditioning.ts';
export type { StyleDimension, StyleSpace, StyleVector } from './style-vector.ts';
