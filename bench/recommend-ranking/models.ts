import type {
  FitOptions,
  HybridOptions,
  Interactions,
  Recommender,
  RecommenderFamily,
} from '@attune/recommend';
import {
  bayesianRanking,
  coLiking,
  ease,
  hybrid,
  implicitAls,
  itemNeighbours,
  listenerKernel,
  popularity,
  spectralFilter,
} from '@attune/recommend';
import { implicitFactors, rankByPosterior, servedFactors } from './served.ts';

/** A model of the table: how it is fitted, and whether chance enters. */
export interface Contender {
  readonly name: string;
  readonly fit: (set: Interactions, seed: number) => Recommender;
  readonly chance?: boolean;
  /** Fitted to plays as strengths, which the published models did not use. */
  readonly plays?: boolean;
}

/** Power of plays in a like's strength; of 0, .3 and .5 on validation. */
export const PLAYS_POWER = 0.3;

export const ALS = { rank: 64, iterations: 8, confidence: 2, regularisation: 3, frequencyPower: 0.5 };
export const EASE = { regularisation: 40, dropout: 5 / 6 };
export const KERNEL = { regularisation: 5, rarity: 0.5, damping: 0.1 };
/** As strengths of likes are at most 1, plays ask for more confidence. */
const ALS_PLAYS = { ...ALS, confidence: 3 };
export const KERNEL_WEIGHT = 0.5;
export const CO_LIKING = { prior: 3, dependence: 0.75 };
/** What counts where little is known; chosen by `short --choose`. */
export const SHORT = { weight: 256, fade: 2.5 };

export function hybridOf(als: object, short: { weight: number; fade: number } = SHORT): HybridOptions {
  return {
    members: [
      { kind: 'implicit-als', weight: 1, options: als },
      { kind: 'listener-kernel', weight: KERNEL_WEIGHT, options: KERNEL },
      { kind: 'co-liking', ...short, options: CO_LIKING },
    ],
  };
}

/** All models with what `GRIDS` chose on validation. The first three are the README's references. */
export const CONTENDERS: readonly Contender[] = [
  { name: 'popularity', fit: (set) => popularity.fit(set) },
  {
    name: 'item cosine (reference)',
    fit: (set) => itemNeighbours.fit(set, { shrinkage: 0, asymmetry: 0.5, neighbours: 20_000 }),
  },
  {
    name: 'ridge autoencoder (reference)',
    fit: (set) => ease.fit(set, { regularisation: 100, dropout: 0, zeroDiagonal: false }),
  },
  {
    name: 'item neighbours',
    fit: (set) => itemNeighbours.fit(set, { shrinkage: 5, asymmetry: 0.5, neighbours: 20_000 }),
  },
  { name: 'EASE', fit: (set) => ease.fit(set, { regularisation: 100, dropout: 0 }) },
  { name: 'EASE with dropout', fit: (set) => ease.fit(set, EASE) },
  { name: 'implicit ALS', chance: true, fit: (set, seed) => implicitAls.fit(set, { ...ALS, seed }) },
  { name: 'co-liking', fit: (set) => coLiking.fit(set, CO_LIKING) },
  { name: 'BPR', chance: true, fit: (set, seed) => bayesianRanking.fit(set, { seed }) },
  {
    name: 'spectral filter',
    chance: true,
    fit: (set, seed) => spectralFilter.fit(set, { rank: 64, idealWeight: 0.1, seed }),
  },
  { name: 'listener kernel', fit: (set) => listenerKernel.fit(set, KERNEL) },
  { name: 'hybrid', chance: true, fit: (set, seed) => hybrid.fit(set, hybridOf({ ...ALS, seed })) },
  {
    name: 'as served (likes)',
    chance: true,
    fit: (set, seed) => rankByPosterior(set, servedFactors(set, seed)),
  },
  {
    name: 'as served (plays)',
    plays: true,
    chance: true,
    fit: (set, seed) => rankByPosterior(set, servedFactors(set, seed)),
  },
  {
    name: 'posterior over implicit ALS, rank 6',
    chance: true,
    fit: (set, seed) => rankByPosterior(set, implicitFactors(set, { ...ALS, rank: 6, seed })),
  },
  {
    name: 'posterior over implicit ALS, rank 32',
    chance: true,
    fit: (set, seed) => rankByPosterior(set, implicitFactors(set, { ...ALS, rank: 32, seed })),
  },
  { name: 'listener kernel, plays', plays: true, fit: (set) => listenerKernel.fit(set, KERNEL) },
  {
    name: 'hybrid, plays',
    plays: true,
    chance: true,
    fit: (set, seed) => hybrid.fit(set, hybridOf({ ...ALS_PLAYS, seed })),
  },
];

/** What was tried on validation, family by family: the whole of each grid. */
export const GRIDS: readonly { readonly family: RecommenderFamily; readonly points: readonly object[] }[] = [
  {
    family: itemNeighbours,
    points: cross({ shrinkage: [0, 5, 20], asymmetry: [0.3, 0.5, 0.7], neighbours: [20_000] }),
  },
  {
    family: ease,
    points: cross({ regularisation: [50, 100, 200], dropout: [0], zeroDiagonal: [false, true] }),
  },
  { family: ease, points: cross({ regularisation: [20, 40, 80], dropout: [0.5, 3 / 4, 5 / 6] }) },
  {
    family: listenerKernel,
    points: cross({ regularisation: [3, 5, 8], rarity: [0.25, 0.5, 1], damping: [0, 0.1, 0.15] }),
  },
  { family: spectralFilter, points: cross({ rank: [64], idealWeight: [0, 0.1, 0.3] }) },
  {
    family: implicitAls,
    points: cross({
      rank: [64],
      iterations: [8],
      confidence: [2, 10],
      regularisation: [0.3, 3, 30],
      frequencyPower: [0.5],
    }),
  },
  { family: bayesianRanking, points: cross({ regularisation: [0.003, 0.01, 0.03], epochs: [60] }) },
  {
    family: hybrid,
    points: [0, 64, 256, 1024].map((weight) => hybridOf(ALS, { ...SHORT, weight })),
  },
] as readonly { family: RecommenderFamily; points: readonly (object & FitOptions)[] }[];

function cross(axes: Readonly<Record<string, readonly (number | boolean)[]>>): object[] {
  return Object.entries(axes).reduce<object[]>(
    (points, [name, values]) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
}
