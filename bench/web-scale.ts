import { createRng } from '@attune/core';
import { STYLE_SPACE, STYLES } from '@attune/core/style';
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
import { searchWords } from '../apps/web/src/server/services/search.ts';
import { setRating } from '../apps/web/src/server/services/set-rating.ts';

export const summary = 'the web server on a large catalogue: p95 of recommend, search and rate, and memory';

const HELP = `npm run bench -- web-scale [--tracks 100000] [--listeners 10000] [--ratings 20] [--requests 40]

Fills an embedded database in a temporary folder with made-up tracks and listeners of made-up tastes (each likes a style
and a direction of three dimensions, with noise), and asks the services as the pages do, one request after the other,
each by another listener. "uncached" reads the catalogue from the database for each request: the baseline.`;

const BATCH = 4_000;
/** The baseline takes seconds. */
const UNCACHED = 1;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tracks: { type: 'string', default: '100000' },
      listeners: { type: 'string', default: '10000' },
      ratings: { type: 'string', default: '20' },
      requests: { type: 'string', default: '40' },
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
    await measure(database, { tracks, listeners, requests });
    console.log(
      `\nprocessor time: ${seconds(cpu)} s; memory of the process: ${megabytes(process.memoryUsage().rss)} MB, of which ${megabytes(process.memoryUsage().heapUsed)} MB of JavaScript objects`,
    );
  } finally {
    await database.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface Sizes {
  readonly tracks: number;
  readonly listeners: number;
  readonly ratings: number;
}

const TITLES = [
  'Harbour',
  'Orchard',
  'Meadow',
  'River',
  'Lantern',
  'Garden',
  'Mill',
  'Bridge',
  'Valley',
  'Island',
];
const FORMS = ['Waltz', 'March', 'Song', 'Reel', 'Prelude', 'Study'];
const TASTE_DIMENSIONS = 3;

async function fill({ prisma }: Database, { tracks, listeners, ratings }: Sizes): Promise<void> {
  const rng = createRng(1).fork('scale');
  const dimensions = STYLE_SPACE.dimensions.length;
  const vectors = new Float32Array(tracks * dimensions).map(() => Math.round(100 * rng.normal()) / 100);
  const styles = Array.from({ length: tracks }, () => STYLES[rng.integer(STYLES.length)]!);
  for (let start = 0; start < tracks; start += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, tracks - start) }, (_, i) => start + i);
    const data = rows.map((i) => ({
      id: trackId(i),
      title: `${TITLES[i % TITLES.length]} ${FORMS[i % FORMS.length]} ${i}`,
      style: styles[i],
      seconds: 20 + rng.integer(200),
      tempo: 50 + rng.integer(150),
      meter: rng.integer(4) === 0 ? '3/4' : '4/4',
      tonic: rng.integer(12),
      mode: rng.integer(2) === 0 ? 'major' : 'minor',
      instruments: [rng.integer(128), rng.integer(128)],
      vector: [...vectors.subarray(i * dimensions, (i + 1) * dimensions)].map(
        (value) => Math.round(100 * value) / 100,
      ),
    }));
    await prisma.$executeRaw`
      INSERT INTO "track" ("id", "title", "kind", "source", "style", "seconds", "tempo", "meter", "tonic", "mode", "instruments", "styleSpace", "styleVector", "thumbnail")
      SELECT r."id", r."title", 'score', 'catalogue', r."style", r."seconds", r."tempo", r."meter", r."tonic", r."mode",
        ARRAY(SELECT jsonb_array_elements_text(r."instruments")::int), ${STYLE_SPACE.version}, r."vector", '[[0,0.5,0.1]]'::jsonb
      FROM jsonb_to_recordset(${JSON.stringify(data)}::jsonb)
        AS r("id" text, "title" text, "style" text, "seconds" float8, "tempo" float8, "meter" text, "tonic" int, "mode" text, "instruments" jsonb, "vector" jsonb)`;
  }
  for (let start = 0; start < listeners; start += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, listeners - start) }, (_, i) => listenerId(start + i));
    await prisma.$executeRaw`INSERT INTO "user" ("id", "name", "email", "updatedAt") SELECT u, u, u || '@attune.example', now() FROM unnest(${ids}::text[]) AS u`;
  }
  let pending: { id: string; userId: string; trackId: string; stars: number; at: string }[] = [];
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return;
    await prisma.$executeRaw`
      INSERT INTO "rating" ("id", "userId", "trackId", "kind", "stars", "ratedAt")
      SELECT r."id", r."userId", r."trackId", 'stars', r."stars", r."at"::timestamp
      FROM jsonb_to_recordset(${JSON.stringify(pending)}::jsonb) AS r("id" text, "userId" text, "trackId" text, "stars" int, "at" text)`;
    pending = [];
  };
  for (let listener = 0; listener < listeners; listener++) {
    const taste = Array.from({ length: TASTE_DIMENSIONS }, () => ({
      dimension: rng.integer(dimensions),
      weight: rng.normal(),
    }));
    const style = STYLES[rng.integer(STYLES.length)];
    const rated = new Set<number>();
    while (rated.size < ratings) {
      // A few tracks are known to many.
      const track = Math.floor(tracks * rng.uniform() ** 3);
      if (rated.has(track)) continue;
      rated.add(track);
      const liking = taste.reduce(
        (sum, { dimension, weight }) => sum + weight * vectors[track * dimensions + dimension]!,
        0,
      );
      const stars = Math.max(
        1,
        Math.min(5, Math.round(3 + 0.7 * liking + (styles[track] === style ? 1 : 0) + 0.5 * rng.normal())),
      );
      const userId = listenerId(listener);
      const at = new Date(Date.UTC(2026, 0, 1) + 60_000 * (listener + rated.size)).toISOString();
      pending.push({ id: `${userId}/${trackId(track)}`, userId, trackId: trackId(track), stars, at });
    }
    if (pending.length >= BATCH) await flush();
  }
  await flush();
}

