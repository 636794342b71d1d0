import { writeMidi } from '@attune/core/midi';
import { TRPCError } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SamplerView } from '../../api/types.ts';
import type { Actor } from '../context.ts';
import type { JobRecord } from '../repositories/types.ts';
import { ASSET_KINDS } from '../repositories/types.ts';
import { openDownload } from '../services/open-download.ts';
import { uploadTrack } from '../services/upload-track.ts';
import type { ServerFixture } from '../testing/server-fixture.ts';
import { openServer } from '../testing/server-fixture.ts';
import { openTestDatabase } from '../testing/test-database.ts';
import { createTestScore } from '../testing/test-pieces.ts';
import { testActor, testTrack } from '../testing/test-records.ts';
import { appRouter } from './app.ts';

const ROLES = ['nobody', 'other', 'owner', 'admin'] as const;
type Role = (typeof ROLES)[number];

/** 'yes', or the code of the refusal. */
type Answers = readonly [nobody: string, other: string, owner: string, admin: string];

const EVERYBODY: Answers = ['yes', 'yes', 'yes', 'yes'];
const VIEWERS: Answers = ['UNAUTHORIZED', 'yes', 'yes', 'yes'];
const ADMINS: Answers = ['UNAUTHORIZED', 'FORBIDDEN', 'FORBIDDEN', 'yes'];
/** What another person may not see is not there; an administrator may look at it but not change it. */
const LOOK: Answers = ['UNAUTHORIZED', 'NOT_FOUND', 'yes', 'yes'];
const CHANGE: Answers = ['UNAUTHORIZED', 'NOT_FOUND', 'yes', 'FORBIDDEN'];
/** Jobs are nobody else's business, and nobody makes music of what is another person's. */
const OWN: Answers = ['UNAUTHORIZED', 'NOT_FOUND', 'yes', 'NOT_FOUND'];

