import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the counts that come with the package. */
export function shippedNgramFolder(): string {
  return fileURLToPath(new URL(path.posix.join('..', '..', '..', 'models', 'ngram-1'), import.meta.url));
}
