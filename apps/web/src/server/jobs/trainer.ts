import { SHIPPED_AUDIO, SHIPPED_SYMBOLIC } from '@attune/classify/node';
import { createRng } from '@attune/core';
import type { TrainingReport } from '../../api/labelling.ts';
import type { ClassificationView, TrackKind } from '../../api/types.ts';
import { asDomainError, DomainError } from '../errors.ts';
import { MODALITY_OF } from '../repositories/model-versions.ts';
import type { ModelVersionRepository } from '../repositories/model-versions.ts';
import type { TrainingEnd, TrainingRecord, TrainingRepository } from '../repositories/trainings.ts';
import type { ClassificationRecord, TrackRepository } from '../repositories/types.ts';
import type { FileStore } from '../storage/file-store.ts';
import type { LabelledRowsOf, PieceFile, VersionInUse } from '../worker/labelling/protocol.ts';
import type { WorkerClient } from '../workers/worker-client.ts';

export interface TrainerParts {
  readonly trainings: TrainingRepository;
  readonly modelVersions: ModelVersionRepository;
  readonly tracks: TrackRepository;
  /** Files of tracks. */
  readonly files: FileStore;
  /** Checkpoints that were trained here. */
  readonly modelFiles: FileStore;
  readonly worker: WorkerClient;
  readonly now: () => Date;
}

/** Trains classifiers again and lets them hear the catalogue, one job at a time; the rows of the queue are the truth. */
export interface Trainer {
  /** Looks for queued jobs; call after one was added. */
  wake(): void;
  cancel(id: string): Promise<void>;
  /** Ends what runs; resolves when it has ended. */
  close(): Promise<void>;
}

/** Names of what ships, by kind: training starts from it, with everything that people said. */
export const SHIPPED_VERSION = { 'style-symbolic': SHIPPED_SYMBOLIC, 'style-audio': SHIPPED_AUDIO } as const;

/** Files that travel to the worker at once; sound is large. */
const BATCH: Readonly<Record<TrackKind, number>> = { score: 32, audio: 2 };
/** Tracks that nobody corrected, on which the model is held where it is. */
const MOST_ANCHORS = 150;
const MOST_LISTED = 200;
const REPORT_MS = 300;

export function createTrainer(parts: TrainerParts): Trainer {
  const { trainings, now } = parts;
  const running = new Map<string, AbortController>();
  let loop: Promise<void> | undefined;
  let wanted = false;
  let closed = false;

  const work = async (): Promise<void> => {
    while (wanted && !closed) {
      wanted = false;
      for (let job = await trainings.claim(now()); job && !closed; job = await trainings.claim(now())) {
        const controller = new AbortController();
        running.set(job.id, controller);
        try {
          await carryOut(parts, job, controller.signal);
        } finally {
          running.delete(job.id);
        }
      }
    }
  };
  const wake = (): void => {
    wanted = true;
    if (closed || loop) return;
    loop = work()
      .catch((error: unknown) => console.error('The queue of the trainer failed.', error))
      .finally(() => {
        loop = undefined;
        if (wanted && !closed) wake();
      });
  };
  return {
    wake,
    cancel: async (id) => {
      if (await trainings.finish(id, { status: 'cancelled' }, now())) running.get(id)?.abort();
    },
    close: async () => {
      closed = true;
      for (const controller of running.values()) controller.abort();
      await loop;
    },
  };
}

/** What a job needs beside its parts: cancelling, and saying how far it is. */
interface Run extends TrainerParts {
  readonly job: TrainingRecord;
  readonly kind: TrackKind;
  readonly signal: AbortSignal;
  readonly say: (stage: string, done: number, total: number) => void;
}

async function carryOut(parts: TrainerParts, job: TrainingRecord, signal: AbortSignal): Promise<void> {
  const { trainings, now } = parts;
  let saidAt = 0;
  let saidStage = '';
  const say = (stage: string, done: number, total: number): void => {
    const time = now().getTime();
    if (signal.aborted || (stage === saidStage && done < total && time - saidAt < REPORT_MS)) return;
    [saidAt, saidStage] = [time, stage];
    trainings.report(job.id, stage, done, total).catch(() => undefined);
  };
  const run: Run = { ...parts, job, kind: MODALITY_OF[job.kind], signal, say };
  let end: TrainingEnd;
  try {
    end = { status: 'done', modelId: job.task === 'retrain' ? await retrain(run) : await listen(run) };
  } catch (error) {
    const domain = asDomainError(error);
    if (domain.code === 'server/broken') console.error('Training failed.', error);
    end = { status: 'failed', error: domain.message };
  }
  const kept = await trainings.finish(job.id, end, now());
  // Cancelled at the last moment: what it made goes again.
  if (!kept && end.status === 'done' && end.modelId !== null) await forget(parts, end.modelId);
}

