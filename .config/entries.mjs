// The entries of all packages, as their manifests state them.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const PACKAGES = ['core', 'generate', 'classify', 'recommend'];

/** Name under which an entry is imported, e.g. `@attune/core/midi`, to its source file. */
export function listEntries() {
  return new Map(PACKAGES.flatMap((name) => entriesOf(path.join(root, 'packages', name))));
}

function entriesOf(folder) {
  const { name, exports } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([key, target]) => [path.posix.join(name, key), path.join(folder, target['@attune/source'])]);
}
