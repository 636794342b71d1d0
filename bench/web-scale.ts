import { createRng } from '@attune/core';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Actor } from '../apps/web/src/server/context.ts';
import { openDatabase, type Database } from '../apps/web/src/server/database/open-database.ts';
import { createFactorCache } from '../apps/web/src/server/factors.ts';
import { createMoodCache, type MoodCache } from '../apps/web/src/server/services/tastes.ts';
import { cacheTracks } from '../apps/web/src/server/repositories/cached-tracks.ts';
import { createPrismaRepositories } from '../apps/web/src/server/repositories/prisma/index.ts';
import type { Repositories } from '../apps/web/src/server/repositories/types.ts';
import { chooseQueue } from '../apps/web/src/server/services/choose-queue.ts';
import { listSimilar } from '../apps/web/src/server/services/get-track.ts';
import { listLibrary } from '../apps/web/src/server/services/library.ts';
import { recommendTracks } from '../apps/web/src/server/services/recommend-tracks.ts';
import { describeListening } from '../apps/web/src/server/services/moods.ts';
import {
  searchHummed,
  searchLikeTrack,
  searchTapped,
  searchWords,
} from '../apps/web/src/server/services/search.ts';
import { setRating } from '../apps/web/src/server/services/set-rating.ts';
import { createFileStore, type FileStore } from '../apps/web/src/server/storage/file-store.ts';
import { SEARCH_TASKS } from '../apps/web/src/server/worker/search/search.ts';
import type { WorkerClient } from '../apps/web/src/server/workers/worker-client.ts';
import { EXAMPLES, fill, listenerId, MOODY, trackId, type Sizes } from './web-scale/fill.ts';
import { humOf, stretchOf, writeSketches } from './web-scale/pieces.ts';

export const summary = 'the web server on a large catalogue: p95 of recommend, search and rate, and memory';

const HELP = `npm run bench -- web-scale [--tracks 100000] [--listeners 10000] [--ratings 20] [--requests 100]

Fills an embedded database in a temporary folder with made-up tracks and listeners of made-up tastes (each likes a style
and a direction of three dimensions, with noise; every tenth has two tastes), made-up pieces as sketches, and asks the services as the pages do, one request after the other,
each by another listener. What a thread does on the server (looking into pieces) is done in the process itself. "uncached" reads the catalogue from the database for each request: the baseline.`;

