import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { browserFaults, bundleScript, listBrowserEntries, measureBundle } from './browser/bundle.ts';

/** What a page and a worker both have beyond the language itself, as far as loading our modules asks for it. */
const PAGE = { TextEncoder, TextDecoder, URL, performance, AbortSignal, AbortController };

/** zod keeps its settings on the global object, so that two copies of it share them. */
const ALLOWED = /^__zod_/;

/**
 * Loads a script where there is nothing of Node, and names what it left behind there: properties added to the
 * global object or to what the language brings. Values of the language are looked at two levels deep
 * (`Array`, `Array.prototype`).
 */
function tracesOf(script: string): string[] {
  const look = `(() => {
    const names = (value) => Object.getOwnPropertyNames(value).flatMap((name) => {
      const { value: inner } = Object.getOwnPropertyDescriptor(value, name);
      return [name, ...(Object(inner) === inner && name !== 'globalThis' ? keys(inner, name) : [])];
    });
    const keys = (value, under) => Reflect.ownKeys(value).flatMap((key) => {
      const at = under + '.' + String(key);
      return key === 'prototype' ? Reflect.ownKeys(value.prototype).map((each) => at + '.' + String(each)) : [at];
    });
    return names(globalThis);
  })()`;
  const sandbox: Record<string, unknown> = { ...PAGE };
  const program = `(() => { const before = ${look}; ${script}; return [before, ${look}]; })()`;
  const [before, after] = runInNewContext(program, sandbox) as [string[], string[]];
  const known = new Set(before);
  return after.filter((name) => !known.has(name) && !ALLOWED.test(name));
}

describe.each(listBrowserEntries())('%s', (entry) => {
  it('imports no Node built-in', async () => {
    expect(await browserFaults(`export * from '${entry}';`)).toEqual([]);
  });

  it('loads without anything of Node, and leaves nothing behind', async () => {
    expect(tracesOf(await bundleScript(`export * from '${entry}';`, { globalName: 'entry' }))).toEqual([]);
  });
});

describe('these checks fail where they should', () => {
  it.each(["import { readFileSync } from 'node:fs'; console.log(readFileSync);", "await import('os');"])(
    'on the built-in in %s',
    async (source) => {
      expect((await browserFaults(source)).join()).toMatch(/Could not resolve "(node:fs|os)"/);
    },
  );
  it.each(['Buffer.alloc(1);', 'export const home = process.env.HOME;', 'require("os");'])(
    'on what only Node has: %s',
    async (source) => {
      const script = await bundleScript(source, { external: ['os'] });
      expect(() => tracesOf(script)).toThrow(/not defined|not supported/);
    },
  );
  it.each(['globalThis.attune = 1;', 'Array.prototype.last = () => 1;', 'Math.tau = 6.28;'])(
    'on what stays behind: %s',
    async (source) => {
      expect(tracesOf(await bundleScript(source))).toHaveLength(1);
    },
  );
});

describe('one function alone', () => {
  it('brings only what it needs', async () => {
    const one = await measureBundle("export { transposeScore } from '@attune/core';");
    const all = await measureBundle("export * from '@attune/core';");
    expect(one.initial.minified).toBeLessThan(all.initial.minified / 5);
    expect(one.shares.map(([name]) => name)).toEqual(['attune']);
  });

  it('reads MIDI without the adapter to @tonejs/midi, and WAV without a decoder', async () => {
    for (const source of [
      "export { readMidi } from '@attune/core/midi';",
      "export { readWav } from '@attune/core/audio';",
    ]) {
      expect((await measureBundle(source)).shares.map(([name]) => name)).toEqual(['attune']);
    }
  });
});
