import { expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { availableBackends } from '../testing/tensors.ts';
import type { BatchSource } from './batches.ts';
import { normal, ones, zeros } from './initialisers.ts';
import { causalMask, causalSelfAttention } from './layers/attention.ts';
import { softmaxCrossEntropy } from './layers/cross-entropy.ts';
import { dense } from './layers/dense.ts';
import { embedding } from './layers/embedding.ts';
import { layerNorm } from './layers/normalisation.ts';
import { rotaryTables } from './layers/rotary.ts';
import { createAdamW } from './optimiser.ts';
import { ParameterStore } from './parameter-store.ts';
import { warmupCosineSchedule } from './schedule.ts';
import type { Tensor } from './tensor-flow.ts';
import { train } from './trainer.ts';

const VOCABULARY = 6;
const LENGTH = 8;
const BATCH = 16;
const WIDTH = 16;

/**
 * A world where only attention helps: the label at each place is the token `lag` places earlier, and tokens are drawn
 * independently. Guessing costs ln 6 = 1.79 nats; what the current token tells is nothing. With a lag of −1 the label
 * is the next token, which a causal layer must never see.
 */
async function scoreAfterTraining(lag: number): Promise<{ before: number; after: number }> {
  const backend = (await availableBackends(['wasm'])).get('wasm')!;
  const { tf } = backend;
  const store = new ParameterStore(tf, createRng(1));
  const weight = (name: string, rows: number, columns: number): Tensor =>
    store.create(name, [rows, columns], normal(1 / Math.sqrt(rows)));
  const table = weight('embedding', VOCABULARY, WIDTH);
  const [scale, offset] = [store.create('scale', [WIDTH], ones), store.create('offset', [WIDTH], zeros)];
  const projections = {
    queryWeight: weight('query', WIDTH, WIDTH),
    keyWeight: weight('key', WIDTH, WIDTH),
    valueWeight: weight('value', WIDTH, WIDTH),
    outputWeight: weight('output', WIDTH, WIDTH),
    // a position alone can only be asked for by a query that does not depend on the token
    queryBias: store.create('queryBias', [WIDTH], normal(1)),
    keyBias: store.create('keyBias', [WIDTH], normal(1)),
    valueBias: store.create('valueBias', [WIDTH], zeros),
  };
  const head = weight('head', WIDTH, VOCABULARY);
  const options = {
    heads: 1,
    mask: causalMask(tf, LENGTH),
    rotary: rotaryTables(tf, LENGTH, WIDTH, { base: 100 }),
  };
  const weights = tf.tensor1d(
    Array.from({ length: BATCH * LENGTH }, (_, i) =>
      i % LENGTH < lag || (i % LENGTH) - lag >= LENGTH ? 0 : 1,
    ),
  );

  const lossOf = (tokens: Int32Array): Tensor => {
    const labels = tokens.map((_, i) => tokens[i - lag] ?? 0);
    const x = embedding(tf, table, tf.tensor(tokens, [BATCH, LENGTH], 'int32'));
    const seen = causalSelfAttention(tf, layerNorm(tf, x, scale, offset), projections, options);
    return softmaxCrossEntropy(tf, dense(tf, seen, head), tf.tensor1d(labels, 'int32'), { weights });
  };
  const rng = createRng(2);
  const draw = (): Int32Array => Int32Array.from({ length: BATCH * LENGTH }, () => rng.integer(VOCABULARY));
  const batches: BatchSource<Int32Array> = { next: draw, cursor: () => null, restore: () => {} };
  const heldOut = draw();
  const evaluate = (): number => tf.tidy(() => lossOf(heldOut).dataSync()[0]!);

  const steps = 60;
  const before = evaluate();
  const result = await train({
    tf,
    store,
    lossOf,
    batches,
    optimiser: createAdamW(tf, store, { clipNorm: 1 }),
    schedule: warmupCosineSchedule({ peak: 0.02, warmupSteps: 10, totalSteps: steps }),
    steps,
    rng,
    evaluate,
    evaluateEvery: 20,
  });
  store.dispose();
  return { before, after: result.best!.score };
}

it('one layer of causal attention learns to look two places back', async () => {
  const { before, after } = await scoreAfterTraining(2);
  expect(before).toBeGreaterThan(1.5);
  expect(after).toBeLessThan(0.1);
});

it('and never learns to look ahead', async () => {
  expect((await scoreAfterTraining(-1)).after).toBeGreaterThan(1.7);
});
