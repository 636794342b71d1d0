import { createRng, type Rng } from '@attune/core';
import { transcribeMelody } from '@attune/core/features';
import { readMidi } from '@attune/core/midi';
import { findDataDir, openDataSet } from '@attune/core/node';
import {
  buildVectorIndex,
  createFactorScan,
  createMelodyIndex,
  melodyOf,
  type Melody,
} from '@attune/recommend';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export const summary =
  'search by humming among real tunes, and nearest vectors: quality, time and memory beside rivals';

const HELP = `npm run bench -- retrieval [--queries 200] [--hums 60] [--rows 100000] [--width 64] [--rounds 3] [--seed 1]

Melodies: every folk tune of the data folder; queries of 8 to 12 notes from anywhere in a tune, transposed, at another
tempo, with jitter and 0, 1 or 2 notes dropped, put in or wrong. Rank of the first tune of the right group (settings of one
tune share a group). Hums: the same queries sung by a synthetic voice and transcribed.
Vectors: exact top 10 beside the index, on Gaussian and on clustered vectors. --rows 0 leaves vectors out, --queries 0 melodies.`;

interface Tune {
  readonly id: string;
  readonly group: string;
  readonly melody: Melody;
}

/** Options from the command line. */
interface Options {
  readonly queries: number;
  readonly hums: number;
  readonly rows: number;
  readonly width: number;
  readonly rounds: number;
  readonly seed: number;
}

export function run(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      queries: { type: 'string', default: '200' },
      hums: { type: 'string', default: '60' },
      rows: { type: 'string', default: '100000' },
      width: { type: 'string', default: '64' },
      rounds: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(HELP);
  const number = (key: 'queries' | 'hums' | 'rows' | 'width' | 'rounds' | 'seed'): number =>
    Number(values[key]);
  const options: Options = {
    queries: number('queries'),
    hums: number('hums'),
    rows: number('rows'),
    width: number('width'),
    rounds: number('rounds'),
    seed: number('seed'),
  };
  if (options.queries > 0) searchMelodies(options);
  if (options.rows > 0) for (const kind of ['Gaussian', 'clustered'] as const) searchVectors(kind, options);
}

function searchMelodies(options: Options): void {
  const folder = findDataDir();
  if (!folder || !existsSync(path.join(folder, 'folk-tunes'))) {
    console.log('No folk-tunes set, so no melodies: set ATTUNE_DATA_DIR.\n');
    return;
  }
  const tunes = openDataSet(path.join(folder, 'folk-tunes')).items.map((item): Tune => ({
    id: item.id,
    group: item.group,
    melody: melodyOf(readMidi(item.bytes())),
  }));
  const started = cpuSeconds();
  const index = createMelodyIndex(tunes);
  console.log(
    `${tunes.length} tunes, ${tunes.reduce((sum, { melody }) => sum + melody.onsets.length, 0)} notes; index built in ${(cpuSeconds() - started).toFixed(2)} s of CPU time\n`,
  );

  const groupOf = new Map(tunes.map(({ id, group }) => [id, group]));
  const ids = tunes.map(({ id }) => id);
  const steps = tunes.map(({ melody }) => stepsOf(melody));
  const methods: readonly (readonly [string, (query: Melody, rng: Rng) => readonly string[]])[] = [
    ['index, 400 aligned', (query) => index.find(query, 100).map(({ id }) => id)],
    ['all aligned', (query) => index.find(query, 100, Infinity).map(({ id }) => id)],
    ['rhythm alone (tapped)', ({ onsets }) => index.find({ onsets }, 100).map(({ id }) => id)],
    ['edit distance of steps', (query) => byEditDistance(stepsOf(query), steps, ids)],
    ['random', (_, rng) => rng.shuffle([...ids])],
  ];
  console.log('| query | method | MRR | first | in first 10 | CPU ms a query |\n|---|---|---|---|---|---|');
  for (const errors of [0, 1, 2]) {
    const queries = drawQueries(
      tunes,
      options.queries,
      errors,
      createRng(options.seed).fork(`errors ${errors}`),
    );
    table(`${errors} errors`, queries, methods, groupOf, options);
  }
  const sung = drawQueries(tunes, options.hums, 0, createRng(options.seed).fork('hums')).map((query, i) => ({
    ...query,
    melody: hear(query.melody, createRng(options.seed).fork(`voice ${i}`)),
  }));
  const heard = sung.filter(({ melody }) => melody.onsets.length >= 3);
  console.log(`\n${sung.length} hums, ${heard.length} with three notes or more\n`);
  console.log('| query | method | MRR | first | in first 10 | CPU ms a query |\n|---|---|---|---|---|---|');
  table('hummed', heard, methods, groupOf, options);
  console.log();
}

