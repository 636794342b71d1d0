import { throwIfCancelled } from '@attune/core';
import type { TensorFlow } from '@attune/core/nn';
import { heardNames } from '../audio-windows.ts';
import type { MelWindow } from '../sound/mel-window.ts';
import { noiseWindows } from '../sound/noises.ts';
import { netLogits, type SoundNet } from '../sound/sound-net.ts';
import { trainSoundNet, type SoundNetSettings } from '../sound/train-sound-net.ts';
import type { Candidate } from './candidate.ts';
import { dealFolds } from './deal-groups.ts';
import { crossFitStyleModel, type FitOptions, type GroupedFeatures, type StyleFit } from './fit-model.ts';

/** A row of a cross-validation with the mel window that it was measured on. */
export interface SoundRow extends GroupedFeatures {
  readonly mel: MelWindow;
}

/** `features` and `candidates` are those of the measured features: what a net says is added to both. */
export interface SoundFitOptions extends Omit<FitOptions, 'heard'> {
  readonly tf: TensorFlow;
  readonly seed: number;
  readonly net?: Partial<SoundNetSettings>;
  readonly signal?: AbortSignal;
  /** Updates done over all nets, of how many; `stage` says which net. */
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly stage: string;
  }) => void;
}

/** The net alone, and two weights of it beside other learners. */
const HEARD: readonly Candidate[] = [
  { kind: 'heard', scale: 1 },
  { kind: 'heard', scale: 0.5 },
];

/**
 * `crossFitStyleModel` with a convolutional net as one learner more: in each fold a net is trained without the fold and says what
 * it hears in it, so that the net, the learners of measured features and their averages are compared on pieces that none of them
 * saw. Where the choice falls on a team with the net, one trained on all rows becomes part of the model. Throws as
 * `dealFolds` and `trainSoundNet` do.
 */
export async function crossFitSoundModel(
  rows: readonly SoundRow[],
  folds: number,
  options: SoundFitOptions,
): Promise<StyleFit> {
  const { tf, seed, net: settings, signal, onProgress, log } = options;
  const classes = options.labels.length + (options.rejects ? 1 : 0);
  const noises = noiseWindows();
  const trainOn = (learned: readonly SoundRow[], index: number, stage: string): Promise<SoundNet> =>
    trainSoundNet(
      tf,
      learned.filter(({ change }) => change === undefined),
      {
        classes,
        noises,
        seed: seed + index,
        ...(settings && { settings }),
        ...(signal && { signal }),
        onProgress: (done, total) =>
          onProgress?.({ done: index * total + done, total: (folds + 1) * total, stage }),
      },
    );
  const foldOf = dealFolds(rows, folds, options);
  const heard: Float64Array[] = rows.map(() => new Float64Array(classes));
  for (let fold = 0; fold < folds; fold++) {
    log?.(`net ${fold + 1} of ${folds + 1}`);
    const net = await trainOn(
      rows.filter(({ group }) => foldOf.get(group) !== fold),
      fold,
      `net of fold ${fold + 1} of ${folds}`,
    );
    rows.forEach(({ group, copy, mel }, i) => {
      if (foldOf.get(group) === fold && !copy) heard[i] = netLogits(net, mel);
    });
  }
  const withHeard = rows.map((row, i) => ({
    ...row,
    features: Float64Array.from([...Array.from(row.features), ...heard[i]!]),
  }));
  const names = [...options.features, ...heardNames(options.labels, options.rejects ?? false)];
  const candidates = [...options.candidates, ...HEARD];
  const fit = crossFitStyleModel(withHeard, folds, {
    ...options,
    features: names,
    heard: classes,
    candidates,
  });
  throwIfCancelled(signal);
  const hears = fit.model.scorers.some((scorer) => scorer.features === names.length);
  if (!hears) return { ...fit, model: withoutHeard(fit.model, options.features) };
  log?.(`net ${folds + 1} of ${folds + 1}`);
  return { ...fit, model: { ...fit.model, net: await trainOn(rows, folds, 'net of all pieces') } };
}

function withoutHeard(model: StyleFit['model'], features: readonly string[]): StyleFit['model'] {
  const { mean, deviation } = model.standardiser;
  return {
    ...model,
    features,
    standardiser: { mean: mean.slice(0, features.length), deviation: deviation.slice(0, features.length) },
  };
}
