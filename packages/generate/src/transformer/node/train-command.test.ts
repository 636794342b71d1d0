import { isAttuneError } from '@attune/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { trainCommand, warmupThenDecay } from './train-command.ts';

describe('warmupThenDecay', () => {
  const plan = { warmupSteps: 10, decayShare: 0.5, finalRate: 0.1 };
  it('rises over the first steps, stays, and falls in a line over the last share', () => {
    expect(warmupThenDecay(0, 0, plan)).toBeCloseTo(0.1, 12);
    expect(warmupThenDecay(9, 0.01, plan)).toBeCloseTo(1, 12);
    expect(warmupThenDecay(50, 0.5, plan)).toBeCloseTo(1, 12);
    expect(warmupThenDecay(75, 0.75, plan)).toBeCloseTo(0.55, 12);
    expect(warmupThenDecay(100, 1, plan)).toBeCloseTo(0.1, 12);
    expect(warmupThenDecay(100, 1.2, plan)).toBeCloseTo(0.1, 12);
  });
});

describe('trainCommand', () => {
  it('wants either steps or minutes, and a data folder', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'attune-train-'));
    try {
      const run = (options: object): Promise<void> =>
        trainCommand({ out: path.join(folder, 'run'), data: folder, log: () => {}, ...options });
      await expect(run({})).rejects.toSatisfy((error) => isAttuneError(error, 'argument/invalid'));
      await expect(run({ steps: 1, minutes: 1 })).rejects.toSatisfy((error) =>
        isAttuneError(error, 'argument/invalid'),
      );
      await expect(run({ steps: 1 })).rejects.toSatisfy((error) => isAttuneError(error, 'dataset/missing'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
