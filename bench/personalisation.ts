import { createRng, type Rng } from '@attune/core';
import { readCheckpointFolder } from '@attune/core/node';
import { isStyle, STYLE_SPACE, STYLES } from '@attune/core/style';
import { createGenerator } from '@attune/generate';
import { loadOriginalityIndex, loadShippedGenerator } from '@attune/generate/node';
import type { Item, Posterior, SimulatedListener, Taste, Tastes } from '@attune/recommend';
import {
  bootstrapMean,
  chooseToRate,
  createFeatureMap,
  createSimulatedListener,
  createTaste,
  describeTaste,
  inferPosterior,
  inferTastes,
  predict,
  rate,
  tasteConditioning,
} from '@attune/recommend';
import { parseArgs } from 'node:util';
import { createStudio, VARIANTS, type Made, type Studio } from './personalisation/studio.ts';

export const summary = 'what taste adds to composing: simulated listeners with hidden tastes (TARGETS G8)';

const HELP = `npm run bench -- personalisation [--listeners 200] [--seeds 3] [--first 1] [--pool 96] [--pieces 2] [--candidates 4]
    [--ratings 0,5,20,100] [--moods 1] [--drift 0] [--adventure 0.5] [--bars 8] [--minutes 12] [--clock 60] [--model FOLDER]

Each listener has a hidden taste (a few dimensions with a preferred value, plus styles; another form than the model
fits), or several moods, and rates pieces of a pool of unconditioned pieces with noise, five a sitting, a week apart. After
so many ratings, pieces are made:
  unconditioned       pieces nobody asked anything of (the pool for comparing: not the rated one)
  style only          of N pieces of the style believed to be liked best, the one predicted best
  reranking alone     the best by predicted taste of N unconditioned pieces
  taste, one          one piece per wish drawn from the taste
  taste, best of N    the best by predicted taste of N wishes
  as in the app       the same, ranked by predicted taste, well-formedness and originality
  one average         (with moods) best of N by one taste for all moods; the others are by the facet of the last sitting
  oracle              the best by the HIDDEN taste of N unconditioned pieces
Figures are the hidden preference in standard deviations of unconditioned pieces (mean 0). --drift moves the hidden taste by
that share before each sitting. Seeds take turns; --minutes of processor time, or --clock minutes, end the run after whole listeners. Listeners who
ask the same (rounded) may get the same piece: one of ${VARIANTS} composed for it.`;

const SITTING = 5;
/** Times that N unconditioned pieces are drawn for a listener: nothing need be composed for them. */
const DRAWS = 40;
const WEEK_MS = 7 * 86_400_000;
const MINUTE_MS = 60_000;

interface Settings {
  readonly pool: number;
  readonly pieces: number;
  readonly candidates: number;
  readonly ratings: readonly number[];
  readonly moods: number;
  readonly drift: number;
  readonly adventure: number;
}

/** One seed's pieces: to be rated, and to compare with. */
interface World {
  readonly rng: Rng;
  readonly rated: readonly Made[];
  readonly others: readonly Item[];
  readonly items: ReadonlyMap<string, Item>;
}