/** Every procedure, with an input about the private track or job of the owner, and who gets an answer. */
const TABLE: Readonly<Record<string, { input?: (own: Own) => unknown; answers: Answers }>> = {
  'viewer.me': { answers: EVERYBODY },
  'viewer.export': { answers: VIEWERS },
  'viewer.sharing': { answers: EVERYBODY },
  'discover.queue': { input: () => ({}), answers: VIEWERS },
  'rating.list': { answers: VIEWERS },
  'rating.set': { input: ({ track }) => ({ trackId: track, value: 4 }), answers: LOOK },
  'rating.undo': {
    input: ({ track }) => ({ trackId: track }),
    answers: ['UNAUTHORIZED', 'NOT_FOUND', 'yes', 'yes'],
  },
  'play.record': { input: ({ track }) => ({ trackId: track, seconds: 3, completed: false }), answers: LOOK },
  'recommend.list': { input: () => ({}), answers: VIEWERS },
  'recommend.listening': { answers: VIEWERS },
  'recommend.composeForMood': {
    input: () => ({ mood: 'none' }),
    answers: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_REQUEST', 'BAD_REQUEST'],
  },
  'recommend.steer': {
    input: ({ track }) => ({ reason: { kind: 'liked-track', label: 'x', trackId: track }, action: 'more' }),
    answers: LOOK,
  },
  'taste.get': { answers: VIEWERS },
  'taste.correct': { input: () => ({ dimension: 'tempo', value: 0.5 }), answers: VIEWERS },
  'taste.undoSteering': {
    input: () => ({ kind: 'explore', name: 'explore', direction: null }),
    answers: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_REQUEST', 'BAD_REQUEST'],
  },
  'taste.reset': { answers: VIEWERS },
  'compose.options': { answers: EVERYBODY },
  'compose.jobs': { input: () => ({}), answers: VIEWERS },
  'compose.start': {
    input: ({ track }) => ({
      mode: 'controls',
      conditioning: {},
      bars: 4,
      task: { kind: 'continue', sourceTrackId: track },
    }),
    answers: OWN,
  },
  'compose.samplers': { answers: EVERYBODY },
  'compose.sample': {
    input: ({ track }) => ({ family: 'fake', count: 1, sourceTrackIds: [track], settings: {} }),
    answers: OWN,
  },
  'compose.keep': {
    input: ({ track }) => ({
      title: 'x',
      midi: MIDI,
      seed: 1,
      bars: 8,
      conditioning: {},
      modelVersion: 'm',
      tokenizer: 't',
      task: { kind: 'continue', sourceTrackId: track },
    }),
    answers: OWN,
  },
  'compose.progress': { input: ({ job }) => ({ jobId: job }), answers: OWN },
  'compose.cancel': { input: ({ job }) => ({ jobId: job }), answers: OWN },
  'library.list': { input: () => ({}), answers: VIEWERS },
  'track.get': { input: ({ track }) => ({ id: track }), answers: LOOK },
  'track.similar': { input: ({ track }) => ({ id: track }), answers: LOOK },
  'search.words': { input: () => ({ text: 'slow waltz' }), answers: VIEWERS },
  'search.like': { input: ({ track }) => ({ trackId: track, aspect: 'overall' }), answers: LOOK },
  'search.tapped': { input: () => ({ onsets: [0, 0.5, 1, 2] }), answers: VIEWERS },
  'admin.classifications': { input: () => ({}), answers: ADMINS },
  'admin.classification': { input: ({ track }) => ({ trackId: track }), answers: ADMINS },
  'admin.correct': { input: ({ track }) => ({ trackId: track, label: 'march' }), answers: ADMINS },
  'admin.models': { answers: ADMINS },
  'admin.trends': { answers: ADMINS },
  'admin.sharedTaste': { answers: ADMINS },
  'admin.composeTrend': { answers: ['UNAUTHORIZED', 'FORBIDDEN', 'FORBIDDEN', 'BAD_REQUEST'] },
  'admin.map': { answers: ADMINS },
  'admin.labelling': { answers: ADMINS },
  'admin.addLabel': { input: () => ({ name: 'tango' }), answers: ADMINS },
  'admin.changeLabel': {
    input: () => ({ name: 'tango', to: 'tango', parent: 'latin' }),
    answers: ADMINS,
  },
  'admin.removeLabel': { input: () => ({ name: 'tango' }), answers: ADMINS },
  'admin.restoreLabel': {
    input: ({ track }) => ({ name: 'tango', parent: null, trackIds: [track], replacement: null }),
    answers: ADMINS,
  },
  'admin.train': { input: () => ({ task: 'listen', kind: 'style-audio' }), answers: ADMINS },
  'admin.cancelTraining': {
    input: () => ({ id: 'nothing' }),
    answers: ['UNAUTHORIZED', 'FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND'],
  },
  'admin.adopt': {
    input: () => ({ id: 'nothing' }),
    answers: ['UNAUTHORIZED', 'FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND'],
  },
  'admin.rollBack': {
    input: () => ({ kind: 'style-audio' }),
    answers: ['UNAUTHORIZED', 'FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND'],
  },
  'admin.jobs': { input: () => ({}), answers: ADMINS },
  'admin.users': { input: () => ({}), answers: ADMINS },
  'admin.summary': { answers: ADMINS },
  // Last, as these take things away.
  'library.remove': { input: ({ track }) => ({ trackId: track }), answers: CHANGE },
  'viewer.erase': { answers: VIEWERS },
};

const MIDI = Buffer.from(writeMidi(createTestScore(2))).toString('base64');
const FAKE: SamplerView = {
  name: 'fake',
  version: '1',
  summary: 'Makes nothing.',
  inputs: { fewest: 0, most: 1, kind: 'score' },
  settings: [],
};

/** These change what the next row would find, and get people and tracks of their own. */
const CHANGING: ReadonlySet<string> = new Set([
  'rating.undo',
  'compose.cancel',
  'library.remove',
  'viewer.erase',
]);

interface Own {
  readonly track: string;
  readonly job: string;
}

