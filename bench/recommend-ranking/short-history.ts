import { createRng, type Rng } from '@attune/core';
import type { Interactions, RankingCase, Recommender } from '@attune/recommend';
import {
  bootstrapMean,
  coLiking,
  combineRecommenders,
  ease,
  hybrid,
  implicitAls,
  itemNeighbours,
  listenerKernel,
  popularity,
  RECOMMENDER_FAMILIES,
} from '@attune/recommend';
import { mean, measure } from './accuracy.ts';
import { casesOf, interactionsOf, openLastFm, type Pairs } from './lastfm.ts';
import { ALS, CO_LIKING, EASE, hybridOf, KERNEL, KERNEL_WEIGHT } from './models.ts';

const TOLD = [0, 1, 3, 5];
const SEEDS = [1, 2, 3];
/** One listener in five is held out of the fit altogether, so that no model has seen what is cut away. */
const HELD_OUT = 5;

const MODELS: readonly (readonly [string, (set: Interactions) => Recommender])[] = [
  ['popularity', (set) => popularity.fit(set)],
  ['item neighbours', (set) => itemNeighbours.fit(set, { shrinkage: 5, neighbours: 20_000 })],
  ['EASE with dropout', (set) => ease.fit(set, EASE)],
  ['co-liking', (set) => coLiking.fit(set, CO_LIKING)],
  ['implicit ALS', (set) => implicitAls.fit(set, ALS)],
  ['listener kernel', (set) => listenerKernel.fit(set, KERNEL)],
  ['hybrid', (set) => hybrid.fit(set, hybridOf(ALS))],
];

/** What `--choose` tries: weight and fade of co-liking in the hybrid, whose other members are as always. */
const CHOICES = [
  { weight: 0, fade: 0 },
  { weight: 8, fade: 1 },
  { weight: 8, fade: 1.3 },
  { weight: 16, fade: 1.3 },
  { weight: 32, fade: 1.6 },
  { weight: 32, fade: 1.3 },
  { weight: 64, fade: 1.6 },
  { weight: 128, fade: 2 },
  { weight: 256, fade: 2 },
  { weight: 256, fade: 2.5 },
  { weight: 512, fade: 2.5 },
  { weight: 1024, fade: 3 },
];
/** A draw of listeners of its own. */
const CHOOSING_SEED = 4;
/** Of a listener's training items so many are to be found, about as many as validation has. */
const SOUGHT = 5;

/** Chooses without the validation likes: told some training items of listeners held out of the fit, asked for five others. */
export function chooseForShortHistories(): void {
  const set = openLastFm();
  if (!set) return;
  console.log(
    'NDCG@10 on five training items of listeners held out of the fit, told other ones; no validation likes.\n',
  );
  console.log(`| co-liking in the hybrid | ${TOLD.slice(1).join(' items | ')} items |\n|---|---|---|---|`);
  const { fitted } = split(set.train, set.validation, createRng(CHOOSING_SEED));
  const likes = interactionsOf(set, [fitted]);
  const asked = new Map([...set.train].filter(([listener]) => !fitted.has(listener)));
  const { members } = hybridOf(ALS);
  const models = members!.map(({ kind, options }) =>
    RECOMMENDER_FAMILIES.find((family) => family.kind === kind)!.fit(likes, options),
  );
  const counts = new Float32Array(set.items.length);
  for (const item of likes.likes.indices) counts[item]!++;
  for (const { weight, fade } of CHOICES) {
    const model = combineRecommenders(models, [1, KERNEL_WEIGHT, weight], counts, [0, 0, fade]);
    const cells = TOLD.slice(1).map((told) => {
      const cases = [...asked].flatMap(([listener, items]): RankingCase[] => {
        const order = createRng(CHOOSING_SEED).fork(`listener ${listener}`).shuffle(items.map(String));
        const relevant = order.slice(told, told + SOUGHT);
        if (relevant.length === 0) return [];
        const history = order.slice(0, told).map((item) => ({ item, liking: 1 }));
        return [{ history, relevant, exclude: order.slice(told + SOUGHT) }];
      });
      return mean(measure(likes, cases, model).ndcg).toFixed(4);
    });
    console.log(`| ${weight} · n^−${fade} | ${cells.join(' | ')} |`);
  }
}

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
