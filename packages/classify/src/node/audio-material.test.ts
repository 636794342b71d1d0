import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serialize } from 'node:v8';
import { afterAll, describe, expect, it } from 'vitest';
import { AUDIO_STYLE_FEATURES } from '../audio-windows.ts';
import { CHANGES } from './audio-data.ts';
import { readMaterial } from './audio-material.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'attune-material-'));
afterAll(() => rmSync(folder, { recursive: true }));
const settings = { seed: 1, copies: 1, rendered: 1, strangers: 1 };
const put = (name: string, bytes: Uint8Array | string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
};

describe('a cache of measured clips', () => {
  const key = JSON.stringify({
    ...settings,
    features: AUDIO_STYLE_FEATURES.length,
    changes: Object.keys(CHANGES),
  });
  const material = { clips: [], rendered: [], strangers: [] };
  const silent = (): void => {};
  it('stands for the data sets where it was made with the same settings', async () => {
    expect(
      await readMaterial('/nowhere', settings, silent, put('good', serialize({ key, material }))),
    ).toEqual(material);
  });
  it('is refused, by its name, where it was made with others or is something else', async () => {
    const other = put('other', serialize({ key, material }));
    await expect(readMaterial('/nowhere', { ...settings, seed: 2 }, silent, other)).rejects.toThrow(
      /other was made with other settings/,
    );
    await expect(readMaterial('/nowhere', settings, silent, put('text', 'no cache'))).rejects.toThrow(
      /text is no cache of measured clips/,
    );
  });
  it('is not looked for where none is named: the sets are', async () => {
    await expect(readMaterial('/nowhere', settings, silent)).rejects.toMatchObject({
      code: 'dataset/missing',
    });
  });
});
