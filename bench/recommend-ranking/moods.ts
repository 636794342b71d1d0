import { createRng, type Rng } from '@attune/core';
import { STYLE_SPACE, STYLES } from '@attune/core/style';
import type { Item, Posterior, SimulatedListener, Taste } from '@attune/recommend';
import {
  bootstrapDifference,
  bootstrapMean,
  checkReasons,
  createFeatureMap,
  createSimulatedListener,
  createTaste,
  inferPosterior,
  inferTastes,
  predict,
  rate,
  recommendAcross,
  recordPlay,
} from '@attune/recommend';
import { readItems } from './content.ts';

const LISTENERS = 24;
const MOODS = [1, 2, 3];
const PER_SITTING = 6;
const AFTER = [5, 10, 16];
/** Ratings in the sitting that is to be served. */
const TOLD = 3;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const ARMS = ['one average', 'this sitting alone', 'facet of the sitting', 'moods known'] as const;
/** Where nothing tells the mood: the mean over the moods of the sittings. */
const UNKNOWN = ['average, mood unknown', 'by turns, mood unknown'] as const;
type Arm = (typeof ARMS)[number] | (typeof UNKNOWN)[number];
const REASON_LISTENERS = 200;
const REASON_RATINGS = 15;
/** Every other rated piece was played too, and so many others were played and not rated. */
const REASON_PLAYS = 10;

/** Listeners with several moods: the facet of the latest sitting beside one taste for all. */
export function measureMoods(only: string | undefined): void {
  const items = readItems();
  if (!items) return;
  console.log(
    `${items.length} pieces of the symbolic sets. ${LISTENERS} simulated listeners rate ${PER_SITTING} pieces a sitting with noise, each sitting in one`,
  );
  console.log(
    `of their moods; then ${TOLD} in a sitting that is to be served. Mean hidden preference, in that mood, of the first ten of the`,
  );
  console.log(
    'unrated pieces; in deviations. ±: half of a 95 % bootstrap interval over listeners. Mood unknown: the same',
  );
  console.log('list looked at in the mood of each sitting; by turns: every facet fills places.\n');
  console.log(
    `| moods | sittings | ${ARMS.join(' | ')} | facet − average | facets found | ${UNKNOWN.join(' | ')} | by turns − average |`,
  );
  console.log(`|---|---|${ARMS.map(() => '---|').join('')}---|---|${UNKNOWN.map(() => '---|').join('')}---|`);
  for (const moods of MOODS.filter((each) => only === undefined || String(each) === only)) {
    for (const sittings of AFTER) {
      const runs = Array.from({ length: LISTENERS }, (_, l) =>
        serve(items, moods, sittings, createRng(100 + l)),
      );
      const show = ({ mean, low, high }: ReturnType<typeof bootstrapMean>): string =>
        `${mean.toFixed(2)} ± ${((high - low) / 2).toFixed(2)}`;
      const values = (arm: Arm): number[] => runs.map(({ gains }) => gains[arm]);
      const cells = (arms: readonly Arm[]): string =>
        arms.map((arm) => show(bootstrapMean(values(arm), createRng(1)))).join(' | ');
      const lead = (arm: Arm, rival: Arm): string =>
        show(bootstrapDifference(values(arm), values(rival), createRng(1)));
      const found = runs.reduce((sum, { facets }) => sum + facets, 0) / LISTENERS;
      console.log(
        `| ${moods} | ${sittings} | ${cells(ARMS)} | ${lead('facet of the sitting', 'one average')} | ${found.toFixed(2)} ` +
          `| ${cells(UNKNOWN)} | ${lead(UNKNOWN[1], UNKNOWN[0])} |`,
      );
    }
  }
}

