import {
  AttuneError,
  createRng,
  scoreDuration,
  throwIfCancelled,
  type OnProgress,
  type Rng,
  type Second,
} from '@attune/core';
import { clipDuration, sliceClip, type AudioClip } from '@attune/core/audio';
import { readCheckpoint, type FileMap } from '@attune/core/nn';
import { renderScore } from '@attune/core/synth';
import type {
  FamilyInput,
  FamilySampler,
  FamilySetting,
  Sample,
  SampleHooks,
  SampleRequest,
} from '../family/model-family.ts';
import { resolveSettings } from '../family/resolve-settings.ts';
import { parseSpectralConfig, SPECTRAL_KIND, SPECTRAL_NETWORKS, type SpectralNetworkName } from './config.ts';
import {
  BINS,
  FRAME_RATE_HERTZ,
  framesOfClip,
  framesOfSeconds,
  sliceFrames,
  stretchFrames,
  type SpectralFrames,
} from './frames.ts';
import { drawHarmony, fitHarmony, harmonyOfClip, harmonyOfScore, type HarmonySpan } from './harmony.ts';
import { morphFrames, type MorphSettings } from './morph.ts';
import { createSpectralNetwork, type SpectralNetwork } from './network.ts';
import { soundOfFrames } from './sound.ts';
import { textureFrames } from './texture.ts';

/** Longest sound that is taken in or made. */
export const MOST_SECONDS: Second = 300;
/** Length of a texture that follows nothing. */
const OWN_SECONDS: Second = 16;
/** Frames that are blended at a time. */
const MORPH_PART = 128;
/** How long the last notes of a rendered score ring. */
const TAIL: Second = 1.5;

export interface SpectralSamplerOptions {
  /** Bytes of a SoundFont, asked for when a score is to be blended; without it only clips can be. */
  readonly soundFont?: () => Promise<Uint8Array>;
}

/**
 * Reads a checkpoint. Throws `checkpoint/malformed` or `checkpoint/mismatch`. Without an input the sampler makes a
 * texture in a key of its own; of one input a texture as long as it is, on its harmony; of two inputs a blend.
 */
export function createSpectralSampler(files: FileMap, options: SpectralSamplerOptions = {}): FamilySampler {
  const checkpoint = readCheckpoint(files, { kind: SPECTRAL_KIND });
  const config = parseSpectralConfig(checkpoint.config);
  const networks = new Map<SpectralNetworkName, SpectralNetwork>();
  const networkOf = (name: SpectralNetworkName): SpectralNetwork => {
    const network = networks.get(name) ?? createSpectralNetwork(config, checkpoint.parameters, name);
    networks.set(name, network);
    return network;
  };
  networkOf(config.preferred);
  const sampler: FamilySampler = {
    name: 'spectral',
    version: config.version,
    summary:
      'New sound, not notes: textures that lie under a piece in its own harmony, and blends of two sounds.',
    inputs: { fewest: 0, most: 2, kind: 'either' },
    settings: settingsOf(config.preferred),
    async sample(request, hooks = {}) {
      const settings = readSettings(resolveSettings(sampler, request));
      throwIfCancelled(hooks.signal);
      const work = { network: networkOf(settings.network), settings, request, hooks, options };
      return request.inputs.length === 2 ? blendInputs(work) : drawTextures(work);
    },
  };
  return sampler;
}

interface Settings {
  readonly blend: number;
  readonly seconds: Second;
  readonly brightness: number;
  readonly detail: number;
  readonly motion: number;
  readonly variety: number;
  readonly network: SpectralNetworkName;
}

interface Work {
  readonly network: SpectralNetwork;
  readonly settings: Settings;
  readonly request: SampleRequest;
  readonly hooks: SampleHooks;
  readonly options: SpectralSamplerOptions;
}

function settingsOf(preferred: SpectralNetworkName): FamilySetting[] {
  const number = (
    name: string,
    summary: string,
    [min, max, step]: readonly [number, number, number],
    fallback: number,
  ): FamilySetting => ({ kind: 'number', name, summary, min, max, step, default: fallback });
  return [
    number(
      'blend',
      'Of two inputs: 0 is the first, 1 the second. Several samples are spread from 0 to 1.',
      [0, 1, 0.01],
      0.5,
    ),
    number('seconds', 'Length; 0 is that of the first input.', [0, MOST_SECONDS, 1], 0),
    number('brightness', 'Darker below 0, brighter above.', [-1, 1, 0.1], 0),
    number('motion', 'Of a texture: how soon its sound becomes another one.', [0, 1, 0.05], 0.4),
    number('variety', 'Of a texture: how far it strays from usual instruments.', [0, 2, 0.1], 1),
    number('detail', 'Of a blend: how much is kept of what the model cannot say itself.', [0, 1, 0.05], 1),
    {
      kind: 'choice',
      name: 'network',
      summary: 'Which of the two networks is used.',
      choices: SPECTRAL_NETWORKS,
      default: preferred,
    },
  ];
}

function readSettings(values: Readonly<Record<string, number | string>>): Settings {
  return values as unknown as Settings; // resolveSettings has checked each against settingsOf
}

