import { AttuneError, createRng, type Rng } from '@attune/core';
import {
  createAdamW,
  mapBatches,
  shuffledBatches,
  train,
  type Backend,
  type NamedArray,
  type ParameterStore,
  type Schedule,
  type TrainOptions,
  type TrainResult,
} from '@attune/core/nn';
import { createSpectralStore, decodeFrames, encodeFrames, frameDistance, frameLoss } from './autoencoder.ts';
import {
  SPECTRAL_NETWORKS,
  type SpectralConfig,
  type SpectralNetworkName,
  type SpectralShape,
} from './config.ts';
import { BINS, DEPTH_DB } from './frames.ts';
import { createSpectralNetwork } from './network.ts';
import { pitchParameterNames, writeComponents } from './parameters.ts';
import { findPrincipalComponents, type PrincipalComponents } from './principal-components.ts';

/** Sizes and training of both networks. */
export interface SpectralPlan extends SpectralShape {
  readonly version: string;
  /** Frames of a batch. */
  readonly rows: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly decayShare: number;
  readonly finalRate: number;
  readonly weightDecay: number;
  /** Standard deviation of the noise that latents bear in training, so that what lies between them is music too. */
  readonly noise: number;
  /** Weight of the latents' mean square, which keeps the networks from outgrowing that noise. */
  readonly penalty: number;
  /** What a silent bin counts in the loss; a loud one counts 1 more. */
  readonly quietWeight: number;
  readonly evaluateEvery: number;
}

/** The plan of the shipped checkpoint. */
export const SPECTRAL_PLAN: SpectralPlan = {
  version: 'spectral-2',
  latents: 64,
  hidden: [448, 192],
  channels: [16, 32, 64],
  taps: 9,
  stride: 4,
  rows: 128,
  learningRate: 1.5e-3,
  warmupSteps: 50,
  decayShare: 0.7,
  finalRate: 0.02,
  weightDecay: 0.01,
  noise: 0.05,
  penalty: 1e-5,
  quietWeight: 2,
  evaluateEvery: 100,
};

/** Frames from which the principal components are found: enough for them to settle. */
const COMPONENT_FRAMES = 8192;

export function shapeOfPlan({ latents, hidden, channels, taps, stride }: SpectralPlan): SpectralShape {
  return { latents, hidden, channels, taps, stride };
}

/** The linear code that training starts from, and that it is measured against. `frames` [count, BINS]. */
export function startOfTraining(frames: Float32Array, latents: number, seed: number): PrincipalComponents {
  const count = requireFrames(frames, 'training');
  const rng = createRng(seed).fork('components');
  const order = rng.shuffle(Array.from({ length: count }, (_, i) => i)).slice(0, COMPONENT_FRAMES);
  return findPrincipalComponents(gather(frames, order), BINS, latents, rng);
}

export interface TrainSpectralOptions extends Pick<
  TrainOptions<Float32Array>,
  'onProgress' | 'saveState' | 'checkpointEvery' | 'resume' | 'signal' | 'now' | 'steps' | 'isOver'
> {
  readonly backend: Backend;
  readonly plan: SpectralPlan;
  /** [count, BINS], as `SpectralFrames.shape`. */
  readonly frames: Float32Array;
  readonly validation: Float32Array;
  readonly seed: number;
  /** From `startOfTraining`. */
  readonly start: PrincipalComponents;
  readonly schedule: Schedule;
  /** Told before the first update too: of the principal components, which both networks start as. */
  readonly onScore?: (scores: Record<SpectralNetworkName, SpectralScore>) => void;
}

/** What a network leaves of frames that it codes without noise. */
export interface SpectralScore {
  /** `frameLoss`. */
  readonly loss: number;
  /** Log-spectral distance, dB: what weights are chosen by. */
  readonly distanceDb: number;
}

/** Trains both networks on the same batches. Throws `dataset/malformed` for no frames, and as `train` does. */
export async function trainSpectral(options: TrainSpectralOptions): Promise<{
  store: ParameterStore;
  result: TrainResult;
  validate: () => Record<SpectralNetworkName, SpectralScore>;
}> {
  const { backend, plan, frames, validation, seed, start, onScore, ...rest } = options;
  const { tf } = backend;
  const count = requireFrames(frames, 'training');
  requireFrames(validation, 'validation');
  const shape = shapeOfPlan(plan);
  const rng = createRng(seed);
  const store = createSpectralStore(tf, shape, rng.fork('parameters'), start);
  const validate = (): Record<SpectralNetworkName, SpectralScore> =>
    scoreFrames(backend, plan, store, validation);
  if (!rest.resume) onScore?.(validate());
  const result = await train<Float32Array>({
    ...rest,
    tf,
    store,
    optimiser: createAdamW(tf, store, { beta2: 0.98, weightDecay: plan.weightDecay, clipNorm: 1 }),
    batches: mapBatches(shuffledBatches(count, plan.rows, rng.fork('batches')), (order) =>
      gather(frames, order),
    ),
    rng: rng.fork('noise'),
    lossOf: (batch, noiseRng) => {
      const x = tf.tensor2d(batch, [batch.length / BINS, BINS]);
      const noise = tf.tensor2d(drawNoise(plan, x.shape[0], noiseRng), [x.shape[0], plan.latents]);
      const losses = SPECTRAL_NETWORKS.map((network) => {
        const z = encodeFrames(tf, shape, store, network, x);
        const found = decodeFrames(tf, shape, store, network, tf.add(z, noise));
        const loss = frameLoss(tf, found, x, plan.quietWeight);
        return tf.add(loss, tf.mul(tf.mean(tf.square(z)), plan.penalty));
      });
      return tf.add(losses[0]!, losses[1]!);
    },
    tokensOf: (batch) => batch.length / BINS,
    evaluate: () => {
      const scores = validate();
      onScore?.(scores);
      return Object.values(scores).reduce((sum, { distanceDb }) => sum + distanceDb, 0);
    },
    evaluateEvery: plan.evaluateEvery,
  });
  return { store, result, validate };
}

