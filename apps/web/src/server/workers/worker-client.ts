import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { AttuneError } from '@attune/core';
import { DomainError, isDomainCode } from '../errors.ts';
import type {
  ComposeProgress,
  RequestMessage,
  TaskName,
  Tasks,
  WorkerData,
  WorkerMessage,
} from '../worker/protocol.ts';

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ComposeProgress) => void;
}

/** Carries out tasks in a thread of their own, one after the other. */
export interface WorkerClient {
  run<Name extends TaskName>(
    task: Name,
    input: Tasks[Name]['input'],
    options?: RunOptions,
  ): Promise<Tasks[Name]['answer']>;
  close(): Promise<void>;
}

/** What to start a thread from: the compiled entry, or with `execArgv` the source. */
export interface WorkerEntry {
  readonly file: string;
  readonly execArgv: readonly string[];
}

/** The entry is found at run time, because bundlers copy what `new Worker(new URL(…))` names without its imports. */
export function findWorkerEntry(workspace: string): WorkerEntry {
  const web = path.join(/*turbopackIgnore: true*/ workspace, 'apps/web');
  const built = path.join(/*turbopackIgnore: true*/ web, 'dist/worker/server/worker/main.js');
  if (fs.existsSync(built)) return { file: built, execArgv: [] };
  throw new Error(`The worker is not built: ${built} is missing; run npm run build -w @attune/web.`);
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: ComposeProgress) => void) | undefined;
}

/** The thread starts with the first task, and again after it died; a task that it took along is refused. */
export function createWorkerClient(entryOf: () => WorkerEntry, data: WorkerData = {}): WorkerClient {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let nextId = 1;
  let closed = false;

  const start = (): Worker => {
    const { file, execArgv } = entryOf();
    const ThreadWorker = Worker; // an alias, so that bundlers do not take this for a worker of theirs
    const thread = new ThreadWorker(file, { execArgv: [...execArgv], workerData: data });
    thread.unref();
    thread.on('message', (message: WorkerMessage) => settle(waiting, message));
    thread.on('error', (error) => console.error('A worker thread failed.', error));
    thread.on('exit', () => {
      if (worker === thread) worker = undefined;
      const fault = closed
        ? new DomainError('server/stopping', 'The server is stopping; please try again later.')
        : new DomainError('server/broken', 'The work stopped unexpectedly; please try again.');
      for (const { reject } of waiting.values()) reject(fault);
      waiting.clear();
    });
    return thread;
  };

  return {
    run: (task, input, { signal, onProgress } = {}) =>
      new Promise((resolve, reject) => {
        if (closed)
          return reject(
            new DomainError('server/stopping', 'The server is stopping; please try again later.'),
          );
        if (signal?.aborted) return reject(new AttuneError('cancelled', 'The work was cancelled.'));
        const id = nextId++;
        const flag = new SharedArrayBuffer(4);
        signal?.addEventListener('abort', () => Atomics.store(new Int32Array(flag), 0, 1), { once: true });
        waiting.set(id, { resolve, reject, onProgress });
        const request: RequestMessage = { id, task, input, flag };
        try {
          (worker ??= start()).postMessage(request);
        } catch (error) {
          waiting.delete(id);
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }),
    close: async () => {
      closed = true;
      await worker?.terminate();
    },
  };
}

function settle(waiting: Map<number, Waiting>, message: WorkerMessage): void {
  const task = waiting.get(message.id);
  if (!task) return;
  if (message.kind === 'progress') return task.onProgress?.(message.progress);
  waiting.delete(message.id);
  if (message.kind === 'done') return task.resolve(message.answer as never);
  const { code } = message;
  if (isDomainCode(code)) return task.reject(new DomainError(code, message.message));
  task.reject(
    new DomainError('server/broken', 'Something went wrong on the server; please try again.', {
      cause: message,
    }),
  );
}
