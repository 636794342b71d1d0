import { writeMidi } from '@attune/core/midi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPrismaRepositories } from './repositories/prisma/index.ts';
import { findActor } from './auth/create-auth.ts';
import type { Actor } from './context.ts';
import { correctTaste } from './services/describe-taste.ts';
import { openDownload } from './services/open-download.ts';
import { recordPlay } from './services/record-play.ts';
import { setRating } from './services/set-rating.ts';
import { steerTaste } from './services/steer-taste.ts';
import { uploadTrack } from './services/upload-track.ts';
import { eraseViewer, exportViewer } from './services/viewer.ts';
import { sketchPath, sweepFiles } from './storage/file-store.ts';
import type { ServerFixture } from './testing/server-fixture.ts';
import { openServer } from './testing/server-fixture.ts';
import { openTestDatabase } from './testing/test-database.ts';
import { createTestScore } from './testing/test-pieces.ts';
import { testTrack, testVector } from './testing/test-records.ts';

const ORIGIN = 'http://localhost:3000';

/** A browser: keeps the cookie of the last answer that set one. */
function createBrowser(server: ServerFixture) {
  let cookie = '';
  return {
    post: async (path: string, body: object): Promise<Response> => {
      const headers = { 'content-type': 'application/json', origin: ORIGIN, ...(cookie ? { cookie } : {}) };
      const request = new Request(`${ORIGIN}/api/auth${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const response = await server.auth.handler(request);
      const set = response.headers.getSetCookie().map((line) => line.split(';')[0]!);
      if (set.length > 0) cookie = set.join('; ');
      return response;
    },
    actor: (): Promise<Actor | null> => findActor(server.auth, new Headers({ cookie })),
  };
}

describe('guests, accounts and erasure', () => {
  let server: ServerFixture;
  beforeAll(async () => {
    server = await openServer(openTestDatabase);
    for (const id of ['shared-1', 'shared-2']) {
      const track = testTrack({ id, vector: testVector({ tempo: 1 }) });
      await server.deps.tracks.insert({ track, assets: [], classifications: [] });
    }
  });
  afterAll(() => server.close());

  /** Everything a listener can leave behind. */
  async function liveALife(actor: Actor): Promise<string> {
    const { deps } = server;
    const { id } = await uploadTrack(deps, actor, { name: 'mine.mid', bytes: writeMidi(createTestScore(3)) });
    await setRating(deps, actor, { trackId: 'shared-1', value: 5 });
    await setRating(deps, actor, { trackId: id, value: 'skip' });
    await recordPlay(deps, actor, { trackId: 'shared-2', seconds: 9, completed: true });
    await steerTaste(deps, actor, {
      reason: { kind: 'feature', label: 'fast', feature: 'tempo', direction: 'high' },
      action: 'less',
    });
    await correctTaste(deps, actor, { dimension: 'mode', value: -0.5 });
    await deps.jobs.insert({
      id: `job of ${actor.id}`,
      userId: actor.id,
      status: 'queued',
      mode: 'taste',
      request: { mode: 'taste' },
      seed: 1,
      bars: 4,
      stage: 'waiting',
      done: 0,
      total: 0,
      attempts: 0,
      error: null,
      trackId: null,
      createdAt: new Date(),
      startedAt: null,
      finishedAt: null,
    });
    await openDownload(deps, actor, { id, kind: 'midi' });
    return id;
  }

  /** Tables in which any value speaks of `id`. */
  async function tracesOf(id: string): Promise<string[]> {
    const { prisma } = server.database;
    const tables = await prisma.$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name`;
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await prisma.$queryRawUnsafe<object[]>(
        `SELECT 1 FROM "${name}" t WHERE t::text LIKE '%${id}%' LIMIT 1`,
      );
      if (rows.length > 0) found.push(name);
    }
    return found;
  }

  it('gives a guest a session, and moves what they made to the account they sign up for', async () => {
    const browser = createBrowser(server);
    expect((await browser.post('/sign-in/anonymous', {})).status).toBe(200);
    const guest = (await browser.actor())!;
    expect(guest).toMatchObject({ isGuest: true, email: null, role: 'user' });
    const trackId = await liveALife(guest);
    const signUp = await browser.post('/sign-up/email', {
      name: 'Ann',
      email: 'ann@attune.example',
      password: 'correct horse',
    });
    expect(signUp.status).toBe(200);
    const ann = (await browser.actor())!;
    expect(ann).toMatchObject({ isGuest: false, email: 'ann@attune.example', name: 'Ann', role: 'user' });
    const held = await exportViewer(server.deps, ann);
    expect(held.ratings.map(({ trackId: rated, value }) => [rated, value]).sort()).toEqual(
      [
        [trackId, 'skip'],
        ['shared-1', 5],
      ].sort(),
    );
    expect([held.plays.length, held.steering.length, held.tracks.length, held.jobs.length]).toEqual([
      1, 1, 1, 1,
    ]);
    expect(held.taste.dimensions.find(({ name }) => name === 'mode')?.corrected).toBe(true);
    expect(await tracesOf(guest.id)).toEqual(['generation_job', 'rating']); // only in names of rows, which are now Ann's
    expect(await server.database.prisma.user.count({ where: { id: guest.id } })).toBe(0);
  });

  it('keeps the word of the account where guest and account said different things', async () => {
    const browser = createBrowser(server);
    await browser.post('/sign-up/email', {
      name: 'Eve',
      email: 'eve@attune.example',
      password: 'correct horse',
    });
    const eve = (await browser.actor())!;
    await setRating(server.deps, eve, { trackId: 'shared-1', value: 1 });
    await browser.post('/sign-out', {});
    const second = createBrowser(server);
    await second.post('/sign-in/anonymous', {});
    const guest = (await second.actor())!;
    await setRating(server.deps, guest, { trackId: 'shared-1', value: 5 });
    await setRating(server.deps, guest, { trackId: 'shared-2', value: 4 });
    expect(
      (await second.post('/sign-in/email', { email: 'eve@attune.example', password: 'correct horse' }))
        .status,
    ).toBe(200);
    const ratings = await server.deps.ratings.listOf(eve.id);
    expect(ratings.map(({ trackId, value }) => [trackId, value]).sort()).toEqual([
      ['shared-1', 1],
      ['shared-2', 4],
    ]);
  });

  it('erases every row and file of a person, and nothing else', async () => {
    const browser = createBrowser(server);
    await browser.post('/sign-up/email', {
      name: 'Bob',
      email: 'bob@attune.example',
      password: 'correct horse',
    });
    const bob = (await browser.actor())!;
    const before = await server.deps.files.list();
    const trackId = await liveALife(bob);
    expect(await tracesOf(bob.id)).toEqual(
      expect.arrayContaining([
        'user',
        'session',
        'account',
        'rating',
        'play',
        'steering',
        'taste_correction',
        'taste_snapshot',
        'track',
        'generation_job',
      ]),
    );
    expect(await tracesOf(trackId)).toEqual(expect.arrayContaining(['track', 'asset', 'rating']));
    await eraseViewer(server.deps, bob);
    expect(await tracesOf(bob.id)).toEqual([]);
    expect(await tracesOf('bob@attune.example')).toEqual([]);
    expect(await tracesOf(trackId)).toEqual([]);
    expect(await server.deps.files.list()).toEqual(before);
    expect(await browser.actor()).toBeNull();
    expect(await server.deps.tracks.find('shared-1')).toBeDefined();
  });

  it('refuses a sign-in from another site', async () => {
    const request = new Request(`${ORIGIN}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: 'https://evil.example',
        cookie: 'attune.session_token=x',
      },
      body: JSON.stringify({ name: 'X', email: 'x@attune.example', password: 'correct horse' }),
    });
    expect((await server.auth.handler(request)).status).toBe(403);
  });

  it('sweeps away files that no row speaks of', async () => {
    const { deps } = server;
    await deps.files.write('tracks/lost/track.mid', new Uint8Array(3));
    const tracks = createPrismaRepositories(server.database.prisma, () => 'x').tracks;
    expect(await sweepFiles(deps.files, await tracks.assetPaths())).toBe(1);
    const kept = await tracks.assetPaths();
    const sketches = [...kept].map(sketchPath);
    const left = await deps.files.list();
    expect(left.filter((file) => !sketches.includes(file))).toEqual([...kept].sort());
  });
});
