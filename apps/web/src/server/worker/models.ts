import type { Score } from '@attune/core';
import type { AudioClip } from '@attune/core/audio';
import type { Conditioning } from '@attune/core/style';
import { createAudioClassifier, createScoreClassifier } from '@attune/classify';
import { readModelFolder, SHIPPED_AUDIO, SHIPPED_SYMBOLIC, shippedFolder } from '@attune/classify/node';
import type { ClassificationView } from '../../api/types.ts';
import type { GeneratorOptions, ModelReport, Tasks } from './protocol.ts';

/* PROVISIONAL contracts until the packages export theirs. */
export interface GenerateRequest { conditioning: Conditioning; bars: number; seed: number; temperature?: number; topP?: number; prompt?: Score }
export interface GeneratedPiece { score: Score; conditioning: Conditioning; seed: number; bars: number; modelVersion: string; nats: number }
export interface Generator {
  info: { version: string; styles: readonly string[] };
  generate(request: GenerateRequest, options?: { onProgress?: (p: { done: number; total: number; stage: string }) => void; onBar?: (bar: unknown) => void; signal?: AbortSignal }): Promise<GeneratedPiece>;
}
async function pick<T>(load: () => Promise<unknown>, name: string): Promise<T> {
  const module = (await load()) as Record<string, (() => Promise<T>) | undefined>;
  const make = module[name];
  if (!make) throw new Error('There is no model on this machine yet.');
  return make();
}

type Loaded<T> = { readonly model: T; readonly fault: null } | { readonly model: null; readonly fault: string };

/** Tries once a worker; a model that is not on disk is a fact to report, not a crash. */
function once<T>(load: () => Promise<T> | T): () => Promise<Loaded<T>> {
  let loaded: Promise<Loaded<T>> | undefined;
  return () =>
    (loaded ??= Promise.resolve().then(load).then(
      (model) => ({ model, fault: null }),
      (error: unknown) => ({ model: null, fault: error instanceof Error ? error.message : String(error) }),
    ));
}

export const generatorOnce = once(() => pick<Generator>(() => import('@attune/generate/node'), 'loadShippedGenerator'));
const scoreClassifierOnce = once(() => createScoreClassifier(readModelFolder(shippedFolder(SHIPPED_SYMBOLIC))));
const audioClassifierOnce = once(() => createAudioClassifier(readModelFolder(shippedFolder(SHIPPED_AUDIO))));

export async function classifyPiece(score: Score): Promise<ClassificationView[]> {
  const { model } = await scoreClassifierOnce();
  return model ? [viewOf(model.classifyScore(score))] : [];
}

export async function classifyClip(clip: AudioClip): Promise<ClassificationView[]> {
  const { model } = await audioClassifierOnce();
  return model ? [viewOf(await model.classifyAudio(clip))] : [];
}

function viewOf({ model, label, confidence, probabilities }: ClassificationView): ClassificationView {
  return { model, label, confidence, probabilities: probabilities.map(({ label, probability }) => ({ label, probability })) };
}

export async function describeModels(): Promise<Tasks['models']['answer']> {
  const generator = await generatorOnce();
  const reports: ModelReport[] = [
    { id: 'generator', kind: 'generator', version: generator.model?.info.version ?? 'none', available: generator.model !== null, reason: generator.fault, info: {} },
  ];
  const options: GeneratorOptions | null = generator.model
    ? { version: generator.model.info.version, styles: generator.model.info.styles, instruments: [], meters: [], tempo: { min: 40, max: 220 }, bars: { min: 4, max: 64 } }
    : null;
  return { reports, generator: options };
}
