import type { StyleModel } from '@attune/classify';
import { classifyRows, clipRows, mapNeighbours, scoreRows } from '@attune/classify';
import { createTempoMap, isAttuneError, scoreEndTick, sliceScore } from '@attune/core';
import { decodeAudio } from '@attune/core/audio';
import { readMidi } from '@attune/core/midi';
import { loadSoundFont } from '@attune/core/node';
import { renderScore } from '@attune/core/synth';
import type { ClassificationView } from '../../../api/types.ts';
import type { TaskContext } from '../tasks.ts';
import { checkClassifier, adoptedAudioClassifier, readClassifier, setClassifiers } from './classifiers.ts';
import { retrain } from './retrain.ts';
import type { LabellingTasks, PieceFile, PieceRows } from './protocol.ts';
import { viewOf } from '../classification-view.ts';

type Task<Name extends keyof LabellingTasks> = (
  input: LabellingTasks[Name]['input'],
  context: TaskContext,
) => Promise<LabellingTasks[Name]['answer']>;

const HEARD_SECONDS = 30;
const LONGEST_SECONDS = 900;

export const LABELLING_TASKS: { readonly [Name in keyof LabellingTasks]: Task<Name> } = {
  setClassifiers: async (folders) => {
    setClassifiers(folders);
    return Promise.resolve(null);
  },
  checkClassifier: (input) => new Promise((resolve) => resolve(checkClassifier(input))),
  featureRows: async ({ kind, pieces }) => {
    const model = readClassifier(kind, null);
    return inTurn(pieces, async (piece): Promise<PieceRows> => ({
      id: piece.id,
      rows: await rowsOf(model, piece),
    }));
  },
  trainClassifier: (input, context) => new Promise((resolve) => resolve(retrain(input, context))),
  judgePieces: async ({ kind, folders, pieces }) => {
    const models = folders.map((folder) => readClassifier(kind, folder));
    return inTurn(pieces, async (piece) => {
      const rows = await Promise.all(models.map((model) => rowsOf(model, piece)));
      const said = rows.flatMap((own, i) => (own ? [viewOf(classifyRows(models[i]!, own))] : []));
      return { id: piece.id, said: said.length === models.length ? said : null };
    });
  },
  hearPieces: ({ pieces }, { signal }) =>
    inTurn(pieces, async (piece) => ({ id: piece.id, said: await hear(piece, signal) })),
  mapRows: ({ rows }, { signal }) => new Promise((resolve) => resolve(mapNeighbours(rows, { signal }))),
};

async function inTurn<A, B>(items: readonly A[], run: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const item of items) results.push(await run(item));
  return results;
}

/** null for a file that cannot be read or has nothing in it: one bad file must not end the work on all others. */
async function rowsOf(model: StyleModel, { bytes }: PieceFile): Promise<Float32Array[] | null> {
  try {
    const rows =
      model.modality === 'score'
        ? scoreRows(model, readMidi(bytes))
        : clipRows(model, await decodeAudio(bytes, { maxSeconds: LONGEST_SECONDS }));
    return rows.every((row) => row.every(Number.isFinite)) ? rows : null;
  } catch (error) {
    if (isAttuneError(error) && error.code !== 'checkpoint/mismatch') return null;
    throw error;
  }
}

let soundFont: Promise<Uint8Array> | undefined;

async function hear({ bytes }: PieceFile, signal: AbortSignal): Promise<ClassificationView | null> {
  const score = readMidi(bytes);
  const end = Math.min(scoreEndTick(score), createTempoMap(score).tickAt(HEARD_SECONDS));
  const clip = await renderScore(
    sliceScore(score, 0, Math.max(1, Math.floor(end))),
    await (soundFont ??= loadSoundFont()),
    { signal },
  );
  const { createAudioClassifier } = await import('@attune/classify');
  const classifier = adoptedAudioClassifier() ?? createAudioClassifier(readClassifier('audio', null));
  return viewOf(classifier.classifyAudio(clip));
}
