import { createRng } from '@attune/core';
import { selectBackend } from '@attune/core/nn';
import { barStepsOf } from '@attune/core/tokens';
import { expect, it } from 'vitest';
import { createBatch } from './batch.ts';
import { OPEN } from './conditions.ts';
import { batchTensors, runTrunk } from './model.ts';
import { createNoteStates } from './note-states.ts';
import { readNetwork } from './read-network.ts';
import { createTinyCheckpoint, TINY_SHAPE } from './test-checkpoint.ts';
import { testPiece } from './test-piece.ts';
import { wholePieceExcerpts } from './windows.ts';

const encoded = (notes: number): Parameters<ReturnType<typeof createNoteStates>['statesOf']>[0] => ({
  id: 'x',
  sequence: { ...testPiece(notes, createRng(2)), shift: 0 },
  conditioning: {},
});

it('gives mean and deviation of the states of the last layer, at root mean square 1', async () => {
  const { tf } = await selectBackend({ prefer: ['cpu'] });
  const files = createTinyCheckpoint(6);
  const states = createNoteStates({ tf }, files);
  const piece = encoded(20);
  const found = states.statesOf(piece);
  expect([found.length, found[0]!.length, states.width]).toEqual([1, 32, 16]);

  // The trunk ends with the same normalisation, up to its epsilon.
  const { parameters, layout } = readNetwork(tf, files);
  const { steps, barOf, bars, meter } = piece.sequence;
  const [excerpt] = wholePieceExcerpts({ steps, barOf, bars, barSteps: barStepsOf(meter) }, 32, OPEN, false);
  const values = runTrunk(
    tf,
    TINY_SHAPE,
    parameters,
    batchTensors(tf, createBatch([{ excerpt: excerpt!, row: 0, at: 0 }], 1, 32, TINY_SHAPE, layout)),
  ).dataSync();
  for (let d = 0; d < 16; d++) {
    const own = Array.from({ length: 21 }, (_, step) => values[step * 16 + d]!);
    const mean = own.reduce((a, b) => a + b, 0) / 21;
    expect(found[0]![d]).toBeCloseTo(mean, 2);
    expect(found[0]![16 + d]).toBeCloseTo(
      Math.sqrt(own.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 21),
      2,
    );
  }
});

it('reads each note of a piece longer than its window once, or the first windows only', async () => {
  const { tf } = await selectBackend({ prefer: ['cpu'] });
  const all = createNoteStates({ tf }, createTinyCheckpoint(6)).statesOf(encoded(100))[0]!;
  const first = createNoteStates({ tf }, createTinyCheckpoint(6), { mostWindows: 1 }).statesOf(
    encoded(100),
  )[0]!;
  // Mean squares of states at root mean square 1 add up to the width, however many notes there are.
  for (const moments of [all, first]) {
    const squares = moments.slice(0, 16).map((mean, d) => mean ** 2 + moments[16 + d]! ** 2);
    expect(squares.reduce((a, b) => a + b, 0)).toBeCloseTo(16, 2);
  }
  expect(all).not.toEqual(first);
});

it('leaves no tensors behind', async () => {
  const { tf } = await selectBackend({ prefer: ['cpu'] });
  const before = tf.memory().numTensors;
  const states = createNoteStates({ tf }, createTinyCheckpoint(6));
  states.statesOf(encoded(40));
  states.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
