import { AttuneError } from '@attune/core';
import type { AudioClip } from '@attune/core/audio';
import { AUDIO_STYLE_FEATURES, summariseWindows } from './audio-windows.ts';
import type { Classification } from './classification.ts';
import { conclude, featureIndices, judge, type StyleModel } from './model/style-model.ts';

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
    throw new AttuneError('checkpoint/mismatch', `The model ${model.name} classifies ${model.modality}, not audio.`, { modality: model.modality });
  }
  const indices = featureIndices(model, AUDIO_STYLE_FEATURES);
  return {
    model: model.name,
    labels: model.labels,
    classifyAudio: (clip) => conclude(model, summariseWindows(clip).map((features) => judge(model, indices.map((index) => features[index]!)))),
  };
}