async function retrain(run: Run): Promise<string> {
  const { trainings, modelVersions, worker, job, kind, signal, say, now } = run;
  const labels = new Map((await trainings.corrected(kind)).map(({ trackId, label }) => [trackId, label]));
  const pieces: LabelledRowsOf[] = (await rowsOf(run, [...labels.keys()], 'reading')).map(({ id, rows }) => ({
    id,
    rows,
    label: labels.get(id)!,
  }));
  if (pieces.length < 2) {
    throw new DomainError(
      'input/invalid',
      'Label at least two tracks of the catalogue that can be read; then train again.',
    );
  }
  const others = (await trainings.trackIds(kind, { shared: true })).filter((id) => !labels.has(id));
  const chosen = createRng(1).fork('anchors').shuffle(others).slice(0, MOST_ANCHORS);
  const anchors = (await rowsOf(run, chosen, 'reading')).flatMap(({ rows }) => rows);
  const version = await nextVersion(run);
  const inUse = await versionInUse(
    run,
    pieces.map(({ id }) => id),
  );
  const trained = await worker.run(
    'trainClassifier',
    { kind, name: version, pieces, anchors, inUse, seed: 1 },
    { signal, onProgress: ({ done, total }) => say('learning', done, total) },
  );
  const id = `${job.kind}/${version}`;
  try {
    let sha256 = '';
    for (const [name, bytes] of Object.entries(trained.files)) {
      const stored = await run.modelFiles.write(`${version}/${name}`, bytes);
      if (name === 'weights.safetensors') sha256 = stored.sha256;
    }
    const changes = await compare(run, version);
    const report: TrainingReport = { ...trained.report, changes, learned: pieces.map(({ id }) => id) };
    const info = {
      labels: report.added.length,
      pieces: report.pieces,
      sha256,
      base: SHIPPED_VERSION[job.kind],
    };
    throwIfAborted(signal);
    await modelVersions.put(
      { id, kind: job.kind, version, available: true, info, folder: version, report },
      now(),
    );
    return id;
  } catch (error) {
    await removeFiles(run, version);
    await modelVersions.removeClassifications(version);
    throw error;
  }
}

/** What the version in use says of the labelled pieces; null where that is what ships. */
async function versionInUse(run: Run, ids: readonly string[]): Promise<VersionInUse | null> {
  const { modelVersions, modelFiles, worker, kind, job, signal, say } = run;
  const active = await modelVersions.active(job.kind);
  if (!active?.available || active.folder === null) return null;
  const folders = [modelFiles.resolve(active.folder)];
  const said: Record<string, ClassificationView> = {};
  for (const [i, batch] of batches(ids, BATCH[kind]).entries()) {
    const answers = await worker.run(
      'judgePieces',
      { kind, folders, pieces: await readPieces(run, batch) },
      { signal },
    );
    for (const answer of answers) if (answer.said) said[answer.id] = answer.said[0]!;
    say('reading', Math.min(ids.length, (i + 1) * BATCH[kind]), ids.length);
    throwIfAborted(signal);
  }
  // A piece that was taken away in this moment leaves nothing to compare.
  if (ids.some((id) => !said[id]))
    throw new DomainError('input/invalid', 'A labelled track was removed; train again.');
  return { version: active.version, said, learned: active.report?.learned ?? null };
}

async function nextVersion({ modelVersions, modelFiles, job }: Run): Promise<string> {
  const known = new Set((await modelVersions.list()).map(({ version }) => version));
  const folders = new Set((await modelFiles.list()).map((file) => file.split('/')[0]!));
  for (let n = 1; ; n++) {
    const name = `${SHIPPED_VERSION[job.kind]}.${n}`;
    if (!known.has(name) && !folders.has(name)) return name;
  }
}