/** The baseline takes seconds. */
const UNCACHED = 1;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tracks: { type: 'string', default: '100000' },
      listeners: { type: 'string', default: '10000' },
      ratings: { type: 'string', default: '20' },
      requests: { type: 'string', default: '100' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const [tracks, listeners, ratings, requests] = [
    values.tracks,
    values.listeners,
    values.ratings,
    values.requests,
  ].map(Number) as [number, number, number, number];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'attune-scale-'));
  const cpu = process.cpuUsage();
  const database = await openDatabase({
    url: undefined,
    folder,
    migrations: path.resolve(import.meta.dirname, '../prisma/migrations'),
  });
  try {
    await fill(database, { tracks, listeners, ratings });
    console.log(
      `${tracks} tracks, ${listeners} listeners with ${ratings} ratings each; filled in ${seconds(cpu)} s of processor time`,
    );
    const bytes = writeSketches(path.join(folder, 'files'), tracks);
    console.log(`sketches: ${bytes.toFixed(0)} bytes a piece`);
    await measure(database, createFileStore(path.join(folder, 'files')), { tracks, listeners, requests });
    console.log(
      `\nprocessor time: ${seconds(cpu)} s; memory of the process: ${megabytes(process.memoryUsage().rss)} MB, of which ${megabytes(process.memoryUsage().heapUsed)} MB of JavaScript objects`,
    );
  } finally {
    await database.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface Case {
  readonly name: string;
  /** Never measured without the catalogue in memory. */
  readonly isNew?: true;
  readonly ask: (repositories: Asked, actor: Actor, i: number) => Promise<unknown>;
}
type Asked = Repositories & {
  readonly files: FileStore;
  readonly finder: WorkerClient;
  readonly factors: ReturnType<typeof createFactorCache>['factors'];
  readonly moods: MoodCache;
  readonly now: () => Date;
};

const QUERIES = [
  'calm waltz in minor, under 90 bpm',
  'fast march in major',
  'slow hymn, no drums',
  'like "Harbour Waltz 0"',
  '3/4, 100 to 120 bpm',
  'sad tango',
  'orchard song by the sea',
];
const ASPECTS = ['rhythm', 'harmony', 'timbre'] as const;

/** The thread that looks into pieces, without the thread: what is sent to it is copied all the same. */
const finder: WorkerClient = {
  run: (task, input) => {
    const run = SEARCH_TASKS[task as keyof typeof SEARCH_TASKS] as unknown as (
      input: unknown,
      context: object,
    ) => Promise<never>;
    return run(structuredClone(input), {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
  },
  close: () => Promise.resolve(),
};

async function measure(
  { prisma }: Database,
  files: FileStore,
  { tracks, listeners, requests }: Omit<Sizes, 'ratings'> & { requests: number },
): Promise<void> {
  let ids = 0;
  const now = (): Date => new Date();
  const stored = createPrismaRepositories(prisma, () => `id-${++ids}`);
  const factorCache = createFactorCache(stored.ratings, now);
  const uncached: Asked = {
    ...stored,
    factors: factorCache.factors,
    moods: createMoodCache(),
    now,
    files,
    finder,
  };
  const cached: Asked = { ...uncached, tracks: cacheTracks(stored.tracks, now) };
  const rng = createRng(2);
  const examples = Math.min(EXAMPLES, tracks);
  const hums = Array.from({ length: 20 }, (_, i) => humOf(Math.floor((i * tracks) / 20)));
  const cases: Case[] = [
    { name: 'recommend', ask: (deps, actor) => recommendTracks(deps, actor, { take: 20 }) },
    { name: 'discover queue', ask: (deps, actor) => chooseQueue(deps, actor, { take: 12 }) },
    {
      name: 'rate',
      ask: (deps, actor) => setRating(deps, actor, { trackId: trackId(rng.integer(tracks)), value: 4 }),
    },
    {
      name: 'search words',
      ask: (deps, actor, i) =>
        searchWords(deps, actor, { text: QUERIES[i % QUERIES.length]!, without: [], take: 20 }),
    },
    {
      name: 'search by hum',
      isNew: true,
      ask: (deps, actor, i) => searchHummed(deps, actor, { bytes: hums[i % hums.length]!, take: 20 }),
    },
    {
      name: 'search by taps',
      isNew: true,
      ask: (deps, actor, i) => searchTapped(deps, actor, { onsets: stretchOf(i * 7 + 1).onsets, take: 20 }),
    },
    {
      name: 'search by rhythm, harmony or timbre',
      isNew: true,
      ask: (deps, actor, i) =>
        searchLikeTrack(deps, actor, {
          trackId: trackId(rng.integer(examples)),
          aspect: ASPECTS[i % ASPECTS.length]!,
          take: 20,
        }),
    },
    {
      name: 'search by melody of a track',
      isNew: true,
      ask: (deps, actor) =>
        searchLikeTrack(deps, actor, { trackId: trackId(rng.integer(examples)), aspect: 'melody', take: 20 }),
    },
    {
      name: 'moods page',
      isNew: true,
      ask: (deps, actor) => describeListening(deps, moody(actor)),
    },
    {
      name: 'similar',
      ask: (deps, actor) => listSimilar(deps, actor, { id: trackId(rng.integer(tracks)), take: 6 }),
    },
    {
      name: 'library page',
      ask: (deps, actor, i) =>
        listLibrary(deps, actor, {
          sort: i % 2 ? 'newest' : 'title',
          take: 24,
          ...(i % 3 === 0 ? { query: 'mill' } : {}),
        }),
    },
  ];
  const actor = (): Actor => ({
    id: listenerId(rng.integer(listeners)),
    name: '',
    email: null,
    isGuest: false,
    role: 'user',
  });

  const moody = (some: Actor): Actor => ({
    ...some,
    id: listenerId(MOODY * Math.floor(Number(some.id.slice(1)) / MOODY)),
  });

  const fitting = await timed(() => factorCache.factors());
  console.log(
    `\nfitting what listeners have in common: ${words(fitting)}; in a thread of its own on the server`,
  );
  const cold = await timed(() => recommendTracks(cached, actor(), { take: 20 }));
  console.log(`first request, which reads the catalogue: ${words(cold)}`);
  let rounds = 0;
  const looking = await timed(async () => {
    while ((await searchHummed(cached, actor(), { bytes: hums[0]!, take: 20 })).isMore) rounds++;
  });
  console.log(`hums until all pieces were looked into: ${rounds + 1}, ${words(looking)}`);
  await reportHums(cached, actor(), hums, tracks);

  console.log(
    '| request | processor ms: median | p95 | most | uncached | clock ms: p95 |\n|---|---|---|---|---|---|',
  );
  for (const { name, ask, isNew } of cases) {
    await ask(cached, actor(), 0);
    const costs: Cost[] = [];
    for (let i = 0; i < requests; i++) costs.push(await timed(() => ask(cached, actor(), i)));
    const base: Cost[] = [];
    for (let i = 0; i < (isNew ? 0 : UNCACHED); i++) base.push(await timed(() => ask(uncached, actor(), i)));
    const processor = costs.map((cost) => cost.processor);
    const figures = [0.5, 0.95, 1].map((share) => quantile(processor, share).toFixed(0));
    const clock = quantile(
      costs.map((cost) => cost.clock),
      0.95,
    ).toFixed(0);
    const uncachedMs = isNew
      ? '–'
      : quantile(
          base.map((cost) => cost.processor),
          0.5,
        ).toFixed(0);
    console.log(`| ${name} | ${figures.join(' | ')} | ${uncachedMs} | ${clock} |`);
  }
}

/** Whether hums find the pieces that they are of. */
async function reportHums(
  deps: Asked,
  actor: Actor,
  hums: readonly Uint8Array[],
  tracks: number,
): Promise<void> {
  let [first, twenty] = [0, 0];
  for (const [i, bytes] of hums.entries()) {
    const { found } = await searchHummed(deps, actor, { bytes, take: 20 });
    const place = found.findIndex(
      ({ track }) => track.id === trackId(Math.floor((i * tracks) / hums.length)),
    );
    if (place === 0) first++;
    if (place >= 0) twenty++;
  }
  console.log(`of ${hums.length} hums, the piece is found first for ${first}, among twenty for ${twenty}\n`);
}

/** Milliseconds on the clock, and of processor time: on a busy machine only the latter says what a request costs. */
interface Cost {
  readonly clock: number;
  readonly processor: number;
}

async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { clock: performance.now() - start, processor: (user + system) / 1000 };
}

function words({ clock, processor }: Cost): string {
  return `${processor.toFixed(0)} ms of processor time (${clock.toFixed(0)} ms on the clock)`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

function seconds(since: NodeJS.CpuUsage): string {
  const { user, system } = process.cpuUsage(since);
  return ((user + system) / 1e6).toFixed(0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
