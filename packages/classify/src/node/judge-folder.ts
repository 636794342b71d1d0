import { AttuneError, createRng, type OnProgress } from '@attune/core';
import path from 'node:path';
import { windowReader } from '../audio-windows.ts';
import { evaluate, type Evaluation, type Judged } from '../evaluation.ts';
import { findDuplicates, groupDuplicates } from '../leaks/find-leaks.ts';
import { findTrainedOn, type TrainingMarks } from '../leaks/training-marks.ts';
import {
  columnsOf,
  conclude,
  featureIndices,
  judge,
  type StyleModel,
  type Verdict,
} from '../model/style-model.ts';
import type { ReportSection } from '../report/html-report.ts';
import type { LabelledFile, LabelledFolder } from './labelled-folder.ts';
import { measureAudioRejection, measureSymbolicRejection } from './strangers.ts';
import { hearChanged } from './changed-files.ts';

/** Whom to tell how far the work is, and when to stop it. */
interface Watch {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Judges the files of a folder whose labels the model knows, and sound again after each of `CHANGES`; `marks` of its training tell which it learned from. Throws `dataset/malformed` where it knows
 * none of the labels; `cancelled`.
 */
export async function judgeFolder(
  model: StyleModel,
  folder: string,
  data: LabelledFolder,
  seed: number,
  { marks, ...watch }: Watch & { readonly marks?: TrainingMarks } = {},
): Promise<ReportSection> {
  const known = data.files.filter((file) => model.labels.includes(file.label));
  if (known.length === 0) {
    throw new AttuneError(
      'dataset/malformed',
      `The model ${model.name} knows none of the labels ${data.labels.join(', ')}: it knows ${model.labels.join(', ')}.`,
      { folder },
    );
  }
  const verdictsOf = rowJudge(model, data);
  const groups = groupDuplicates(known, findDuplicates(known));
  const verdicts = known.map(verdictsOf);
  const judged = known.map((file, i) => ({
    truth: file.label,
    answer: conclude(model, verdicts[i]!),
    group: groups[i]!,
  }));
  const familiar = verdicts.map(
    (own) => own.reduce((sum, { strangeness }) => sum + strangeness, 0) / own.length,
  );
  const measure = model.modality === 'audio' ? measureAudioRejection : measureSymbolicRejection;
  // No table has columns of made-up scores.
  const canMeasure = columnsOf(model).length === 0;
  return {
    name: path.basename(path.resolve(folder)),
    evaluation: evaluate(model.labels, judged),
    judged,
    temperature: model.temperature,
    ...(marks && { trainedOn: findTrainedOn(known, marks) }),
    ...(canMeasure && { rejection: measure(model, familiar, createRng(seed)) }),
    ...(model.modality === 'audio' && {
      robustness: await judgeChanged(model, folder, known, { seed, ...watch }),
    }),
  };
}

/** The verdicts on the windows, or the one row, of a file. */
function rowJudge(model: StyleModel, { featureNames }: LabelledFolder): (file: LabelledFile) => Verdict[] {
  if (model.modality === 'audio') {
    const read = windowReader(model);
    return ({ rows, mels }) => rows.map((features, i) => judge(model, read({ features, mel: mels![i]! })));
  }
  const indices = featureIndices(model, featureNames);
  return ({ rows }) =>
    rows.map((row) =>
      judge(
        model,
        indices.map((index) => row[index]!),
      ),
    );
}

async function judgeChanged(
  model: StyleModel,
  folder: string,
  files: readonly LabelledFile[],
  options: Watch & { readonly seed: number },
): Promise<Record<string, Evaluation>> {
  const read = windowReader(model);
  const labels = new Map(files.map(({ id, label }) => [id, label]));
  const judged = new Map<string, Judged[]>();
  for await (const { id, change, windows } of hearChanged(folder, [...labels.keys()], options)) {
    const answer = conclude(
      model,
      windows.map((window) => judge(model, read(window))),
    );
    judged.set(change, [...(judged.get(change) ?? []), { truth: labels.get(id)!, answer }]);
  }
  return Object.fromEntries([...judged].map(([change, own]) => [change, evaluate(model.labels, own)]));
}
