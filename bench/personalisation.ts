import { loadShippedClassifiers } from '@attune/classify/node';
import { createRng, type Rng } from '@attune/core';
import { readCheckpointFolder } from '@attune/core/node';
import { isStyle, STYLE_SPACE, STYLES } from '@attune/core/style';
import { createGenerator } from '@attune/generate';
import { loadOriginalityIndex, loadShippedGenerator } from '@attune/generate/node';
import type { Anchor, Interval, Item, Posterior, Taste, Tastes } from '@attune/recommend';
import {
  bootstrapDifference,
  bootstrapMean,
  candidateWorth,
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
    [--ratings 0,5,20,100] [--feedback 0] [--moods 1] [--drift 0] [--adventure 0.25] [--plain] [--bars 8] [--minutes 12] [--clock 60] [--model FOLDER]

Each listener has a hidden taste (a few dimensions with a preferred value, plus styles; another form than the model
fits), or several moods, and rates pieces of a pool of unconditioned pieces with noise, five a sitting, a week apart. After
so many ratings, pieces are made:
  unconditioned       pieces nobody asked anything of (the pool for comparing: not the rated one)
  style only          of N pieces of the style believed to be liked best, the one predicted best
  reranking alone     the best by predicted taste of N unconditioned pieces
  taste, one          one piece per wish drawn from the taste
  taste, best of N    the best by predicted taste of N wishes, every second one for the style alone (with --plain none)
  as in the app       the same, ranked as the app does: by predicted taste, well-formedness, originality, form and the style heard
  one average         (with moods) best of N by one taste for all moods; the others are by the facet of the last sitting
  oracle              the best by the HIDDEN taste of N unconditioned pieces
  asking oracle       asks for what the known piece is that the HIDDEN taste likes best, and keeps the best of N by it
With --feedback F, in each sitting after the first F of the five rated pieces are composed for the listener, and update the same
taste (and, as in the app, are pieces that later wishes can start from).
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
  readonly feedback: number;
  readonly moods: number;
  readonly drift: number;
  readonly adventure: number;
  /** No wish is for the style alone. */
  readonly plain: boolean;
}

/** One seed's pieces: to be rated, and to compare with. */
interface World {
  readonly seed: number;
  readonly rng: Rng;
  readonly rated: readonly Made[];
  readonly others: readonly Item[];
}

/** Values of one listener, by "ratings arm": the mean over their pieces. */
interface Outcome {
  readonly seed: number;
  readonly values: ReadonlyMap<string, number>;
}

/** What a listener knows: pieces of the pool, and those that were composed for them. */
interface Known {
  readonly items: Map<string, Item>;
  readonly anchors: Anchor[];
}

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
      feedback: { type: 'string', default: '0' },
      moods: { type: 'string', default: '1' },
      drift: { type: 'string', default: '0' },
      adventure: { type: 'string', default: '0.25' },
      plain: { type: 'boolean', default: false },
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
    feedback: Number(values.feedback),
    moods: Number(values.moods),
    drift: Number(values.drift),
    adventure: Number(values.adventure),
    plain: values.plain,
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
  const classifiers = await loadShippedClassifiers();
  const studio = createStudio(generator, await loadOriginalityIndex(), classifiers, number('bars'));
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
    `${outcomes.length} listeners over ${worlds.length} seeds from ${values.first}, feedback ${settings.feedback}, ${settings.moods} moods, drift ${settings.drift}, ${settings.pieces} pieces each, ` +
      `${settings.candidates} candidates, ${values.bars} bars, adventure ${settings.adventure}${settings.plain ? ', plain wishes' : ''}, ${generator.info.version}; ` +
      `${studio.counts.composed} pieces composed for ${studio.counts.asked} wishes; ${minutes().toFixed(1)} minutes of processor time\n`,
  );
  if (outcomes.length === 0) {
    console.log('The time was over before one listener was served: give more with --minutes or --clock.');
    return;
  }
  print(outcomes, settings);
}

