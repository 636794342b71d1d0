import { createRng } from '@attune/core';
import { STYLE_SPACE, STYLES } from '@attune/core/style';
import type { Database } from '../../apps/web/src/server/database/open-database.ts';

/** How much there is. */
export interface Sizes {
  readonly tracks: number;
  readonly listeners: number;
  readonly ratings: number;
}

/** Rows a statement. */
const BATCH = 4_000;
/** Every tenth listener likes one thing on even days and another on odd ones, and said twice as much. */
export const MOODY = 10;
/** Tracks that others are looked for by have their file on record. */
export const EXAMPLES = 1_000;

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

/** Made-up tracks, listeners and what they said. */
export async function fill({ prisma }: Database, { tracks, listeners, ratings }: Sizes): Promise<void> {
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
  const examples = Array.from({ length: Math.min(EXAMPLES, tracks) }, (_, i) => trackId(i));
  await prisma.$executeRaw`
    INSERT INTO "asset" ("id", "trackId", "kind", "path", "mime", "sha256", "bytes")
    SELECT t || '/midi', t, 'midi', 'tracks/' || t || '/track.mid', 'audio/midi', '', 0 FROM unnest(${examples}::text[]) AS t`;
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
    const isMoody = listener % MOODY === 0;
    const tastes = Array.from({ length: isMoody ? 2 : 1 }, () => ({
      dimensions: Array.from({ length: TASTE_DIMENSIONS }, () => ({
        dimension: rng.integer(dimensions),
        weight: rng.normal(),
      })),
      style: STYLES[rng.integer(STYLES.length)],
    }));
    const rated = new Set<number>();
    while (rated.size < (isMoody ? 2 : 1) * ratings) {
      // A few tracks are known to many.
      const track = Math.floor(tracks * rng.uniform() ** 3);
      if (rated.has(track)) continue;
      rated.add(track);
      const day = isMoody ? Math.floor(rated.size / 5) : 0;
      const { dimensions: liked, style } = tastes[day % tastes.length]!;
      const liking = liked.reduce(
        (sum, { dimension, weight }) => sum + weight * vectors[track * dimensions + dimension]!,
        0,
      );
      const stars = Math.max(
        1,
        Math.min(5, Math.round(3 + 0.7 * liking + (styles[track] === style ? 1 : 0) + 0.5 * rng.normal())),
      );
      const userId = listenerId(listener);
      const at = new Date(
        Date.UTC(2026, 0, 1) + 60_000 * (listener + rated.size) + 86_400_000 * day,
      ).toISOString();
      pending.push({ id: `${userId}/${trackId(track)}`, userId, trackId: trackId(track), stars, at });
    }
    if (pending.length >= BATCH) await flush();
  }
  await flush();
}

export const trackId = (i: number): string => `t${i}`;
export const listenerId = (i: number): string => `u${i}`;