const trackId = (i: number): string => `t${i}`;
const listenerId = (i: number): string => `u${i}`;

interface Case {
  readonly name: string;
  readonly ask: (repositories: Asked, actor: Actor, i: number) => Promise<unknown>;
}
type Asked = Repositories & {
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
];

async function measure(
  { prisma }: Database,
  { tracks, listeners, requests }: Omit<Sizes, 'ratings'> & { requests: number },
): Promise<void> {
  let ids = 0;
  const now = (): Date => new Date();
  const stored = createPrismaRepositories(prisma, () => `id-${++ids}`);
  const factorCache = createFactorCache(stored.ratings, now);
  const uncached: Asked = { ...stored, factors: factorCache.factors, moods: createMoodCache(), now };
  const cached: Asked = { ...uncached, tracks: cacheTracks(stored.tracks, now) };
  const rng = createRng(2);
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

  const fitting = await timed(() => factorCache.factors());
  console.log(
    `\nfitting what listeners have in common: ${words(fitting)}; in a thread of its own on the server`,
  );
  const cold = await timed(() => recommendTracks(cached, actor(), { take: 20 }));
  console.log(`first request, which reads the catalogue: ${words(cold)}\n`);
  console.log(
    '| request | processor ms: median | p95 | most | uncached | clock ms: p95 |\n|---|---|---|---|---|---|',
  );
  for (const { name, ask } of cases) {
    await ask(cached, actor(), 0);
    const costs: Cost[] = [];
    for (let i = 0; i < requests; i++) costs.push(await timed(() => ask(cached, actor(), i)));
    const base: Cost[] = [];
    for (let i = 0; i < UNCACHED; i++) base.push(await timed(() => ask(uncached, actor(), i)));
    const processor = costs.map((cost) => cost.processor);
    const figures = [0.5, 0.95, 1].map((share) => quantile(processor, share).toFixed(0));
    const clock = quantile(
      costs.map((cost) => cost.clock),
      0.95,
    ).toFixed(0);
    console.log(
      `| ${name} | ${figures.join(' | ')} | ${quantile(
        base.map((cost) => cost.processor),
        0.5,
      ).toFixed(0)} | ${clock} |`,
    );
  }
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
