import { AttuneError } from '../foundation/errors.ts';
import { createRng, type Rng } from '../foundation/rng.ts';
import type { BatchSource } from './batches.ts';
import { gradientsOf, type Optimiser } from './optimiser.ts';
import type { ParameterStore } from './parameter-store.ts';
import type { Schedule } from './schedule.ts';
import type { Tensor, TensorFlow } from './tensor-flow.ts';
import type { TrainingState } from './training-state.ts';
import type { WeightAverage } from './weight-average.ts';

/** All that a training run needs: what it optimises, on what, how long, and whom it tells. */
export interface TrainOptions<Batch> {
  readonly tf: TensorFlow;
  readonly store: ParameterStore;
  /** Mean loss of one batch, a scalar tensor; `rng` feeds dropout. Runs inside a tidy. */
  readonly lossOf: (batch: Batch, rng: Rng) => Tensor;
  readonly batches: BatchSource<Batch>;
  readonly optimiser: Optimiser;
  readonly schedule: Schedule;
  /**
   * Average of the weights, updated after each step. `evaluate` then sees the averaged weights, and the store holds
   * them (or the best of them) afterwards; when cancelled it holds the plain ones.
   */
  readonly average?: WeightAverage;
  /** Total updates, those before a resume included. */
  readonly steps: number;
  /** Asked after each update; `true` makes it the last one, as if `steps` had been reached: for runs that time limits. */
  readonly isOver?: () => boolean;
  /** Source of all randomness inside `lossOf`; its state is saved. */
  readonly rng: Rng;
  /** Validation score, lower is better; asked every `evaluateEvery` updates and after the last. */
  readonly evaluate?: () => number | Promise<number>;
  readonly evaluateEvery?: number;
  /** Stop after this many evaluations in a row without a better score. Default: never. */
  readonly patience?: number;
  /** Tokens, frames … of a batch, for the speed in the progress. */
  readonly tokensOf?: (batch: Batch) => number;
  readonly onProgress?: (progress: TrainProgress) => void;
  /** When it fires, the state is saved and `train` returns with `ended: 'cancelled'`. */
  readonly signal?: AbortSignal;
  /** Called every `checkpointEvery` updates, and when training ends or is cancelled. */
  readonly saveState?: (state: TrainingState) => void | Promise<void>;
  readonly checkpointEvery?: number;
  /** Go on from a saved state. The result equals never having stopped. */
  readonly resume?: TrainingState;
  /** Milliseconds of a steady clock; without it there are no speeds. */
  readonly now?: () => number;
}

/** State of a run after one update. */
export interface TrainProgress {
  /** Updates done, and in all. */
  readonly step: number;
  readonly steps: number;
  /** Training loss of this update. */
  readonly loss: number;
  readonly learningRate: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
  /** Present after an evaluation. */
  readonly score?: number;
  readonly bestScore?: number;
  /** Since `train` was called; present with `now` (and `tokensOf`). */
  readonly stepsPerSecond?: number;
  readonly tokensPerSecond?: number;
}

/** How a run ended. */
export interface TrainResult {
  readonly ended: 'finished' | 'no-improvement' | 'cancelled';
  /** Updates done. */
  readonly step: number;
  /** Training loss of the last update; NaN when none was made. */
  readonly loss: number;
  readonly best?: { readonly step: number; readonly score: number };
}

/**
 * Trains the parameters of `store`. It knows batches, a loss and an optimiser, and nothing of their meaning.
 * With `evaluate`, the store holds the best-scoring weights afterwards (the last ones when cancelled).
 * Throws `model/invalid` when the loss or a gradient is not finite, before the parameters are touched.
 */
