import { bayesianRanking } from './bayesian-ranking.ts';
import { coLiking } from './co-liking.ts';
import { contentFactors } from './content-factors.ts';
import { ease } from './ease.ts';
import { implicitAls } from './implicit-als.ts';
import { itemNeighbours } from './item-neighbours.ts';
import { listenerKernel } from './listener-kernel.ts';
import { popularity } from './popularity.ts';
import { privateAutoencoder } from './private-autoencoder.ts';
import type { RecommenderFamily } from './recommender.ts';
import { spectralFilter } from './spectral-filter.ts';

/** All families but the one that is made of others. */
export const BASE_FAMILIES: readonly RecommenderFamily[] = [
  popularity,
  coLiking,
  itemNeighbours,
  ease,
  listenerKernel,
  implicitAls,
  bayesianRanking,
  spectralFilter,
  contentFactors,
  privateAutoencoder,
];