interface Query {
  readonly group: string;
  readonly melody: Melody;
}

function table(
  label: string,
  queries: readonly Query[],
  methods: readonly (readonly [string, (query: Melody, rng: Rng) => readonly string[]])[],
  groupOf: ReadonlyMap<string, string>,
  { seed }: Options,
): void {
  const ranks = methods.map((): number[] => []);
  const times = methods.map((): number[] => []);
  for (const [q, query] of queries.entries()) {
    methods.forEach(([, find], m) => {
      const started = cpuSeconds();
      const found = find(query.melody, createRng(seed).fork(`order ${q}`));
      times[m]!.push(cpuSeconds() - started);
      ranks[m]!.push(found.findIndex((id) => groupOf.get(id) === query.group) + 1 || Infinity);
    });
  }
  methods.forEach(([name], m) => {
    const share = (most: number): string =>
      `${((100 * ranks[m]!.filter((rank) => rank <= most).length) / queries.length).toFixed(1)} %`;
    const reciprocal = ranks[m]!.reduce((sum, rank) => sum + 1 / rank, 0) / queries.length;
    console.log(
      `| ${label} | ${name} | ${reciprocal.toFixed(3)} | ${share(1)} | ${share(10)} | ${(1000 * median(times[m]!)).toFixed(1)} |`,
    );
  });
}

/** Excerpts as people remember them: transposed, faster or slower, uneven, with errors. */
function drawQueries(tunes: readonly Tune[], count: number, errors: number, rng: Rng): Query[] {
  const long = tunes.filter(({ melody }) => melody.onsets.length >= 16);
  return Array.from({ length: count }, () => {
    const { melody, group } = long[rng.integer(long.length)]!;
    const notes = 8 + rng.integer(5);
    const from = rng.integer(melody.onsets.length - notes);
    const gaps = Array.from(
      { length: notes },
      (_, i) => (melody.onsets[from + i + 1] ?? melody.onsets[from + i]! + 1) - melody.onsets[from + i]!,
    );
    const pitches = melody.pitches!.slice(from, from + notes);
    for (let e = 0; e < errors; e++) spoil(pitches, gaps, rng);
    const up = rng.integer(13) - 6;
    const faster = 0.7 * 2 ** rng.uniform();
    const onsets: number[] = [];
    let at = 0;
    for (const gap of gaps) {
      onsets.push(at);
      at += (gap / faster) * Math.exp(0.1 * rng.normal());
    }
    return { group, melody: { onsets, pitches: pitches.map((pitch) => pitch + up) } };
  });
}

function spoil(pitches: number[], gaps: number[], rng: Rng): void {
  const at = 1 + rng.integer(pitches.length - 2);
  const kind = rng.integer(3);
  const wrong = pitches[at]! + (rng.integer(2) === 0 ? -1 : 1) * (1 + rng.integer(4));
  if (kind === 0) pitches[at] = wrong;
  else if (kind === 1) {
    pitches.splice(at, 1);
    gaps[at - 1]! += gaps.splice(at, 1)[0]!;
  } else {
    pitches.splice(at, 0, wrong);
    gaps[at - 1]! /= 2;
    gaps.splice(at, 0, gaps[at - 1]!);
  }
}

/** A voice with vibrato, glides and breath noise (20 dB under it), quarters at 120 bpm, heard by `transcribeMelody`. */
function hear({ onsets, pitches = [] }: Melody, rng: Rng): Melody {
  const rate = 16_000;
  const seconds = onsets.map((onset) => onset / 2);
  const end = seconds.at(-1)! + 0.4;
  const depth = 0.3 * rng.uniform();
  let phase = 0;
  let note = 0;
  const samples = Float32Array.from({ length: Math.round(end * rate) }, (_, i) => {
    const t = i / rate;
    while (note + 1 < seconds.length && seconds[note + 1]! <= t) note++;
    const into = (t - seconds[note]!) / 0.05;
    const left = (seconds[note + 1] ?? end) - t;
    const from = pitches[Math.max(0, note - 1)]!;
    const pitch =
      (into < 1 ? from + (pitches[note]! - from) * into : pitches[note]!) +
      depth * Math.sin(2 * Math.PI * 5.5 * t) -
      12;
    phase += (2 * Math.PI * 440 * 2 ** ((pitch - 69) / 12)) / rate;
    let value = 0;
    for (let h = 1; h <= 5; h++) value += Math.sin(h * phase) / h ** 1.5;
    return 0.2 * Math.min(1, 0.15 + into, 0.15 + left / 0.04) * value + 0.012 * rng.normal();
  });
  const notes = transcribeMelody({ sampleRate: rate, channels: [samples] });
  return { onsets: notes.map(({ start }) => start), pitches: notes.map(({ pitch }) => pitch) };
}

