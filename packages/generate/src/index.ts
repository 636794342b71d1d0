export { natsPerNote } from './evaluate/note-model.ts';
export type { EncodedPiece, NatsSummary, NoteModel } from './evaluate/note-model.ts';
export {
  FLOOR_BARS,
  buildOriginalityIndex,
  openOriginalityIndex,
  originality,
  originalityOfGrid,
  withFloor,
} from './originality/originality.ts';
export type {
  Originality,
  OriginalityConfig,
  OriginalityIndex,
  OriginalityIndexOptions,
} from './originality/originality.ts';
