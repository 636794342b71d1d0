import { AttuneError } from '../foundation/errors.ts';
import { loadTensorFlow, namespaceOf, type TensorFlow } from './tensor-flow.ts';
import { registerCpuKernels } from './kernels/cpu.ts';
import { registerWasmKernels } from './kernels/wasm.ts';

/** `node`: tfjs-node (libtensorflow); `wasm`: tfjs-backend-wasm; `cpu`: plain JavaScript, slow. */
export const BACKEND_NAMES = ['node', 'wasm', 'cpu'] as const;
/** One of `BACKEND_NAMES`. */
export type BackendName = (typeof BACKEND_NAMES)[number];

/** The name by which tfjs itself knows each backend. */
export const ENGINE_NAMES: Readonly<Record<BackendName, string>> = {
  node: 'tensorflow',
  wasm: 'wasm',
  cpu: 'cpu',
};

/** What runs the tensors. tfjs has one current backend a process: `activate` makes this one current again. */
export interface Backend {
  readonly name: BackendName;
  readonly tf: TensorFlow;
  activate(): Promise<void>;
  /** One line for a person: "wasm (tfjs 4.22.0, SIMD)". */
  describe(): string;
}

/** Which backends are tried, and where their files lie. */
export interface SelectBackendOptions {
  /** Tried in order; the first that starts is used. Default: wasm, then cpu. `node` is not loaded here. */
  readonly prefer?: readonly Exclude<BackendName, 'node'>[];
  /** Folder (ending in `/`) or URL prefix of the `tfjs-backend-wasm*.wasm` files; needed in Node and by bundlers. */
  readonly wasmPaths?: string;
  /** Receives one line that names the choice, and one for each backend that did not start. */
  readonly log?: (line: string) => void;
}

/**
 * Starts the wasm or cpu backend; works in the browser and in Node. Node programs use `selectNodeBackend`
 * of `@attune/core/node`, which tries tfjs-node first. Throws `argument/invalid` when none starts.
 */
export async function selectBackend(options: SelectBackendOptions = {}): Promise<Backend> {
  const log = options.log ?? (() => {});
  const tf = await loadTensorFlow();
  tf.enableProdMode(); // or the library prints a banner of its own
  for (const name of options.prefer ?? (['wasm', 'cpu'] as const)) {
    try {
      const backend = name === 'wasm' ? await startWasm(tf, options.wasmPaths) : await startCpu(tf);
      log(`Tensor backend: ${backend.describe()}.`);
      if (name === 'cpu') log('Warning: the cpu backend is 10 to 100 times slower than wasm or tfjs-node.');
      return backend;
    } catch (error) {
      log(`Tensor backend ${name} did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new AttuneError('argument/invalid', 'No tensor backend could be started.', {
    tried: (options.prefer ?? ['wasm', 'cpu']).join(', '),
  });
}

/** Wraps a backend that is already registered with tfjs, and makes it current. */
export async function adoptBackend(name: BackendName, tf: TensorFlow, details: string): Promise<Backend> {
  const activate = async (): Promise<void> => {
    if (tf.getBackend() === ENGINE_NAMES[name]) return;
    if (!(await tf.setBackend(ENGINE_NAMES[name]))) {
      throw new AttuneError('argument/invalid', `The ${name} tensor backend could not be started.`, {
        backend: name,
      });
    }
  };
  await activate();
  return { name, tf, activate, describe: () => `${name} (tfjs ${tf.version_core}, ${details})` };
}

async function startWasm(tf: TensorFlow, wasmPaths: string | undefined): Promise<Backend> {
  const wasm = namespaceOf(await import('@tensorflow/tfjs-backend-wasm'));
  if (wasmPaths !== undefined && tf.findBackend('wasm') === null) wasm.setWasmPaths(wasmPaths);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false); // threads bring nothing on two cores, and need COOP/COEP headers
  const simd = Boolean(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'));
  const backend = await adoptBackend('wasm', tf, simd ? 'SIMD' : 'no SIMD');
  registerWasmKernels(tf);
  return backend;
}

async function startCpu(tf: TensorFlow): Promise<Backend> {
  const backend = await adoptBackend('cpu', tf, 'plain JavaScript');
  registerCpuKernels(tf);
  return backend;
}
