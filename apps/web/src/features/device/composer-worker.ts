import { isAttuneError } from '@attune/core';
import type { FromComposer, ToComposer } from './composer-protocol.ts';
import { openComposer, type LocalComposer } from './local-composer.ts';

/** The worker's side: one composer, one piece at a time; between notes it reads messages, so it can be stopped. */
const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ToComposer>) => void) | null;
  postMessage(message: FromComposer): void;
};
let composer: LocalComposer | null = null;
let running: AbortController | null = null;

scope.onmessage = ({ data }) => {
  if (data.kind === 'cancel') running?.abort();
  else answer(data).catch(fail);
};

async function answer(message: Exclude<ToComposer, { kind: 'cancel' }>): Promise<void> {
  if (message.kind === 'load') {
    composer = await openComposer(new Uint8Array(message.config), new Uint8Array(message.weights));
    return scope.postMessage({ kind: 'loaded', modelVersion: composer.modelVersion });
  }
  if (!composer) throw new Error('The composer is not loaded.');
  running = new AbortController();
  const onProgress = (progress: Extract<FromComposer, { kind: 'progress' }>['progress']): void =>
    scope.postMessage({ kind: 'progress', progress });
  const piece = await composer.compose(message.request, onProgress, running.signal);
  scope.postMessage({ kind: 'done', piece });
}

function fail(error: unknown): void {
  const code = isAttuneError(error) ? error.code : null;
  scope.postMessage({
    kind: 'failed',
    code,
    message: error instanceof Error ? error.message : String(error),
  });
}
