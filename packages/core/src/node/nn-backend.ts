import { createRequire } from 'node:module';
import path from 'node:path';
import { AttuneError } from '../foundation/errors.ts';
import { adoptBackend, BACKEND_NAMES, selectBackend, type Backend, type BackendName } from '../nn/backend.ts';
import { namespaceOf, type TensorFlow } from '../nn/tensor-flow.ts';

/** Where the wish for a backend comes from. */
export interface SelectNodeBackendOptions {
  /** `ATTUNE_BACKEND` names one backend (node, wasm or cpu) that must be used. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Receives one line that names the choice, and one for each backend that did not start. */
  readonly log?: (line: string) => void;
}

/**
 * Starts tfjs-node where its native library is installed, else wasm, else cpu with a warning.
 * Throws `argument/invalid` for an unknown `ATTUNE_BACKEND`, or when the one that it names does not start.
 *
 * On a CPU with bfloat16 units (AVX512-BF16, AMX), `TF_SET_ONEDNN_FPMATH_MODE=BF16` in the environment makes
 * tfjs-node train about a quarter faster at reduced precision; it is not the default, since results then differ
 * from machine to machine.
 */
export async function selectNodeBackend(options: SelectNodeBackendOptions = {}): Promise<Backend> {
  const env = options.env ?? process.env;
  const log = options.log ?? (() => {});
  const forced = parseBackendName(env['ATTUNE_BACKEND']);
  if (forced === undefined || forced === 'node') {
    try {
      const backend = await startTfjsNode();
      log(`Tensor backend: ${backend.describe()}.`);
      return backend;
    } catch (error) {
      const reason = firstLine(error);
      if (forced === 'node') {
        throw new AttuneError(
          'argument/invalid',
          `ATTUNE_BACKEND is node, but tfjs-node does not load: ${reason}`,
          {
            backend: 'node',
          },
        );
      }
      log(`tfjs-node is not available (${reason}); using a portable backend.`);
    }
  }
  return selectBackend({
    prefer: forced === undefined ? ['wasm', 'cpu'] : [forced],
    wasmPaths: wasmFolder(),
    log,
  });
}

/** Folder of the wasm files inside the installed `@tensorflow/tfjs-backend-wasm`, ending in a separator. */
export function wasmFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  return path.join(path.dirname(entry), 'wasm-out') + path.sep;
}

async function startTfjsNode(): Promise<Backend> {
  // tfjs-node 4.22 calls this function, which Node 23 removed.
  const util = createRequire(import.meta.url)('node:util') as {
    isNullOrUndefined?: (value: unknown) => boolean;
  };
  util.isNullOrUndefined ??= (value) => value === undefined || value === null;
  const name = '@tensorflow/tfjs-node'; // an optional dependency: not resolved at build time
  const tf = namespaceOf(
    (await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ name)) as TensorFlow,
  );
  return adoptBackend('node', tf, 'tfjs-node');
}

function parseBackendName(value: string | undefined): BackendName | undefined {
  if (value === undefined || value === '') return undefined;
  const known = BACKEND_NAMES.find((name) => name === value);
  if (known === undefined) {
    throw new AttuneError(
      'argument/invalid',
      `ATTUNE_BACKEND is "${value}"; it can be ${BACKEND_NAMES.join(', ')}.`,
      {
        ATTUNE_BACKEND: value,
      },
    );
  }
  return known;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.trim();
}
