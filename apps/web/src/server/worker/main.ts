import { parentPort } from 'node:worker_threads';
import { isAttuneError } from '@attune/core';
import { createFlagSignal } from './flag-signal.ts';
import type { ComposeProgress, RequestMessage, TaskName, WorkerMessage } from './protocol.ts';
import type { TaskContext } from './tasks.ts';
import { TASKS } from './tasks.ts';

const port = parentPort;
if (!port) throw new Error('This file runs as a worker thread.');

/** Requests are answered one after the other, in the order in which they came. */
let last = Promise.resolve();
port.on('message', (request: RequestMessage) => {
  last = last.then(() => answer(request));
});

async function answer({ id, task, input, flag }: RequestMessage): Promise<void> {
  const send = (message: WorkerMessage): void => port!.postMessage(message);
  const context: TaskContext = {
    signal: createFlagSignal(flag),
    onProgress: (progress: ComposeProgress) => send({ id, kind: 'progress', progress }),
  };
  try {
    const run = TASKS[task] as (input: unknown, context: TaskContext) => Promise<unknown>;
    send({ id, kind: 'done', answer: await run(input, context) });
  } catch (error) {
    if (isAttuneError(error)) return send({ id, kind: 'failed', code: error.code, message: error.message });
    console.error(`The task ${task satisfies TaskName} failed.`, error);
    send({ id, kind: 'failed', code: null, message: error instanceof Error ? error.message : String(error) });
  }
}
