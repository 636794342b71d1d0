import { AttuneError, createRng, type Rng } from '@attune/core';
import {
  createAdamW,
  createWeightAverage,
  gaussianKl,
  generatorLoss,
  gradientsOf,
  hingeDiscriminatorLoss,
  mapBatches,
  ParameterStore,
  sampleGaussian,
  shuffledBatches,
  sigmoidCrossEntropyPerElement,
  type BatchSource,
  type NamedArray,
  type Optimiser,
  type Tensor,
  type TensorFlow,
  type TrainingState,
} from '@attune/core/nn';
import { BAND_PARTS, type BandPart } from '../performance/band-parts.ts';
import {
  CELLS,
  cellsOfParts,
  CHORD_VALUES,
  WINDOW_QUARTERS,
  WINDOW_STEPS,
  type BandRoll,
} from './band-roll.ts';
import type { GanPlan } from './config.ts';
import { factsOf } from './facts.ts';
import {
  createDiscriminator,
  createGenerator,
  discriminate,
  encode,
  generate,
  threshold,
  type Told,
} from './networks.ts';

/** Two bars of a band in one style: an index into the model's styles. */
export interface BandWindow extends BandRoll {
  readonly style: number;
}

/** What one update lowered. */
export interface GanProgress {
  readonly step: number;
  /** Hinge loss of the discriminator: 2 when it cannot tell, 0 when it always can. */
  readonly discriminator: number;
  /** Minus the mean verdict on what was made. */
  readonly generator: number;
  /** Nats a window under the reconstruction, and of its divergence from the prior. */
  readonly reconstruction: number;
  readonly divergence: number;
}

/** What a run needs beside its plan. */
export interface TrainGanOptions {
  readonly tf: TensorFlow;
  readonly plan: Omit<GanPlan, 'version' | 'share' | 'windowsPerPiece' | 'steps'>;
  /** Updates in all. */
  readonly steps: number;
  /** As in `TrainOptions`: asked after each update, ends the run. */
  readonly isOver?: () => boolean;
  readonly styles: number;
  readonly windows: readonly BandWindow[];
  readonly seed: number;
  readonly onProgress?: (progress: GanProgress) => void;
  readonly saveState?: (state: TrainingState) => void;
  /** When it fires, the state is saved and training ends. */
  readonly signal?: AbortSignal;
  /** Go on from a saved state: the result equals never having stopped. */
  readonly resume?: TrainingState;
}

/** What a run made. */
export interface TrainedGan {
  /** Averaged weights of generator and encoder. */
  readonly parameters: Map<string, NamedArray>;
  readonly step: number;
  readonly ended: 'finished' | 'cancelled';
}

/** Shares of training windows in which these parts are given and the others are to be written. */
const GIVEN: readonly (readonly [share: number, given: readonly BandPart[]])[] = [
  [0.3, []],
  [0.5, ['melody']],
  [0.1, ['bass']],
  [0.1, ['drums']],
];

interface Batch {
  readonly cells: Float32Array;
  readonly chords: Float32Array;
  readonly styles: readonly number[];
}

/**
 * Trains generator, encoder and discriminator in turns. Each update first teaches the discriminator (hinge loss),
 * then generator and encoder: the generator lowers the hinge loss on windows played by random numbers of the prior,
 * and, with the encoder, the nats of real windows through their own random numbers (the conditional VAE-GAN half of
 * Zhu et al. 2017, "Toward multimodal image-to-image translation", after Larsen et al. 2016): what the random numbers
 * mean is then learned in minutes, and every real window has some, which keeps modes from being dropped. The two have
 * their own rates (Heusel et al. 2017). Throws `dataset/malformed` for no windows or wrong ones, `model/invalid` when
 * a loss is not finite, before the update is made.
 */