async function createWorld(studio: Studio, seed: number, { pool }: Settings): Promise<World> {
  const rated = await studio.pool(pool, seed * 100_000);
  const others = (await studio.pool(pool, seed * 100_000 + 50_000)).map(({ item }) => item);
  return { seed, rng: createRng(seed), rated, others };
}

async function serveListener(
  studio: Studio,
  world: World,
  number: number,
  settings: Settings,
): Promise<Outcome> {
  const { others, rated } = world;
  const { ratings, feedback, moods, drift, pieces, candidates: n } = settings;
  const known: Known = {
    items: new Map(rated.map(({ item }) => [item.id, item])),
    anchors: rated.map(({ anchor }) => anchor),
  };
  const pool = [...known.items.values()];
  const own = world.rng.fork(`listener ${number}`);
  // Standardised over the pool of comparison, so that its mean is 0 and its deviation 1 by construction.
  let listener = createSimulatedListener(STYLE_SPACE, others, own.fork('taste'), { moods });
  const rater = own.fork('noise');
  const outcome = new Map<string, number>();
  let taste = createTaste();
  let [mood, sitting] = [0, 0];
  for (const checkpoint of ratings) {
    while (taste.ratings.length < Math.min(checkpoint, pool.length)) {
      mood = own.integer(moods);
      listener = drift > 0 ? listener.drift(own.fork(`drift ${sitting}`), drift) : listener;
      const composed = sitting === 0 ? 0 : feedback;
      const say = (id: string, i: number): void => {
        const verdict = listener.rate(known.items.get(id)!, rater, mood);
        taste = rate(taste, id, verdict, sitting * WEEK_MS + i * MINUTE_MS);
      };
      askFor(taste, known, pool, sitting, SITTING - composed).forEach(say);
      for (let c = 0; c < composed; c++) {
        const tastes = infer(taste, known.items, sitting * WEEK_MS);
        const { posterior } = tastes.facets[tastes.current]!;
        const wish = own.fork(`feedback ${sitting} ${c}`);
        const [made] = (await composeWishes(
          studio,
          posterior,
          known,
          { ...settings, candidates: 1 },
          wish,
        )) as [Made];
        const id = `${made.item.id} (${sitting}.${c})`;
        known.items.set(id, { ...made.item, id });
        known.anchors.push({ ...made.anchor, item: { ...made.item, id } });
        say(id, SITTING - composed + c);
      }
      sitting++;
    }
    const now = sitting * WEEK_MS;
    const tastes = infer(taste, known.items, now);
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
      const wished = await composeWishes(studio, posterior, known, settings, draw.fork('taste'));
      add('taste, one', judge(wished[0]!.item));
      add('taste, best of N', judge(bestBy(wished, ({ item }) => predict(posterior, item).mean).item));
      const worth = ({ item, merits, copies }: Made): number =>
        copies ? -Infinity : candidateWorth({ ...merits, liking: predict(posterior, item).mean });
      add('as in the app', judge(bestBy(wished, worth).item));
      const styled = await composeStyle(studio, posterior, world, n, draw.fork('style'));
      add('style only', judge(bestBy(styled, byPrediction(posterior))));
      const asked = await composeKnown(
        studio,
        bestBy(known.anchors, ({ item }) => judge(item)),
        n,
        draw.fork('oracle'),
      );
      add('asking oracle', judge(bestBy(asked, judge)));
      if (moods === 1) continue;
      const averaged = await composeWishes(studio, tastes.whole, known, settings, draw.fork('whole'));
      add('one average', judge(bestBy(averaged, ({ item }) => predict(tastes.whole, item).mean).item));
    }
  }
  return { seed: world.seed, values: outcome };
}

function infer(taste: Taste, items: ReadonlyMap<string, Item>, now: number): Tastes {
  return inferTastes(taste, createFeatureMap(STYLE_SPACE, STYLES), (id) => items.get(id), now);
}