function stepsOf({ pitches = [] }: Melody): number[] {
  return pitches.slice(1).map((pitch, i) => Math.round(pitch - pitches[i]!));
}

/** Levenshtein distance of the query's steps to the best stretch of each tune (Sellers 1980). */
function byEditDistance(
  query: readonly number[],
  all: readonly (readonly number[])[],
  ids: readonly string[],
): string[] {
  const distances = all.map((steps) => {
    let row = new Array<number>(steps.length + 1).fill(0);
    for (const [i, step] of query.entries()) {
      const next = [i + 1];
      for (let j = 1; j <= steps.length; j++) {
        next.push(Math.min(row[j - 1]! + (steps[j - 1] === step ? 0 : 1), row[j]! + 1, next[j - 1]! + 1));
      }
      row = next;
    }
    return row.reduce((a, b) => Math.min(a, b), Infinity);
  });
  return [...ids.keys()].sort((a, b) => distances[a]! - distances[b]! || a - b).map((i) => ids[i]!);
}

function searchVectors(kind: 'Gaussian' | 'clustered', { rows, width, rounds, seed }: Options): void {
  const rng = createRng(seed).fork(kind);
  const queries = 200;
  const all = drawVectors(kind, rows + queries, width, rng);
  const vectors = all.subarray(0, rows * width);
  for (let i = 0; i < all.length; i += width) normalise(all.subarray(i, i + width));
  const started = cpuSeconds();
  const index = buildVectorIndex(vectors, width, createRng(seed));
  const built = cpuSeconds() - started;
  const saved = index.save().length;
  const scan = createFactorScan(vectors, width);
  const queryAt = (q: number): Float32Array => all.subarray((rows + q) * width, (rows + q + 1) * width);
  const breadths = [50, 100, 200, 400];
  const times = new Map<string, number[]>();
  const hits = new Map<number, number>();
  for (let round = 0; round < rounds; round++) {
    for (let q = 0; q < queries; q++) {
      const time = (name: string, work: () => ArrayLike<number>): ArrayLike<number> => {
        const before = process.hrtime.bigint();
        const found = work();
        times.set(name, [...(times.get(name) ?? []), Number(process.hrtime.bigint() - before) / 1e6]);
        return found;
      };
      const truth = new Set(Array.from(time('exact', () => scan.top(queryAt(q), 10))));
      for (const breadth of breadths) {
        const found = time(`${breadth}`, () => index.search(queryAt(q), 10, { breadth }).rows);
        if (round === 0)
          hits.set(
            breadth,
            (hits.get(breadth) ?? 0) + Array.from(found).filter((row) => truth.has(row)).length,
          );
      }
    }
  }
  console.log(
    `${kind} vectors, ${rows} × ${width}, cosine; index built in ${built.toFixed(1)} s of CPU time, ${(index.bytes / 2 ** 20).toFixed(0)} MiB in memory, ${(saved / 2 ** 20).toFixed(0)} MiB saved; vectors alone ${((vectors.length * 4) / 2 ** 20).toFixed(0)} MiB\n`,
  );
  console.log('| search | recall@10 | ms a query (median) |\n|---|---|---|');
  console.log(`| exact scan | 1.000 | ${median(times.get('exact')!).toFixed(3)} |`);
  for (const breadth of breadths) {
    console.log(
      `| index, breadth ${breadth} | ${(hits.get(breadth)! / (10 * queries)).toFixed(3)} | ${median(times.get(`${breadth}`)!).toFixed(3)} |`,
    );
  }
  console.log();
}

/** Clustered: 500 centres, each row within 0.5 of one (standard deviations), as catalogues with styles are. */
function drawVectors(kind: 'Gaussian' | 'clustered', rows: number, width: number, rng: Rng): Float32Array {
  const centres = Float32Array.from({ length: 500 * width }, () => rng.normal());
  const vectors = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const centre = rng.integer(500);
    for (let j = 0; j < width; j++) {
      vectors[row * width + j] =
        kind === 'Gaussian' ? rng.normal() : centres[centre * width + j]! + 0.5 * rng.normal();
    }
  }
  return vectors;
}

function normalise(vector: Float32Array): void {
  const length = Math.hypot(...vector);
  for (let j = 0; j < vector.length; j++) vector[j]! /= length;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
