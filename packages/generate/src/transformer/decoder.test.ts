import { createRng } from '@attune/core';
import { readCheckpoint, selectBackend, type NamedArray, type Tensor } from '@attune/core/nn';
import { readCheckpointFolder } from '@attune/core/node';
import { FIELD_COUNT } from '@attune/core/tokens';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createBatch } from './batch.ts';
import {
  parseTransformerConfig,
  type Ability,
  type ConditionSpace,
  type TransformerShape,
} from './config.ts';
import { createDecoderWeights, Decoder, type Precision } from './decoder.ts';
import { createInputLayout, MAX_ACTIVE_ROWS } from './input-layout.ts';
import { natsOf } from './draw.ts';
import { batchTensors, noteNats } from './model.ts';
import { shippedCheckpointFolder } from './node/shipped-generator.ts';
import { testPiece } from './test-piece.ts';
import { randomParameters, TINY_CONDITIONS, TINY_SHAPE } from './test-checkpoint.ts';
import { binsOfPiece } from './piece.ts';

/** Largest difference in nats of any field of any step between the decoder and the tensor model. */
async function differenceOf(
  shape: TransformerShape,
  parameters: ReadonlyMap<string, NamedArray>,
  space: ConditionSpace,
  precision: Precision = 'float32',
  abilities: readonly Ability[] = [],
): Promise<number> {
  const { tf } = await selectBackend({ prefer: ['cpu'] });
  const layout = createInputLayout(space, abilities);
  const piece = testPiece(24, createRng(5));
  const bins = binsOfPiece(space, piece);
  const excerpt = {
    piece,
    start: 'start' as const,
    from: 0,
    to: 25,
    firstBar: 0,
    tellsRemaining: true,
    bins,
    chargedFrom: 0,
  };
  const batch = createBatch([{ excerpt, row: 0, at: 0 }], 1, 32, { ...shape, window: 32 }, layout);
  const tensors = new Map<string, Tensor>(
    [...parameters].map(([name, { shape: size, data }]) => [
      name,
      tf.tensor(Float32Array.from(data), [...size]),
    ]),
  );
  const expected = noteNats(tf, shape, tensors, batchTensors(tf, batch)).dataSync();

  const decoder = new Decoder(createDecoderWeights(shape, parameters, { precision }));
  const rows = new Int32Array(MAX_ACTIVE_ROWS);
  let most = 0;
  for (let step = 0; step < 25; step++) {
    const bar = step === 0 ? 0 : piece.barOf[step - 1]!;
    let count =
      step === 0
        ? layout.start('start', rows, 0)
        : layout.note(piece.steps, (step - 1) * FIELD_COUNT, rows, 0);
    count = layout.metre(bar, piece.bars - 1 - bar, rows, count);
    count = layout.conditions(bins, rows, count);
    count = layout.form(undefined, bar, rows, count);
    const position = step === 0 ? 0 : piece.steps[(step - 1) * FIELD_COUNT + 1]!;
    decoder.step(rows, count, bar + position / piece.barSteps);
    const fields = step === 24 ? 1 : FIELD_COUNT; // of the closing step only the bar is charged
    for (let field = 0; field < fields; field++) {
      const value = piece.steps[step * FIELD_COUNT + field]!;
      const nats = natsOf(decoder.fieldLogits(field), value);
      most = Math.max(most, Math.abs(nats - expected[step * FIELD_COUNT + field]!));
      decoder.setField(field, value);
    }
  }
  return most;
}

describe('Decoder', () => {
  it('gives every field of every note the nats of the tensor model', async () => {
    const shape = { ...TINY_SHAPE, layers: 2 };
    // Both sum in float32, in another order.
    expect(await differenceOf(shape, randomParameters(shape, 3), TINY_CONDITIONS)).toBeLessThan(1e-4);
  });

  const shipped = shippedCheckpointFolder();
  const isThere = existsSync(shipped);
  if (!isThere) console.log(`The shipped checkpoint is not in ${shipped}: its decoder is not checked.`);
  it.skipIf(!isThere)('does so with the shipped weights', async () => {
    const { config, parameters } = readCheckpoint(readCheckpointFolder(shipped));
    const { shape, conditions, abilities } = parseTransformerConfig(config);
    // Random notes under a trained model cost up to 30 nats a field, and logits reach that size.
    expect(await differenceOf(shape, parameters, conditions, 'float32', abilities)).toBeLessThan(2e-3);
    // Weights of eight bits: see docs/measurements/decoder.md for what that costs on real notes.
    const whole = await differenceOf(shape, parameters, conditions, 'int8', abilities);
    expect(whole).toBeGreaterThan(2e-3);
    expect(whole).toBeLessThan(1.5);
  });

  it('gives the same logits after a reset', () => {
    const decoder = new Decoder(createDecoderWeights(TINY_SHAPE, randomParameters(TINY_SHAPE, 1)));
    const run = (): number[] => {
      decoder.reset();
      decoder.step(Int32Array.of(1, 20, 300), 3, 0);
      decoder.step(Int32Array.of(2, 30, 310), 3, 0.5);
      return [...decoder.fieldLogits(0)];
    };
    const first = run();
    expect(run()).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(5);
  });

  it('refuses a step beyond its window', () => {
    const decoder = new Decoder(createDecoderWeights(TINY_SHAPE, randomParameters(TINY_SHAPE, 1)));
    for (let i = 0; i < TINY_SHAPE.window; i++) decoder.step(Int32Array.of(0), 1, i, false);
    expect(() => decoder.step(Int32Array.of(0), 1, 32)).toThrow(/window of 32 steps is full/);
  });

  it('names a parameter of another shape', () => {
    const parameters = randomParameters(TINY_SHAPE, 1);
    parameters.set('layer0.up', { shape: [3, 4], data: new Float32Array(12) });
    expect(() => createDecoderWeights(TINY_SHAPE, parameters)).toThrow(
      /layer0\.up has shape \[3, 4\].*\[16, 32\]/,
    );
  });
});