/** What the model asks to be rated next, of the pool. */
function askFor(
  taste: Taste,
  { items }: Known,
  pool: readonly Item[],
  sitting: number,
  count: number,
): string[] {
  const map = createFeatureMap(STYLE_SPACE, STYLES);
  const posterior = inferPosterior(taste, map, (id) => items.get(id), sitting * WEEK_MS);
  return chooseToRate(taste, posterior, pool, count);
}

async function composeWishes(
  studio: Studio,
  posterior: Posterior,
  { anchors }: Known,
  { candidates, adventure, plain }: Pick<Settings, 'candidates' | 'adventure' | 'plain'>,
  rng: Rng,
): Promise<Made[]> {
  const made: Made[] = [];
  for (let c = 0; c < candidates; c++) {
    const wish = tasteConditioning(posterior, anchors, rng.fork(`wish ${c}`), [], {
      adventure,
      candidate: plain ? 0 : c,
    });
    made.push(await studio.piece(wish, rng.fork(`piece ${c}`)));
  }
  return made;
}

/** Pieces that are asked for as `anchor` was. */
async function composeKnown(
  studio: Studio,
  { conditioning, item }: Anchor,
  n: number,
  rng: Rng,
): Promise<Item[]> {
  const wish = { ...conditioning, ...(item.style !== null && isStyle(item.style) && { style: item.style }) };
  const items: Item[] = [];
  for (let c = 0; c < n; c++) items.push((await studio.piece(wish, rng.fork(`piece ${c}`))).item);
  return items;
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

const ARMS = [
  'unconditioned',
  'style only',
  'reranking alone',
  'taste, one',
  'taste, best of N',
  'as in the app',
];
/** Of which the rivals' values are taken, listener by listener. */
const OURS = 'taste, best of N';
const RIVALS = ['unconditioned', 'style only', 'reranking alone', 'one average', 'oracle', 'asking oracle'];

function print(outcomes: readonly Outcome[], { ratings, moods }: Settings): void {
  const arms = [...ARMS, ...(moods > 1 ? ['one average'] : []), 'oracle', 'asking oracle'];
  const valuesOf = (key: string): number[] => outcomes.map(({ values }) => values.get(key)!);
  console.log(`| ratings | ${arms.join(' | ')} |\n|---|${arms.map(() => '---|').join('')}`);
  for (const checkpoint of ratings) {
    const cells = arms.map((arm) =>
      withInterval(bootstrapMean(valuesOf(`${checkpoint} ${arm}`), createRng(1))),
    );
    console.log(`| ${checkpoint} | ${cells.join(' | ')} |`);
  }
  const rivals = RIVALS.filter((rival) => arms.includes(rival));
  const seeds = [...new Set(outcomes.map(({ seed }) => seed))];
  console.log(`\n${OURS} minus each rival, listener by listener; and its mean in each seed\n`);
  console.log(
    `| ratings | ${rivals.join(' | ')} | seeds ${seeds.join(', ')} |\n|---|${rivals.map(() => '---|').join('')}---|`,
  );
  for (const checkpoint of ratings) {
    const ours = valuesOf(`${checkpoint} ${OURS}`);
    const cells = rivals.map((rival) =>
      withInterval(bootstrapDifference(ours, valuesOf(`${checkpoint} ${rival}`), createRng(1))),
    );
    const bySeed = seeds.map((seed) => mean(ours.filter((_, i) => outcomes[i]!.seed === seed)).toFixed(2));
    console.log(`| ${checkpoint} | ${cells.join(' | ')} | ${bySeed.join(', ')} |`);
  }
  console.log(
    '\nHidden preference in deviations of unconditioned pieces; ± is half of a 95 % bootstrap interval over listeners.',
  );
}

function withInterval({ mean: centre, low, high }: Interval): string {
  return `${centre.toFixed(2)} ± ${((high - low) / 2).toFixed(2)}`;
}
