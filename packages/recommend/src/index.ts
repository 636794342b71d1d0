/**
 * Taste from ratings with its uncertainty, ranking with reasons, similar pieces, collaborative factors (also under
 * differential privacy), recommendation models and their evaluation, retrieval (words, examples, melodies, nearest
 * neighbours), trends of an audience, simulated listeners.
 * @module @attune/recommend
 */
export type { Item } from './taste/item.ts';
export { evidenceOfPlay, evidenceOfVerdict, RATING_HALF_LIFE_DAYS } from './taste/events.ts';
export type { Evidence, Play, Rating, Verdict } from './taste/events.ts';
export {
  correct,
  createTaste,
  rate,
  rateAll,
  recordPlay,
  steer,
  undoRating,
  undoSteer,
  weightOfTrack,
} from './taste/taste.ts';
export type { Chip, Correction, Steer, Taste } from './taste/taste.ts';
export { isRefused } from './taste/refusals.ts';
export { createFeatureMap } from './taste/features.ts';
export type { FeatureMap } from './taste/features.ts';
export { inferPosterior, predict } from './taste/posterior.ts';
export type { Posterior, Prediction } from './taste/posterior.ts';
export { facetOfKey, inferMood, inferTastes, nameFacet, SHARED_WEIGHT } from './taste/facets.ts';
export type { Facet, FacetOptions, Tastes, Trait } from './taste/facets.ts';
export { SITTING_GAP_MS } from './taste/sittings.ts';
export { describeTaste } from './taste/view.ts';
export type { DimensionBelief, StyleBelief, TasteView } from './taste/view.ts';
export { tasteConditioning } from './taste/conditioning.ts';
export type { Anchor, WishOptions } from './taste/conditioning.ts';
export { fitFactors } from './collaborative/factors.ts';
export type { FactorOptions, Factors, Liking } from './collaborative/factors.ts';
export { candidateWorth } from './ranking/candidate-worth.ts';
export type { CandidateMerits } from './ranking/candidate-worth.ts';
export { fitPrivateFactors, secondMoment } from './collaborative/private-factors.ts';
export type { PrivateFactorOptions, PrivateFactors } from './collaborative/private-factors.ts';
export { explain } from './ranking/reasons.ts';
export type { Reason } from './ranking/reasons.ts';
export { chooseToRate, recommend } from './ranking/recommend.ts';
export { recommendAcross } from './ranking/recommend-across.ts';
export type { FacetRecommendation } from './ranking/recommend-across.ts';
export type { Recommendation, RecommendOptions } from './ranking/recommend.ts';
export { createCatalogueScan } from './ranking/catalogue-scan.ts';
export type { CatalogueScan, ShortlistOptions } from './ranking/catalogue-scan.ts';
export { findSimilar, similarity } from './ranking/similar.ts';
export { createSimulatedListener } from './simulation/listener.ts';
export type { ListenerOptions, SimulatedListener } from './simulation/listener.ts';
export { createInteractions, historyOf, withoutListener } from './models/interactions.ts';
export type { Catalogue, Interaction, Interactions, ItemLiking } from './models/interactions.ts';
export type { CsrMatrix, SparseRow } from './models/csr-matrix.ts';
export type {
  FitOptions,
  Profile,
  Ranker,
  Recommender,
  RecommenderFamily,
  ScoredItem,
  ScoreParts,
  TakeOptions,
} from './models/recommender.ts';
export { createRecommender } from './models/recommender.ts';
export { loadRecommender, RECOMMENDER_FAMILIES } from './models/load-recommender.ts';
export { popularity } from './models/popularity.ts';
export { itemNeighbours } from './models/item-neighbours.ts';
export type { ItemNeighboursOptions } from './models/item-neighbours.ts';
export { ease } from './models/ease.ts';
export type { EaseOptions } from './models/ease.ts';
export { listenerKernel } from './models/listener-kernel.ts';
export type { ListenerKernelOptions } from './models/listener-kernel.ts';
export { implicitAls } from './models/implicit-als.ts';
export type { ImplicitAlsOptions } from './models/implicit-als.ts';
export type { FoldInRule } from './models/factor-ranker.ts';
export { bayesianRanking } from './models/bayesian-ranking.ts';
export type { BayesianRankingOptions } from './models/bayesian-ranking.ts';
export { spectralFilter } from './models/spectral-filter.ts';
export type { SpectralFilterOptions } from './models/spectral-filter.ts';
export { coLiking } from './models/co-liking.ts';
export type { CoLikingOptions } from './models/co-liking.ts';
export { contentFactors } from './models/content-factors.ts';
export type { ContentFactorsOptions } from './models/content-factors.ts';
export { gramSensitivity, privacyOf, privateAutoencoder } from './models/private-autoencoder.ts';
export type { PrivateAutoencoderOptions, StatedPrivacy } from './models/private-autoencoder.ts';
export { deviationOf, epsilonOf, zeroConcentrated } from './privacy/gaussian-mechanism.ts';
export type { NoiseSource } from './privacy/gaussian-mechanism.ts';
export { combine as combineRecommenders, hybrid } from './models/hybrid.ts';
export type { HybridMember, HybridOptions } from './models/hybrid.ts';
export { createFactorScan } from './models/factor-scan.ts';
export type { FactorScan } from './models/factor-scan.ts';
export { selectTop } from './algebra/select-top.ts';
export { coverageAt, ndcgAt, noveltyAt, precisionAt, recallAt } from './evaluation/ranking-metrics.ts';
export { bootstrapDifference, bootstrapMean } from './evaluation/bootstrap.ts';
export type { Interval } from './evaluation/bootstrap.ts';
export { checkReasons } from './evaluation/check-reasons.ts';
export type { ReasonCheck } from './evaluation/check-reasons.ts';
export { evaluateRanking } from './evaluation/evaluate-ranking.ts';
export type { RankingCase, RankingResult } from './evaluation/evaluate-ranking.ts';
export {
  ASPECTS,
  buildVectorIndex,
  compareExamples,
  createMelodyIndex,
  describeExample,
  describeSound,
  findByExample,
  findInSketches,
  findMelodyInSketches,
  formatWish,
  loadVectorIndex,
  matchTracks,
  melodyOf,
  packExample,
  parseQuery,
  topK,
  unpackExample,
} from './retrieval/index.ts';
export type {
  Aspect,
  Example,
  ExampleProfile,
  HarmonyProfile,
  InstrumentWish,
  KeyWish,
  LikeWish,
  Melody,
  MelodyIndex,
  MelodyMatch,
  MeterWish,
  Metric,
  NumberWish,
  OnlyWish,
  QualityWish,
  Quantity,
  SearchableTrack,
  SketchedPiece,
  Span,
  SpellingCorrection,
  StyleWish,
  TimbreProfile,
  TitleWish,
  TopK,
  TopKOptions,
  TrackMatch,
  TrackQuery,
  VectorIndex,
  VectorIndexOptions,
  VectorSearchOptions,
  Wish,
  WishMatch,
  WordsWish,
} from './retrieval/index.ts';
export {
  createHistory,
  detectTrends,
  forecastSeries,
  fitExponentialSmoothing,
  meanAbsoluteScaledError,
  testTrend,
  trendConditioning,
} from './trends/index.ts';
export type {
  DetectTrendsOptions,
  Forecast,
  HistoryOptions,
  ListeningEvent,
  SmoothedSeries,
  Smoothing,
  ForecastErrors,
  ForecastMethod,
  SeriesForecast,
  SeriesForecastOptions,
  SmoothingOptions,
  Trend,
  TrendHistory,
  TrendSeries,
  TrendTest,
} from './trends/index.ts';
