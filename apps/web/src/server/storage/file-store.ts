import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

export interface StoredFile {
  /** Inside the store, forward slashes. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Files of tracks. A file is whole or absent: bytes go to a temporary name first and are renamed. */
export interface FileStore {
  readonly root: string;
  write(relative: string, bytes: Uint8Array): Promise<StoredFile>;
  read(relative: string): Promise<Uint8Array>;
  /** The absolute path of a stored file. @throws Error where the name leads out of the store. */
  resolve(relative: string): string;
  /** With their sketches; absent files are passed over. */
  remove(relatives: readonly string[]): Promise<void>;
  list(): Promise<string[]>;
}

const TEMPORARY = '.temporary';
const SKETCH = '.sketch';

/** Where what searching compares of a stored piece stands: beside its file, with which it goes. */
export function sketchPath(file: string): string {
  return file + SKETCH;
}

export function createFileStore(root: string): FileStore {
  const resolve = (relative: string): string => {
    const full = path.resolve(/*turbopackIgnore: true*/ root, relative);
    if (!full.startsWith(root + path.sep))
      throw new Error(`The path ${relative} leads out of the file store.`);
    return full;
  };
  return {
    root,
    resolve,
    write: async (relative, bytes) => {
      const target = resolve(relative);
      const temporary = path.join(/*turbopackIgnore: true*/ root, TEMPORARY, crypto.randomUUID());
      await fs.mkdir(path.dirname(temporary), { recursive: true });
      await fs.mkdir(path.dirname(target), { recursive: true });
      try {
        await fs.writeFile(temporary, bytes, { flush: true });
        await fs.rename(temporary, target);
      } catch (error) {
        await fs.rm(temporary, { force: true });
        throw error;
      }
      return {
        path: relative,
        sha256: crypto.createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
      };
    },
    read: (relative) => fs.readFile(resolve(relative)),
    remove: async (relatives) => {
      for (const relative of relatives) {
        await fs.rm(resolve(relative), { force: true });
        await fs.rm(resolve(sketchPath(relative)), { force: true });
        await fs.rmdir(path.dirname(resolve(relative))).catch(() => undefined); // a folder that still holds files stays
      }
    },
    list: async () => {
      const entries = await fs.readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) =>
          path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
        )
        .sort();
    },
  };
}

/** Removes what no row speaks of: files left by a crash between writing and recording, or after an erasure. */
export async function sweepFiles(store: FileStore, known: ReadonlySet<string>): Promise<number> {
  const orphans = (await store.list()).filter(
    (file) => !known.has(file) && !(file.endsWith(SKETCH) && known.has(file.slice(0, -SKETCH.length))),
  );
  await store.remove(orphans);
  return orphans.length;
}
