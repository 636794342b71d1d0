import crypto from 'node:crypto';
import { sketchPath, type FileStore } from './file-store.ts';

/** The twin of the file store for tests of the services. */
export function createMemoryFileStore(): FileStore {
  const files = new Map<string, Uint8Array>();
  return {
    root: 'memory',
    resolve: (relative) => relative,
    write: (relative, bytes) => {
      files.set(relative, bytes);
      const sha256 = crypto.createHash('sha256').update(bytes).digest('hex');
      return Promise.resolve({ path: relative, sha256, bytes: bytes.length });
    },
    read: (relative) => {
      const bytes = files.get(relative);
      return bytes ? Promise.resolve(bytes) : Promise.reject(new Error(`There is no file ${relative}.`));
    },
    remove: (relatives) => {
      for (const relative of relatives) {
        files.delete(relative);
        files.delete(sketchPath(relative));
      }
      return Promise.resolve();
    },
    list: () => Promise.resolve([...files.keys()].sort()),
  };
}
