import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testTrack } from '../testing/test-records.ts';
import type { JobRecord, Repositories } from './types.ts';

export interface OpenRepositories {
  readonly repositories: Repositories;
  /** Makes a person whom rows can point to. */
  addUser(id: string): Promise<void>;
  close(): Promise<void>;
}

/** What every implementation of the repositories does; run by the database's and by the twin in memory. */
export function repositoryContract(name: string, open: () => Promise<OpenRepositories>): void {
  describe(`repositories: ${name}`, () => {
    let opened: OpenRepositories;
    let r: Repositories;
    let count = 0;
    let ann = '';
    let bob = '';
    const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 12, minute));

    beforeAll(async () => {
      opened = await open();
      r = opened.repositories;
    });
    afterAll(() => opened.close());
    beforeEach(async () => {
      count++;
      [ann, bob] = [`ann-${count}`, `bob-${count}`];
      await opened.addUser(ann);
      await opened.addUser(bob);
    });

    const own = (id: string, ownerId: string | null, parts = {}) =>
      testTrack({
        id: `${id}-${count}`,
        ownerId,
        source: ownerId === null ? 'catalogue' : 'upload',
        ...parts,
      });
    const insert = async (...tracks: ReturnType<typeof own>[]): Promise<void> => {
      for (const track of tracks) {
        await r.tracks.insert({
          track,
          assets: [
            {
              id: `${track.id}/midi`,
              trackId: track.id,
              kind: 'midi',
              path: `tracks/${track.id}/a.mid`,
              mime: 'audio/midi',
              sha256: 'f',
              bytes: 100,
            },
          ],
          classifications: [
            {
              trackId: track.id,
              model: 'm',
              label: 'folk',
              confidence: 0.75,
              probabilities: [{ label: 'folk', probability: 0.75 }],
              current: true,
            },
          ],
        });
      }
    };

    const says = (trackId: string, model: string, label: string | null, current = false) => ({
      trackId,
      model,
      label,
      confidence: 0.5,
      probabilities: [],
      current,
    });

    it('gives back the track that was put in, unknown style values and all', async () => {
      const track = own('round', ann, { vector: { space: 'style-1', values: [1.5, NaN, -2] } });
      await insert(track);
      await r.modelVersions.putClassifications([{ ...says(track.id, 'n', null), unsure: 'unfamiliar' }]);
      expect((await r.tracks.classificationsOf([track.id]))[1]).toEqual({
        ...says(track.id, 'n', null),
        unsure: 'unfamiliar',
      });
      await r.modelVersions.removeClassifications('n');
      expect(await r.tracks.find(track.id)).toEqual(track);
      expect(await r.tracks.findAsset(track.id, 'midi')).toMatchObject({ trackId: track.id, bytes: 100 });
      expect(await r.tracks.classificationsOf([track.id])).toEqual([
        {
          trackId: track.id,
          model: 'm',
          label: 'folk',
          confidence: 0.75,
          probabilities: [{ label: 'folk', probability: 0.75 }],
          current: true,
        },
      ]);
      expect(await r.tracks.find('nobody')).toBeUndefined();
    });

    it('stores a track whole or not at all', async () => {
      const track = own('whole', ann);
      await insert(track);
      await expect(insert(track)).rejects.toThrow();
      expect(await r.tracks.trackIdsOf(ann)).toEqual([track.id]);
    });

    it('lists what the viewer may hear, filtered, sorted and in pages', async () => {
      const mine = own('b-mine', ann, { title: 'Blue Mill', style: 'folk', createdAt: at(1), seconds: 30 });
      const later = own('a-mine', ann, { title: 'Grey Mill', style: 'hymn', createdAt: at(2), seconds: 20 });
      const theirs = own('c-bob', bob, { title: 'Bob Mill', createdAt: at(3) });
      await insert(mine, later, theirs);
      const ids = async (parts: object): Promise<string[]> =>
        (
          await r.tracks.list({
            viewerId: ann,
            sort: 'newest',
            offset: 0,
            take: 10,
            source: 'mine',
            ...parts,
          })
        ).map(({ id }) => id);
      expect(await ids({})).toEqual([later.id, mine.id]);
      expect(await ids({ sort: 'title' })).toEqual([mine.id, later.id]);
      expect(await ids({ sort: 'seconds' })).toEqual([later.id, mine.id]);
      expect(await ids({ query: 'blue' })).toEqual([mine.id]);
      expect(await ids({ query: '%' })).toEqual([]);
      expect(await ids({ style: 'hymn' })).toEqual([later.id]);
      expect(await ids({ source: 'generated' })).toEqual([]);
      expect(await ids({ offset: 1, take: 1 })).toEqual([mine.id]);
      expect(await ids({ source: undefined })).not.toContain(theirs.id);
      expect((await r.tracks.listForTaste(ann)).map(({ id }) => id)).not.toContain(theirs.id);
    });

    it('keeps one file of a kind and counts what uploads take', async () => {
      const track = own('files', ann);
      await insert(track);
      const wav = {
        id: `${track.id}/wav`,
        trackId: track.id,
        kind: 'wav' as const,
        path: `tracks/${track.id}/a.wav`,
        mime: 'audio/wav',
        sha256: 'a',
        bytes: 1000,
      };
      await r.tracks.putAsset(wav);
      await r.tracks.putAsset({ ...wav, bytes: 2000 });
      expect((await r.tracks.assetsOf([track.id])).map(({ kind, bytes }) => [kind, bytes])).toEqual([
        ['midi', 100],
        ['wav', 2000],
      ]);
      expect(await r.tracks.usageOf(ann)).toEqual({ uploads: 1, bytes: 2100 });
      expect(await r.tracks.usageOf(bob)).toEqual({ uploads: 0, bytes: 0 });
    });

    it('shows a correction and takes it back to the label of the model', async () => {
      const track = own('label', ann, { style: 'folk' });
      await insert(track);
      await r.tracks.correct(track.id, 'march', ann, at(1));
      expect([await r.tracks.correctionOf(track.id), (await r.tracks.find(track.id))?.style]).toEqual([
        'march',
        'march',
      ]);
      await r.tracks.correct(track.id, undefined, ann, at(2));
      expect([await r.tracks.correctionOf(track.id), (await r.tracks.find(track.id))?.style]).toEqual([
        undefined,
        'folk',
      ]);
    });

    it('remembers what a rating replaced, for one undo', async () => {
      const track = own('rated', null);
      await insert(track);
      expect(await r.ratings.set(ann, track.id, 4, at(1))).toBeNull();
      expect(await r.ratings.set(ann, track.id, 'not-for-me', at(2))).toBe(4);
      expect(await r.ratings.find(ann, track.id)).toEqual({
        userId: ann,
        trackId: track.id,
        value: 'not-for-me',
        previous: 4,
        ratedAt: at(2),
      });
      expect(await r.ratings.undo(ann, track.id, at(3))).toBe('not-for-me');
      expect((await r.ratings.find(ann, track.id))?.value).toBe(4);
      expect(await r.ratings.undo(ann, track.id, at(4))).toBe(4);
      expect(await r.ratings.find(ann, track.id)).toBeUndefined();
      expect(await r.ratings.undo(ann, track.id, at(5))).toBeNull();
    });

    it('lists ratings newest first, and only those of the catalogue without names', async () => {
      const [shared, secret] = [own('shared', null), own('secret', ann)];
      await insert(shared, secret);
      await r.ratings.set(ann, shared.id, 5, at(1));
      await r.ratings.set(ann, secret.id, 'skip', at(2));
      await r.ratings.set(bob, shared.id, 'more-like-this', at(3));
      expect((await r.ratings.listOf(ann)).map(({ trackId }) => trackId)).toEqual([secret.id, shared.id]);
      const open = (await r.ratings.listShared()).filter(
        ({ trackId }) => trackId === shared.id || trackId === secret.id,
      );
      expect(open.map(({ trackId, value }) => [trackId, value])).toEqual([
        [shared.id, 5],
        [shared.id, 'more-like-this'],
      ]);
      expect(open.some(({ listener }) => listener === ann || listener === bob)).toBe(false);
    });

    it('leaves out of what is shared whoever turned "listeners like you" off, until they turn it on', async () => {
      const track = own('shared', null);
      await insert(track);
      await r.ratings.set(ann, track.id, 5, at(1));
      await r.ratings.set(bob, track.id, 1, at(2));
      const shared = async () =>
        (await r.ratings.listShared())
          .filter(({ trackId }) => trackId === track.id)
          .map(({ value }) => value)
          .sort();
      const press = (action: 'more' | 'less' | 'never', minute: number) =>
        r.listeners.steer(ann, {
          kind: 'listeners',
          name: 'listeners',
          direction: null,
          label: 'listeners like you',
          action,
          steeredAt: at(minute),
        });
      const never = { kind: 'style' as const, name: 'folk', direction: null, label: 'folk' };
      await r.listeners.steer(bob, { ...never, action: 'never', steeredAt: at(3) });
      expect(await shared()).toEqual([1, 5]);
      await press('less', 4);
      expect(await shared()).toEqual([1]);
      await press('never', 5);
      expect(await shared()).toEqual([1]);
      await press('more', 6);
      expect(await shared()).toEqual([1, 5]);
    });

    it('keeps releases of shared factors with what they spent, each number once', async () => {
      const before = await r.factorReleases.spent();
      const first = before.releases + 1;
      const release = { number: first, rho: 0.25, deviation: 2, releasedAt: at(1), factors: { a: [1, -2] } };
      expect(await r.factorReleases.insert(release)).toBe(true);
      expect(await r.factorReleases.insert({ ...release, rho: 9 })).toBe(false);
      expect(await r.factorReleases.latest()).toEqual(release);
      const silent = { ...release, number: first + 1, rho: 0.5, factors: null };
      expect(await r.factorReleases.insert(silent)).toBe(true);
      expect(await r.factorReleases.latest()).toEqual(silent);
      expect(await r.factorReleases.spent()).toEqual({ releases: first + 1, rho: before.rho + 0.75 });
    });

    const job = (id: string, minute: number): JobRecord => ({
      id: `${id}-${count}`,
      userId: ann,
      status: 'queued',
      mode: 'controls',
      request: { mode: 'controls', conditioning: { tempo: 90 } },
      seed: 2 ** 40 + 7,
      bars: 8,
      stage: 'waiting',
      done: 0,
      total: 0,
      attempts: 0,
      error: null,
      trackId: null,
      createdAt: at(minute),
      startedAt: null,
      finishedAt: null,
    });

    it('hands out the oldest queued job once', async () => {
      await r.jobs.insert(job('late', 2));
      await r.jobs.insert(job('early', 1));
      expect(await r.jobs.countOpen(ann)).toBe(2);
      const claimed = await Promise.all([r.jobs.claim(at(5)), r.jobs.claim(at(5)), r.jobs.claim(at(5))]);
      const names = claimed.map((entry) => entry?.id).sort();
      expect(names).toEqual([`early-${count}`, `late-${count}`, undefined]);
      expect(await r.jobs.find(`early-${count}`)).toMatchObject({
        status: 'running',
        attempts: 1,
        seed: 2 ** 40 + 7,
        startedAt: at(5),
        request: { conditioning: { tempo: 90 } },
      });
      for (const name of ['early', 'late'])
        expect(await r.jobs.finish(`${name}-${count}`, { status: 'cancelled' }, at(6))).toBe(true);
    });

    it('ends a job once', async () => {
      const track = own('made', ann);
      await insert(track);
      await r.jobs.insert(job('once', 1));
      await r.jobs.claim(at(2));
      await r.jobs.report(`once-${count}`, 'writing', 3, 8);
      expect(await r.jobs.find(`once-${count}`)).toMatchObject({ stage: 'writing', done: 3, total: 8 });
      expect(await r.jobs.finish(`once-${count}`, { status: 'done', trackId: track.id }, at(3))).toBe(true);
      expect(await r.jobs.finish(`once-${count}`, { status: 'cancelled' }, at(4))).toBe(false);
      expect(await r.jobs.find(`once-${count}`)).toMatchObject({
        status: 'done',
        trackId: track.id,
        finishedAt: at(3),
      });
      await r.tracks.remove(track.id);
      expect(await r.jobs.find(`once-${count}`)).toMatchObject({ status: 'done', trackId: null });
    });

    it('queues again what ran when the process died, until it was tried often enough', async () => {
      await r.jobs.insert(job('torn', 1));
      await r.jobs.claim(at(2));
      expect(await r.jobs.recover(2, at(3))).toEqual({ requeued: 1, failed: 0 });
      expect(await r.jobs.find(`torn-${count}`)).toMatchObject({
        status: 'queued',
        attempts: 1,
        startedAt: null,
      });
      await r.jobs.claim(at(4));
      expect(await r.jobs.recover(2, at(5))).toEqual({ requeued: 0, failed: 1 });
      const failed = await r.jobs.find(`torn-${count}`);
      expect(failed).toMatchObject({ status: 'failed', finishedAt: at(5) });
      expect(failed?.error).toMatch(/stopped 2 times/);
    });

    const version = (name: string, kind = `style-symbolic`) => ({
      id: `${kind}/${name}-${count}`,
      kind,
      version: `${name}-${count}`,
      available: true,
      info: {},
    });

    it('knows versions of models, one of a kind in use, and goes back', async () => {
      const v = r.modelVersions;
      const track = own('heard', ann);
      const [labelled, composed, deaf] = [
        own('labelled', ann),
        own('composed', ann, { provenance: { conditioning: { style: 'hymn' } } }),
        own('deaf', ann),
      ];
      const [m1, m2] = [version('m1'), version('m2')];
      for (const t of [track, labelled, composed, deaf]) await insert(t);
      await v.put(m1, at(1));
      await v.put({ ...m2, folder: 'm2', report: null }, at(2));
      await v.ensureActive(m1.id);
      await v.ensureActive(m2.id);
      expect(
        (await v.list())
          .filter(({ id }) => id === m1.id || id === m2.id)
          .map(({ id, since, folder }) => [id, since, folder]),
      ).toEqual([
        [m1.id, at(1), null],
        [m2.id, at(2), 'm2'],
      ]);
      await v.adopt(m1.id, 'style-symbolic'); // whatever other tests left in use
      expect((await v.active('style-symbolic'))?.id).toBe(m1.id);

      await v.putClassifications([track, labelled, composed].map(({ id }) => says(id, m2.version, 'march')));
      await v.putClassifications([says(track.id, m2.version, 'jazz-standard')]);
      await r.tracks.correct(labelled.id, 'game', ann, at(3));
      expect(await v.adopt('nobody', 'style-symbolic')).toBe(false);
      expect(await v.adopt(m2.id, 'style-audio')).toBe(false);
      expect((await v.active('style-symbolic'))?.id).toBe(m1.id);
      expect(await v.adopt(m2.id, 'style-symbolic')).toBe(true);
      expect(await v.find(m2.id)).toMatchObject({
        active: true,
        replacedId: m1.id,
        folder: 'm2',
        since: at(2),
      });
      const shown = async (id: string): Promise<string[]> =>
        (await r.tracks.classificationsOf([id])).filter(({ current }) => current).map(({ model }) => model);
      expect([await shown(track.id), await shown(deaf.id)]).toEqual([[m2.version], ['m']]);
      const styles = async (): Promise<unknown[]> =>
        (await r.tracks.findMany([track.id, labelled.id, composed.id, deaf.id])).map(({ style }) => style);
      expect(await styles()).toEqual(['standards', 'game', 'folk', 'folk']);

      await v.removeClassifications('m');
      expect(await r.tracks.classificationsOf([track.id])).toHaveLength(1);
      await v.adopt(m1.id, 'style-symbolic', { back: true });
      expect(await v.find(m1.id)).toMatchObject({ active: true });
      expect((await v.find(m2.id))?.active).toBe(false);
      await v.put({ ...m2, available: false }, at(9));
      expect(await v.find(m2.id)).toMatchObject({ available: false, folder: 'm2', since: at(2) });
      await v.remove(m2.id);
      expect(await v.find(m2.id)).toBeUndefined();
    });

    it('learns from labels of the catalogue only, and keeps labels of its own', async () => {
      const [shared, mine, sound] = [
        own('shared', null),
        own('mine', ann),
        own('sound', null, { kind: 'audio' }),
      ];
      await insert(shared, mine, sound);
      const before = await r.trainings.countLeft();
      for (const { id } of [shared, mine, sound]) await r.tracks.correct(id, 'march', ann, at(1));
      const of = async (kind: 'score' | 'audio') =>
        (await r.trainings.corrected(kind)).filter(({ trackId }) => trackId.endsWith(`-${count}`));
      expect(await of('score')).toEqual([{ trackId: shared.id, label: 'march' }]);
      expect(await of('audio')).toEqual([{ trackId: sound.id, label: 'march' }]);
      expect((await r.trainings.countLeft()) - before).toBe(1);
      const ids = async (options?: object) =>
        (await r.trainings.trackIds('score', options)).filter((id) => id.endsWith(`-${count}`));
      expect(await ids()).toEqual([mine.id, shared.id]);
      expect(await ids({ shared: true })).toEqual([shared.id]);
      const tango = { name: `tango-${count}`, parent: 'latin', createdAt: at(1) };
      expect([
        await r.trainings.addLabel(tango),
        await r.trainings.addLabel({ ...tango, createdAt: at(2) }),
      ]).toEqual([true, false]);
      const added = async () => (await r.trainings.labels()).filter(({ name }) => name === tango.name);
      expect(await added()).toEqual([tango]);
      await r.trainings.placeLabel(tango.name, null);
      expect(await added()).toEqual([{ ...tango, parent: null }]);
      for (const { id } of [sound, shared]) await r.tracks.correct(id, tango.name, ann, at(2));
      expect(await r.trainings.labelledAs(tango.name)).toEqual([shared.id, sound.id]);
      await r.trainings.removeLabel(tango.name);
      expect(await added()).toEqual([]);
      const ears = `ears-${count}`;
      await r.modelVersions.putClassifications([says(mine.id, ears, 'hymn')]);
      const unheard = async () => (await r.trainings.unheard(ears)).filter((id) => id.endsWith(`-${count}`));
      expect(await unheard()).toEqual([shared.id]);
      await r.modelVersions.putClassifications([says(shared.id, ears, null)]);
      expect(await unheard()).toEqual([]);
    });

    it('carries a training out once, and fails one that the server left behind', async () => {
      const training = (id: string, minute: number) => ({
        id: `${id}-${count}`,
        userId: ann,
        task: 'retrain' as const,
        kind: 'style-symbolic' as const,
        status: 'queued' as const,
        stage: 'waiting',
        done: 0,
        total: 0,
        error: null,
        modelId: null,
        createdAt: at(minute),
        startedAt: null,
        finishedAt: null,
      });
      await r.trainings.insert(training('second', 2));
      await r.trainings.insert(training('first', 1));
      expect(await r.trainings.countOpen('style-symbolic')).toBe(2);
      const claimed = await Promise.all([
        r.trainings.claim(at(3)),
        r.trainings.claim(at(3)),
        r.trainings.claim(at(3)),
      ]);
      expect(claimed.map((job) => job?.id).sort()).toEqual([`first-${count}`, `second-${count}`, undefined]);
      await r.trainings.report(`first-${count}`, 'learning', 2, 6);
      expect(await r.trainings.finish(`first-${count}`, { status: 'done', modelId: 'm9' }, at(4))).toBe(true);
      expect(await r.trainings.finish(`first-${count}`, { status: 'cancelled' }, at(5))).toBe(false);
      expect(await r.trainings.find(`first-${count}`)).toMatchObject({
        status: 'done',
        stage: 'learning',
        done: 2,
        modelId: 'm9',
        finishedAt: at(4),
      });
      expect(await r.trainings.failInterrupted(at(6))).toBe(1);
      expect(await r.trainings.find(`second-${count}`)).toMatchObject({
        status: 'failed',
        finishedAt: at(6),
      });
      expect([await r.trainings.wasDone('retrain'), await r.trainings.wasDone('listen')]).toEqual([
        true,
        false,
      ]);
      expect((await r.trainings.list(2)).map(({ id }) => id)).toEqual([`second-${count}`, `first-${count}`]);
    });

    it('sums what an audience listened to by track and day, of the catalogue only', async () => {
      const [shared, secret] = [own('sum', null, { seconds: 20 }), own('own', ann)];
      await insert(shared, secret);
      for (const trackId of [shared.id, secret.id]) {
        await r.listeners.addPlay(ann, { trackId, seconds: 5, completed: false, playedAt: at(1) });
        await r.listeners.addPlay(bob, { trackId, seconds: 9, completed: true, playedAt: at(2) });
        await r.listeners.addPlay(bob, {
          trackId,
          seconds: 90,
          completed: false,
          playedAt: new Date(at(1).getTime() + 86_400_000),
        });
      }
      await r.ratings.set(ann, shared.id, 4, at(3));
      await r.ratings.set(bob, shared.id, 3, at(3));
      const day = Math.floor(at(0).getTime() / 86_400_000);
      const found = (await r.listeners.listening()).filter(
        ({ trackId }) => trackId === shared.id || trackId === secret.id,
      );
      expect(found).toEqual([
        { trackId: shared.id, day, weight: 2.25 },
        { trackId: shared.id, day: day + 1, weight: 1 },
      ]);
    });

    it('counts presses of a reason and lets the other way replace them', async () => {
      const slow = { kind: 'feature' as const, name: 'tempo', direction: 'low' as const, label: 'slow' };
      for (let i = 0; i < 5; i++) await r.listeners.steer(ann, { ...slow, action: 'more', steeredAt: at(i) });
      expect(await r.listeners.steering(ann)).toEqual([
        { ...slow, action: 'more', presses: 3, steeredAt: at(4) },
      ]);
      await r.listeners.steer(ann, { ...slow, action: 'less', steeredAt: at(6) });
      expect(await r.listeners.steering(ann)).toEqual([
        { ...slow, action: 'less', presses: 1, steeredAt: at(6) },
      ]);
      expect(await r.listeners.steering(bob)).toEqual([]);
      expect(await r.listeners.undoSteering(bob, slow)).toBe(false);
      expect(await r.listeners.undoSteering(ann, slow)).toBe(true);
      expect(await r.listeners.undoSteering(ann, slow)).toBe(false);
      expect(await r.listeners.steering(ann)).toEqual([]);
    });

    it('forgets a pressed track with the track', async () => {
      const track = own('pressed', ann);
      await insert(track);
      const step = { kind: 'track' as const, name: track.id, direction: null, label: 'you liked it' };
      await r.listeners.steer(ann, { ...step, action: 'less', steeredAt: at(1) });
      expect((await r.listeners.steering(ann)).map(({ name }) => name)).toEqual([track.id]);
      await r.tracks.remove(track.id);
      expect(await r.listeners.steering(ann)).toEqual([]);
    });

    it('erases a person with everything of theirs, and nothing of others', async () => {
      const [mine, shared] = [own('gone', ann), own('stays', null)];
      await insert(mine, shared);
      await r.ratings.set(ann, shared.id, 3, at(1));
      await r.ratings.set(bob, shared.id, 2, at(1));
      await r.listeners.addPlay(ann, { trackId: shared.id, seconds: 3, completed: false, playedAt: at(1) });
      await r.listeners.correct(ann, 'tempo', 0.5, at(1));
      await r.jobs.insert(job('gone', 1));
      await r.listeners.erase(ann);
      expect(await r.tracks.find(mine.id)).toBeUndefined();
      expect(await r.tracks.assetsOf([mine.id])).toEqual([]);
      expect(await r.ratings.listOf(ann)).toEqual([]);
      expect(await r.listeners.plays(ann)).toEqual([]);
      expect(await r.listeners.corrections(ann)).toEqual([]);
      expect(await r.jobs.list(ann, 10)).toEqual([]);
      expect((await r.ratings.listOf(bob)).map(({ value }) => value)).toEqual([2]);
      expect(await r.tracks.find(shared.id)).toEqual(shared);
    });
  });
}