export async function train<Batch>(options: TrainOptions<Batch>): Promise<TrainResult> {
  const { tf, store, optimiser, batches, steps, average, resume, signal, now } = options;
  const rng = createRng(resume?.rng ?? options.rng.state());
  let { step, best, sinceBest } = { step: 0, best: undefined, sinceBest: 0, ...resume } as {
    step: number;
    best: TrainingState['best'];
    sinceBest: number;
  };
  if (resume) {
    store.load(resume.parameters);
    optimiser.load(resume.optimiser);
    loadAverage(average, resume);
    batches.restore(resume.cursor);
  }
  const firstStep = step;
  const started = now?.();
  let tokens = 0;
  let loss = NaN;
  let ended: TrainResult['ended'] = 'finished';

  const stateNow = (): TrainingState => ({
    step,
    parameters: store.save(),
    optimiser: optimiser.save(),
    ...(average && { average: average.save() }),
    rng: rng.state(),
    cursor: batches.cursor(),
    sinceBest,
    ...(best && { best }),
  });

  while (step < steps) {
    if (signal?.aborted) {
      ended = 'cancelled';
      break;
    }
    const batch = batches.next();
    const learningRate = options.schedule(step);
    const update = updateOnce(tf, store, optimiser, () => options.lossOf(batch, rng), learningRate, step);
    loss = update.loss;
    step++;
    average?.update();
    tokens += options.tokensOf?.(batch) ?? 0;

    const isLast = step === steps || (options.isOver?.() ?? false);
    let score: number | undefined;
    if (options.evaluate && (isLast || step % (options.evaluateEvery ?? steps) === 0)) {
      const plain = average && store.save();
      if (average) store.load(average.values());
      score = await options.evaluate();
      if (best === undefined || score < best.score) {
        best = { step, score, parameters: store.save() };
        sinceBest = 0;
      } else sinceBest++;
      if (plain) store.load(plain);
    }
    const seconds = started === undefined ? undefined : (now!() - started) / 1000;
    options.onProgress?.({
      step,
      steps,
      loss,
      learningRate,
      gradientNorm: update.gradientNorm,
      ...(score !== undefined && { score }),
      ...(best && { bestScore: best.score }),
      ...(seconds && { stepsPerSecond: (step - firstStep) / seconds }),
      ...(seconds && options.tokensOf && { tokensPerSecond: tokens / seconds }),
    });
    if (score !== undefined && sinceBest >= (options.patience ?? Infinity)) {
      ended = 'no-improvement';
      break;
    }
    if (isLast) break;
    if (options.checkpointEvery && step % options.checkpointEvery === 0) {
      await options.saveState?.(stateNow());
    }
    await new Promise((resolve) => setTimeout(resolve)); // let an abort, or a server, have its turn
  }
  if (options.saveState) await options.saveState(stateNow());
  if (ended !== 'cancelled') {
    if (best) store.load(best.parameters);
    else if (average) store.load(average.values());
  }
  return { ended, step, loss, ...(best && { best: { step: best.step, score: best.score } }) };
}

function loadAverage(average: WeightAverage | undefined, { average: saved }: TrainingState): void {
  if ((average === undefined) !== (saved === undefined)) {
    throw new AttuneError(
      'checkpoint/mismatch',
      saved === undefined
        ? 'The training state has no average of the weights, and this run keeps one.'
        : 'The training state has an average of the weights, and this run keeps none.',
    );
  }
  if (average && saved) average.load(saved);
}

function updateOnce(
  tf: TensorFlow,
  store: ParameterStore,
  optimiser: Optimiser,
  lossOf: () => Tensor,
  learningRate: number,
  step: number,
): { loss: number; gradientNorm: number } {
  const { loss, gradients } = gradientsOf(tf, store, lossOf);
  try {
    const value = loss.dataSync()[0]!;
    if (!Number.isFinite(value)) {
      throw new AttuneError(
        'model/invalid',
        `The loss became ${value} at step ${step} with learning rate ${learningRate}; lower the rate or clip gradients.`,
        { step, learningRate },
      );
    }
    return { loss: value, gradientNorm: optimiser.step(gradients, learningRate) };
  } finally {
    loss.dispose();
    for (const gradient of Object.values(gradients)) gradient.dispose();
  }
}