function scoreFrames(
  { tf }: Backend,
  plan: SpectralPlan,
  store: ParameterStore,
  frames: Float32Array,
): Record<SpectralNetworkName, SpectralScore> {
  const rows = 512;
  const shape = shapeOfPlan(plan);
  const score = (network: SpectralNetworkName): SpectralScore => {
    let [loss, distance] = [0, 0];
    for (let at = 0; at < frames.length; at += rows * BINS) {
      const part = frames.subarray(at, at + rows * BINS);
      const [first, second] = tf.tidy(() => {
        const x = tf.tensor2d(part, [part.length / BINS, BINS]);
        const found = decodeFrames(tf, shape, store, network, encodeFrames(tf, shape, store, network, x));
        return [
          frameLoss(tf, found, x, plan.quietWeight).dataSync()[0]!,
          frameDistance(tf, found, x).dataSync()[0]!,
        ];
      }) as unknown as [number, number];
      loss += first * (part.length / frames.length);
      distance += second;
    }
    return { loss, distanceDb: (DEPTH_DB * distance) / (frames.length / BINS) };
  };
  return { dense: score('dense'), convolution: score('convolution') };
}

/** Frames of a pitch that its mean and deviation are taken from, evenly spread over its instruments. */
const FRAMES_OF_PITCH = 48;

/** Frames of single notes, [count, BINS], with the pitch of each. */
export interface PitchedFrames {
  readonly shape: Float32Array;
  readonly pitches: readonly number[];
}

/**
 * Where each pitch lies among the latents of both networks, to be drawn from later: mean and standard deviation of the
 * codes of its frames (a density fitted to the codes of a plain autoencoder: Ghosh et al. 2020). All parameters for
 * the checkpoint. Throws `dataset/malformed` for a pitch of the range without frames.
 */
export function completeParameters(
  config: SpectralConfig,
  parameters: ReadonlyMap<string, NamedArray>,
  components: PrincipalComponents,
  { shape, pitches }: PitchedFrames,
): Map<string, NamedArray> {
  const { lowest, highest } = config.pitches;
  const size = [highest - lowest + 1, config.shape.latents];
  const empty = (): NamedArray => ({ shape: size, data: new Float32Array(size[0]! * size[1]!) });
  const all = new Map([...parameters, ...writeComponents(components)]);
  for (const network of SPECTRAL_NETWORKS) {
    for (const name of Object.values(pitchParameterNames(network))) all.set(name, empty());
  }
  const chosen = Array.from({ length: size[0]! }, (_, i) =>
    spread(framesOfPitch(pitches, lowest + i), FRAMES_OF_PITCH),
  );
  for (const network of SPECTRAL_NETWORKS) {
    const coder = createSpectralNetwork(config, all, network);
    const names = pitchParameterNames(network);
    const [mean, deviation] = [
      all.get(names.mean)!.data as Float32Array,
      all.get(names.deviation)!.data as Float32Array,
    ];
    chosen.forEach((own, row) => {
      const codes = coder.encode(gather(shape, own));
      for (let c = 0; c < size[1]!; c++) {
        const values = own.map((_, i) => codes[i * size[1]! + c]!);
        const middle = values.reduce((a, b) => a + b) / values.length;
        const square = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length;
        mean[row * size[1]! + c] = middle;
        deviation[row * size[1]! + c] = Math.sqrt(square);
      }
    });
  }
  return all;
}

/** Which frames are of this pitch. Throws `dataset/malformed` where none is. */
function framesOfPitch(pitches: readonly number[], pitch: number): number[] {
  const own = pitches.flatMap((value, i) => (value === pitch ? [i] : []));
  if (own.length > 0) return own;
  throw new AttuneError('dataset/malformed', `There is no sound of the pitch ${pitch}.`, { pitch });
}

/** At most `most` of the items, evenly spread. */
export function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]!);
}

function drawNoise({ noise, latents }: SpectralPlan, rows: number, rng: Rng): Float32Array {
  return Float32Array.from({ length: rows * latents }, () => noise * rng.normal());
}

/** [order.length, BINS]: the frames of these numbers. */
function gather(frames: Float32Array, order: readonly number[]): Float32Array {
  const rows = new Float32Array(order.length * BINS);
  order.forEach((item, i) => rows.set(frames.subarray(item * BINS, (item + 1) * BINS), i * BINS));
  return rows;
}

function requireFrames(frames: Float32Array, part: string): number {
  const count = frames.length / BINS;
  if (Number.isInteger(count) && count > 0) return count;
  throw new AttuneError('dataset/malformed', `There are no frames for ${part}.`, {
    part,
    values: frames.length,
  });
}
