export { topK } from './rank-rows.ts';
export type { TopK, TopKOptions } from './rank-rows.ts';
export { buildVectorIndex, loadVectorIndex } from './index/vector-index.ts';
export type { VectorIndex, VectorIndexOptions, VectorSearchOptions } from './index/vector-index.ts';
export type { Metric } from './index/euclidean-rows.ts';
export { parseQuery } from './words/parse-query.ts';
export { formatWish } from './words/track-query.ts';
export type {
  SpellingCorrection,
  InstrumentWish,
  KeyWish,
  LikeWish,
  MeterWish,
  NumberWish,
  OnlyWish,
  QualityWish,
  Quantity,
  Span,
  StyleWish,
  TitleWish,
  TrackQuery,
  Wish,
  WordsWish,
} from './words/track-query.ts';
export { matchTracks } from './words/match-tracks.ts';
export type { TrackMatch, WishMatch } from './words/match-tracks.ts';
export type { SearchableTrack } from './words/searchable-track.ts';
export { melodyOf } from './melody/melody.ts';
export type { Melody } from './melody/melody.ts';
export { createMelodyIndex } from './melody/melody-index.ts';
export type { MelodyIndex, MelodyMatch } from './melody/melody-index.ts';
export { compareExamples, findByExample } from './example/compare-examples.ts';
export type { Example } from './example/compare-examples.ts';
export { findInSketches, findMelodyInSketches } from './example/find-in-sketches.ts';
export type { SketchedPiece } from './example/find-in-sketches.ts';
export { packExample, unpackExample } from './example/sketch.ts';
export { ASPECTS, describeExample, describeSound } from './example/describe-example.ts';
export type { Aspect, ExampleProfile, HarmonyProfile, TimbreProfile } from './example/describe-example.ts';
