import { AttuneError, isAttuneError } from '@attune/core';
import { readCheckpointFolder } from '@attune/core/node';
import { fileURLToPath } from 'node:url';
import { createAudioClassifier, type AudioClassifier } from '../classify-audio.ts';
import { createScoreClassifier, type ScoreClassifier } from '../classify-score.ts';
import { readStyleModel } from '../model/model-checkpoint.ts';
import type { Modality, StyleModel } from '../model/style-model.ts';

/** Name of the shipped model that reads notes. */
export const SHIPPED_SYMBOLIC = 'style-symbolic-2';
/** Name of the shipped model that hears sound. */
export const SHIPPED_AUDIO = 'style-audio-2';

/** Name of the shipped model that tells the style of drums. */
export const SHIPPED_DRUMS = 'drum-style-1';

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
      classifyScore: (piece, given) => score.classifyScore(piece, given),
      classifyAudio: (clip) => audio.classifyAudio(clip),
      scoreLabels: score.labels,
      audioLabels: audio.labels,
    };
  });
}

/** The shipped model of drum styles: it reads the drums of a score. Throws `checkpoint/malformed` or `checkpoint/mismatch`. */
export function loadDrumClassifier(): ScoreClassifier {
  return createScoreClassifier(readModelFolder(shippedFolder(SHIPPED_DRUMS)));
}

/**
 * Classifiers of models of your own (`attune-classify train`): one of scores, one of sound, or both. What there is no model for is refused with
 * `checkpoint/mismatch`, as two models of one kind are.
 */
export function loadClassifiers(folders: readonly string[]): Classifiers {
  const models = folders.map(readModelFolder);
  const [score, audio] = [oneOf(models, 'score'), oneOf(models, 'audio')];
  const scoreClassifier = score && createScoreClassifier(score);
  const audioClassifier = audio && createAudioClassifier(audio);
  const needed = <T>(classifier: T | undefined, modality: Modality): T => {
    if (classifier) return classifier;
    throw cannotRead(models, modality);
  };
  return {
    classifyScore: (piece, given) => needed(scoreClassifier, 'score').classifyScore(piece, given),
    classifyAudio: (clip) => needed(audioClassifier, 'audio').classifyAudio(clip),
    scoreLabels: score?.labels ?? [],
    audioLabels: audio?.labels ?? [],
  };
}

/**
 * The model of `given` that reads this, or the shipped one where none is given: no model stands in for one that was asked for. Throws
 * `checkpoint/mismatch` where none of those given reads it, or two do.
 */
export function modelFor(modality: Modality, given: readonly StyleModel[]): StyleModel {
  if (given.length === 0)
    return readModelFolder(shippedFolder(modality === 'audio' ? SHIPPED_AUDIO : SHIPPED_SYMBOLIC));
  const model = oneOf(given, modality);
  if (model) return model;
  throw cannotRead(given, modality);
}

/** What a modality is called in a sentence. */
export const MODALITY_WORDS: Readonly<Record<Modality, string>> = { score: 'notes', audio: 'sound' };

function oneOf(models: readonly StyleModel[], modality: Modality): StyleModel | undefined {
  const found = models.filter((model) => model.modality === modality);
  if (found.length <= 1) return found[0];
  throw new AttuneError(
    'checkpoint/mismatch',
    `${found.map(({ name }) => name).join(' and ')} both read ${MODALITY_WORDS[modality]}: name one.`,
    { modality },
  );
}

function cannotRead(models: readonly StyleModel[], modality: Modality): AttuneError {
  const names = models.map(({ name }) => name).join(' and ');
  return new AttuneError(
    'checkpoint/mismatch',
    `The model${models.length > 1 ? 's' : ''} ${names} ${models.length > 1 ? 'do' : 'does'} not read ${MODALITY_WORDS[modality]}.`,
    { model: names, modality },
  );
}

/** `models/NAME` of this package, from `src/node` and from `dist/node` alike. */
export function shippedFolder(name: string): string {
  return fileURLToPath(new URL(`../../models/${name}`, import.meta.url));
}

/** Throws `checkpoint/malformed` or `checkpoint/mismatch`, naming the folder, for one that holds no style model of this version. */
export function readModelFolder(folder: string): StyleModel {
  const files = readCheckpointFolder(folder);
  try {
    return readStyleModel(files);
  } catch (cause) {
    if (!isAttuneError(cause)) throw cause;
    const { code, message, place } = cause;
    throw new AttuneError(code, `The checkpoint ${folder}: ${message}`, { ...place, folder }, { cause });
  }
}
