import { createRng } from '@attune/core';
import type { Interactions, RankingCase, RankingResult } from '@attune/recommend';
import { bootstrapMean, evaluateRanking } from '@attune/recommend';
import { casesOf, interactionsOf, openLastFm, readPairs, type LastFm, type Pairs } from './lastfm.ts';
import { CONTENDERS, GRIDS, PLAYS_POWER, type Contender } from './models.ts';

/** Tables 7, 9 and 10 of the supplement of Lee, Kim & Shin 2024 (on test), and what the set's README states beside. */
const PUBLISHED: readonly (readonly [string, string, string])[] = [
  ['popularity (README)', '.076', '.084'],
  ['BPRMF', '.1361', '.1532'],
  ['NeuMF', '.1498', '.1688'],
  ['NGCF', '.1562', '.1769'],
  ['item cosine (README)', '.174', '.209'],
  ['LightGCN', '.1741', '.1996'],
  ['SimGCL', '.1795', '.2049'],
  ['XSimGCL', '.1801', '.2062'],
  ['LightGCN++', '.1889', '.2171'],
  ['NCL++', '.1894', '.2177'],
  ['ridge autoencoder (README, best of 3 on test)', '.189', '.223'],
];
const SEEDS = [1, 2, 3];

/** R1: all models on the validation pairs; with the path of the test pairs, also on those. */
export function measureAccuracy(testFile: string | undefined, only: string | undefined): void {
  const set = openLastFm();
  if (!set) return;
  const contenders = CONTENDERS.filter(({ name }) => only === undefined || name.includes(only));
  const test = testFile === undefined ? undefined : readPairs(testFile);
  console.log(
    'Recall@10 = hits / all relevant, NDCG@10 binary, ideal cut at min(10, relevant); means over listeners',
  );
  console.log(
    'with a relevant item; ± is half of a 95 % bootstrap interval over listeners. Models with chance: mean of',
  );
  console.log(`seeds ${SEEDS.join(', ')} and their spread. Ranked: all items not in train.\n`);
  printHead('validation');
  for (const contender of contenders) printRow(contender, set, set.validation, []);
  if (test) {
    console.log(
      '\nTest, measured once; fitted to train alone, ranked: all items not in train or validation.\n',
    );
    printHead('test');
    for (const contender of contenders) printRow(contender, set, test, [set.validation]);
  }
  console.log('\nPublished, on test:\n\n| model | Recall@10 | NDCG@10 |\n|---|---|---|');
  for (const row of PUBLISHED) console.log(`| ${row.join(' | ')} |`);
}

/** Each point of each grid, on validation. */
export function measureGrids(only: string | undefined): void {
  const set = openLastFm();
  if (!set) return;
  const likes = interactionsOf(set, [set.train]);
  const cases = casesOf(likes, set.validation);
  for (const { family, points } of GRIDS) {
    if (only !== undefined && family.kind !== only) continue;
    for (const point of points) {
      const result = measure(likes, cases, family.fit(likes, point));
      console.log(
        `${family.kind} ${JSON.stringify(point)} ${mean(result.recall).toFixed(4)} ${mean(result.ndcg).toFixed(4)}`,
      );
    }
  }
}

export function measure(
  likes: Interactions,
  cases: readonly RankingCase[],
  model: Parameters<typeof evaluateRanking>[0],
): RankingResult {
  const popularity = new Float64Array(likes.catalogue.items.length);
  for (const item of likes.likes.indices) popularity[item]!++;
  return evaluateRanking(model, cases, { k: 10, popularity, listeners: likes.listeners.length });
}

export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0) / values.length;
}

function printHead(part: string): void {
  console.log(
    `| model (${part}) | Recall@10 | NDCG@10 | coverage | novelty, bits | CPU s to fit |\n|---|---|---|---|---|---|`,
  );
}

function printRow(contender: Contender, set: LastFm, target: Pairs, heard: readonly Pairs[]): void {
  const likes = interactionsOf(set, [set.train], contender.plays ? PLAYS_POWER : 0);
  const cases = casesOf(likes, target, heard);
  const runs = (contender.chance ? SEEDS : [1]).map((seed) => {
    const before = process.cpuUsage();
    const model = contender.fit(likes, seed);
    const cpu = process.cpuUsage(before);
    return { seconds: (cpu.user + cpu.system) / 1e6, ...measure(likes, cases, model) };
  });
  const cell = (pick: (run: RankingResult) => Float64Array): string => {
    const means = runs.map((run) => mean(pick(run)));
    const { low, high } = bootstrapMean(pick(runs[0]!), createRng(1));
    const spread =
      runs.length > 1 ? ` (${Math.min(...means).toFixed(4)}–${Math.max(...means).toFixed(4)})` : '';
    return `${mean(means).toFixed(4)} ± ${((high - low) / 2).toFixed(4)}${spread}`;
  };
  const [first] = runs as [(typeof runs)[0]];
  console.log(
    `| ${contender.name} | ${cell((run) => run.recall)} | ${cell((run) => run.ndcg)} | ${first.coverage.toFixed(3)} | ` +
      `${mean(first.novelty).toFixed(2)} | ${mean(runs.map((run) => run.seconds)).toFixed(1)} |`,
  );
}
