import { AttuneError } from '../foundation/errors.ts';
import { createRng, type Rng, type RngState } from '../foundation/rng.ts';
import type { Json } from './json.ts';

/** An endless supply of batches whose position can be saved, so that training can go on where it stopped. */
export interface BatchSource<Batch> {
  next(): Batch;
  /** Plain JSON; `restore(cursor())` makes `next` give the same batches again. */
  cursor(): Json;
  /** Throws `checkpoint/mismatch` when the cursor does not belong to this source. */
  restore(cursor: Json): void;
}

/**
 * Batches of item numbers 0 … count−1: each epoch is a new shuffle, and every item comes once an epoch. A batch may
 * span two epochs, so all have `batchSize` items.
 */
export function shuffledBatches(count: number, batchSize: number, rng: Rng): BatchSource<number[]> {
  if (!(Number.isInteger(count) && count > 0 && Number.isInteger(batchSize) && batchSize > 0)) {
    throw new AttuneError(
      'argument/invalid',
      `Batches of ${batchSize} cannot be drawn from ${count} items.`,
      {
        count,
        batchSize,
      },
    );
  }
  let epochStart = rng.state();
  let order: number[] = [];
  let position = 0;
  const startEpoch = (state: RngState): void => {
    epochStart = state;
    const shuffler = createRng(state);
    order = shuffler.shuffle(Array.from({ length: count }, (_, i) => i));
    nextEpoch = shuffler.state();
    position = 0;
  };
  let nextEpoch: RngState = epochStart;
  startEpoch(epochStart);
  return {
    next() {
      const batch: number[] = [];
      while (batch.length < batchSize) {
        if (position === count) startEpoch(nextEpoch);
        batch.push(order[position++]!);
      }
      return batch;
    },
    cursor: () => ({ epochStart: [...epochStart], position, count }),
    restore(cursor) {
      const saved = cursor as { epochStart?: RngState; position?: number; count?: number } | null;
      if (saved?.epochStart?.length !== 4 || saved.count !== count || !((saved.position ?? -1) >= 0)) {
        throw new AttuneError(
          'checkpoint/mismatch',
          `The data cursor does not fit a source of ${count} items.`,
          { count },
        );
      }
      startEpoch(saved.epochStart);
      position = saved.position!;
    },
  };
}

/** The same source with each batch turned into something else, such as arrays for a model. */
export function mapBatches<From, To>(source: BatchSource<From>, map: (batch: From) => To): BatchSource<To> {
  return {
    next: () => map(source.next()),
    cursor: () => source.cursor(),
    restore: (cursor) => source.restore(cursor),
  };
}
