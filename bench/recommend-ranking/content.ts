import { createRng, type Rng } from '@attune/core';
import { readMidiLenient } from '@attune/core/midi';
import { findDataDir, openDataSet, SHIPPABLE_SYMBOLIC_SETS, styleOfRow } from '@attune/core/node';
import { STYLE_SPACE, STYLES, styleVectorOf } from '@attune/core/style';
import type { Item, SimulatedListener, Verdict } from '@attune/recommend';
import {
  bootstrapMean,
  contentFactors,
  createFeatureMap,
  createInteractions,
  createSimulatedListener,
  createTaste,
  evidenceOfVerdict,
  inferPosterior,
  ndcgAt,
  predict,
  rate,
  selectTop,
} from '@attune/recommend';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { mapItem } from '../../packages/recommend/src/taste/features.ts';
import { mean } from './accuracy.ts';

const PER_SET = 120;
const LISTENERS = 150;
const RATINGS = [5, 20, 60];
const SEEDS = [1, 2, 3];
/** Hidden preferences, in deviations, from which a track counts as relevant: five stars, and the best twentieth. */
const RELEVANT = { 'five stars': 0.8416, 'best twentieth': 1.6449 } as const;
type Relevance = keyof typeof RELEVANT;
const ARMS = ['random', 'popularity', 'content factors', 'taste posterior', 'hidden preference'] as const;

/** R3: tracks that nobody has rated, ranked by what they sound like. */
export function measureColdStart(): void {
  const items = readItems();
  if (!items) return;
  const scores = new Map<string, number[]>();
  for (const seed of SEEDS) measureWorld(items, createRng(seed), scores);
  console.log(
    `${items.length} pieces of ${SHIPPABLE_SYMBOLIC_SETS.length} symbolic sets, three in ten of them rated by nobody; ${LISTENERS} simulated`,
  );
  console.log(
    'listeners rate some of the others with noise. NDCG@10 over the unrated pieces; relevant are those whose hidden',
  );
  console.log(
    `preference is worth five stars (a fifth), or in the best twentieth. Seeds ${SEEDS.join(', ')}.\n`,
  );
  for (const relevance of Object.keys(RELEVANT) as Relevance[]) {
    console.log(`| relevant: ${relevance} | ${RATINGS.map((n) => `${n} ratings | ratio`).join(' | ')} |`);
    console.log(`|---|${RATINGS.map(() => '---|---|').join('')}`);
    for (const arm of ARMS) {
      const cells = RATINGS.map((n) => {
        const values = scores.get(`${relevance} ${arm} ${n}`)!;
        const { low, high } = bootstrapMean(values, createRng(1));
        const ratio = mean(values) / mean(scores.get(`${relevance} random ${n}`)!);
        return `${mean(values).toFixed(3)} ± ${((high - low) / 2).toFixed(3)} | ${ratio.toFixed(2)}`;
      });
      console.log(`| ${arm} | ${cells.join(' | ')} |`);
    }
    console.log('');
  }
}

function measureWorld(items: readonly Item[], rng: Rng, scores: Map<string, number[]>): void {
  const order = rng.fork('split').shuffle([...items]);
  const fresh = order.slice(0, Math.floor(items.length * 0.3));
  const known = order.slice(fresh.length);
  const listeners = Array.from({ length: LISTENERS }, (_, l) =>
    createSimulatedListener(STYLE_SPACE, items, rng.fork(`taste ${l}`)),
  );
  const map = createFeatureMap(STYLE_SPACE, STYLES);
  const content = new Map(items.map((item) => [item.id, mapItem(map, item)]));
  const byId = new Map(items.map((item) => [item.id, item]));
  for (const count of RATINGS) {
    const verdicts = listeners.map((listener, l) =>
      rateSome(listener, known, count, rng.fork(`ratings ${l}`)),
    );
    const interactions = verdicts.flatMap((own, l) =>
      own.map(([item, verdict]) => ({
        listener: `l${l}`,
        item: item.id,
        liking: evidenceOfVerdict(verdict).liking,
      })),
    );
    const set = createInteractions(
      interactions,
      items.map((item) => item.id),
    );
    const model = contentFactors.fit(set, {
      content,
      rank: 16,
      confidence: 8,
      regularisation: 1,
      contentRegularisation: 10,
    });
    const numbers = fresh.map((item) => set.catalogue.numbers.get(item.id)!);
    listeners.forEach((listener, l) => {
      const own = verdicts[l]!;
      const all = model.score(
        model.foldIn(
          own.map(([item, verdict]) => ({ item: item.id, liking: evidenceOfVerdict(verdict).liking })),
        ),
      );
      const taste = own.reduce((now, [item, verdict]) => rate(now, item.id, verdict, 0), createTaste());
      const posterior = inferPosterior(taste, map, (id) => byId.get(id), 0);
      const chance = rng.fork(`chance ${l}`);
      const arms: Record<(typeof ARMS)[number], number[]> = {
        random: fresh.map(() => chance.uniform()),
        popularity: fresh.map(() => 0), // nobody has rated them: the order is that of the shuffled list
        'content factors': numbers.map((i) => all[i]!),
        'taste posterior': fresh.map((item) => predict(posterior, item).mean),
        'hidden preference': fresh.map((item) => listener.preference(item)),
      };
      for (const [relevance, least] of Object.entries(RELEVANT)) {
        const relevant = new Set(fresh.flatMap((item, i) => (listener.preference(item) > least ? [i] : [])));
        if (relevant.size === 0) continue;
        for (const arm of ARMS) {
          const key = `${relevance} ${arm} ${count}`;
          scores.set(key, [...(scores.get(key) ?? []), ndcgAt(selectTop(arms[arm], 10), relevant, 10)]);
        }
      }
    });
  }
}

function rateSome(
  listener: SimulatedListener,
  known: readonly Item[],
  count: number,
  rng: Rng,
): [Item, Verdict][] {
  return rng
    .shuffle([...known])
    .slice(0, count)
    .map((item) => [item, listener.rate(item, rng)]);
}

/** 120 pieces of each symbolic set as items; undefined, with a printed reason, where no set is at hand. */
export function readItems(): Item[] | undefined {
  const root = findDataDir();
  const folders = SHIPPABLE_SYMBOLIC_SETS.map((set) => path.join(root ?? '', set)).filter(existsSync);
  if (!root || folders.length === 0) {
    console.log('Skipped: no symbolic set is in the data folder (ATTUNE_DATA_DIR).');
    return undefined;
  }
  return folders.flatMap((folder) => {
    const { name, items } = openDataSet(folder);
    const stride = Math.max(1, Math.floor(items.length / PER_SET));
    return items
      .filter((_, i) => i % stride === 0)
      .slice(0, PER_SET)
      .map((item) => ({
        id: `${name}/${item.id}`,
        vector: styleVectorOf(readMidiLenient(item.bytes()).score),
        style: styleOfRow(name, item.row) ?? null,
        instruments: [],
      }));
  });
}
