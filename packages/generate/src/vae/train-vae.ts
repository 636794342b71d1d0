import { createRng, type Rng } from '@attune/core';
import {
  createAdamW,
  heNormal,
  normal,
  ParameterStore,
  train,
  zeros,
  type Backend,
  type NamedArray,
  type Schedule,
  type Tensor,
  type TensorFlow,
  type TrainOptions,
  type TrainResult,
} from '@attune/core/nn';
import { vaeParameterShapes, type VaeShape } from './config.ts';
import { phraseBatch, phraseLoss, type Parameters, type PhraseBatch, type VaeLoss } from './model.ts';
import { songBatch, songLoss, type SongBatch } from './song-model.ts';
import { spreadWindows, windowAt, windowBatches, type GridWindows } from './grid-windows.ts';
import type { VoiceGrid } from './voice-grid.ts';

/** What training of one level is made of. */
export interface LevelPlan {
  readonly rows: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Weight of the divergence (β of Higgins et al. 2017), reached by `betaWarmup` updates. */
  readonly beta: number;
  readonly betaWarmup: number;
  /** Nats of divergence that cost nothing (free bits, Kingma et al. 2016). */
  readonly freeNats: number;
  /** Share of steps whose history the decoder is not told, so that it reads the latent. */
  readonly untold: number;
  /** Weight of the distance between planned and read latents of phrases; songs only. */
  readonly distanceWeight: number;
  readonly evaluateEvery: number;
  readonly patience: number;
}

/** How a level is trained. */
export interface TrainLevelOptions extends Pick<
  TrainOptions<unknown>,
  'onProgress' | 'saveState' | 'checkpointEvery' | 'resume' | 'signal' | 'now' | 'steps' | 'isOver'
> {
  readonly backend: Backend;
  readonly shape: VaeShape;
  readonly plan: LevelPlan;
  readonly train: GridWindows;
  readonly valid: GridWindows;
  /** Windows that an evaluation reads. */
  readonly validCount: number;
  readonly schedule: Schedule;
  readonly seed: number;
  /** Parameters of the lower level, which stay as they are; needed for the upper one. */
  readonly lower?: ReadonlyMap<string, NamedArray>;
}

/** Parameters with their first values: He's deviation, small output layers, shortcuts and tables, biases 0. */
export function createVaeParameters(
  tf: TensorFlow,
  shape: VaeShape,
  part: 'phrase' | 'song',
  rng: Rng,
): ParameterStore {
  const store = new ParameterStore(tf, rng);
  for (const [name, size] of vaeParameterShapes(shape, part)) {
    const isTable = name.endsWith('embedding') || /history|beside/.test(name);
    const isOutput = /global|local|head|shortcut/.test(name);
    // Where a shortcut carries the values, what is added to them begins small.
    const isAdded = part === 'song' && /encoder\/local|decoder\/patch/.test(name);
    store.create(
      name,
      size,
      name.endsWith('bias')
        ? zeros
        : isTable
          ? normal(0.3)
          : isOutput || isAdded
            ? normal((isAdded ? 0.1 : 1) / Math.sqrt(size[0]!))
            : heNormal,
    );
  }
  return store;
}

/** Means of what was measured on the validation windows, in nats a window; one draw of z each. */
export interface VaeScore {
  readonly reconstruction: number;
  readonly divergence: number;
  /** Reconstruction + β · divergence: what is chosen by. */
  readonly score: number;
}

/** Trains the lower level: phrases. Afterwards the store holds the best weights by the validation score. */
export async function trainPhrases(
  options: TrainLevelOptions & { readonly onScore?: (score: VaeScore) => void },
): Promise<{ store: ParameterStore; result: TrainResult }> {
  const { backend, shape, plan } = options;
  const rng = createRng(options.seed);
  const store = createVaeParameters(backend.tf, shape, 'phrase', rng.fork('phrase'));
  const parameters: Parameters = new Map(store.entries());
  return trainLevel<PhraseBatch>(options, store, rng, {
    batchOf: (grids, draw) => phraseBatch(shape.voices, grids, () => draw.uniform() >= plan.untold),
    heldBatchOf: (grids) => phraseBatch(shape.voices, grids),
    lossOf: (batch, draw) => phraseLoss(backend.tf, shape, parameters, batch, draw),
  });
}

