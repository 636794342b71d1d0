import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SHIPPED_SYMBOLIC } from '@attune/classify/node';
import { writeMidi } from '@attune/core/midi';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainingView } from '../../api/labelling.ts';
import { addLabel } from '../services/added-labels.ts';
import { correctLabel } from '../services/administer.ts';
import { adoptVersion, checkVersions, listVersions, rollBack } from '../services/classifier-versions.ts';
import { cancelTraining, hearNewPieces, labellingState, startTraining } from '../services/labelling.ts';
import { createFileStore } from '../storage/file-store.ts';
import { createTestScore } from '../testing/test-pieces.ts';
import type { TestDeps } from '../testing/test-deps.ts';
import { testDeps, workerInProcess } from '../testing/test-deps.ts';
import { testActor, testTrack } from '../testing/test-records.ts';
import { createClassifiersInUse } from './classifiers-in-use.ts';
import { createTrainer } from './trainer.ts';

const admin = testActor('ada', { role: 'admin' });
const KIND = 'style-symbolic';
const SHIPPED = {
  id: `${KIND}/${SHIPPED_SYMBOLIC}`,
  kind: KIND,
  version: SHIPPED_SYMBOLIC,
  available: true,
  info: {},
};
/** The first version that is trained here. */
const FIRST = `${SHIPPED_SYMBOLIC}.1`;

