import { toWire, type WireOutcome } from './wire.ts';
import { runWorks } from './works.ts';

/** In a page `globalThis.runWorks()` gives the outcomes; in a worker any message is answered with them. */
async function outcomes(): Promise<Record<string, WireOutcome>> {
  return Object.fromEntries([...(await runWorks())].map(([name, outcome]) => [name, toWire(outcome)]));
}

const scope = globalThis as unknown as {
  document?: unknown;
  runWorks?: typeof outcomes;
  onmessage?: () => void;
  postMessage(message: unknown): void;
};
if (scope.document) scope.runWorks = outcomes;
else scope.onmessage = () => void outcomes().then((answer) => scope.postMessage(answer));
