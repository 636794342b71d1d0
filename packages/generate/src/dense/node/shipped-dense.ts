import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the network that comes with the package. */
export function shippedDenseFolder(): string {
  return fileURLToPath(new URL(path.posix.join('..', '..', '..', 'models', 'dense-2'), import.meta.url));
}
