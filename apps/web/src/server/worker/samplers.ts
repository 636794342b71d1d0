import { AttuneError } from '@attune/core';
import { decodeAudio, encodeFlac } from '@attune/core/audio';
import { readMidi, writeMidi } from '@attune/core/midi';
import { loadSoundFont } from '@attune/core/node';
import { renderScore } from '@attune/core/synth';
import type { FamilyInput, FamilySampler, Sample } from '@attune/generate';
import type { SamplerView } from '../../api/types.ts';
import { describeClip, describeScore } from './describe.ts';
import { sketchOfClip, sketchOfScore } from './search/sketch.ts';
import type { MadeSample, SampleAnswer, SampleOrder } from './protocol.ts';
import type { TaskContext } from './tasks.ts';

/** How each kind of model is loaded, by name. */
export type Samplers = Readonly<
  Record<string, (() => Promise<{ load(): Promise<FamilySampler> }>) | undefined>
>;

/** Longest recording that sampling starts from, in seconds. */
const MOST_SECONDS = 900;

/** Whatever is registered and on disk, in the order of registration. */
export async function listSamplers(samplers: Samplers): Promise<SamplerView[]> {
  const views: SamplerView[] = [];
  for (const name of Object.keys(samplers)) {
    try {
      const { version, summary, inputs, settings } = await samplerOf(samplers, name);
      views.push({ name, version, summary, inputs, settings });
    } catch (error) {
      console.warn(`The model ${name} cannot be used.`, error instanceof Error ? error.message : error);
    }
  }
  return views;
}

/** Makes what was ordered and describes each piece. Throws `argument/invalid`, `cancelled`. */
export async function makeSamples(
  samplers: Samplers,
  order: SampleOrder,
  context: TaskContext,
): Promise<SampleAnswer> {
  const { signal, onProgress } = context;
  const sampler = await samplerOf(samplers, order.family);
  const inputs: FamilyInput[] = [];
  for (const input of order.inputs) inputs.push(await readInput(input, sampler.inputs.kind, context));
  const made = await sampler.sample(
    { seed: order.seed, count: order.count, inputs, settings: order.settings },
    { signal, onProgress: ({ done, total, stage }) => onProgress({ stage, done, total, seed: order.seed }) },
  );
  const samples: MadeSample[] = [];
  for (const [i, sample] of made.entries()) {
    if (signal.aborted) throw new AttuneError('cancelled', 'The work was cancelled.');
    onProgress({ stage: 'listening', done: i, total: made.length, seed: order.seed });
    samples.push(await describe(sample));
  }
  return { modelVersion: `${sampler.name}@${sampler.version}`, samples };
}

const loaded = new WeakMap<Samplers, Map<string, Promise<FamilySampler>>>();

/** Loaded once a worker; tried again after a failure. */
function samplerOf(samplers: Samplers, name: string): Promise<FamilySampler> {
  const tools = Object.hasOwn(samplers, name) ? samplers[name] : undefined;
  if (!tools) throw new AttuneError('argument/invalid', `There is no model called ${name}.`, { name });
  const known = loaded.get(samplers) ?? new Map<string, Promise<FamilySampler>>();
  loaded.set(samplers, known);
  const sampler = known.get(name) ?? tools().then((found) => found.load());
  known.set(name, sampler);
  sampler.catch(() => known.delete(name));
  return sampler;
}

type Given = SampleOrder['inputs'][number];

/** Notes are sounded where a model listens. */
async function readInput(
  { kind, bytes }: Given,
  wanted: FamilySampler['inputs']['kind'],
  { signal }: TaskContext,
): Promise<FamilyInput> {
  if (kind === 'audio') return { clip: await decodeAudio(bytes, { maxSeconds: MOST_SECONDS, signal }) };
  const score = readMidi(bytes);
  if (wanted !== 'clip') return { score };
  return { clip: await renderScore(score, await loadSoundFont(), { maxSeconds: MOST_SECONDS, signal }) };
}

async function describe({ name, score, clip }: Sample): Promise<MadeSample> {
  if (score)
    return {
      name,
      kind: 'score',
      bytes: writeMidi({ ...score, title: name }),
      description: { ...(await describeScore(score)), sketch: sketchOfScore(score) },
    };
  if (clip)
    return {
      name,
      kind: 'audio',
      bytes: await encodeFlac(clip),
      description: { ...(await describeClip(clip)), sketch: sketchOfClip(clip) },
    };
  throw new AttuneError('model/invalid', 'The model made something that is neither notes nor sound.', {
    name,
  });
}
