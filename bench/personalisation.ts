import { createRng, type Rng } from '@attune/core';
import { analyseScore, STYLE_SPACE, STYLES, styleVectorOf } from '@attune/core/style';
import type { GeneratedPiece, Generator } from '@attune/generate';
import { loadShippedGenerator } from '@attune/generate/node';
import type { Anchor, Item, Posterior, SimulatedListener, Taste } from '@attune/recommend';
import {
  chooseToRate,
  createFeatureMap,
  createSimulatedListener,
  createTaste,
  inferPosterior,
  predict,
  rate,
  tasteConditioning,
} from '@attune/recommend';
import { parseArgs } from 'node:util';

export const summary = 'what taste adds to composing: simulated listeners with hidden tastes (TARGETS G8)';

const HELP = `npm run bench -- personalisation [--listeners 8] [--pool 128] [--pieces 6] [--candidates 3] [--bars 8] [--seed 1]

Each listener has a hidden taste (a few dimensions with a preferred value, plus styles; another form than the model
fits) and rates pieces of a pool of unconditioned pieces with noise. After 0, 5, 20 and 100 ratings, pieces are made:
  unconditioned     pieces nobody asked anything of (the pool for comparing: not the rated one)
  reranking alone   the best by predicted taste of as many unconditioned pieces as there are candidates
  taste, one        one piece per wish drawn from the taste
  taste, best of N  the best by predicted taste of N wishes: what Attune does
  oracle            the best by the HIDDEN taste of N unconditioned pieces
Figures are the hidden preference in standard deviations of unconditioned pieces (mean 0).`;

interface Made {
  readonly item: Item;
  readonly anchor: Anchor;
}

const CHECKPOINTS = [0, 5, 20, 100];
const ARMS = ['reranking alone', 'taste, one', 'taste, best of N', 'oracle'] as const;
type Arm = (typeof ARMS)[number];

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      listeners: { type: 'string', default: '8' },
      pool: { type: 'string', default: '128' },
      pieces: { type: 'string', default: '6' },
      candidates: { type: 'string', default: '3' },
      bars: { type: 'string', default: '8' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(HELP);
  const [listeners, poolSize, pieces, candidates, bars, seed] = [
    values.listeners,
    values.pool,
    values.pieces,
    values.candidates,
    values.bars,
    values.seed,
  ].map(Number) as [number, number, number, number, number, number];
  const generator = await loadShippedGenerator();
  const rng = createRng(seed);
  const started = process.cpuUsage();
  const makePool = async (first: number, size: number): Promise<Made[]> => {
    const made: Made[] = [];
    for (let i = 0; i < size; i++) {
      made.push(describe(await generator.generate({ conditioning: {}, bars, seed: first + i }), `p${first + i}`));
      process.stderr.write(`\rpool ${made.length}/${size}  `);
    }
    return made;
  };
  const rated = await makePool(seed * 100_000, poolSize);
  const others = await makePool(seed * 100_000 + 50_000, poolSize);

  const sums = new Map<string, number[]>();
  const add = (checkpoint: number, arm: Arm, value: number): void => {
    const key = `${checkpoint} ${arm}`;
    sums.set(key, [...(sums.get(key) ?? []), value]);
  };
  const items = new Map(rated.map(({ item }) => [item.id, item]));
  const unconditioned: number[] = [];
  for (let l = 0; l < listeners; l++) {
    const own = rng.fork(`listener ${l}`);
    // Standardised over the pool of comparison, so that its mean is 0 and its deviation 1 by construction.
    const listener = createSimulatedListener(STYLE_SPACE, others.map(({ item }) => item), own.fork('taste'));
    unconditioned.push(mean(others.map(({ item }) => listener.preference(item))));
    let taste = createTaste();
    for (const checkpoint of CHECKPOINTS) {
      taste = rateUpTo(taste, Math.min(checkpoint, poolSize), listener, items, own.fork(`noise ${checkpoint}`));
      const posterior = infer(taste, items);
      for (let p = 0; p < pieces; p++) {
        const draw = own.fork(`piece ${checkpoint} ${p}`);
        const some = Array.from({ length: candidates }, () => others[draw.integer(others.length)]!.item);
        add(checkpoint, 'reranking alone', listener.preference(bestBy(some, (item) => predict(posterior, item).mean)));
        add(checkpoint, 'oracle', listener.preference(bestBy(some, (item) => listener.preference(item))));
        const wished = await composeWishes(generator, posterior, rated, candidates, bars, draw);
        add(checkpoint, 'taste, one', listener.preference(wished[0]!));
        add(checkpoint, 'taste, best of N', listener.preference(bestBy(wished, (item) => predict(posterior, item).mean)));
      }
      process.stderr.write(`\rlistener ${l + 1}/${listeners}, ${checkpoint} ratings   `);
    }
  }
  process.stderr.write('\r');
  const cpu = process.cpuUsage(started);
  console.log(`${listeners} listeners, ${pieces} pieces each, ${candidates} candidates, ${bars} bars, seed ${seed}, ` +
    `${generator.info.version}, ${((cpu.user + cpu.system) / 60e6).toFixed(1)} CPU minutes\n`);
  console.log(`| ratings | unconditioned | ${ARMS.join(' | ')} |`);
  console.log(`|---|---|${ARMS.map(() => '---|').join('')}`);
  for (const checkpoint of CHECKPOINTS) {
    const cells = ARMS.map((arm) => {
      const values = sums.get(`${checkpoint} ${arm}`)!;
      return `${mean(values).toFixed(2)} ± ${(2 * standardError(values, pieces)).toFixed(2)}`;
    });
    console.log(`| ${checkpoint} | ${mean(unconditioned).toFixed(2)} | ${cells.join(' | ')} |`);
  }
  console.log('\nHidden preference in deviations of unconditioned pieces; ± is two standard errors over listeners.');
}