/** Values of one listener, by "ratings arm": the mean over their pieces. */
type Outcome = ReadonlyMap<string, number>;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      listeners: { type: 'string', default: '200' },
      seeds: { type: 'string', default: '3' },
      first: { type: 'string', default: '1' },
      pool: { type: 'string', default: '96' },
      pieces: { type: 'string', default: '2' },
      candidates: { type: 'string', default: '4' },
      ratings: { type: 'string', default: '0,5,20,100' },
      moods: { type: 'string', default: '1' },
      drift: { type: 'string', default: '0' },
      adventure: { type: 'string', default: '0.5' },
      bars: { type: 'string', default: '8' },
      minutes: { type: 'string', default: '12' },
      clock: { type: 'string', default: '60' },
      model: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(HELP);
  const number = (name: 'listeners' | 'seeds' | 'first' | 'minutes' | 'clock' | 'bars'): number =>
    Number(values[name]);
  const settings: Settings = {
    pool: Number(values.pool),
    pieces: Number(values.pieces),
    candidates: Number(values.candidates),
    ratings: values.ratings.split(',').map(Number),
    moods: Number(values.moods),
    drift: Number(values.drift),
    adventure: Number(values.adventure),
  };
  const started = process.cpuUsage();
  const startedAt = performance.now();
  const minutes = (): number => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 60e6;
  };
  const generator =
    values.model === undefined
      ? await loadShippedGenerator()
      : createGenerator(readCheckpointFolder(values.model));
  const studio = createStudio(generator, await loadOriginalityIndex(), number('bars'));
  const worlds: World[] = [];
  for (let s = 0; s < number('seeds'); s++)
    worlds.push(await createWorld(studio, number('first') + s, settings));
  const outcomes: Outcome[] = [];
  const isTime = (): boolean =>
    minutes() < number('minutes') && performance.now() - startedAt < 60_000 * number('clock');
  for (let l = 0; l < number('listeners') && isTime(); l++) {
    for (const world of worlds) outcomes.push(await serveListener(studio, world, l, settings));
    process.stderr.write(`\r${outcomes.length} listeners, ${minutes().toFixed(1)} minutes   `);
  }
  process.stderr.write('\r');
  console.log(
    `${outcomes.length} listeners over ${worlds.length} seeds from ${values.first}, ${settings.moods} moods, drift ${settings.drift}, ${settings.pieces} pieces each, ` +
      `${settings.candidates} candidates, ${values.bars} bars, adventure ${settings.adventure}, ${generator.info.version}; ` +
      `${studio.counts.composed} pieces composed for ${studio.counts.asked} wishes; ${minutes().toFixed(1)} minutes of processor time\n`,
  );
  print(outcomes, settings);
}

async function createWorld(studio: Studio, seed: number, { pool }: Settings): Promise<World> {
  const rated = await studio.pool(pool, seed * 100_000);
  const others = (await studio.pool(pool, seed * 100_000 + 50_000)).map(({ item }) => item);
  return { rng: createRng(seed), rated, others, items: new Map(rated.map(({ item }) => [item.id, item])) };
}

async function serveListener(
  studio: Studio,
  world: World,
  number: number,
  settings: Settings,
): Promise<Outcome> {
  const { others, items } = world;
  const { ratings, moods, drift, pieces, candidates: n } = settings;
  const own = world.rng.fork(`listener ${number}`);
  // Standardised over the pool of comparison, so that its mean is 0 and its deviation 1 by construction.
  let listener = createSimulatedListener(STYLE_SPACE, others, own.fork('taste'), { moods });
  const rater = own.fork('noise');
  const outcome = new Map<string, number>();
  let taste = createTaste();
  let [mood, sitting] = [0, 0];
  for (const checkpoint of ratings) {
    while (taste.ratings.length < Math.min(checkpoint, items.size)) {
      mood = own.integer(moods);
      listener = drift > 0 ? listener.drift(own.fork(`drift ${sitting}`), drift) : listener;
      taste = rateSitting(taste, listener, mood, items, sitting++, rater);
    }
    const now = sitting * WEEK_MS;
    const tastes = infer(taste, items, now);
    const { posterior } = tastes.facets[tastes.current]!;
    const judge = (item: Item): number => listener.preference(item, mood);
    const add = (arm: string, value: number): void => {
      const key = `${checkpoint} ${arm}`;
      outcome.set(key, (outcome.get(key) ?? 0) + value / pieces);
    };
    const byPrediction = (of: Posterior) => (item: Item) => predict(of, item).mean;
    add('unconditioned', mean(others.map(judge)) * pieces); // 0 by construction
    const draws = own.fork(`draws ${checkpoint}`);
    for (let d = 0; d < DRAWS; d++) {
      const some = Array.from({ length: n }, () => others[draws.integer(others.length)]!);
      add('reranking alone', (judge(bestBy(some, byPrediction(posterior))) * pieces) / DRAWS);
      add('oracle', (judge(bestBy(some, judge)) * pieces) / DRAWS);
    }
    for (let p = 0; p < pieces; p++) {
      const draw = own.fork(`piece ${checkpoint} ${p}`);
      const wished = await composeWishes(studio, posterior, world, settings, draw.fork('taste'));
      add('taste, one', judge(wished[0]!.item));
      add('taste, best of N', judge(bestBy(wished, ({ item }) => predict(posterior, item).mean).item));
      add(
        'as in the app',
        judge(bestBy(wished, ({ item, craft }) => predict(posterior, item).mean + craft).item),
      );
      const styled = await composeStyle(studio, posterior, world, n, draw.fork('style'));
      add('style only', judge(bestBy(styled, byPrediction(posterior))));
      if (moods === 1) continue;
      const averaged = await composeWishes(studio, tastes.whole, world, settings, draw.fork('whole'));
      add('one average', judge(bestBy(averaged, ({ item }) => predict(tastes.whole, item).mean).item));
    }
  }
  return outcome;
}

