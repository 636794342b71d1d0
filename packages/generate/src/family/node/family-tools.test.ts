import { isAttuneError, type AttuneError } from '@attune/core';
import {
  CONFIG_FILE,
  readCheckpoint,
  writeCheckpoint,
  WEIGHTS_FILE,
  type Checkpoint,
  type NamedArray,
} from '@attune/core/nn';
import { readCheckpointFolder, writeCheckpointFolder } from '@attune/core/node';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportCommand } from '../../node/export-command.ts';
import { isFamilyName } from './family-commands.ts';
import { FAMILY_TOOLS, type FamilyTools } from './family-tools.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'attune-family-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What a promise rejects with, which has to be one of ours. */
async function errorOf(work: () => Promise<unknown>): Promise<AttuneError> {
  try {
    await work();
  } catch (error) {
    if (isAttuneError(error)) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const kinds = Object.entries(FAMILY_TOOLS).filter(([name]) => isFamilyName(name));

describe.each(kinds)('%s', (_name, load) => {
  let tools: FamilyTools;
  let version: string;
  /** Folder of the shipped checkpoint, and what is in it. */
  let from: string;
  let shipped: Checkpoint;
  beforeAll(async () => {
    tools = await load();
    ({ version } = await tools.load());
    from = fileURLToPath(new URL(`../../../models/${version}`, import.meta.url));
    shipped = readCheckpoint(readCheckpointFolder(from), { kind: tools.kind });
  }, 120_000);

  /** The shipped checkpoint with something changed, in the folder. */
  function write(change: Partial<Checkpoint>): void {
    writeCheckpointFolder(folder, writeCheckpoint({ ...shipped, ...change }, { half: true }));
  }

  it('refuses a checkpoint of another kind, a damaged one and none', async () => {
    write({ kind: 'something-else' });
    expect(await errorOf(() => tools.load(folder))).toMatchObject({ code: 'checkpoint/mismatch' });
    writeFileSync(path.join(folder, CONFIG_FILE), '{"kind":');
    expect(await errorOf(() => tools.load(folder))).toMatchObject({ code: 'checkpoint/malformed' });
    rmSync(path.join(folder, WEIGHTS_FILE));
    expect((await errorOf(() => tools.load(folder))).code).toMatch(/^checkpoint\//);
    expect((await errorOf(() => tools.load(path.join(folder, 'nowhere')))).code).toMatch(/^checkpoint\//);
  });

  it('refuses parameters that are missing, misshapen or not finite, and a configuration with a field gone', async () => {
    const { parameters, config } = shipped;
    const [[first, array]] = [...parameters] as [[string, NamedArray]];
    const { version: _, ...withoutVersion } = config;
    const faults: Record<string, Partial<Checkpoint>> = {
      missing: { parameters: new Map([...parameters].slice(1)) },
      misshapen: { parameters: new Map(parameters).set(first, { shape: [1], data: new Float32Array(1) }) },
      'without version': { config: withoutVersion },
      ...(array.data instanceof Float32Array && {
        'not finite': {
          parameters: new Map(parameters).set(first, { ...array, data: array.data.map(() => NaN) }),
        },
      }),
    };
    for (const [fault, change] of Object.entries(faults)) {
      write(change);
      const { code, message } = await errorOf(() => tools.load(folder));
      expect(code, `${fault}: ${message}`).toMatch(/^checkpoint\/(malformed|mismatch)$/);
    }
  });

  it('does not train on nothing, nor by a plan with an unknown field', async () => {
    const options = {
      out: path.join(folder, 'run'),
      data: folder,
      seed: 1,
      resume: false,
      log: () => undefined,
    };
    expect((await errorOf(() => tools.train(options))).code).toMatch(/^dataset\/(missing|malformed)$/);
    expect(await errorOf(() => tools.train({ ...options, plan: { sauce: 1 } }))).toMatchObject({
      code: 'argument/invalid',
    });
  });

  it('is exported with its metrics and the card that lies there', async () => {
    writeFileSync(path.join(folder, 'MODEL_CARD.md'), '# card\n');
    await exportCommand({ from, out: folder });
    const written = readCheckpoint(readCheckpointFolder(folder), { kind: tools.kind });
    const { config, metrics } = shipped;
    expect(written).toMatchObject({ config, modelCard: '# card\n', ...(metrics && { metrics }) });
    expect((await tools.load(folder)).version).toBe(version);
  });
});

it('a checkpoint of a kind that nobody knows is not exported', async () => {
  const from = path.join(folder, 'from');
  writeCheckpointFolder(from, writeCheckpoint({ kind: 'lute', config: {}, parameters: new Map() }));
  expect(await errorOf(() => exportCommand({ from, out: folder }))).toMatchObject({
    code: 'checkpoint/mismatch',
  });
});