function describe(piece: GeneratedPiece, id: string): Made {
  const { instruments } = analyseScore(piece.score);
  const item: Item = {
    id,
    vector: styleVectorOf(piece.score),
    style: piece.conditioning.style ?? null,
    instruments,
  };
  return { item, anchor: { item, conditioning: piece.conditioning } };
}

function infer(taste: Taste, items: ReadonlyMap<string, Item>): Posterior {
  return inferPosterior(taste, createFeatureMap(STYLE_SPACE, STYLES), (id) => items.get(id), 0);
}

function rateUpTo(
  taste: Taste,
  count: number,
  listener: SimulatedListener,
  items: ReadonlyMap<string, Item>,
  noise: Rng,
): Taste {
  let now = taste;
  while (now.ratings.length < count) {
    const [id] = chooseToRate(now, infer(now, items), [...items.values()], 1);
    if (id === undefined) break;
    now = rate(now, id, listener.rate(items.get(id)!, noise), 0);
  }
  return now;
}

async function composeWishes(
  generator: Generator,
  posterior: Posterior,
  rated: readonly Made[],
  candidates: number,
  bars: number,
  rng: Rng,
): Promise<Item[]> {
  const anchors = rated.map(({ anchor }) => anchor);
  const items: Item[] = [];
  for (let c = 0; c < candidates; c++) {
    const conditioning = tasteConditioning(posterior, anchors, rng.fork(`wish ${c}`));
    const piece = await generator.generate({ conditioning, bars, seed: rng.integer(2 ** 31) });
    items.push(describe(piece, `wish ${c}`).item);
  }
  return items;
}

function bestBy<T>(values: readonly T[], scoreOf: (value: T) => number): T {
  return values.reduce((best, value) => (scoreOf(value) > scoreOf(best) ? value : best));
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Of the mean over listeners: pieces of one listener are not independent. */
function standardError(values: readonly number[], perListener: number): number {
  const means: number[] = [];
  for (let i = 0; i < values.length; i += perListener) means.push(mean(values.slice(i, i + perListener)));
  const centre = mean(means);
  const variance = means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, means.length - 1);
  return Math.sqrt(variance / means.length);
}