function infer(taste: Taste, items: ReadonlyMap<string, Item>, now: number): Tastes {
  return inferTastes(taste, createFeatureMap(STYLE_SPACE, STYLES), (id) => items.get(id), now);
}

/** One sitting: the tracks that the model asks for are rated in one mood. */
function rateSitting(
  taste: Taste,
  listener: SimulatedListener,
  mood: number,
  items: ReadonlyMap<string, Item>,
  sitting: number,
  noise: Rng,
): Taste {
  const at = sitting * WEEK_MS;
  const posterior = inferPosterior(taste, createFeatureMap(STYLE_SPACE, STYLES), (id) => items.get(id), at);
  const asked = chooseToRate(taste, posterior, [...items.values()], SITTING);
  return asked.reduce(
    (now, id, i) => rate(now, id, listener.rate(items.get(id)!, noise, mood), at + i * MINUTE_MS),
    taste,
  );
}

async function composeWishes(
  studio: Studio,
  posterior: Posterior,
  { rated }: World,
  { candidates, adventure }: Settings,
  rng: Rng,
): Promise<Made[]> {
  const anchors = rated.map(({ anchor }) => anchor);
  const made: Made[] = [];
  for (let c = 0; c < candidates; c++) {
    const wish = tasteConditioning(posterior, anchors, rng.fork(`wish ${c}`), [], { adventure });
    made.push(await studio.piece(wish, rng.fork(`piece ${c}`)));
  }
  return made;
}

/** Pieces of the style believed to be liked best, of the styles of the rated pieces. */
async function composeStyle(
  studio: Studio,
  posterior: Posterior,
  { rated }: World,
  n: number,
  rng: Rng,
): Promise<Item[]> {
  const present = new Set(rated.map(({ item }) => item.style));
  const styles = describeTaste(posterior, rng.fork('view')).styles.filter(({ style }) => present.has(style));
  // Before anything was said all styles are alike: one is drawn.
  const { style } = bestBy(rng.shuffle([...styles]), ({ mean }) => mean);
  const items: Item[] = [];
  for (let c = 0; c < n; c++)
    items.push((await studio.piece(isStyle(style) ? { style } : {}, rng.fork(`piece ${c}`))).item);
  return items;
}

function bestBy<T>(values: readonly T[], scoreOf: (value: T) => number): T {
  return values.reduce((best, value) => (scoreOf(value) > scoreOf(best) ? value : best));
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function print(outcomes: readonly Outcome[], { ratings, moods }: Settings): void {
  const arms = [
    'unconditioned',
    'style only',
    'reranking alone',
    'taste, one',
    'taste, best of N',
    'as in the app',
    ...(moods > 1 ? ['one average'] : []),
    'oracle',
  ];
  console.log(`| ratings | ${arms.join(' | ')} |\n|---|${arms.map(() => '---|').join('')}`);
  for (const checkpoint of ratings) {
    const cells = arms.map((arm) => {
      const values = outcomes.map((outcome) => outcome.get(`${checkpoint} ${arm}`)!);
      const { mean: centre, low, high } = bootstrapMean(values, createRng(1));
      return `${centre.toFixed(2)} ± ${((high - low) / 2).toFixed(2)}`;
    });
    console.log(`| ${checkpoint} | ${cells.join(' | ')} |`);
  }
  console.log(
    '\nHidden preference in deviations of unconditioned pieces; ± is half of a 95 % bootstrap interval over listeners.',
  );
}