function serve(
  items: readonly Item[],
  moods: number,
  sittings: number,
  rng: Rng,
): { gains: Record<Arm, number>; facets: number } {
  const map = createFeatureMap(STYLE_SPACE, STYLES);
  const byId = new Map(items.map((item) => [item.id, item]));
  const listener = createSimulatedListener(STYLE_SPACE, items, rng.fork('taste'), { moods });
  const order = rng.fork('order').shuffle([...items]);
  const noise = rng.fork('noise');
  const moodOf = Array.from({ length: sittings }, () => rng.integer(moods));
  moodOf.push(moodOf[rng.integer(sittings)]!); // a mood that they have been in
  let taste = createTaste();
  const known: string[][] = Array.from({ length: moods }, () => []);
  let next = 0;
  moodOf.forEach((mood, s) => {
    for (let i = 0; i < (s === sittings ? TOLD : PER_SITTING); i++) {
      const item = order[next++]!;
      known[mood]!.push(item.id);
      taste = rate(taste, item.id, listener.rate(item, noise, mood), s * DAY_MS + i * MINUTE_MS);
    }
  });
  const now = (sittings + 1) * DAY_MS;
  const mood = moodOf[sittings]!;
  const infer = (said: Taste): Posterior => inferPosterior(said, map, (id) => byId.get(id), now);
  const only = (ids: readonly string[]): Taste => ({
    ...taste,
    ratings: taste.ratings.filter(({ itemId }) => ids.includes(itemId)),
  });
  const tastes = inferTastes(taste, map, (id) => byId.get(id), now);
  const open = order.slice(next);
  const gainOf = (posterior: Posterior): number => gainIn(mood, firstTen(open, posterior), listener);
  const anyMood = (list: readonly Item[]): number =>
    moodOf.reduce((sum, each) => sum + gainIn(each, list, listener), 0) / moodOf.length;
  const turns = recommendAcross(taste, tastes, open, { take: 10, rng, exploration: 0, diversity: 0 });
  return {
    facets: tastes.facets.length,
    gains: {
      'one average': gainOf(tastes.whole),
      'this sitting alone': gainOf(infer(only(order.slice(next - TOLD, next).map(({ id }) => id)))),
      'facet of the sitting': gainOf(tastes.facets[tastes.current]!.posterior),
      'moods known': gainOf(infer(only(known[mood]!))),
      'average, mood unknown': anyMood(firstTen(open, tastes.whole)),
      'by turns, mood unknown': anyMood(turns.map(({ itemId }) => byId.get(itemId)!)),
    },
  };
}

function firstTen(open: readonly Item[], posterior: Posterior): Item[] {
  return open
    .map((item) => ({ item, mean: predict(posterior, item).mean }))
    .sort((a, b) => b.mean - a.mean)
    .slice(0, 10)
    .map(({ item }) => item);
}

/** Mean hidden preference of a list in one mood. */
function gainIn(mood: number, list: readonly Item[], listener: SimulatedListener): number {
  return list.reduce((sum, item) => sum + listener.preference(item, mood), 0) / list.length;
}

/** Whether reasons are causal: what they name is taken away, and the ranking looked at again. */
export function measureReasons(): void {
  const items = readItems();
  if (!items) return;
  const map = createFeatureMap(STYLE_SPACE, STYLES);
  const checks = Array.from({ length: REASON_LISTENERS }, (_, l) => {
    const rng = createRng(900 + l);
    const listener = createSimulatedListener(STYLE_SPACE, items, rng.fork('taste'));
    const noise = rng.fork('noise');
    const order = rng.shuffle([...items]);
    const rated = order
      .slice(0, REASON_RATINGS)
      .reduce((said, item) => rate(said, item.id, listener.rate(item, noise), 0), createTaste());
    const played = order
      .slice(0, REASON_RATINGS + REASON_PLAYS)
      .filter((_, i) => i >= REASON_RATINGS || i % 2);
    const taste = played.reduce((said, { id }) => recordPlay(said, id, 0.5 + rng.uniform() / 2, 0), rated);
    return checkReasons(taste, map, items, { take: 3 });
  }).flat();
  console.log(
    `Reasons of the first three of ${items.length} pieces for ${REASON_LISTENERS} simulated listeners with ${REASON_RATINGS} noisy ratings. Every`,
  );
  console.log(
    `other rated piece was played too, and ${REASON_PLAYS} others were played and not rated. What a reason names is`,
  );
  console.log(
    'taken away: the rating or play (and the taste inferred again), or the feature or style of the piece.\n',
  );
  console.log(
    '| reason | named | liking falls as said | place not better | place lost |\n|---|---|---|---|---|',
  );
  for (const kind of ['liked-track', 'played-track', 'feature', 'style'] as const) {
    const own = checks.filter((check) => check.kind === kind);
    const share = (holds: (check: (typeof own)[0]) => boolean): string =>
      `${((100 * own.filter(holds).length) / own.length).toFixed(1)} %`;
    const asSaid = share(({ weight, fall }) => Math.abs(weight - fall) < 1e-9);
    console.log(
      `| ${kind} | ${own.length} | ${asSaid} | ${share((c) => c.placesLost >= 0)} | ${share((c) => c.placesLost > 0)} |`,
    );
  }
}
