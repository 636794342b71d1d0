import { createRng, createScore } from '@attune/core';
import { writeMidi } from '@attune/core/midi';
import { readCheckpoint } from '@attune/core/nn';
import { readCheckpointFolder, splitOf, writeCheckpointFolder } from '@attune/core/node';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTransformerConfig } from '../config.ts';
import { createTinyCheckpoint, TINY_SHAPE } from '../test-checkpoint.ts';
import { createGenerator } from '../transformer-generator.ts';
import { measureTasksCommand } from './measure-tasks-command.ts';
import { trainCommand, type TrainingPlan } from './train-command.ts';

const PLAN: Partial<TrainingPlan> = {
  ...{
    rows: 1,
    warmupSteps: 1,
    learningRate: 1e-3,
    evaluateEvery: 100,
    validationWindows: 1,
    validationTasks: 1,
  },
};

/** Sixteen bars in two voices. */
function duet(seed: number) {
  const rng = createRng(seed);
  const voice = (program: number, low: number) => ({
    program,
    notes: Array.from({ length: 64 }, (_, i) => ({
      ...{ start: i * 480, duration: 480, pitch: low + rng.integer(12), velocity: 80 },
    })),
  });
  return createScore({ tracks: [voice(40, 60), voice(42, 48)] });
}

let folder: string;
const at = (...names: string[]): string => path.join(folder, ...names);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'attune-train-'));
  mkdirSync(at('data', 'folk-tunes', 'midi'), { recursive: true });
  const groups = Array.from({ length: 40 }, (_, i) => `group${i}`);
  const of = (split: string): string[] => groups.filter((group) => splitOf(group) === split);
  const some = [...of('train').slice(0, 2), ...of('validation').slice(0, 1)];
  writeFileSync(
    at('data', 'folk-tunes', 'index.csv'),
    ['id,style,group', ...some.map((group, i) => `tune${i},folk,${group}`)].join('\n'),
  );
  some.forEach((_group, i) =>
    writeFileSync(at('data', 'folk-tunes', 'midi', `tune${i}.mid`), writeMidi(duet(i))),
  );
  writeCheckpointFolder(at('origin'), createTinyCheckpoint(2, { ...TINY_SHAPE, window: 96 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('training with abilities', () => {
  it(
    'goes on from a model without them to one that infills, made pieces among what it learns',
    { timeout: 60_000 },
    async () => {
      const lines: string[] = [];
      await trainCommand({
        ...{
          out: at('run'),
          data: at('data'),
          from: at('origin'),
          withAbilities: true,
          plan: PLAN,
          steps: 3,
        },
        made: (split) => (split === 'train' ? [{ id: 'made', style: 'romantic', score: duet(9) }] : []),
        log: (line) => lines.push(line),
      });
      const files = readCheckpointFolder(at('run', 'checkpoint'));
      const config = parseTransformerConfig(readCheckpoint(files).config);
      expect(config).toMatchObject({ version: 'transformer-2', abilities: ['tasks', 'form'] });
      expect(config.training).toMatchObject({ from: 'transformer-tiny', pieces: 3 });
      expect(Object.keys(config.priors).sort()).toEqual(['folk', 'romantic']);
      expect(Object.keys(config.training['validationByTask'] as object)).toHaveLength(4);
      const generator = createGenerator(files);
      const { score } = await generator.generate({
        ...{ task: { kind: 'infill', score: duet(3), bars: [2, 3] }, conditioning: {}, seed: 1 },
      });
      expect(score.tracks.map(({ program }) => program)).toEqual([40, 42]);

      const options = {
        model: at('run', 'checkpoint'),
        data: at('data'),
        split: 'validation',
        perStyle: 1,
      } as const;
      const rows = await measureTasksCommand({ ...options, log: () => undefined });
      expect(rows.map(({ kind }) => kind)).toEqual(['infill', 'accompany', 'reorchestrate', 'vary']);
      for (const { notes, given, hidden } of rows) {
        expect(notes).toBeGreaterThan(0);
        expect(given).toBeGreaterThan(0);
        expect(hidden).not.toBe(given);
      }
      await expect(
        measureTasksCommand({ ...options, model: at('origin'), log: () => undefined }),
      ).rejects.toThrow(/transformer-tiny has no tasks to measure/);
    },
  );
});
