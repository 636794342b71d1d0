import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = path.resolve(import.meta.dirname, '../.config/new-module.mjs');
let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'attune-new-'));
  mkdirSync(path.join(root, 'packages/core/src'), { recursive: true });
  writeFileSync(path.join(root, 'packages/core/package.json'), JSON.stringify({ exports: { '.': {} } }));
});
afterEach(() => rmSync(root, { recursive: true }));

it('makes a module with its test, its index and its entry', () => {
  execFileSync(process.execPath, [script, 'core', 'pitch-class', '--entry', '--root', root]);
  const read = (name: string): string => readFileSync(path.join(root, 'packages/core', name), 'utf8');
  expect(read('src/pitch-class/index.ts')).toContain("export type { PitchClass } from './pitch-class.ts';");
  expect(read('src/pitch-class/index.ts')).toContain('@module @attune/core/pitch-class');
  expect(read('src/pitch-class/pitch-class.test.ts')).toContain('createPitchClass');
  const manifest = JSON.parse(read('package.json')) as { exports: Record<string, { types: string }> };
  expect(manifest.exports['./pitch-class']!.types).toBe('./dist/pitch-class/index.d.ts');
});

it.each([
  [['core', 'Bad Name'], /kebab-case/],
  [['nowhere', 'tone'], /no package nowhere/],
])('refuses %j in one sentence', (args, message) => {
  const { status, stderr } = spawnSync(process.execPath, [script, ...args, '--root', root], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(message);
});
