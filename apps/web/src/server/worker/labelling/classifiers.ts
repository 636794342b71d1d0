import { createHash } from 'node:crypto';
import path from 'node:path';
import { workerData } from 'node:worker_threads';
import type { AudioClassifier, ScoreClassifier, StyleModel } from '@attune/classify';
import { createAudioClassifier, createScoreClassifier } from '@attune/classify';
import { readModelFolder, SHIPPED_AUDIO, SHIPPED_SYMBOLIC, shippedFolder } from '@attune/classify/node';
import { AttuneError } from '@attune/core';
import { readCheckpointFolder } from '@attune/core/node';
import type { TrackKind } from '../../../api/types.ts';
import type { ClassifierFolders } from './protocol.ts';

const NONE: ClassifierFolders = { score: null, audio: null };
let inUse = foldersOf(workerData);
let score: ScoreClassifier | null | undefined;
let audio: AudioClassifier | null | undefined;

function foldersOf(data: unknown): ClassifierFolders {
  return (data as { classifiers?: ClassifierFolders } | null)?.classifiers ?? NONE;
}

export function setClassifiers(folders: ClassifierFolders): void {
  inUse = folders;
  score = audio = undefined;
}

/** The classifier of notes that an administrator put in use; null: the shipped one is, also in place of a damaged one. */
export function adoptedScoreClassifier(): ScoreClassifier | null {
  return (score ??= open(inUse.score, (folder) => createScoreClassifier(readModelFolder(folder))));
}

export function adoptedAudioClassifier(): AudioClassifier | null {
  return (audio ??= open(inUse.audio, (folder) => createAudioClassifier(readModelFolder(folder))));
}

function open<T>(folder: string | null, read: (folder: string) => T): T | null {
  if (folder === null) return null;
  try {
    return read(folder);
  } catch (error) {
    console.warn(
      `The classifier in ${folder} cannot be used; the shipped one stands in.`,
      error instanceof Error ? error.message : error,
    );
    return null;
  }
}

/** null: what ships. Throws `checkpoint/malformed` or `checkpoint/mismatch`. */
export function readClassifier(kind: TrackKind, folder: string | null): StyleModel {
  const model = readModelFolder(folder ?? shippedFolder(kind === 'score' ? SHIPPED_SYMBOLIC : SHIPPED_AUDIO));
  if (model.modality === kind) return model;
  throw new AttuneError(
    'checkpoint/mismatch',
    `The model ${model.name} reads ${model.modality}, and one of ${kind} is needed.`,
  );
}

export function checkClassifier({
  folder,
  kind,
  sha256,
}: {
  folder: string;
  kind: TrackKind;
  sha256: string | null;
}): { labels: readonly string[] } {
  if (
    sha256 !== null &&
    sha256 !== weightsHash(readCheckpointFolder(folder)['weights.safetensors'] ?? new Uint8Array())
  ) {
    throw new AttuneError(
      'checkpoint/malformed',
      `The weights of ${path.basename(folder)} are not those that were written: the file was damaged or changed.`,
    );
  }
  return { labels: readClassifier(kind, folder).labels };
}

export function weightsHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
