import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listEntries } from '../.config/entries.mjs';
import { buildReference } from '../.config/reference.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'attune-reference-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The faults of two entries: `planted`, with this source, and a sound one. */
async function faultsOf(source: string): Promise<string[]> {
  const write = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const entries = new Map([
    ['planted', write('first.ts', source)],
    ['sound', write('second.ts', '/** A rest.\n * @module sound */\nexport {};\n')],
  ]);
  const files = [...entries.values()];
  const tsconfig = write('tsconfig.json', JSON.stringify({ compilerOptions: { types: [] }, files }));
  return buildReference({ entries, tsconfig, out: path.join(folder, 'out') });
}

describe('the reference', () => {
  it('has a page for each exported symbol, and a landing page that lists the entries', async () => {
    const source =
      '/** A bar of rests.\n * @module planted */\n/** Its length in ticks. */\nexport const LENGTH = 1920;\n';
    expect(await faultsOf(source)).toEqual([]);
    expect(readdirSync(path.join(folder, 'out/variables'))).toEqual(['planted.LENGTH.html']);
    const landing = readFileSync(path.join(folder, 'out/index.html'), 'utf8');
    expect(landing).toContain('A bar of rests.');
    expect(landing).toContain('href="modules/planted.html"');
  });

  it.each([
    ['a symbol without a docstring', 'export const LENGTH = 1920;', 'planted.LENGTH has no docstring.'],
    ['a function without one', 'export function play(): void {}', 'planted.play has no docstring.'],
    ['a link that leads nowhere', '/** As in {@link Nowhere}. */\nexport const LENGTH = 1920;', 'Nowhere'],
  ])('refuses %s', async (_, code, message) => {
    const faults = await faultsOf(`/** A bar of rests.\n * @module planted */\n${code}\nexport {};\n`);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
  });

  it('refuses an entry that does not say its name', async () => {
    const faults = await faultsOf('/** Its length. */\nexport const LENGTH = 1920;\n');
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/does not begin with a comment that ends in @module planted/);
  });

  it('covers every entry of the packages', () => {
    expect([...listEntries().keys()]).toEqual(
      expect.arrayContaining(['@attune/core', '@attune/core/midi', '@attune/recommend']),
    );
  });
});
