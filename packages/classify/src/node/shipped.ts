import { readCheckpointFolder } from '@attune/core/node';
import { fileURLToPath } from 'node:url';
import { createAudioClassifier, type AudioClassifier } from '../classify-audio.ts';
import { createScoreClassifier, type ScoreClassifier } from '../classify-score.ts';
import { readStyleModel } from '../model/model-checkpoint.ts';
import type { StyleModel } from '../model/style-model.ts';

/** Name of the shipped model that reads notes. */
export const SHIPPED_SYMBOLIC = 'style-symbolic-1';
/** Name of the shipped model that hears sound. */
export const SHIPPED_AUDIO = 'style-audio-1';

/** Both shipped classifiers: `classifyScore(score)` and `classifyAudio(clip)`, with the labels of each. */
export interface Classifiers {
  readonly classifyScore: ScoreClassifier['classifyScore'];
  readonly classifyAudio: AudioClassifier['classifyAudio'];
  readonly scoreLabels: readonly string[];
  readonly audioLabels: readonly string[];
}

/** Reads the models that come with this package; throws `checkpoint/malformed` or `checkpoint/mismatch`. */
export function loadShippedClassifiers(): Promise<Classifiers> {
  return Promise.resolve().then(() => {
    const score = createScoreClassifier(readModelFolder(shippedFolder(SHIPPED_SYMBOLIC)));
    const audio = createAudioClassifier(readModelFolder(shippedFolder(SHIPPED_AUDIO)));
    return {
      classifyScore: (piece) => score.classifyScore(piece),
      classifyAudio: (clip) => audio.classifyAudio(clip),
      scoreLabels: score.labels,
      audioLabels: audio.labels,
    };
  });
}

/** `models/NAME` of this package, from `src/node` and from `dist/node` alike. */
export function shippedFolder(name: string): string {
  return fileURLToPath(new URL(`../../models/${name}`, import.meta.url));
}

/** Throws `checkpoint/malformed` or `checkpoint/mismatch` for a folder that holds no style model of this version. */
export function readModelFolder(folder: string): StyleModel {
  return readStyleModel(readCheckpointFolder(folder));
}
