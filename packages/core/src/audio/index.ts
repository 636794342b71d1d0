export type { AudioClip } from './audio-clip.ts';