describe('training a classifier again', () => {
  let folder = '';
  let deps: TestDeps;
  let close: () => Promise<void>;
  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'attune-test-'));
    const base = testDeps({ modelFiles: createFileStore(folder) });
    const trainer = createTrainer({ ...base, worker: base.finder });
    const classifiersInUse = createClassifiersInUse(base, () => []);
    deps = { ...base, trainer, classifiersInUse };
    close = () => trainer.close();
    for (let i = 0; i < 12; i++) await addPiece(i);
    await deps.modelVersions.put(SHIPPED, deps.now());
    await checkVersions(deps);
  });
  afterEach(async () => {
    await close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function addPiece(i: number, ownerId: string | null = null): Promise<void> {
    const id = `t${String(i).padStart(2, '0')}`;
    const stored = await deps.files.write(`tracks/${id}/track.mid`, writeMidi(createTestScore(i, 4)));
    const track = testTrack({ id, ownerId, style: null, source: ownerId === null ? 'catalogue' : 'upload' });
    await deps.tracks.insert({
      track,
      assets: [{ id: `${id}/midi`, trackId: id, kind: 'midi', mime: 'audio/midi', ...stored }],
      classifications: [],
    });
  }
  const label = async (names: Readonly<Record<string, string>>): Promise<void> => {
    for (const [trackId, name] of Object.entries(names))
      await deps.tracks.correct(trackId, name, admin.id, deps.now());
  };
  const ended = async (): Promise<TrainingView> => {
    for (;;) {
      const [job] = (await labellingState(deps, admin)).trainings;
      if (job && job.status !== 'queued' && job.status !== 'running') return job;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const SIX = { t00: 'march', t01: 'march', t02: 'tango', t03: 'tango', t04: 'tango', t05: 'folk' };

  it('learns from labels, says what changes, is put in use, and is taken back', async () => {
    expect(await addLabel(deps, admin, { name: ' Tango ' })).toEqual({ label: 'tango' });
    await label(SIX);
    await startTraining(deps, admin, { task: 'retrain', kind: KIND });
    await expect(startTraining(deps, admin, { task: 'retrain', kind: KIND })).rejects.toMatchObject({
      code: 'job/limit',
    });
    expect(await ended()).toMatchObject({ status: 'done', error: null, modelId: `${KIND}/${FIRST}` });
    const candidate = (await listVersions(deps, admin)).find(({ trained }) => trained)!;
    expect(candidate).toMatchObject({
      version: FIRST,
      active: false,
      report: { pieces: 6, added: ['tango'], unjudged: ['folk'] },
    });
    expect(candidate.report!.changes.looked).toBe(12);
    // What the candidate says is kept beside what is shown, under its own name.
    expect(
      (await deps.tracks.classificationsOf(['t07'])).map(({ model, current }) => [model, current]),
    ).toEqual([[FIRST, false]]);

    await adoptVersion(deps, admin, { id: candidate.id });
    expect(deps.classifiersInUse.folders.score).toBe(path.join(folder, FIRST));
    expect((await deps.tracks.classificationsOf(['t07']))[0]).toMatchObject({ current: true });
    expect(await rollBack(deps, admin, { kind: KIND })).toMatchObject({ id: SHIPPED.id, active: true });
    expect(deps.classifiersInUse.folders.score).toBeNull();
    await expect(rollBack(deps, admin, { kind: KIND })).rejects.toMatchObject({ code: 'model/unknown' });
  });

  it('judges the version in use beside the new one, and what ships, on the same tracks', async () => {
    await addLabel(deps, admin, { name: 'tango' });
    await label(SIX);
    await startTraining(deps, admin, { task: 'retrain', kind: KIND });
    const first = (await deps.modelVersions.find((await ended()).modelId!))!;
    expect(first.report).toMatchObject({ inUse: { version: SHIPPED_SYMBOLIC, seen: 0 }, shipped: null });
    await adoptVersion(deps, admin, { id: first.id });
    const labels: Readonly<Record<string, string>> = {
      ...SIX,
      t05: 'march',
      t06: 'march',
      t07: 'hymn',
      t08: 'hymn',
    };
    await label(labels);
    await startTraining(deps, admin, { task: 'retrain', kind: KIND });
    const { report } = (await deps.modelVersions.find((await ended()).modelId!))!;
    // Every label has two tracks or more, so all nine are judged; the first version learned from six of them.
    expect(report).toMatchObject({ judged: 9, inUse: { version: first.version, seen: 6 } });
    const right = (model: (version: string) => boolean, rows: Awaited<ReturnType<typeof said>>) =>
      rows.filter((row) => model(row.model) && row.probabilities[0]!.label === labels[row.trackId]).length /
      9;
    const said = () => deps.tracks.classificationsOf(Object.keys(labels));
    expect(report!.before.accuracy).toBeCloseTo(
      right((version) => version === first.version, await said()),
      9,
    );
    expect(report!.shipped!.accuracy).not.toBe(report!.before.accuracy);
  });

  it('refuses a damaged checkpoint, and what ships stays in use', async () => {
    await label({ t00: 'march', t01: 'folk' });
    await startTraining(deps, admin, { task: 'retrain', kind: KIND });
    const id = (await ended()).modelId!;
    const weights = path.join(folder, FIRST, 'weights.safetensors');
    const bytes = fs.readFileSync(weights);
    const whole = Uint8Array.from(bytes);
    bytes[bytes.length - 5]! ^= 0x40;
    fs.writeFileSync(weights, bytes);
    await expect(adoptVersion(deps, admin, { id })).rejects.toMatchObject({
      code: 'checkpoint/malformed',
      message: expect.stringMatching(/damaged or changed/) as string,
    });
    fs.writeFileSync(weights, whole);
    fs.writeFileSync(
      path.join(folder, FIRST, 'config.json'),
      '{"kind":"style-classifier","formatVersion":9,"config":{}}',
    );
    await expect(adoptVersion(deps, admin, { id })).rejects.toMatchObject({
      code: 'checkpoint/mismatch',
      message: expect.stringMatching(/version 9/) as string,
    });
    expect((await deps.modelVersions.active(KIND))?.id).toBe(SHIPPED.id);
    await deps.modelVersions.adopt(id, KIND); // as if it was damaged after it was put in use
    await checkVersions(deps);
    expect(await deps.modelVersions.find(id)).toMatchObject({
      available: false,
      info: { reason: expect.stringMatching(/version 9/) as string },
    });
    expect(deps.classifiersInUse.folders.score).toBeNull();
  });

  it('goes over to what a newer Attune ships, but not from what was trained here', async () => {
    const older = { ...SHIPPED, id: `${KIND}/style-symbolic-0`, version: 'style-symbolic-0' };
    await deps.modelVersions.put(older, deps.now());
    await deps.modelVersions.adopt(older.id, KIND);
    await checkVersions(deps);
    expect((await deps.modelVersions.active(KIND))?.id).toBe(SHIPPED.id);
    const trained = { ...SHIPPED, id: `${KIND}/${FIRST}`, version: FIRST, folder: FIRST };
    await deps.modelVersions.put(trained, deps.now());
    await deps.modelVersions.adopt(trained.id, KIND);
    await checkVersions(deps);
    expect((await deps.modelVersions.active(KIND))?.id).toBe(trained.id); // though its files are not there: what ships stands in
    expect(deps.classifiersInUse.folders.score).toBeNull();
  });

  it('leaves nothing behind when it is cancelled', async () => {
    await label(SIX);
    let cancel: Promise<unknown> | undefined;
    const worker = workerInProcess({
      judgePieces: async () => {
        const [job] = (await labellingState(deps, admin)).trainings;
        await (cancel = cancelTraining(deps, admin, { id: job!.id }));
        return [];
      },
    });
    await close();
    const trainer = createTrainer({ ...deps, worker });
    deps = { ...deps, trainer };
    close = () => trainer.close();
    await startTraining(deps, admin, { task: 'retrain', kind: KIND });
    expect(await ended()).toMatchObject({ status: 'cancelled', modelId: null });
    await cancel;
    await trainer.close();
    expect(await deps.modelFiles.list()).toEqual([]);
    expect((await listVersions(deps, admin)).filter(({ trained }) => trained)).toEqual([]);
  });

  it('says what is missing: labels to learn from, files that can be read, a name that fits', async () => {
    await expect(startTraining(deps, admin, { task: 'retrain', kind: KIND })).rejects.toMatchObject({
      code: 'input/invalid',
      message: expect.stringMatching(/at least 2 tracks/) as string,
    });
    await addPiece(20, 'bob');
    await label({ t20: 'march', t00: 'march' });
    expect(await labellingState(deps, admin)).toMatchObject({ usable: { [KIND]: 1 }, left: 1 });
    await deps.files.write('tracks/t01/track.mid', new Uint8Array([1, 2, 3]));
    await label({ t01: 'march' });
    await startTraining(deps, admin, { task: 'retrain', kind: KIND });
    expect(await ended()).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/at least two tracks .* that can be read/) as string,
    });
    for (const name of ['x', '1st', 'a/b', 'é'.repeat(5), '-ab']) {
      await expect(addLabel(deps, admin, { name })).rejects.toMatchObject({ code: 'input/invalid' });
    }
    await expect(addLabel(deps, admin, { name: 'Hymn' })).rejects.toMatchObject({ code: 'label/exists' });
    await expect(correctLabel(deps, admin, { trackId: 't00', label: 'polka' })).rejects.toMatchObject({
      code: 'label/unknown',
    });
    await addLabel(deps, admin, { name: 'polka' });
    expect(await correctLabel(deps, admin, { trackId: 't00', label: 'polka' })).toMatchObject({
      correctedLabel: 'polka',
    });
    await expect(correctLabel(deps, testActor('bob'), { trackId: 't00', label: null })).rejects.toMatchObject(
      { code: 'access/denied' },
    );
  });

  it('hears the catalogue when asked, and after that by itself what is new', async () => {
    const AUDIO = { ...SHIPPED, id: 'style-audio/sound-1', kind: 'style-audio', version: 'sound-1' };
    await deps.modelVersions.put(AUDIO, deps.now());
    await deps.modelVersions.ensureActive(AUDIO.id);
    const heard: string[] = [];
    let model = 'sound-1';
    const worker = workerInProcess({
      hearPieces: ({ pieces: [piece] }) => {
        heard.push(piece!.id);
        const said = { model, label: 'hymn', confidence: 0.9, probabilities: [] };
        return Promise.resolve([{ id: piece!.id, said }]);
      },
      checkClassifier: () => Promise.resolve({ labels: [] }),
    });
    await close();
    const trainer = createTrainer({ ...deps, worker });
    deps = { ...deps, trainer, finder: worker };
    close = () => trainer.close();

    expect(await hearNewPieces(deps)).toBe(false); // nobody asked for it
    await startTraining(deps, admin, { task: 'listen', kind: 'style-audio' });
    expect(await ended()).toMatchObject({ status: 'done', total: 12 });
    expect((await labellingState(deps, admin)).listening).toEqual({ heard: 12, left: 0 });
    expect(await hearNewPieces(deps)).toBe(false);

    await addPiece(12);
    await addPiece(13, 'bob'); // what belongs to others is left alone
    expect((await labellingState(deps, admin)).listening).toEqual({ heard: 12, left: 1 });
    heard.length = 0;
    expect(await hearNewPieces(deps)).toBe(true);
    expect(await ended()).toMatchObject({ status: 'done' });
    expect(heard).toEqual(['t12']);

    // Another version heard nothing yet.
    model = 'sound-2';
    const next = { ...AUDIO, id: 'style-audio/sound-2', version: model, folder: model };
    await deps.modelVersions.put(next, deps.now());
    await adoptVersion(deps, admin, { id: next.id });
    expect(await ended()).toMatchObject({ status: 'done' });
    expect((await labellingState(deps, admin)).listening).toEqual({ heard: 13, left: 0 });
  });
});
