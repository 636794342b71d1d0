import { createRng } from '@attune/core';
import { selectBackend } from '@attune/core/nn';
import { expect, it } from 'vitest';
import { createBatch } from './batch.ts';
import { OPEN } from './conditions.ts';
import { createInputLayout } from './input-layout.ts';
import { batchTensors, noteNats } from './model.ts';
import { createFlatBatch, FLAT_INPUT_ROWS, flatPieceOf, wholeFlatExcerpts } from './remi-rows.ts';
import { TINY_CONDITIONS, TINY_SHAPE } from './test-checkpoint.ts';
import { testPiece } from './test-piece.ts';
import { createParameters } from './train.ts';
import { wholePieceExcerpts } from './windows.ts';
import { REMI_VOCABULARY_SIZE } from '@attune/core/tokens';

const backend = selectBackend({ prefer: ['cpu'] });

it('an excerpt has the same nats alone and packed beside others', async () => {
  const { tf } = await backend;
  const layout = createInputLayout(TINY_CONDITIONS);
  const parameters = new Map(createParameters(tf, TINY_SHAPE, createRng(1)).entries());
  const excerptOf = (notes: number) =>
    wholePieceExcerpts(testPiece(notes, createRng(notes)), 32, OPEN, true)[0]!;
  const [a, b] = [excerptOf(8), excerptOf(12)];
  const nats = (placed: Parameters<typeof createBatch>[0]): Float32Array =>
    noteNats(
      tf,
      TINY_SHAPE,
      parameters,
      batchTensors(tf, createBatch(placed, 1, 32, TINY_SHAPE, layout)),
    ).dataSync<'float32'>();
  const alone = nats([{ excerpt: b, row: 0, at: 0 }]);
  const packed = nats([
    { excerpt: a, row: 0, at: 0 },
    { excerpt: b, row: 0, at: 9 },
  ]);
  for (let i = 0; i < 13 * 6; i++) expect(packed[9 * 6 + i]).toBeCloseTo(alone[i]!, 4);
});

it('flat sequences run through the same network, with gradients, every token charged once', async () => {
  const { tf } = await backend;
  const shape = { ...TINY_SHAPE, fieldSizes: [REMI_VOCABULARY_SIZE], inputRows: FLAT_INPUT_ROWS };
  const store = createParameters(tf, shape, createRng(1));
  const parameters = new Map(store.entries());
  const piece = flatPieceOf(testPiece(20, createRng(3)));
  expect(piece.notes).toBe(20);
  const excerpts = wholeFlatExcerpts(piece, 32);
  let charged = 0;
  for (const excerpt of excerpts) {
    const batch = createFlatBatch([{ excerpt, row: 0, at: 0 }], 1, shape);
    charged += batch.weights.reduce((sum, weight) => sum + weight, 0);
  }
  expect(charged).toBe(piece.tokens.length);
  const batch = createFlatBatch([{ excerpt: excerpts[0]!, row: 0, at: 0 }], 1, shape);
  const { value, grads } = tf.variableGrads(() =>
    tf.sum(noteNats(tf, shape, parameters, batchTensors(tf, batch))).asScalar(),
  );
  // Untrained, a token costs about the log of the vocabulary.
  expect(value.dataSync()[0]! / 32).toBeGreaterThan(0.5 * Math.log(REMI_VOCABULARY_SIZE));
  expect(Object.keys(grads)).toHaveLength(store.names().length);
});
