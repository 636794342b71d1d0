import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { workerData } from 'node:worker_threads';
import { createAudioClassifier, createScoreClassifier } from '@attune/classify';
import { readModelFolder, SHIPPED_AUDIO, SHIPPED_SYMBOLIC, shippedFolder } from '@attune/classify/node';
import type { Score } from '@attune/core';
import { AttuneError } from '@attune/core';
import type { AudioClip } from '@attune/core/audio';
import { readCheckpointFolder } from '@attune/core/node';
import { DRUMS } from '@attune/core/style';
import { compoundTokenizer } from '@attune/core/tokens';
import { createGenerator } from '@attune/generate';
import { loadOriginalityIndex, shippedCheckpointFolder } from '@attune/generate/node';
import { adoptedAudioClassifier, adoptedScoreClassifier } from './labelling/classifiers.ts';
import type { ClassificationView, ComposeTaskKind } from '../../api/types.ts';
import { viewOf } from './classification-view.ts';
import { COMPOSE_BARS } from '../../lib/check-wish.ts';
import type { ComposerFile, GeneratorOptions, ModelReport, Tasks, WorkerData } from './protocol.ts';

type Loaded<T> =
  { readonly model: T; readonly fault: null } | { readonly model: null; readonly fault: string };

/** Tries once a worker; a model that is not on disk is a fact to report, not a crash. */
function once<T>(name: string, load: () => Promise<T> | T): () => Promise<Loaded<T>> {
  let loaded: Promise<Loaded<T>> | undefined;
  return () =>
    (loaded ??= Promise.resolve()
      .then(load)
      .then(
        (model) => ({ model, fault: null }),
        (error: unknown) => {
          console.warn(`The model ${name} cannot be used.`, error instanceof Error ? error.message : error);
          return { model: null, fault: `The model ${name} is not installed.` };
        },
      ));
}

/** Folder of the composer's checkpoint: the shipped one, or the one that the server was started with. */
function composerFolder(): string {
  return (workerData as WorkerData | null)?.composer ?? shippedCheckpointFolder();
}

export const generatorOnce = once('composer', () => createGenerator(readCheckpointFolder(composerFolder())));
export const originalityOnce = once('originality-1', () => loadOriginalityIndex());
const scoreClassifierOnce = once(SHIPPED_SYMBOLIC, () =>
  createScoreClassifier(readModelFolder(shippedFolder(SHIPPED_SYMBOLIC))),
);
const audioClassifierOnce = once(SHIPPED_AUDIO, () =>
  createAudioClassifier(readModelFolder(shippedFolder(SHIPPED_AUDIO))),
);

export async function classifyPiece(score: Score): Promise<ClassificationView[]> {
  const model = adoptedScoreClassifier() ?? (await scoreClassifierOnce()).model;
  return model ? [viewOf(model.classifyScore(score))] : [];
}

export async function classifyClip(clip: AudioClip): Promise<ClassificationView[]> {
  const model = adoptedAudioClassifier() ?? (await audioClassifierOnce()).model;
  return model ? [viewOf(model.classifyAudio(clip))] : [];
}

const shortHash = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex').slice(0, 12);

/** Throws `checkpoint/malformed` where there is no composer. */
export async function readComposerFile(file: ComposerFile): Promise<{ bytes: Uint8Array }> {
  try {
    return { bytes: new Uint8Array(await readFile(path.join(composerFolder(), file))) };
  } catch (error) {
    throw new AttuneError(
      'checkpoint/malformed',
      'There is no composing model on this machine.',
      { file },
      { cause: error },
    );
  }
}

let weightsHash: string | undefined;
/** Version of the generator with a hash of its weights: the same name may be trained again. */
export function generatorId(version: string): string {
  weightsHash ??= shortHash(readFileSync(path.join(composerFolder(), 'weights.safetensors')));
  return `${version}@${weightsHash}`;
}

/** Name of the tokenizer with a hash of its vocabulary: tokens of different vocabularies never mix. */
export function tokenizerId(): string {
  const { name, vocabulary } = compoundTokenizer;
  return `${name}:${shortHash(JSON.stringify(vocabulary))}`;
}

/** General MIDI programs that are offered for choice: what bands and orchestras play, and the drum kit. */
const OFFERED = [
  0,
  6,
  19,
  21,
  24,
  25,
  32,
  33,
  40,
  41,
  42,
  43,
  46,
  47,
  48,
  52,
  53,
  56,
  57,
  58,
  60,
  64,
  65,
  66,
  68,
  70,
  71,
  72,
  73,
  74,
  80,
  81,
  DRUMS,
];

export async function describeModels(): Promise<Tasks['models']['answer']> {
  const [generator, index, score, audio] = await Promise.all([
    generatorOnce(),
    originalityOnce(),
    scoreClassifierOnce(),
    audioClassifierOnce(),
  ]);
  const info = generator.model && {
    ...generator.model.info,
    version: generatorId(generator.model.info.version),
  };
  const reports: ModelReport[] = [
    report(
      'generator',
      info?.version,
      generator.fault,
      info ? { parameters: info.parameters, styles: info.styles.length, tokenizer: tokenizerId() } : {},
    ),
    report(
      'originality',
      index.model ? 'originality-1' : undefined,
      index.fault,
      index.model ? { pieces: index.model.config.pieces, runs: index.model.config.runs } : {},
    ),
    report('style-symbolic', score.model ? SHIPPED_SYMBOLIC : undefined, score.fault, {
      labels: score.model?.labels.length ?? 0,
    }),
    report('style-audio', audio.model ? SHIPPED_AUDIO : undefined, audio.fault, {
      labels: audio.model?.labels.length ?? 0,
    }),
  ];
  return { reports, generator: info ? optionsOf(info) : null };
}

function report(
  kind: ModelReport['kind'],
  version: string | undefined,
  reason: string | null,
  info: ModelReport['info'],
): ModelReport {
  return {
    id: `${kind}/${version ?? 'none'}`,
    kind,
    version: version ?? 'none',
    available: version !== undefined,
    reason,
    info,
  };
}

interface Info {
  readonly version: string;
  readonly styles: readonly string[];
  readonly tasks?: readonly ComposeTaskKind[];
  readonly knowsForm?: boolean;
  /** "numerator/denominator" */
  readonly meters: readonly string[];
}

/** What every generator can do; see `GeneratorInfo.tasks`. */
const PLAIN_TASKS: readonly ComposeTaskKind[] = ['compose', 'continue'];

function optionsOf({
  version,
  styles,
  meters,
  tasks = PLAIN_TASKS,
  knowsForm = false,
}: Info): GeneratorOptions {
  return {
    version,
    styles,
    instruments: OFFERED,
    meters: meters.map((meter) => {
      const [numerator, denominator] = meter.split('/').map(Number);
      return { numerator: numerator ?? 4, denominator: denominator ?? 4 };
    }),
    tempo: { min: 40, max: 220 },
    bars: COMPOSE_BARS,
    tasks,
    knowsForm,
  };
}
