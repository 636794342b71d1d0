import { isAttuneError } from '@attune/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { trainCommand } from './train-command.ts';

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