export async function trainGan(options: TrainGanOptions): Promise<TrainedGan> {
  const { tf, plan, styles, seed, steps, resume, signal } = options;
  checkWindows(options.windows, styles);
  const rng = createRng(seed);
  const maker = new ParameterStore(tf, rng.fork('generator'));
  const judge = new ParameterStore(tf, rng.fork('discriminator'));
  createGenerator(maker, plan.shape, styles);
  createDiscriminator(judge, plan.shape, styles);
  const adam = { beta1: 0.5, beta2: 0.95, weightDecay: 0, clipNorm: 5 };
  const makerOptimiser = createAdamW(tf, maker, adam);
  const judgeOptimiser = createAdamW(tf, judge, adam);
  const average = createWeightAverage(maker, { decay: plan.averageDecay });
  const batches: BatchSource<Batch> = mapBatches(
    shuffledBatches(options.windows.length, plan.rows, rng.fork('batches')),
    (items) => batchOf(items.map((i) => options.windows[i]!)),
  );
  let noise = rng.fork('noise');
  let step = 0;
  if (resume) {
    maker.load(part(resume.parameters, 'maker'));
    judge.load(part(resume.parameters, 'judge'));
    makerOptimiser.load(part(resume.optimiser, 'maker'));
    judgeOptimiser.load(part(resume.optimiser, 'judge'));
    average.load(resume.average ?? new Map());
    batches.restore(resume.cursor);
    noise = createRng(resume.rng);
    step = resume.step;
  }
  const stateNow = (): TrainingState => ({
    step,
    parameters: joined(maker.save(), judge.save()),
    optimiser: joined(makerOptimiser.save(), judgeOptimiser.save()),
    average: average.save(),
    rng: noise.state(),
    cursor: batches.cursor(),
    sinceBest: 0,
  });
  try {
    let isOver = step >= steps;
    while (!isOver && !signal?.aborted) {
      const losses = updateOnce(
        tf,
        options,
        { maker, judge, makerOptimiser, judgeOptimiser },
        batches.next(),
        noise,
        step,
      );
      average.update();
      step++;
      options.onProgress?.({ step, ...losses });
      isOver = step >= steps || (options.isOver?.() ?? false);
      if (step % plan.checkpointEvery === 0 && !isOver) options.saveState?.(stateNow());
      await new Promise((resolve) => setTimeout(resolve)); // let an abort have its turn
    }
    options.saveState?.(stateNow());
    return { parameters: average.values(), step, ended: isOver ? 'finished' : 'cancelled' };
  } finally {
    maker.dispose();
    judge.dispose();
  }
}

interface Players {
  readonly maker: ParameterStore;
  readonly judge: ParameterStore;
  readonly makerOptimiser: Optimiser;
  readonly judgeOptimiser: Optimiser;
}

function updateOnce(
  tf: TensorFlow,
  { plan, styles }: TrainGanOptions,
  { maker, judge, makerOptimiser, judgeOptimiser }: Players,
  batch: Batch,
  rng: Rng,
  step: number,
): Omit<GanProgress, 'step'> {
  const rows = batch.styles.length;
  const { latent } = plan.shape;
  const given = drawGiven(rows, rng);
  const inputs = (): { real: Tensor; mask: Tensor; told: Told } => ({
    real: tf.tensor(batch.cells, [rows, WINDOW_STEPS, CELLS]),
    mask: tf.tensor(given.cells, [rows, 1, CELLS]),
    told: {
      chords: tf.tensor(batch.chords, [rows, WINDOW_QUARTERS, CHORD_VALUES]),
      facts: tf.tensor(factsOf(batch.styles, styles, given.parts), [rows, styles + BAND_PARTS.length]),
    },
  });
  const draw = (): Tensor =>
    tf.tensor(
      Float32Array.from({ length: rows * latent }, () => rng.normal()),
      [rows, latent],
    );
  const weight =
    plan.adversarial *
    Math.min(1, Math.max(0, step - plan.adversarialFrom) / Math.max(1, plan.adversarialFrom));
  const losses = { discriminator: 0, generator: 0, reconstruction: 0, divergence: 0 };

  if (step >= plan.adversarialFrom) {
    const fake = tf.tidy(() => {
      const { real, mask, told } = inputs();
      const kept = tf.mul(real, mask);
      return merge(tf, threshold(tf, generate(tf, maker, draw(), kept, told)), kept, mask);
    });
    losses.discriminator = improve(tf, judge, judgeOptimiser, plan.discriminatorRate, step, () => {
      const { real, told } = inputs();
      const both: Told = {
        chords: tf.concat([told.chords, told.chords]),
        facts: tf.concat([told.facts, told.facts]),
      };
      const [yes, no] = tf.split(discriminateHalves(tf, judge, real, fake, both), 2) as [Tensor, Tensor];
      return hingeDiscriminatorLoss(tf, yes, no);
    });
    fake.dispose();
  }
  improve(tf, maker, makerOptimiser, plan.generatorRate, step, () => {
    const { real, mask, told } = inputs();
    const kept = tf.mul(real, mask);
    const posterior = encode(tf, maker, real, told.chords);
    const own = sampleGaussian(tf, posterior, rng);
    const both: Told = {
      chords: tf.concat([told.chords, told.chords]),
      facts: tf.concat([told.facts, told.facts]),
    };
    const scores = generate(tf, maker, tf.concat([own, draw()]), tf.concat([kept, kept]), both);
    const [rebuilt, fresh] = tf.split(scores, 2) as [Tensor, Tensor];
    const free = tf.sub(1, mask);
    const nats = tf.div(tf.sum(tf.mul(sigmoidCrossEntropyPerElement(tf, rebuilt, real), free)), rows);
    const apart = tf.mean(gaussianKl(tf, posterior));
    losses.reconstruction = nats.dataSync()[0]!;
    losses.divergence = apart.dataSync()[0]!;
    let loss = tf.mul(tf.add(nats, tf.mul(apart, plan.divergence)), plan.reconstruction);
    if (weight > 0) {
      const fooled = generatorLoss(
        tf,
        discriminate(tf, judge, merge(tf, threshold(tf, fresh), kept, mask), told, 0),
      );
      losses.generator = fooled.dataSync()[0]!;
      loss = tf.add(loss, tf.mul(fooled, weight));
    }
    return loss;
  });
  return losses;
}

