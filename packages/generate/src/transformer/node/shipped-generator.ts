import { readCheckpointFolder } from '@attune/core/node';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Generator } from '../../generator.ts';
import type { Precision } from '../decoder.ts';
import { createGenerator } from '../transformer-generator.ts';

/** Folder of the checkpoint that comes with the package. */
export function shippedCheckpointFolder(): string {
  return fileURLToPath(
    new URL(path.posix.join('..', '..', '..', 'models', 'transformer-3'), import.meta.url),
  );
}

const loaded = new Map<Precision, Promise<Generator>>();

/**
 * The composer that comes with the package; loaded once a process and precision (default 'float32'). Throws
 * `checkpoint/malformed` where it is absent.
 */
export function loadShippedGenerator({
  precision = 'float32',
}: { readonly precision?: Precision } = {}): Promise<Generator> {
  const found =
    loaded.get(precision) ??
    Promise.resolve().then(() =>
      createGenerator(readCheckpointFolder(shippedCheckpointFolder()), { precision }),
    );
  loaded.set(precision, found);
  return found;
}