describe('access', () => {
  let server: ServerFixture;
  let count = 0;
  let common: Awaited<ReturnType<typeof scene>>;

  beforeAll(async () => {
    server = await openServer(openTestDatabase, { samplers: () => Promise.resolve([FAKE]) });
    const shared = testTrack({ id: 'shared' });
    await server.deps.tracks.insert({ track: shared, assets: [], classifications: [] });
    common = await scene();
  });
  afterAll(() => server.close());

  /** New people, and a private track and a queued job of the owner. */
  async function scene(): Promise<{ actors: Record<Role, Actor | null>; own: Own }> {
    count++;
    const actors: Record<Role, Actor | null> = {
      nobody: null,
      other: testActor(`other-${count}`),
      owner: testActor(`owner-${count}`),
      admin: testActor(`admin-${count}`, { role: 'admin' }),
    };
    for (const actor of Object.values(actors)) {
      if (!actor) continue;
      const { id, name, role } = actor;
      await server.database.prisma.user.create({ data: { id, name, role, email: `${id}@attune.example` } });
    }
    const owner = actors.owner!;
    const { id: track } = await uploadTrack(server.deps, owner, {
      name: 'mine.mid',
      bytes: writeMidi(createTestScore(1)),
    });
    const job: JobRecord = {
      id: `job-${count}`,
      userId: owner.id,
      status: 'done',
      mode: 'taste',
      request: { mode: 'taste' },
      seed: 1,
      bars: 4,
      stage: 'done',
      done: 1,
      total: 1,
      attempts: 1,
      error: null,
      trackId: track,
      createdAt: new Date(),
      startedAt: null,
      finishedAt: new Date(),
    };
    await server.deps.jobs.insert(job);
    return { actors, own: { track, job: job.id } };
  }

  it('has a row for every procedure', () => {
    expect(Object.keys(TABLE).sort()).toEqual(Object.keys(appRouter._def.procedures).sort());
  });

  for (const [name, { input, answers }] of Object.entries(TABLE)) {
    it(`${name} answers ${ROLES.map((role, i) => `${role}: ${answers[i]}`).join(', ')}`, async () => {
      const { actors, own } = CHANGING.has(name) ? await scene() : common;
      // Undoing needs something to undo; cancelling something open.
      for (const role of ['owner', 'admin'] as const) {
        if (name === 'rating.undo') await server.deps.ratings.set(actors[role]!.id, own.track, 3, new Date());
      }
      if (name === 'compose.cancel') {
        await server.database.prisma.generationJob.update({
          where: { id: own.job },
          data: { status: 'queued', finishedAt: null },
        });
      }
      const results: string[] = [];
      for (const role of ROLES) {
        const caller = appRouter.createCaller({ viewer: actors[role], deps: server.deps });
        results.push(await answerOf(caller, name, input?.(own)));
      }
      // What the owner takes away is not there for the administrator who asks after them.
      const expected = name === 'library.remove' ? [...answers.slice(0, 3), 'NOT_FOUND'] : answers;
      expect(results).toEqual([...expected]);
    });
  }

  it('does not let an administrator remove what is not theirs', async () => {
    const { actors, own } = common;
    const caller = appRouter.createCaller({ viewer: actors.admin, deps: server.deps });
    expect(await answerOf(caller, 'library.remove', { trackId: own.track })).toBe('FORBIDDEN');
    expect(await server.deps.tracks.find(own.track)).toBeDefined();
  });

  it('lets nobody remove a piece of the catalogue', async () => {
    const { actors } = common;
    for (const role of ['other', 'admin'] as const) {
      const caller = appRouter.createCaller({ viewer: actors[role], deps: server.deps });
      expect(await answerOf(caller, 'library.remove', { trackId: 'shared' })).toBe('FORBIDDEN');
    }
  });

  it.each(ASSET_KINDS.filter((kind) => kind !== 'audio'))(
    'serves the %s of a track to its owner only',
    async (kind) => {
      const { actors, own } = common;
      const other = openDownload(server.deps, actors.other!, { id: own.track, kind });
      await expect(other).rejects.toMatchObject({ code: 'track/not-found' });
      if (kind === 'midi') {
        const { asset } = await openDownload(server.deps, actors.owner!, { id: own.track, kind });
        expect((await server.deps.files.read(asset.path)).length).toBe(asset.bytes);
      }
    },
  );
});

type Caller = ReturnType<typeof appRouter.createCaller>;

async function answerOf(caller: Caller, name: string, input: unknown): Promise<string> {
  const [group, procedure] = name.split('.') as [string, string];
  const call = (caller as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>)[
    group
  ]![procedure]!;
  try {
    const answer = await call(input);
    // A subscription answers with a stream, and refuses when it is read.
    if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
      for await (const _ of answer as AsyncIterable<unknown>) break;
    }
    return 'yes';
  } catch (error) {
    if (error instanceof TRPCError) return error.code;
    if (error instanceof Error && 'code' in error && error.code === 'job/not-found') return 'NOT_FOUND'; // inside a stream
    throw error;
  }
}
