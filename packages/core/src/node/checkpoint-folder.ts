import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { AttuneError } from '../foundation/errors.ts';
import type { FileMap } from '../nn/checkpoint.ts';

/**
 * The files of a folder, not of its sub-folders. After a crash in the middle of `writeCheckpointFolder` they may come
 * from the old folder beside it. Throws `checkpoint/malformed` when there is neither.
 */
export function readCheckpointFolder(folder: string): Record<string, Uint8Array> {
  const source = !existsSync(folder) && existsSync(`${folder}.old`) ? `${folder}.old` : folder;
  let names: string[];
  try {
    names = readdirSync(source, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  } catch (cause) {
    throw new AttuneError(
      'checkpoint/malformed',
      `There is no checkpoint folder ${folder}.`,
      { folder },
      { cause },
    );
  }
  return Object.fromEntries(
    names.map((name) => [name, new Uint8Array(readFileSync(path.join(source, name)))]),
  );
}

/**
 * Replaces the folder by one with these files: they are written beside it, then the folder is renamed, so that a
 * reader or a crash meets the old files or the new ones. Only between the two renames is there neither; the old
 * folder then stands beside it, its name ending in `.old`.
 */
export function writeCheckpointFolder(folder: string, files: FileMap): void {
  const target = path.resolve(folder);
  mkdirSync(path.dirname(target), { recursive: true });
  const fresh = mkdtempSync(`${target}.new-`);
  try {
    for (const [name, bytes] of Object.entries(files)) {
      if (name !== path.basename(name) || name.startsWith('.')) {
        throw new AttuneError('argument/invalid', `"${name}" is not a plain file name.`, { name });
      }
      writeFileSync(path.join(fresh, name), bytes, { flush: true });
    }
    const old = `${target}.old`;
    if (existsSync(target)) {
      rmSync(old, { recursive: true, force: true });
      renameSync(target, old);
    }
    renameSync(fresh, target);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
