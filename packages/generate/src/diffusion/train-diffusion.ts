import { createRng, type Rng } from '@attune/core';
import {
  createAdamW,
  createWeightAverage,
  normal,
  ParameterStore,
  train,
  zeros,
  type Backend,
  type Schedule,
  type Tensor,
  type TensorFlow,
  type TrainOptions,
  type TrainResult,
} from '@attune/core/nn';
import { denoiserParameterShapes, type DiffusionConfig } from './config.ts';
import { excerptBatches, type DiffusionBatch, type ExcerptPlan, type LatentSong } from './latent-songs.ts';
import { velocity, type Parameters } from './model.ts';

/** What a run is made of. */
export interface DiffusionPlan extends ExcerptPlan {
  readonly weightDecay: number;
  /** Share of the running average of the weights that an update keeps; the average is what is judged and kept. */
  readonly averageDecay: number;
  readonly evaluateEvery: number;
  readonly patience: number;
  /** Batches that an evaluation reads. */
  readonly validBatches: number;
}

/** How a denoiser is trained. */
export interface TrainDiffusionOptions extends Pick<
  TrainOptions<unknown>,
  'onProgress' | 'saveState' | 'checkpointEvery' | 'resume' | 'signal' | 'now' | 'steps' | 'isOver'
> {
  readonly backend: Backend;
  readonly config: Pick<DiffusionConfig, 'shape' | 'styles' | 'attributes'>;
  /** Means and deviations of the latents [2, latent]. */
  readonly scale: Float32Array;
  readonly plan: DiffusionPlan;
  readonly train: readonly LatentSong[];
  readonly valid: readonly LatentSong[];
  readonly schedule: Schedule;
  readonly seed: number;
}

/** Parameters with their first values; the layers that scale and the last one begin at 0. */
export function createDenoiserParameters(
  tf: TensorFlow,
  { shape, styles }: Pick<DiffusionConfig, 'shape' | 'styles'>,
  rng: Rng,
): ParameterStore {
  const store = new ParameterStore(tf, rng);
  for (const [name, size] of denoiserParameterShapes(shape, styles.length)) {
    const isZero = name.endsWith('bias') || name.startsWith('output') || /layer\d+\/condition/.test(name);
    const isTable = name === 'input/position' || name === 'input/letter';
    const residual = /\/(out|down)\//.test(name) ? Math.SQRT1_2 / Math.sqrt(shape.layers) : 1;
    store.create(name, size, isZero ? zeros : isTable ? normal(0.3) : normal(residual / Math.sqrt(size[0]!)));
  }
  return store;
}

/** Mean squared error of the velocity over what is to be made: a scalar, 1 for a network that says nothing. */
export function velocityError(
  tf: TensorFlow,
  shape: DiffusionConfig['shape'],
  parameters: Parameters,
  batch: DiffusionBatch,
): Tensor {
  const { rows, phrases, weights } = batch;
  const found = velocity(tf, shape, parameters, batch);
  const apart = tf.square(tf.sub(found, tf.tensor(batch.velocity, [rows, phrases, shape.latent])));
  const charged = tf.mul(tf.mean(apart, -1), tf.tensor(weights, [rows, phrases]));
  return tf.div(
    tf.sum(charged),
    Math.max(
      1,
      weights.reduce((sum, x) => sum + x, 0),
    ),
  );
}

/** Trains from scratch; afterwards the store holds the weights with the least error on `valid`. */
export async function trainDiffusion(
  options: TrainDiffusionOptions,
): Promise<{ store: ParameterStore; result: TrainResult }> {
  const { backend, config, scale, plan, train: songs, valid, seed, ...rest } = options;
  const { tf } = backend;
  const rng = createRng(seed);
  const store = createDenoiserParameters(tf, config, rng.fork('parameters'));
  const parameters: Parameters = new Map(store.entries());
  const held = excerptBatches(valid, config, scale, plan, createRng(seed).fork('validation'));
  const heldBatches = Array.from({ length: plan.validBatches }, () => held.next());
  const result = await train<DiffusionBatch>({
    ...rest,
    tf,
    store,
    optimiser: createAdamW(tf, store, { beta2: 0.98, weightDecay: plan.weightDecay, clipNorm: 1 }),
    average: createWeightAverage(store, { decay: plan.averageDecay }),
    batches: excerptBatches(songs, config, scale, plan, rng.fork('batches')),
    rng: rng.fork('noise'),
    lossOf: (batch) => velocityError(tf, config.shape, parameters, batch),
    evaluate: () => {
      const errors = heldBatches.map(
        (batch) =>
          tf.tidy(
            () => velocityError(tf, config.shape, parameters, batch).dataSync()[0],
          ) as unknown as number,
      );
      return errors.reduce((sum, x) => sum + x, 0) / errors.length;
    },
    evaluateEvery: plan.evaluateEvery,
    patience: plan.patience,
    tokensOf: ({ rows, phrases }) => rows * phrases,
  });
  return { store, result };
}
