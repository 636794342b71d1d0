import { readCheckpointFolder } from '@attune/core/node';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Generator } from '../../generator.ts';
import { createGenerator } from '../transformer-generator.ts';

/** Folder of the checkpoint that comes with the package. */
export function shippedCheckpointFolder(): string {
  return fileURLToPath(
    new URL(path.posix.join('..', '..', '..', 'models', 'transformer-1'), import.meta.url),
  );
}

let loaded: Promise<Generator> | undefined;

/** The composer that comes with the package; loaded once a process. Throws `checkpoint/malformed` where it is absent. */
export function loadShippedGenerator(): Promise<Generator> {
  return (loaded ??= Promise.resolve().then(() =>
    createGenerator(readCheckpointFolder(shippedCheckpointFolder())),
  ));
}