/** Verdicts on real and made windows: spread is judged within each half, so that it tells of each. */
function discriminateHalves(
  tf: TensorFlow,
  judge: ParameterStore,
  real: Tensor,
  fake: Tensor,
  both: Told,
): Tensor {
  const half = (t: Tensor, i: number): Tensor => tf.split(t, 2)[i]!;
  const toldOf = (i: number): Told => ({ chords: half(both.chords, i), facts: half(both.facts, i) });
  return tf.concat([
    discriminate(tf, judge, real, toldOf(0), 1),
    discriminate(tf, judge, fake, toldOf(1), 0),
  ]);
}

/** One step of an optimiser; gives the loss. Throws `model/invalid` before the parameters are touched when it is not finite. */
function improve(
  tf: TensorFlow,
  store: ParameterStore,
  optimiser: Optimiser,
  rate: number,
  step: number,
  lossOf: () => Tensor,
): number {
  const { loss, gradients } = gradientsOf(tf, store, lossOf);
  try {
    const value = loss.dataSync()[0]!;
    if (!Number.isFinite(value)) {
      throw new AttuneError(
        'model/invalid',
        `The loss became ${value} at step ${step} with learning rate ${rate}.`,
        { step },
      );
    }
    optimiser.step(gradients, rate);
    return value;
  } finally {
    loss.dispose();
    for (const gradient of Object.values(gradients)) gradient.dispose();
  }
}

/** The given parts as they are, the others as made. */
function merge(tf: TensorFlow, made: Tensor, kept: Tensor, mask: Tensor): Tensor {
  return tf.add(tf.mul(made, tf.sub(1, mask)), kept);
}

function drawGiven(rows: number, rng: Rng): { cells: Float32Array; parts: (readonly BandPart[])[] } {
  const cells = new Float32Array(rows * CELLS);
  const parts = Array.from({ length: rows }, (_, row) => {
    const given = GIVEN[rng.categorical(GIVEN.map(([share]) => share))]![1];
    cells.set(cellsOfParts(given), row * CELLS);
    return given;
  });
  return { cells, parts };
}

function batchOf(windows: readonly BandWindow[]): Batch {
  const cells = new Float32Array(windows.length * WINDOW_STEPS * CELLS);
  const chords = new Float32Array(windows.length * WINDOW_QUARTERS * CHORD_VALUES);
  windows.forEach((window, row) => {
    cells.set(window.cells, row * WINDOW_STEPS * CELLS);
    chords.set(window.chords, row * WINDOW_QUARTERS * CHORD_VALUES);
  });
  return { cells, chords, styles: windows.map(({ style }) => style) };
}

function checkWindows(windows: readonly BandWindow[], styles: number): void {
  if (windows.length === 0)
    throw new AttuneError('dataset/malformed', 'There is no window to train on.', { windows: 0 });
  windows.forEach(({ cells, chords, style }, window) => {
    const wrong =
      cells.length !== WINDOW_STEPS * CELLS
        ? `${cells.length} cells, not ${WINDOW_STEPS * CELLS}`
        : chords.length !== WINDOW_QUARTERS * CHORD_VALUES
          ? `${chords.length} chord values, not ${WINDOW_QUARTERS * CHORD_VALUES}`
          : !(Number.isInteger(style) && style >= 0 && style < styles)
            ? `the style ${style} of ${styles}`
            : !cells.every((cell) => cell === 0 || cell === 1) ||
                !chords.every((value) => value === 0 || value === 1)
              ? 'a value that is neither 0 nor 1'
              : undefined;
    if (wrong) throw new AttuneError('dataset/malformed', `Window ${window} has ${wrong}.`, { window });
  });
}

function joined(
  maker: ReadonlyMap<string, NamedArray>,
  judge: ReadonlyMap<string, NamedArray>,
): Map<string, NamedArray> {
  return new Map([
    ...[...maker].map(([name, array]) => [`maker/${name}`, array] as const),
    ...[...judge].map(([name, array]) => [`judge/${name}`, array] as const),
  ]);
}

function part(arrays: ReadonlyMap<string, NamedArray>, prefix: string): Map<string, NamedArray> {
  return new Map(
    [...arrays]
      .filter(([name]) => name.startsWith(`${prefix}/`))
      .map(([name, array]) => [name.slice(prefix.length + 1), array]),
  );
}
