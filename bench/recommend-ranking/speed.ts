import { createRng } from '@attune/core';
import {
  createFactorScan,
  createInteractions,
  implicitAls,
  selectTop,
  type Interactions,
} from '@attune/recommend';
import { spawnSync } from 'node:child_process';
import { factorise, solve } from '../../packages/recommend/src/algebra/cholesky.ts';
import { gramOf } from '../../packages/recommend/src/models/factor-ranker.ts';
import { transpose, type CsrMatrix } from '../../packages/recommend/src/models/csr-matrix.ts';

const ITEMS = 100_000;
const RANK = 64;
const QUERIES = 20;
const ROUNDS = 7;

/** R4: the top ten of many items, and an iteration of implicit ALS, each beside brute force in the same rounds. */
export function measureSpeed(): void {
  measureTop();
  measureIteration();
  const implicit = spawnSync('python3', ['-c', 'import implicit'], { encoding: 'utf8' });
  console.log(
    `\nimplicit (Python): ${implicit.status === 0 ? 'installed; not driven by this benchmark' : 'skipped, it is not installed here'}.`,
  );
}

function measureTop(): void {
  const rng = createRng(1);
  const factors = Float32Array.from({ length: ITEMS * RANK }, () => rng.normal());
  const queries = Array.from({ length: QUERIES }, () =>
    Float32Array.from({ length: RANK }, () => rng.normal()),
  );
  const scan = createFactorScan(factors, RANK);
  const ways: Record<string, (query: Float32Array) => ArrayLike<number>> = {
    'kernel and bounded heap': (query) => scan.top(query, 10),
    'plain loop and bounded heap': (query) => selectTop(plainProducts(factors, query), 10),
    'plain loop and full sort': (query) => fullSort(plainProducts(factors, query)),
  };
  const names = Object.keys(ways);
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  let different = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const found = names.map((name) => {
      const before = process.cpuUsage();
      const lists = queries.map((query) => Array.from(ways[name]!(query)).join());
      const used = process.cpuUsage(before);
      if (round > 0) times.get(name)!.push((used.user + used.system) / 1000 / QUERIES); // the first round warms up
      return lists;
    });
    for (const lists of found) lists.forEach((list, q) => (different += list === found[0]![q] ? 0 : 1));
  }
  console.log(
    `Top 10 of ${ITEMS} × ${RANK}, one query at a time: CPU ms a query, median of ${ROUNDS} rounds, interleaved.\n`,
  );
  console.log('| way | ms | least |\n|---|---|---|');
  for (const name of names) {
    const own = times.get(name)!;
    console.log(`| ${name} | ${median(own).toFixed(2)} | ${Math.min(...own).toFixed(2)} |`);
  }
  console.log(
    `\nLists that differ between ways: ${different} of ${QUERIES * (ROUNDS + 1) * (names.length - 1)}.\n`,
  );
}

function measureIteration(): void {
  const set = drawSet(8000, 2000, 150_000);
  const sizes = `${set.likes.rows} listeners, ${set.likes.columns} items, ${set.likes.indices.length} likes, rank ${RANK}`;
  const [conjugate, exact]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    const spent = (iterations: number): number =>
      cpuOf(() => implicitAls.fit(set, { rank: RANK, iterations, confidence: 5, regularisation: 1 }));
    conjugate.push((spent(3) - spent(1)) / 2);
    exact.push(cpuOf(() => exactIteration(set.likes)));
  }
  console.log(
    `An iteration of implicit ALS, both half-steps: ${sizes}. CPU s, median of 3 rounds, interleaved.\n`,
  );
  console.log('| way | s an iteration |\n|---|---|');
  console.log(`| conjugate gradient, 3 steps | ${median(conjugate).toFixed(2)} |`);
  console.log(`| brute force: a Cholesky solution for each row | ${median(exact).toFixed(2)} |`);
}

/** The normal equations of each row written out and solved, as in the paper of 2008. */
function exactIteration(likes: CsrMatrix): void {
  const rng = createRng(1);
  const drawn = (rows: number): Float32Array =>
    Float32Array.from({ length: rows * RANK }, () => 0.1 * rng.normal());
  const [listeners, items] = [drawn(likes.rows), drawn(likes.columns)];
  for (const [matrix, fixed, side] of [
    [likes, items, listeners],
    [transpose(likes), listeners, items],
  ] as const) {
    const gram = gramOf(fixed, RANK);
    for (let r = 0; r < matrix.rows; r++) {
      const system = gram.slice();
      const target = new Float64Array(RANK);
      for (let a = 0; a < RANK; a++) system[a * RANK + a]! += 1;
      for (let e = matrix.offsets[r]!; e < matrix.offsets[r + 1]!; e++) {
        const y = fixed.subarray(matrix.indices[e]! * RANK, (matrix.indices[e]! + 1) * RANK);
        for (let a = 0; a < RANK; a++) {
          target[a]! += 6 * y[a]!;
          for (let b = 0; b <= a; b++) system[a * RANK + b]! += 5 * y[a]! * y[b]!;
        }
      }
      side.set(solve(factorise(system, RANK), target), r * RANK);
    }
  }
}

/** Likes whose items follow a power law. */
function drawSet(listeners: number, items: number, likes: number): Interactions {
  const rng = createRng(2);
  const names = Array.from({ length: items }, (_, i) => `i${i}`);
  const drawn = Array.from({ length: likes }, () => ({
    listener: `l${rng.integer(listeners)}`,
    item: names[Math.floor(items * rng.uniform() ** 3)]!,
    liking: 1,
  }));
  return createInteractions(drawn, names);
}

function plainProducts(factors: Float32Array, query: Float32Array): Float32Array {
  const scores = new Float32Array(factors.length / query.length);
  for (let i = 0; i < scores.length; i++) {
    let sum = 0;
    for (let k = 0; k < query.length; k++) sum += factors[i * query.length + k]! * query[k]!;
    scores[i] = sum;
  }
  return scores;
}

function fullSort(scores: Float32Array): Uint32Array {
  const order = Uint32Array.from(scores, (_, i) => i);
  return order.sort((a, b) => scores[b]! - scores[a]!).slice(0, 10);
}

function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
