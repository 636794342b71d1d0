import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');

interface AssemblyScript {
  assemblySources(): string[];
  targetOf(source: string): string;
  compileAssembly(source: string): Promise<string>;
}
const script = (await import(pathToFileURL(path.join(ROOT, '.config/assembly.mjs')).href)) as AssemblyScript;

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(`${name}/package.json`);
    return true;
  } catch {
    return existsSync(path.join(ROOT, 'node_modules', name));
  }
}

describe('WebAssembly modules', () => {
  const sources = script.assemblySources();

  it('are found', () => {
    expect(sources).toContain('packages/core/assembly/features/frame-kernels.ts');
  });

  it.each(sources)('%s compiles to the bytes that are committed', async (source) => {
    if (!isInstalled('assemblyscript')) {
      console.log('Skipped: assemblyscript is not installed.');
      return;
    }
    expect(readFileSync(path.join(ROOT, script.targetOf(source)), 'utf8')).toBe(
      await script.compileAssembly(source),
    );
  });
});
