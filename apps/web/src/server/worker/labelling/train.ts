import type { Classification, CorrectedModel, Evaluation, StyleModel } from '@attune/classify';
import {
  classifyRows,
  clipRows,
  correctModel,
  mapNeighbours,
  scoreRows,
  writeStyleModel,
} from '@attune/classify';
import { AttuneError, createTempoMap, isAttuneError, scoreEndTick, sliceScore } from '@attune/core';
import { decodeAudio } from '@attune/core/audio';
import { readMidi } from '@attune/core/midi';
import { loadSoundFont } from '@attune/core/node';
import { renderScore } from '@attune/core/synth';
import type { ClassificationView, TrackKind } from '../../../api/types.ts';
import { nameIn } from '../../../lib/same-label.ts';
import type { TaskContext } from '../tasks.ts';
import { checkClassifier, adoptedAudioClassifier, readClassifier, setClassifiers } from './classifiers.ts';
import type { LabellingTasks, PieceFile, PieceRows, TrainedClassifier } from './protocol.ts';

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
  trainClassifier: (input, context) => new Promise((resolve) => resolve(train(input, context))),
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

function viewOf({ model, label, confidence, probabilities }: Classification): ClassificationView {
  return {
    model,
    label,
    confidence,
    probabilities: probabilities.map(({ label, probability }) => ({ label, probability })),
  };
}

function train(
  { kind, name, pieces, anchors, seed }: LabellingTasks['trainClassifier']['input'],
  context: TaskContext,
): TrainedClassifier {
  if (pieces.length === 0)
    throw new AttuneError('argument/invalid', 'Nothing was labelled yet that can be learned from.');
  const base = readClassifier(kind, null);
  const corrected = correctModel(
    base,
    pieces.map(({ id, label, rows }) => ({ piece: id, label: nameIn(base.labels, label), rows })),
    {
      name,
      anchors,
      seed,
      signal: context.signal,
      onProgress: (done, total) => context.onProgress({ stage: 'learning', done, total }),
    },
  );
  const report = reportOf(corrected, pieces.length);
  const files = writeStyleModel(corrected.model, {
    modelCard: cardOf(name, base.name, kind, report),
    metrics: [
      {
        pieces: report.pieces,
        judged: report.judged,
        ...prefixed('before', report.before),
        ...prefixed('after', report.after),
      },
    ],
    training: { base: base.name, seed, pieces: pieces.length, anchors: anchors.length, l2: corrected.l2 },
  });
  return { files, report };
}

function prefixed(
  name: string,
  { accuracy, macroF1 }: { accuracy: number; macroF1: number },
): Record<string, number> {
  return { [`${name}Accuracy`]: accuracy, [`${name}MacroF1`]: macroF1 };
}

function reportOf(
  { before, after, added, unjudged, l2 }: CorrectedModel,
  pieces: number,
): TrainedClassifier['report'] {
  const figures = ({ accuracy, macroF1 }: Evaluation) => ({ accuracy, macroF1 });
  return {
    pieces,
    judged: after.items,
    added,
    unjudged,
    unchanged: l2 === null && added.length === 0,
    before: figures(before),
    after: figures(after),
    labels: after.labels.flatMap((label, k) => {
      const judged = after.classes[k]!.support;
      return judged === 0
        ? []
        : [{ label, pieces: judged, before: before.classes[k]!.f1, after: after.classes[k]!.f1 }];
    }),
  };
}

function cardOf(
  name: string,
  base: string,
  kind: TrackKind,
  { pieces, judged, before, after, added }: TrainedClassifier['report'],
): string {
  const fixed = (value: number): string => value.toFixed(3);
  return [
    `# ${name}`,
    '',
    `${base} with what people of this installation said of ${pieces} pieces of ${kind === 'score' ? 'notes' : 'sound'}, without the data that it was trained on.`,
    ...(added.length > 0 ? [`Labels added by examples: ${added.join(', ')}.`] : []),
    '',
    `| on ${judged} labelled pieces, each held out | before | after |`,
    '|---|---|---|',
    `| accuracy | ${fixed(before.accuracy)} | ${fixed(after.accuracy)} |`,
    `| macro-F1 | ${fixed(before.macroF1)} | ${fixed(after.macroF1)} |`,
    '',
    'People label what looked wrong to them: these pieces are not a fair sample, and the figure before is lower on them than elsewhere.',
    '',
  ].join('\n');
}
