import { createRng } from '@attune/core';
import { windowReader } from '../audio-windows.ts';
import { evaluate, type Evaluation, type Judged } from '../evaluation.ts';
import { conclude, judge, type StyleModel } from '../model/style-model.ts';
import type { AudioExample } from './audio-data.ts';
import { measureAudioRejection, type Rejection } from './strangers.ts';

/** Clips of labels that the model does not know are left out. */
export function judgeClips(
  model: StyleModel,
  examples: readonly AudioExample[],
): (Judged & { readonly group: string })[] {
  const read = windowReader(model);
  const known = examples.filter((e) => model.labels.includes(e.label));
  return known.map((e) => ({
    truth: e.label,
    group: e.group,
    answer: conclude(
      model,
      e.windows.map((window) => judge(model, read(window))),
    ),
  }));
}

/** Figures of `judgeClips`. */
export function evaluateClips(model: StyleModel, examples: readonly AudioExample[]): Evaluation {
  return evaluate(model.labels, judgeClips(model, examples));
}

/** By change, the clips after it. */
export function evaluateChanged(
  model: StyleModel,
  examples: readonly AudioExample[],
): Record<string, Evaluation> {
  const changes = [...new Set(examples.flatMap(({ change }) => change ?? []))];
  return Object.fromEntries(
    changes.map((change) => [
      change,
      evaluateClips(
        model,
        examples.filter((e) => e.change === change),
      ),
    ]),
  );
}

/** Rejection of made-up sounds beside `examples`. */
export function rejectionAmongClips(
  model: StyleModel,
  examples: readonly AudioExample[],
  seed: number,
): Rejection {
  const read = windowReader(model);
  const familiar = examples.map(
    ({ windows }) =>
      windows.reduce((sum, window) => sum + judge(model, read(window)).strangeness, 0) / windows.length,
  );
  return measureAudioRejection(model, familiar, createRng(seed));
}
