// Copies the synthesiser's AudioWorklet processor from its package into public/, so that the browser loads it
// from our own origin. It must be a file of its own: a worklet cannot be part of a bundle. Run before dev and build.
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const dist = path.dirname(require.resolve('spessasynth_lib'));
const target = path.join(import.meta.dirname, '..', 'public', 'worklets');

mkdirSync(target, { recursive: true });
copyFileSync(
  path.join(dist, 'spessasynth_processor.min.js'),
  path.join(target, 'spessasynth_processor.min.js'),
);
copyFileSync(path.join(dist, '..', 'LICENSE'), path.join(target, 'spessasynth_lib-LICENSE.txt'));
