export { randomScore, scoreOfTracks, trackOfRows } from './random-score.ts';
export type { NoteRow } from './random-score.ts';
