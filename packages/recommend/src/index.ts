/**
 * Taste from ratings with its uncertainty, ranking with reasons, similar pieces, collaborative factors, simulated
 * listeners.
 * @module @attune/recommend
 */
export type { Item } from './taste/item.ts';
export { evidenceOfPlay, evidenceOfVerdict, RATING_HALF_LIFE_DAYS } from './taste/events.ts';
export type { Evidence, Play, Rating, Verdict } from './taste/events.ts';
export { correct, createTaste, rate, recordPlay, steer, undoRating } from './taste/taste.ts';
export type { Correction, Steer, Taste } from './taste/taste.ts';
export { createFeatureMap } from './taste/features.ts';
export type { FeatureMap } from './taste/features.ts';
export { inferPosterior, predict } from './taste/posterior.ts';
export type { Posterior, Prediction } from './taste/posterior.ts';
export { describeTaste } from './taste/view.ts';
export type { DimensionBelief, StyleBelief, TasteView } from './taste/view.ts';
export { tasteConditioning } from './taste/conditioning.ts';
export type { Anchor } from './taste/conditioning.ts';
export { fitFactors } from './collaborative/factors.ts';
export type { FactorOptions, Factors, Liking } from './collaborative/factors.ts';
export { explain } from './ranking/reasons.ts';
export type { Reason } from './ranking/reasons.ts';
export { chooseToRate, recommend } from './ranking/recommend.ts';
export type { Recommendation, RecommendOptions } from './ranking/recommend.ts';
export { findSimilar, similarity } from './ranking/similar.ts';
export { createSimulatedListener } from './simulation/listener.ts';
export type { ListenerOptions, SimulatedListener } from './simulation/listener.ts';
