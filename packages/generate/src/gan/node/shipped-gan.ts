import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the checkpoint that comes with the package. */
export function shippedGanFolder(): string {
  return fileURLToPath(new URL(path.posix.join('..', '..', '..', 'models', 'gan-2'), import.meta.url));
}
