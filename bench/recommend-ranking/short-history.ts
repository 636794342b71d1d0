import { createRng, type Rng } from '@attune/core';
import type { Interactions, RankingCase, Recommender } from '@attune/recommend';
import {
  bootstrapMean,
  ease,
  hybrid,
  implicitAls,
  itemNeighbours,
  listenerKernel,
  popularity,
} from '@attune/recommend';
import { mean, measure } from './accuracy.ts';
import { casesOf, interactionsOf, openLastFm, type Pairs } from './lastfm.ts';
import { ALS, EASE, hybridOf, KERNEL } from './models.ts';

const TOLD = [0, 1, 3, 5];
const SEEDS = [1, 2, 3];
/** One listener in five is held out of the fit altogether, so that no model has seen what is cut away. */
const HELD_OUT = 5;

const MODELS: readonly (readonly [string, (set: Interactions) => Recommender])[] = [
  ['popularity', (set) => popularity.fit(set)],
  ['item neighbours', (set) => itemNeighbours.fit(set, { shrinkage: 5, neighbours: 20_000 })],
  ['EASE with dropout', (set) => ease.fit(set, EASE)],
  ['implicit ALS', (set) => implicitAls.fit(set, ALS)],
  ['listener kernel', (set) => listenerKernel.fit(set, KERNEL)],
  ['hybrid', (set) => hybrid.fit(set, hybridOf(ALS))],
];

/** R2: listeners that no model was fitted to, folded in from 0, 1, 3 and 5 of their training items. */
export function measureShortHistories(only: string | undefined): void {
  const set = openLastFm();
  if (!set) return;
  console.log(
    'NDCG@10 on the validation items of listeners held out of the fit (one in five, three draws), told the',
  );
  console.log(
    'first items of a shuffled training row; their other training items are not ranked, as everywhere. ±: half',
  );
  console.log('of a 95 % bootstrap interval over listeners. Ratio: to popularity with as many items.\n');
  console.log(`| model | ${TOLD.map((n) => `${n} items | ratio`).join(' | ')} |`);
  console.log(`|---|${TOLD.map(() => '---|---|').join('')}`);
  const splits = SEEDS.map((seed) => split(set.train, set.validation, createRng(seed)));
  const fitted = splits.map((part) => interactionsOf(set, [part.fitted]));
  const all = interactionsOf(set, [set.train]);
  const baseline = new Map<number, number>();
  for (const [name, fit] of MODELS) {
    if (name !== 'popularity' && only !== undefined && !name.includes(only)) continue;
    const models = fitted.map((likes) => fit(likes));
    const cells = TOLD.map((told) => {
      const values = models.flatMap((model, s) => {
        const cases = casesOf(all, splits[s]!.asked);
        return [...measure(fitted[s]!, cutHistories(cases, told, createRng(SEEDS[s]!)), model).ndcg];
      });
      const { low, high } = bootstrapMean(values, createRng(1));
      if (name === 'popularity') baseline.set(told, mean(values));
      return `${mean(values).toFixed(4)} ± ${((high - low) / 2).toFixed(4)} | ${(mean(values) / baseline.get(told)!).toFixed(2)}`;
    });
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
}

function split(train: Pairs, validation: Pairs, rng: Rng): { fitted: Pairs; asked: Pairs } {
  const order = rng.shuffle([...train.keys()]);
  const held = new Set(order.slice(0, Math.floor(order.length / HELD_OUT)));
  return {
    fitted: new Map([...train].filter(([listener]) => !held.has(listener))),
    asked: new Map([...validation].filter(([listener]) => held.has(listener))),
  };
}

/** The first `told` items of each history in a random order; the rest is neither told nor ranked. */
function cutHistories(cases: readonly RankingCase[], told: number, rng: Rng): RankingCase[] {
  return cases.map((each) => {
    const order = rng.shuffle([...each.history]);
    return { ...each, history: order.slice(0, told), exclude: order.slice(told).map(({ item }) => item) };
  });
}
