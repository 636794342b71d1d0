import { strings } from '@/strings/index.ts';
import type {
  DevicePiece,
  DeviceProgress,
  DeviceRequest,
  FromComposer,
  ToComposer,
} from './composer-protocol.ts';
import { forgetModelFiles, loadModelFiles, type ModelFiles, type OnBytes } from './model-files.ts';

const failures = strings.device.failed;

/** A module with one SIMD instruction (i8x16.popcnt of a splat): what the composer's kernels need. */
const SIMD_PROBE = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  10,
  1,
  8,
  0,
  65,
  0,
  253,
  15,
  253,
  98,
  11,
);

/** Whether this browser can compose by itself. */
export function canCompose(): boolean {
  return (
    typeof WebAssembly === 'object' &&
    typeof Worker === 'function' &&
    typeof caches === 'object' &&
    WebAssembly.validate(SIMD_PROBE)
  );
}

/** The part of a Worker that is used; a test puts another in its place. */
export type ComposerPort = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

export interface DeviceComposerParts {
  readonly createPort: () => ComposerPort;
  readonly loadFiles: (version: string, onBytes: OnBytes, signal: AbortSignal) => Promise<ModelFiles>;
  readonly forgetFiles: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (message: FromComposer) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress?: (progress: DeviceProgress) => void;
}

/** Was stopped by the listener. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Composes in a worker of this browser: loads the model once, then needs no connection. */
export class DeviceComposer {
  private port: ComposerPort | null = null;
  private loaded: { readonly version: string; readonly done: Promise<void> } | null = null;
  private waiting: Waiting | null = null;
  private readonly parts: DeviceComposerParts;

  constructor(parts: DeviceComposerParts = BROWSER) {
    this.parts = parts;
  }

  /** Loads the model of that version, once. Rejects with one sentence. */
  load(version: string, onBytes: OnBytes, signal: AbortSignal): Promise<void> {
    if (this.loaded?.version === version) return this.loaded.done;
    const done = this.open(version, onBytes, signal).catch((error: unknown) => {
      this.loaded = null;
      throw error;
    });
    this.loaded = { version, done };
    return done;
  }

  /** Writes a piece; the model has to be loaded. Rejects with `Cancelled`, or with one sentence. */
  async compose(
    request: DeviceRequest,
    onProgress: (progress: DeviceProgress) => void,
  ): Promise<DevicePiece> {
    const answer = await this.ask({ kind: 'compose', request }, onProgress);
    if (answer.kind !== 'done') throw new Error(failures.broken);
    return answer.piece;
  }

  cancel(): void {
    this.port?.postMessage({ kind: 'cancel' } satisfies ToComposer);
  }

  /** Lets the worker go. */
  close(): void {
    this.port?.terminate();
    this.port = null;
    this.loaded = null;
    this.settle((waiting) => waiting.reject(new Cancelled()));
  }

  private async open(version: string, onBytes: OnBytes, signal: AbortSignal): Promise<void> {
    const files = await this.parts.loadFiles(version, onBytes, signal);
    const answer = await this.ask({ kind: 'load', ...files }).catch(async (error: unknown) => {
      await this.parts.forgetFiles(); // they do not make a composer
      throw error;
    });
    if (answer.kind === 'loaded' && answer.modelVersion === version) return;
    await this.parts.forgetFiles();
    throw new Error(failures.stale);
  }

  private ask(message: ToComposer, onProgress?: (progress: DeviceProgress) => void): Promise<FromComposer> {
    const port = (this.port ??= this.connect());
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject, ...(onProgress && { onProgress }) };
      port.postMessage(message);
    });
  }

  private connect(): ComposerPort {
    const port = this.parts.createPort();
    port.onmessage = ({ data }: MessageEvent<FromComposer>) => this.hear(data);
    port.onerror = () => {
      this.port = null;
      this.loaded = null;
      this.settle((waiting) => waiting.reject(new Error(failures.broken)));
    };
    return port;
  }

  private hear(message: FromComposer): void {
    if (message.kind === 'progress') this.waiting?.onProgress?.(message.progress);
    else if (message.kind === 'failed') this.settle((waiting) => waiting.reject(errorOf(message)));
    else this.settle((waiting) => waiting.resolve(message));
  }

  private settle(end: (waiting: Waiting) => void): void {
    const { waiting } = this;
    this.waiting = null;
    if (waiting) end(waiting);
  }
}

/** A wish that makes no sense is told in the composer's words; what nobody foresaw in ours. */
function errorOf({ code, message }: Extract<FromComposer, { kind: 'failed' }>): Error {
  if (code === 'cancelled') return new Cancelled();
  if (code?.startsWith('checkpoint/')) return new Error(failures.stale);
  return new Error(code === null ? failures.broken : message);
}

const BROWSER: DeviceComposerParts = {
  createPort: () => new Worker(new URL('./composer-worker.ts', import.meta.url), { type: 'module' }),
  loadFiles: loadModelFiles,
  forgetFiles: forgetModelFiles,
};