/** A blend a sample. An input that is longer than the blend is cut, a shorter one is drawn out. */
async function blendInputs({ network, settings, request, hooks, options }: Work): Promise<Sample[]> {
  const { count, inputs } = request;
  const clips: AudioClip[] = [];
  for (const [i, input] of inputs.entries()) clips.push(await soundOfInput(input, i, options, hooks));
  const seconds = lengthOf(settings.seconds || clipDuration(clips[0]!));
  const [a, b] = clips.map((clip, i) =>
    stretchFrames(framesOfClip(sliceClip(clip, 0, seconds), `Input ${i + 1}`), framesOfSeconds(seconds)),
  ) as [SpectralFrames, SpectralFrames];
  const samples: Sample[] = [];
  for (let i = 0; i < count; i++) {
    throwIfCancelled(hooks.signal);
    const blend = count === 1 ? settings.blend : i / (count - 1);
    const progress = partOf(hooks.onProgress, i, count);
    const morph = await morphInParts(
      network,
      a,
      b,
      { blend, detail: settings.detail },
      progress,
      hooks.signal,
    );
    const name = `morph ${Math.round(100 * blend)} %`;
    samples.push({ name, clip: await toClip(morph, request, settings, hooks, i) });
  }
  return samples;
}

/** `morphFrames`, giving way to timers and the signal every few seconds of sound. */
async function morphInParts(
  network: SpectralNetwork,
  a: SpectralFrames,
  b: SpectralFrames,
  settings: MorphSettings,
  onProgress: OnProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<SpectralFrames> {
  const { count } = a;
  const level = new Float32Array(count);
  const shape = new Float32Array(count * BINS);
  for (let first = 0; first < count; first += MORPH_PART) {
    throwIfCancelled(signal);
    const last = Math.min(count, first + MORPH_PART);
    const part = morphFrames(network, sliceFrames(a, first, last), sliceFrames(b, first, last), settings);
    level.set(part.level, first);
    shape.set(part.shape, first * BINS);
    onProgress?.({ done: last, total: count, stage: 'Blending' });
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { count, level, shape };
}

/** A texture a sample, on the input's harmony or on one of its own. */
async function drawTextures({ network, settings, request, hooks }: Work): Promise<Sample[]> {
  const [input] = request.inputs;
  const seconds = lengthOf(settings.seconds || (input ? durationOf(input) : OWN_SECONDS));
  const followed = input && harmonyOfInput(input);
  const samples: Sample[] = [];
  for (let i = 0; i < request.count; i++) {
    const rng = rngOf(request, i);
    const own = followed === undefined || followed.length === 0 ? drawHarmony(rng.fork('harmony')) : followed;
    const progress = partOf(hooks.onProgress, i, request.count);
    const frames = await textureFrames(
      network,
      fitHarmony(own, seconds),
      framesOfSeconds(seconds),
      rng,
      settings,
      {
        ...(progress && { onProgress: progress }),
        ...(hooks.signal && { signal: hooks.signal }),
      },
    );
    samples.push({ name: `texture ${i + 1}`, clip: await toClip(frames, request, settings, hooks, i) });
  }
  return samples;
}

function harmonyOfInput(input: FamilyInput): HarmonySpan[] {
  lengthOf(durationOf(input));
  if (input.score) return harmonyOfScore(input.score);
  framesOfClip(input.clip!, 'Input 1'); // refuses what is silent or no sound at all
  return harmonyOfClip(input.clip!);
}

async function soundOfInput(
  { score, clip }: FamilyInput,
  index: number,
  { soundFont }: SpectralSamplerOptions,
  { signal }: SampleHooks,
): Promise<AudioClip> {
  if (clip) {
    lengthOf(clipDuration(clip));
    return clip;
  }
  if (!soundFont) {
    throw new AttuneError(
      'argument/invalid',
      `Input ${index + 1} is a score, and there is no SoundFont to play it.`,
      {
        input: index + 1,
      },
    );
  }
  lengthOf(scoreDuration(score!) + TAIL);
  return renderScore(score!, await soundFont(), {
    sampleRate: FRAME_RATE_HERTZ,
    tailSeconds: TAIL,
    ...(signal && { signal }),
  });
}

function durationOf({ score, clip }: FamilyInput): Second {
  return score ? scoreDuration(score) + TAIL : clipDuration(clip!);
}

function lengthOf(seconds: Second): Second {
  if (seconds <= MOST_SECONDS) return seconds;
  throw new AttuneError(
    'audio/limit',
    `${Math.round(seconds)} s are too long; ${MOST_SECONDS} s are the limit.`,
    { seconds },
  );
}

function toClip(
  frames: SpectralFrames,
  request: SampleRequest,
  { brightness }: Settings,
  { onProgress, signal }: SampleHooks,
  index: number,
): Promise<AudioClip> {
  const progress = partOf(onProgress, index, request.count);
  return soundOfFrames(frames, {
    rng: rngOf(request, index).fork('phase'),
    brightness,
    ...(progress && { onProgress: progress }),
    ...(signal && { signal }),
  });
}

function rngOf({ seed }: SampleRequest, index: number): Rng {
  return createRng(seed).fork(`sample ${index}`);
}

/** Progress of one of several samples as progress of all. */
function partOf(onProgress: OnProgress | undefined, index: number, count: number): OnProgress | undefined {
  if (onProgress === undefined) return undefined;
  return ({ done, total, stage }) => onProgress({ done: index + done / total, total: count, stage });
}
