import { createRng } from '@attune/core';
import { selectNodeBackend } from '@attune/core/node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '@attune/core/nn';
import { createParameters } from '../transformer/train.ts';
import { wholePieceFrames } from './frame-batches.ts';
import { createRollCoding, createVoiceCoding, type FramePiece } from './frame-coding.ts';
import { parsePolyphonySet } from './polyphony-set.ts';
import { framesNats, shapeOf, trainPolyphony, type PolyphonyPlan } from './train-polyphony.ts';

const PLAN: PolyphonyPlan = {
  width: 16,
  layers: 1,
  heads: 2,
  feedForward: 16,
  headWidth: 8,
  window: 24,
  rows: 4,
  steps: 60,
  learningRate: 2e-2,
  warmupSteps: 5,
  weightDecay: 0,
  dropout: 0.1,
  averageDecay: 0,
  evaluateEvery: 30,
  patience: 10,
};

let backend: Backend;
beforeAll(async () => {
  backend = await selectNodeBackend();
});

/** Parameters of zeros: every value is equally likely. */
function flatNats(coding: ReturnType<typeof createVoiceCoding>, pieces: readonly FramePiece[]): number {
  const shape = shapeOf(coding, PLAN);
  const store = createParameters(backend.tf, shape, createRng(1));
  const parameters = new Map(store.entries());
  for (const variable of parameters.values()) {
    (variable as unknown as { assign(value: unknown): void }).assign(backend.tf.zerosLike(variable));
  }
  return framesNats(backend, coding, shape, [parameters], pieces, 2);
}

describe('nats of a network that knows nothing', () => {
  const long: FramePiece = Array.from({ length: 61 }, (_, t) => [60 + (t % 5), 55, 50, 40]);
  it('are the logarithm of the vocabulary for each slot, over windows and pieces', () => {
    expect(flatNats(createVoiceCoding(), [long, long.slice(0, 7)])).toBeCloseTo(Math.log(60), 5);
  });
  it('of a frame of 88 keys are those of its notes and its end, the first frame not counted', () => {
    const pieces = [[[60], [60, 64], [], [50, 60, 64]]];
    expect(flatNats(createRollCoding(), pieces)).toBeCloseTo(((3 + 1 + 4) / 3) * Math.log(89), 4);
  });
});

it('windows charge every frame once, all but the first with context', () => {
  const piece: FramePiece = Array.from({ length: 100 }, () => [60]);
  const windows = wholePieceFrames(piece, 24);
  const charged = windows.flatMap(({ chargedFrom, to }) =>
    Array.from({ length: to - chargedFrom }, (_, i) => chargedFrom + i),
  );
  expect(charged).toEqual(Array.from({ length: 100 }, (_, i) => i));
  for (const { from, to, chargedFrom } of windows.slice(1)) {
    expect(to - from).toBeLessThanOrEqual(24);
    expect(chargedFrom - from).toBe(12);
  }
});

it('learns a piece that repeats, and two runs of one seed are the same', async () => {
  const piece: FramePiece = Array.from({ length: 64 }, (_, t) => [60 + 2 * (t % 4), 55, 52, 40]);
  const coding = createVoiceCoding();
  const run = () => trainPolyphony({ backend, coding, plan: PLAN, train: [piece], valid: [piece], seed: 3 });
  const first = await run();
  expect(first.result.best!.score).toBeLessThan(0.5 * Math.log(60));
  const second = await run();
  expect(second.result.best).toEqual(first.result.best);
});

it('a set that is not of the stated form is refused with its place', () => {
  expect(() => parsePolyphonySet({ train: [], valid: [[[60], ['C']]] })).toThrow(/valid\[0\]/);
  expect(() => parsePolyphonySet({ train: [] })).toThrow(/no list of pieces called valid/);
});
