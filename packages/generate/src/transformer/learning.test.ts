import { createRng } from '@attune/core';
import { constantSchedule, selectBackend } from '@attune/core/nn';
import { FIELD_COUNT } from '@attune/core/tokens';
import { expect, it } from 'vitest';
import { parseTransformerConfig } from './config.ts';
import { testPiece } from './test-piece.ts';
import { TINY_CONDITIONS, TINY_SHAPE } from './test-checkpoint.ts';
import { trainTransformer } from './train.ts';
import type { Piece } from './piece.ts';

/** The first two bars over and over. */
function loopPiece(times: number): Piece {
  const bars = testPiece(8, createRng(3));
  const long = testPiece(8 * times, createRng(1));
  for (let i = 0; i < 8 * times; i++) {
    long.steps.set(bars.steps.subarray((i % 8) * FIELD_COUNT, ((i % 8) + 1) * FIELD_COUNT), i * FIELD_COUNT);
    long.steps[i * FIELD_COUNT] = i > 0 && i % 4 === 0 ? 1 : 0;
  }
  return long;
}

it('a tiny model learns a two-bar loop by heart', async () => {
  const backend = await selectBackend({ prefer: ['cpu'] });
  const config = parseTransformerConfig({
    version: 'test',
    tokenizer: 'compound-1',
    shape: TINY_SHAPE,
    conditions: TINY_CONDITIONS,
    priors: {},
    training: {},
  });
  const losses: number[] = [];
  await trainTransformer({
    backend,
    config,
    pieces: [loopPiece(3)],
    weights: [1],
    excerpts: { dropWish: 0.2, fromStart: 1, lastBars: 0 },
    rows: 1,
    seed: 1,
    steps: 60,
    schedule: constantSchedule(0.02),
    weightDecay: 0,
    optimiser: 'muon',
    onProgress: ({ loss }) => losses.push(loss),
  });
  // Guessing costs about ln(10·192·129·256·44·8) = 24 nats a note; knowing the loop costs next to nothing.
  expect(losses[0]).toBeGreaterThan(15);
  expect(losses.at(-1)).toBeLessThan(1);
}, 60_000);
