import { AttuneError, createRng } from '@attune/core';
import {
  createAdamW,
  createWeightAverage,
  mapBatches,
  ParameterStore,
  shuffledBatches,
  train,
  type NamedArray,
  type TensorFlow,
  type TrainOptions,
  type TrainResult,
} from '@attune/core/nn';
import { FIELD_COUNT, FIELD_SIZES } from '@attune/core/tokens';
import type { EncodedPiece } from '../evaluate/note-model.ts';
import type { DensePlan } from './config.ts';
import { createDense, fieldNats } from './model.ts';
import { batchOf, type NoteBatch } from './note-window.ts';

/** What a run needs beside its plan. */
export interface TrainDenseOptions extends Pick<
  TrainOptions<NoteBatch>,
  | 'onProgress'
  | 'saveState'
  | 'checkpointEvery'
  | 'resume'
  | 'signal'
  | 'now'
  | 'steps'
  | 'isOver'
  | 'schedule'
> {
  readonly tf: TensorFlow;
  readonly plan: Pick<DensePlan, 'shape' | 'rows' | 'averageDecay'>;
  readonly pieces: readonly EncodedPiece[];
  readonly styles: readonly string[];
  readonly seed: number;
}

/**
 * Trains on notes of all pieces in a shuffled order; gives the averaged weights. Throws `dataset/malformed` for no notes
 * or steps that are no compound notes, naming the piece.
 */
export async function trainDense(
  options: TrainDenseOptions,
): Promise<{ parameters: Map<string, NamedArray>; result: TrainResult }> {
  const { tf, plan, pieces, styles, seed, ...rest } = options;
  const rows = pieces.flatMap(({ id, sequence: { steps } }, piece) => {
    if (
      steps.length % FIELD_COUNT !== 0 ||
      steps.some((value, i) => !(value >= 0 && value < FIELD_SIZES[i % FIELD_COUNT]!))
    ) {
      throw new AttuneError('dataset/malformed', `The piece ${id} holds values that are no compound notes.`, {
        piece: id,
      });
    }
    return Array.from({ length: steps.length / FIELD_COUNT }, (_, step) => [piece, step] as const);
  });
  if (rows.length === 0)
    throw new AttuneError('dataset/malformed', 'There are no notes to train on.', { pieces: pieces.length });
  const rng = createRng(seed);
  const store = new ParameterStore(tf, rng.fork('parameters'));
  createDense(store, plan.shape, styles.length);
  const average = createWeightAverage(store, { decay: plan.averageDecay });
  try {
    const result = await train<NoteBatch>({
      ...rest,
      tf,
      store,
      optimiser: createAdamW(tf, store, { weightDecay: 0.01, clipNorm: 1 }),
      average,
      batches: mapBatches(shuffledBatches(rows.length, plan.rows, rng.fork('batches')), (numbers) =>
        batchOf(
          pieces,
          numbers.map((n) => rows[n]!),
          plan.shape.notes,
          styles,
        ),
      ),
      rng: rng.fork('none'),
      lossOf: (batch) => {
        const charged = tf.tensor(batch.charged, [batch.styles.length, FIELD_COUNT]);
        return tf.div(tf.sum(tf.mul(fieldNats(tf, store, batch), charged)), batch.styles.length);
      },
    });
    return { parameters: average.values(), result };
  } finally {
    store.dispose();
  }
}
