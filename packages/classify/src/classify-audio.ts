import { AttuneError } from '@attune/core';
import type { AudioClip } from '@attune/core/audio';
import { createWindowPlan, readWindows, windowReader } from './audio-windows.ts';
import type { Classification } from './classification.ts';
import { conclude, judge, type StyleModel } from './model/style-model.ts';

/** Tells the style of sound. */
export interface AudioClassifier {
  readonly model: string;
  readonly labels: readonly string[];
  /** Judges windows of about 10 s and averages them. Throws `feature/invalid` for an empty clip. Deterministic. */
  classifyAudio(clip: AudioClip): Classification;
}

/** Throws `checkpoint/mismatch` for a model of scores or of features that are not known here. */
export function createAudioClassifier(model: StyleModel): AudioClassifier {
  if (model.modality !== 'audio') {
    throw new AttuneError(
      'checkpoint/mismatch',
      `The model ${model.name} classifies ${model.modality}, not audio.`,
      { modality: model.modality },
    );
  }
  const read = windowReader(model);
  const plan = createWindowPlan();
  return {
    model: model.name,
    labels: model.labels,
    classifyAudio: (clip) =>
      conclude(
        model,
        readWindows(clip, plan).map((window) => judge(model, read(window))),
      ),
  };
}
