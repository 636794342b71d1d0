import { createRng } from '@attune/core';
import {
  createInteractions,
  ease,
  popularity,
  privateAutoencoder,
  zeroConcentrated,
  type Recommender,
} from '@attune/recommend';
import { mean, measure } from './accuracy.ts';
import { casesOf, openLastFm, type LastFm, type Pairs } from './lastfm.ts';

const CATALOGUE = 300;
const EPSILONS = [1, 2, 4, 8, 16, 64];
const DELTA = 1e-4; // below one over the 1,885 listeners
const SEEDS = [1, 2, 3];

/** What privacy costs: a small catalogue, told apart by ε. */
export function measurePrivacy(): void {
  const whole = openLastFm();
  if (!whole) return;
  const set = keepPopular(whole);
  const likes = createInteractions(
    [...set.train].flatMap(([listener, own]) =>
      own.map((item) => ({ listener: String(listener), item: String(item), liking: 1 })),
    ),
    set.items,
  );
  const known = new Set(likes.listeners);
  const asked = new Map(
    [...set.validation].filter(([listener, own]) => own.length > 0 && known.has(String(listener))),
  );
  const cases = casesOf(likes, asked);
  console.log(
    `The ${CATALOGUE} most liked artists as a public catalogue; ${likes.listeners.length} listeners; NDCG@10 on validation items within it,`,
  );
  console.log(`δ = ${DELTA}, rows clipped to length 1, mean of noise seeds ${SEEDS.join(', ')}.\n`);
  console.log('| model | ε | noise σ | NDCG@10 |\n|---|---|---|---|');
  const row = (name: string, epsilon: string, sigma: string, models: readonly Recommender[]): void => {
    const values = models.map((model) => mean(measure(likes, cases, model).ndcg));
    console.log(`| ${name} | ${epsilon} | ${sigma} | ${mean(values).toFixed(4)} |`);
  };
  row('popularity, not private', '∞', '0', [popularity.fit(likes)]);
  row('EASE, not private', '∞', '0', [ease.fit(likes, { regularisation: 100, dropout: 0, form: 'items' })]);
  for (const epsilon of EPSILONS) {
    const sigma = 1 / Math.sqrt(2 * zeroConcentrated(epsilon, DELTA));
    // Seeds that stand here make the table the same again; a model that is to be private must not have such.
    const models = SEEDS.map((seed) =>
      privateAutoencoder.fit(likes, { epsilon, delta: DELTA, noise: createRng(seed) }),
    );
    row('private autoencoder', String(epsilon), sigma.toFixed(2), models);
  }
}

/** The set with its most liked items alone. */
function keepPopular(set: LastFm): LastFm {
  const counts = new Map<number, number>();
  for (const own of set.train.values()) for (const item of own) counts.set(item, (counts.get(item) ?? 0) + 1);
  const kept = [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, CATALOGUE)
    .map(([item]) => item);
  const keep = new Set(kept);
  const only = (pairs: Pairs): Pairs =>
    new Map([...pairs].map(([listener, own]) => [listener, own.filter((item) => keep.has(item))]));
  return { ...set, items: kept.map(String), train: only(set.train), validation: only(set.validation) };
}
