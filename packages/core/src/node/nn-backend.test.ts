import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { selectBackend } from '../nn/backend.ts';
import { readCheckpointFolder, writeCheckpointFolder } from './checkpoint-folder.ts';
import { selectNodeBackend, wasmFolder } from './nn-backend.ts';

describe('choice of backend', () => {
  it('takes the one that ATTUNE_BACKEND names, and says so', async () => {
    for (const name of ['cpu', 'wasm']) {
      const lines: string[] = [];
      const backend = await selectNodeBackend({
        env: { ATTUNE_BACKEND: name },
        log: (line) => lines.push(line),
      });
      expect(backend.name).toBe(name);
      expect(backend.tf.getBackend()).toBe(name);
      expect(lines[0]).toMatch(new RegExp(`^Tensor backend: ${name} \\(tfjs 4`));
      expect(lines.some((line) => line.startsWith('Warning'))).toBe(name === 'cpu');
    }
  });

  it('falls through to a portable one when nothing is named, and says which', async () => {
    const lines: string[] = [];
    const backend = await selectNodeBackend({ env: {}, log: (line) => lines.push(line) });
    expect(['node', 'wasm']).toContain(backend.name);
    expect(lines.at(-1)).toContain(`Tensor backend: ${backend.name}`);
    const portable = await selectBackend({ wasmPaths: wasmFolder() });
    expect(portable.name).toBe('wasm');
  });

  it('makes a backend current again on request', async () => {
    const cpu = await selectNodeBackend({ env: { ATTUNE_BACKEND: 'cpu' } });
    const wasm = await selectNodeBackend({ env: { ATTUNE_BACKEND: 'wasm' } });
    await cpu.activate();
    expect(cpu.tf.getBackend()).toBe('cpu');
    await wasm.activate();
    expect(cpu.tf.getBackend()).toBe('wasm');
  });

  it('refuses a name it does not know', async () => {
    const failure = await selectNodeBackend({ env: { ATTUNE_BACKEND: 'cuda' } }).catch(
      (error: unknown) => error,
    );
    expect(isAttuneError(failure, 'argument/invalid')).toBe(true);
    expect((failure as Error).message).toBe('ATTUNE_BACKEND is "cuda"; it can be node, wasm, cpu.');
  });
});

describe('checkpoint folders', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'attune-checkpoint-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

  it('hold the files that were written, the old ones gone, nothing beside them', () => {
    const folder = path.join(root, 'deep', 'model');
    writeCheckpointFolder(folder, { 'config.json': bytes(1, 2), 'old.bin': bytes(3) });
    writeCheckpointFolder(folder, { 'config.json': bytes(4), 'MODEL_CARD.md': bytes() });
    mkdirSync(path.join(folder, 'sub'));
    expect(readCheckpointFolder(folder)).toEqual({ 'config.json': bytes(4), 'MODEL_CARD.md': bytes() });
    expect(readdirSync(path.dirname(folder))).toEqual(['model']);
  });

  it('survive a write that fails, or a crash between the renames', () => {
    const folder = path.join(root, 'kept');
    writeCheckpointFolder(folder, { 'a.bin': bytes(1) });
    expect(() => writeCheckpointFolder(folder, { 'a.bin': bytes(2), '../b.bin': bytes(3) })).toThrow(
      /not a plain file name/,
    );
    expect(readCheckpointFolder(folder)).toEqual({ 'a.bin': bytes(1) });
    expect(existsSync(path.join(root, 'b.bin'))).toBe(false);
    renameSync(folder, `${folder}.old`);
    expect(readCheckpointFolder(folder)).toEqual({ 'a.bin': bytes(1) });
    writeCheckpointFolder(folder, { 'a.bin': bytes(5) });
    expect(readCheckpointFolder(folder)).toEqual({ 'a.bin': bytes(5) });
  });

  it('are refused when absent', () => {
    const missing = path.join(root, 'missing');
    expect(() => readCheckpointFolder(missing)).toThrow(/no checkpoint folder/);
    writeFileSync(path.join(root, 'file'), '');
    expect(() => readCheckpointFolder(path.join(root, 'file'))).toThrow(/no checkpoint folder/);
  });
});