/** What the new version says of every track, kept beside what the one in use says; the difference on the catalogue. */
async function compare(run: Run, version: string): Promise<TrainingReport['changes']> {
  const { modelVersions, tracks, trainings, worker, modelFiles, kind, job, signal, say } = run;
  const active = await modelVersions.active(job.kind);
  const folders = [active?.folder ?? null, version].map((folder) => folder && modelFiles.resolve(folder));
  const ids = await trainings.trackIds(kind);
  const shared = new Set(await trainings.trackIds(kind, { shared: true }));
  const listed: { trackId: string; title: string; from: string | null; to: string | null }[] = [];
  const count = { looked: 0, changed: 0 };
  let done = 0;
  for (const batch of batches(ids, BATCH[kind])) {
    const judged = await worker.run(
      'judgePieces',
      { kind, folders, pieces: await readPieces(run, batch) },
      { signal },
    );
    const heard = judged.flatMap(({ id, said }) => (said ? [{ id, before: said[0]!, after: said[1]! }] : []));
    await modelVersions.putClassifications(
      heard.map(({ id, after }): ClassificationRecord => ({ ...after, trackId: id, current: false })),
    );
    const open = heard.filter(({ id }) => shared.has(id));
    const changed = open.filter(({ before, after }) => before.label !== after.label);
    count.looked += open.length;
    count.changed += changed.length;
    const room = changed.slice(0, MOST_LISTED - listed.length);
    const titles = new Map(
      (await tracks.findMany(room.map(({ id }) => id))).map(({ id, title }) => [id, title]),
    );
    for (const { id, before, after } of room)
      listed.push({ trackId: id, title: titles.get(id) ?? id, from: before.label, to: after.label });
    say('comparing', (done += batch.length), ids.length);
    throwIfAborted(signal);
  }
  return { ...count, listed };
}

/** Lets the model of sound hear the pieces of notes of the catalogue that it did not hear yet, played: where the two differ, a person should look. */
async function listen(run: Run): Promise<null> {
  const { modelVersions, trainings, worker, signal, say } = run;
  const active = await modelVersions.active('style-audio');
  const ids = await (active
    ? trainings.unheard(active.version)
    : trainings.trackIds('score', { shared: true }));
  for (const [i, id] of ids.entries()) {
    const [heard] = await worker.run(
      'hearPieces',
      { pieces: await readPieces({ ...run, kind: 'score' }, [id]) },
      { signal },
    );
    if (heard?.said) await modelVersions.putClassifications([{ ...heard.said, trackId: id, current: false }]);
    say('listening', i + 1, ids.length);
    throwIfAborted(signal);
  }
  return null;
}

async function rowsOf(
  run: Run,
  ids: readonly string[],
  stage: string,
): Promise<{ id: string; rows: readonly Float32Array[] }[]> {
  const found: { id: string; rows: readonly Float32Array[] }[] = [];
  for (const [i, batch] of batches(ids, BATCH[run.kind]).entries()) {
    const answers = await run.worker.run(
      'featureRows',
      { kind: run.kind, pieces: await readPieces(run, batch) },
      { signal: run.signal },
    );
    for (const { id, rows } of answers) if (rows) found.push({ id, rows });
    run.say(stage, Math.min(ids.length, (i + 1) * BATCH[run.kind]), ids.length);
    throwIfAborted(run.signal);
  }
  return found;
}

async function readPieces({ tracks, files, kind }: Run, ids: readonly string[]): Promise<PieceFile[]> {
  const wanted = kind === 'score' ? 'midi' : 'audio';
  const assets = (await tracks.assetsOf(ids)).filter((asset) => asset.kind === wanted);
  const read = assets.map(async ({ trackId, path }): Promise<PieceFile[]> => {
    const bytes = await files.read(path).catch(() => undefined); // removed meanwhile
    return bytes ? [{ id: trackId, bytes }] : [];
  });
  return (await Promise.all(read)).flat();
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new DomainError('cancelled', 'The work was cancelled.');
}

/** Removes a version that is not in use, with what it said and its files. */
async function forget(parts: Pick<TrainerParts, 'modelVersions' | 'modelFiles'>, id: string): Promise<void> {
  const row = await parts.modelVersions.find(id);
  if (!row || row.active || row.folder === null) return;
  await parts.modelVersions.remove(id);
  await parts.modelVersions.removeClassifications(row.version);
  await removeFiles(parts, row.folder);
}

async function removeFiles({ modelFiles }: Pick<TrainerParts, 'modelFiles'>, folder: string): Promise<void> {
  await modelFiles.remove((await modelFiles.list()).filter((file) => file.startsWith(`${folder}/`)));
}
