import { AttuneError } from '@attune/core';
import { BATCH, DecoderEngine } from './decoder-engine.ts';
import type { DecoderWeights } from './decoder-weights.ts';

export { createDecoderWeights, loadDecoderKernels, PRECISIONS } from './decoder-weights.ts';
export type { DecoderArray, DecoderWeights, DecoderWeightsOptions, Precision } from './decoder-weights.ts';

/**
 * One step at a time through the same network as model.ts, with cached keys and values: one lane of an engine. Steps
 * are taken when logits are asked for, together with those that other decoders of the engine wait for.
 */
export class Decoder {
  private readonly engine: DecoderEngine;
  private readonly lane: number;
  private length = 0;

  /** Default: an engine of its own. */
  constructor(weights: DecoderWeights, engine: DecoderEngine = new DecoderEngine(weights, 1), lane = 0) {
    this.engine = engine;
    this.lane = lane;
  }

  /** Most steps between two resets. */
  get window(): number {
    return this.engine.weights.shape.window;
  }

  /** Steps taken since the last reset. */
  get steps(): number {
    return this.length;
  }

  /** Forgets everything. */
  reset(): void {
    this.length = 0;
  }

  /**
   * Takes one input step: `count` rows of the input table, at `time` bars. With `heads` false no logits are
   * prepared, as for a prompt. Throws `argument/invalid` when the window is full.
   */
  step(rows: Int32Array, count: number, time: number, heads = true): void {
    if (this.length >= this.window) {
      throw new AttuneError('argument/invalid', `The decoder's window of ${this.window} steps is full.`, {
        window: this.window,
      });
    }
    this.engine.add(this.lane, this.length, rows, count, time, heads);
    this.length++;
  }

  /** Logits of `field`, given the fields of the same note set so far; valid until its next call for this field. */
  fieldLogits(field: number): Float32Array {
    return this.engine.fieldLogits(this.lane, field);
  }

  /** Tells the heads of the later fields the value of `field`. */
  setField(field: number, value: number): void {
    this.engine.setField(this.lane, field, value);
  }

  /** To be awaited after each note: see `DecoderEngine.pause`. */
  pause(): Promise<void> {
    return this.engine.pause();
  }
}

/** Decoders that share one engine, and so one copy of the weights: to write several pieces note by note in turn. */
export function createDecoders(weights: DecoderWeights, count: number): Decoder[] {
  const engine = new DecoderEngine(weights, count);
  return Array.from({ length: count }, (_, lane) => new Decoder(weights, engine, lane));
}

/**
 * Decoders to borrow. They come in groups that share an engine; a group is made when all decoders are lent, and one
 * group is kept for later.
 */
export class DecoderPool {
  private groups: { readonly idle: Decoder[] }[] = [];
  private readonly weights: DecoderWeights;

  constructor(weights: DecoderWeights) {
    this.weights = weights;
  }

  async use<T>(work: (decoder: Decoder) => Promise<T>): Promise<T> {
    let group = this.groups.find(({ idle }) => idle.length > 0);
    if (!group) this.groups.push((group = { idle: createDecoders(this.weights, BATCH).reverse() }));
    const decoder = group.idle.pop()!;
    try {
      return await work(decoder);
    } finally {
      group.idle.push(decoder);
      if (group.idle.length === BATCH && this.groups.length > 1)
        this.groups = this.groups.filter((other) => other !== group);
    }
  }
}
