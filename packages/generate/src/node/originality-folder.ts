import { AttuneError } from '@attune/core';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openOriginalityIndex } from '../originality/originality.ts';
import type { OriginalityIndex } from '../originality/originality.ts';

const CONFIG_FILE = 'config.json';
const FILTER_FILE = 'runs.bloom';

/** The index that comes with this package. */
export const SHIPPED_ORIGINALITY = fileURLToPath(new URL('../../models/originality-1', import.meta.url));

/** Reads an index folder; default: the shipped one. Throws `checkpoint/malformed` or `checkpoint/mismatch`. */
export function loadOriginalityIndex(folder: string = SHIPPED_ORIGINALITY): Promise<OriginalityIndex> {
  return Promise.resolve().then(() => {
    const configPath = path.join(folder, CONFIG_FILE);
    if (!existsSync(configPath)) {
      throw new AttuneError('checkpoint/malformed', `There is no originality index at ${folder}.`, {
        folder,
      });
    }
    let config: unknown;
    try {
      config = JSON.parse(readFileSync(configPath, 'utf8'));
    } catch (error) {
      throw new AttuneError(
        'checkpoint/malformed',
        `${configPath} is not JSON.`,
        { folder },
        { cause: error },
      );
    }
    return openOriginalityIndex(config, new Uint8Array(readFileSync(path.join(folder, FILTER_FILE))));
  });
}

/** Writes an index into a folder, which is made if needed; `loadOriginalityIndex` reads it. */
export function writeOriginalityIndex(folder: string, index: OriginalityIndex): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, CONFIG_FILE), `${JSON.stringify(index.config, undefined, 2)}\n`);
  writeFileSync(path.join(folder, FILTER_FILE), index.filter.bytes);
}
