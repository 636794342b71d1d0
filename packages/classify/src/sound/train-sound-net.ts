import { AttuneError, createRng, throwIfCancelled, type Rng, type RngState } from '@attune/core';
import {
  batchNorm,
  conv2d,
  createAdamW,
  createBatchNorm,
  crossEntropyWithTargets,
  dense,
  dropout,
  glorotUniform,
  heNormal,
  ParameterStore,
  train,
  warmupCosineSchedule,
  zeros,
  type BatchNormParameters,
  type BatchSource,
  type Json,
  type Tensor,
  type TensorFlow,
} from '@attune/core/nn';
import { logPower, MEL_BANDS, type MelWindow } from './mel-window.ts';
import {
  bandsAfter,
  inputsOf,
  POOLING_EPSILON,
  SOUND_NET_SHAPE,
  standardised,
  type ConvolutionShape,
  type SoundNet,
} from './sound-net.ts';
import { DEFAULT_VARIATION, maskMel, varyMel, type MelVariation } from './vary-mel.ts';

/** A window with the index of its label (the number of labels: of none of them). */
export interface LabelledMel {
  readonly mel: MelWindow;
  readonly label: number;
}

/** How long and how a net learns. */
export interface SoundNetSettings {
  readonly convolutions: readonly ConvolutionShape[];
  /** Updates. */
  readonly steps: number;
  /** Windows an update. */
  readonly batch: number;
  /** Of AdamW, after its warm-up; it falls by a cosine. */
  readonly learningRate: number;
  /** Decoupled decay of the weights, as in AdamW. */
  readonly decay: number;
  /** Share of the pooled values that a training window does without. */
  readonly dropout: number;
  /** Probability that is taken from the label and given to all alike. */
  readonly smoothing: number;
  /** Frames of a training window, 50 a second: at least, at most. */
  readonly frames: readonly [number, number];
  readonly variation: MelVariation;
}

/** For some thousand windows. */
export const DEFAULT_SOUND_NET: SoundNetSettings = {
  convolutions: SOUND_NET_SHAPE,
  steps: 900,
  batch: 24,
  learningRate: 4e-3,
  decay: 0.02,
  dropout: 0.3,
  smoothing: 0.05,
  frames: [160, 280],
  variation: DEFAULT_VARIATION,
};

/** What a net is to tell, through which noises, and whom it tells how far it is. */
export interface TrainSoundNetOptions {
  /** Labels, and one more where some windows belong to none of them. */
  readonly classes: number;
  readonly settings?: Partial<SoundNetSettings>;
  /** Sounds that are mixed behind the windows. */
  readonly noises: readonly MelWindow[];
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Updates done, of how many, and the training loss of the last. */
  readonly onProgress?: (done: number, total: number, loss: number) => void;
}

const WARMUP_SHARE = 0.05;

/**
 * Trains a net on mel windows; classes come up alike, however many windows they have. Batch normalisation is folded into the
 * convolutions afterwards. The same windows, seed and backend give the same net. Throws `argument/invalid` for a class without
 * windows or a window without frames, `model/invalid` where the loss leaves the finite numbers, `cancelled`.
 */
export async function trainSoundNet(
  tf: TensorFlow,
  windows: readonly LabelledMel[],
  options: TrainSoundNetOptions,
): Promise<SoundNet> {
  const settings = { ...DEFAULT_SOUND_NET, ...options.settings };
  const { classes, seed, signal } = options;
  checkWindows(windows, classes);
  throwIfCancelled(signal);
  const level = levelOf(windows);
  const store = new ParameterStore(tf, createRng(seed).fork('weights'));
  const net = createTrainedNet(store, settings.convolutions, classes);
  try {
    const { ended } = await train({
      tf,
      store,
      batches: windowBatches(windows, level, settings, options),
      lossOf: (batch, rng) => lossOf(tf, net, batch, settings, rng),
      optimiser: createAdamW(tf, store, { beta2: 0.99, weightDecay: settings.decay, clipNorm: 5 }),
      schedule: warmupCosineSchedule({
        peak: settings.learningRate,
        warmupSteps: Math.round(WARMUP_SHARE * settings.steps),
        totalSteps: settings.steps,
        final: 0,
      }),
      steps: settings.steps,
      rng: createRng(seed).fork('dropout'),
      onProgress: ({ step, steps, loss }) => options.onProgress?.(step, steps, loss),
      ...(signal && { signal }),
    });
    if (ended === 'cancelled') throwIfCancelled(signal);
    return foldNet(store, settings.convolutions, classes, level);
  } finally {
    store.dispose();
  }
}

function checkWindows(windows: readonly LabelledMel[], classes: number): void {
  for (let label = 0; label < classes; label++) {
    if (!windows.some((window) => window.label === label)) {
      throw new AttuneError('argument/invalid', `Class ${label} of ${classes} has no window to learn from.`, {
        label,
      });
    }
  }
  windows.forEach(({ mel, label }, index) => {
    if (
      label < classes &&
      mel.frames > 0 &&
      mel.power.length === mel.frames * MEL_BANDS &&
      mel.power.every(Number.isFinite)
    )
      return;
    throw new AttuneError(
      'argument/invalid',
      `Window ${index} is not of ${MEL_BANDS} finite bands a frame and of one of ${classes} classes.`,
      { index },
    );
  });
}

type Level = Pick<SoundNet, 'mean' | 'deviation'>;