/** Trains the upper level: songs of phrases, over a lower level that is given and stays. */
export async function trainSongs(
  options: TrainLevelOptions & {
    readonly lower: ReadonlyMap<string, NamedArray>;
    /** First values of some parameters; see `linearStart`. */
    readonly start?: ReadonlyMap<string, NamedArray>;
    readonly onScore?: (score: VaeScore) => void;
  },
): Promise<{ store: ParameterStore; result: TrainResult }> {
  const { backend, shape, plan, lower } = options;
  const { tf } = backend;
  const rng = createRng(options.seed);
  const store = createVaeParameters(tf, shape, 'song', rng.fork('song'));
  if (options.start) store.load(new Map([...store.save(), ...options.start]));
  const fixed = [...lower].map(
    ([name, { shape: size, data }]) => [name, tf.tensor(data, [...size])] as const,
  );
  const parameters: Parameters = new Map<string, Tensor>([...fixed, ...store.entries()]);
  try {
    return await trainLevel<SongBatch>(options, store, rng, {
      batchOf: (grids, draw) => songBatch(grids, shape, () => draw.uniform() >= plan.untold, draw),
      heldBatchOf: (grids) => songBatch(grids, shape),
      lossOf: (batch, draw) => songLoss(tf, shape, parameters, batch, draw),
    });
  } finally {
    for (const [, tensor] of fixed) tensor.dispose();
  }
}

interface Level<Batch> {
  readonly batchOf: (grids: readonly VoiceGrid[], rng: Rng) => Batch;
  readonly heldBatchOf: (grids: readonly VoiceGrid[]) => Batch;
  readonly lossOf: (batch: Batch, rng: Rng) => VaeLoss;
}

async function trainLevel<Batch>(
  options: TrainLevelOptions & { readonly onScore?: (score: VaeScore) => void },
  store: ParameterStore,
  rng: Rng,
  level: Level<Batch>,
): Promise<{ store: ParameterStore; result: TrainResult }> {
  const { backend, plan, train: windows, valid, validCount, seed, schedule, onScore, ...rest } = options;
  const { tf } = backend;
  const held = spreadWindows(valid, validCount).map((index) => windowAt(valid, index));
  let step = options.resume?.step ?? 0;
  const evaluate = (): number => {
    let [reconstruction, divergence] = [0, 0];
    const draw = createRng(seed).fork('validation');
    for (let at = 0; at < held.length; at += plan.rows) {
      const some = held.slice(at, at + plan.rows);
      const [first, second] = tf.tidy(() => {
        const loss = level.lossOf(level.heldBatchOf(some), draw);
        return [loss.reconstruction.dataSync()[0]!, loss.divergence.dataSync()[0]!];
      }) as unknown as [number, number];
      reconstruction += first * some.length;
      divergence += second * some.length;
    }
    reconstruction /= held.length;
    divergence /= held.length;
    const score = reconstruction + plan.beta * divergence;
    onScore?.({ reconstruction, divergence, score });
    return score;
  };
  const result = await train<Batch>({
    ...rest,
    tf,
    store,
    optimiser: createAdamW(tf, store, { beta2: 0.98, weightDecay: plan.weightDecay, clipNorm: 1 }),
    batches: windowBatches(windows, plan.rows, rng.fork('batches'), level.batchOf),
    rng: rng.fork('noise'),
    schedule: (index) => {
      step = index;
      return schedule(index);
    },
    lossOf: (batch, draw) => {
      const { reconstruction, divergence, distance } = level.lossOf(batch, draw);
      const beta = plan.beta * Math.min(1, (step + 1) / plan.betaWarmup);
      const charged = tf.add(reconstruction, tf.mul(beta, tf.relu(tf.sub(divergence, plan.freeNats))));
      return distance ? tf.add(charged, tf.mul(plan.distanceWeight, distance)) : charged;
    },
    evaluate,
    evaluateEvery: plan.evaluateEvery,
    patience: plan.patience,
    tokensOf: () => plan.rows * windows.steps,
  });
  return { store, result };
}