/** Mean and deviation of the log power of each band over all windows. */
function levelOf(windows: readonly LabelledMel[]): Level {
  const sum = new Float64Array(MEL_BANDS);
  const square = new Float64Array(MEL_BANDS);
  let frames = 0;
  for (const { mel } of windows) {
    frames += mel.frames;
    mel.power.forEach((power, i) => {
      const value = logPower(power);
      sum[i % MEL_BANDS]! += value;
      square[i % MEL_BANDS]! += value * value;
    });
  }
  const mean = Float32Array.from(sum, (value) => value / frames);
  const deviation = Float32Array.from(
    square,
    (value, band) => Math.sqrt(Math.max(0, value / frames - (sum[band]! / frames) ** 2)) || 1,
  );
  return { mean, deviation };
}

interface WindowBatch {
  /** [batch, frames, MEL_BANDS]. */
  readonly inputs: Float32Array;
  readonly frames: number;
  /** [batch, classes]. */
  readonly targets: Float32Array;
}

function windowBatches(
  windows: readonly LabelledMel[],
  level: Level,
  settings: SoundNetSettings,
  { classes, noises, seed }: TrainSoundNetOptions,
): BatchSource<WindowBatch> {
  const byClass = Array.from({ length: classes }, (_, label) =>
    windows.filter((window) => window.label === label),
  );
  let rng: Rng = createRng(seed).fork('windows');
  return {
    next() {
      const { batch, smoothing, variation } = settings;
      const [least, most] = settings.frames;
      const frames = least + rng.integer(most - least + 1);
      const inputs = new Float32Array(batch * frames * MEL_BANDS);
      const targets = new Float32Array(batch * classes).fill(smoothing / classes);
      for (let i = 0; i < batch; i++) {
        const label = rng.integer(classes);
        const own = byClass[label]!;
        const power = varyMel(own[rng.integer(own.length)]!.mel, frames, noises, variation, rng);
        const values = standardised(level, power);
        maskMel(values, rng);
        inputs.set(values, i * frames * MEL_BANDS);
        targets[i * classes + label]! += 1 - smoothing;
      }
      return { inputs, frames, targets };
    },
    cursor: () => [...rng.state()],
    restore: (cursor: Json) => void (rng = createRng(cursor as unknown as RngState)),
  };
}

interface TrainedNet {
  readonly convolutions: readonly {
    readonly shape: ConvolutionShape;
    readonly kernel: Tensor;
    readonly norm: BatchNormParameters;
  }[];
  readonly out: Tensor;
  readonly outBias: Tensor;
}

function createTrainedNet(
  store: ParameterStore,
  convolutions: readonly ConvolutionShape[],
  classes: number,
): TrainedNet {
  const pooled = 2 * bandsAfter(convolutions) * convolutions.at(-1)!.channels;
  return {
    convolutions: convolutions.map((shape, i) => ({
      shape,
      kernel: store.create(
        `kernel${i}`,
        [...shape.taps, inputsOf(convolutions, i), shape.channels],
        heNormal,
      ),
      norm: createBatchNorm(store, `norm${i}`, shape.channels),
    })),
    out: store.create('out', [pooled, classes], glorotUniform),
    outBias: store.create('outBias', [classes], zeros),
  };
}

function lossOf(
  tf: TensorFlow,
  net: TrainedNet,
  { inputs, frames, targets }: WindowBatch,
  settings: SoundNetSettings,
  rng: Rng,
): Tensor {
  const { batch } = settings;
  let x: Tensor = tf.tensor(inputs, [batch, frames, MEL_BANDS, 1]);
  for (const { shape, kernel, norm } of net.convolutions) {
    x = tf.relu(batchNorm(tf, conv2d(tf, x, kernel, { strides: shape.strides }), norm, { training: true }));
  }
  const mean = tf.mean(x, 1, true); // [batch, 1, bands, channels]
  const variance = tf.mean(tf.square(tf.sub(x, mean)), 1);
  const pooled = tf.concat(
    [tf.reshape(mean, [batch, -1]), tf.reshape(tf.sqrt(tf.add(variance, POOLING_EPSILON)), [batch, -1])],
    1,
  );
  const logits = dense(tf, dropout(tf, pooled, settings.dropout, rng), net.out, net.outBias);
  return tf.mean(crossEntropyWithTargets(tf, logits, tf.tensor2d(targets, [batch, targets.length / batch])));
}

/** Epsilon of `batchNorm`. */
const NORM_EPSILON = 1e-5;

/** Scales and shifts by the running statistics become part of kernels and biases. */
function foldNet(
  store: ParameterStore,
  convolutions: readonly ConvolutionShape[],
  classes: number,
  level: Level,
): SoundNet {
  const saved = store.save();
  const array = (name: string): Float32Array => Float32Array.from(saved.get(name)!.data);
  const gains = convolutions.map((_, i) => {
    const variance = array(`norm${i}/variance`);
    return array(`norm${i}/scale`).map((scale, k) => scale / Math.sqrt(variance[k]! + NORM_EPSILON));
  });
  return {
    convolutions,
    classes,
    ...level,
    kernels: convolutions.map(({ channels }, i) =>
      array(`kernel${i}`).map((value, j) => value * gains[i]![j % channels]!),
    ),
    biases: convolutions.map((_, i) => {
      const mean = array(`norm${i}/mean`);
      return array(`norm${i}/offset`).map((offset, k) => offset - mean[k]! * gains[i]![k]!);
    }),
    out: array('out'),
    outBias: array('outBias'),
  };
}
