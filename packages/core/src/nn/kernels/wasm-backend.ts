import type { TensorInfo } from '../tensor-flow.ts';

/** The parts of tfjs-backend-wasm 4.22's `BackendWasm` that our kernels use. */
export interface WasmBackend {
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(offset: number): void;
    cwrap(name: string, result: null, arguments_: readonly string[]): (...values: unknown[]) => void;
    readonly tfjs: { disposeData(id: number): void };
  };
  readonly dataIdMap: {
    get(dataId: object): { id: number; memoryOffset: number };
    delete(dataId: object): void;
  };
  makeOutput(shape: number[], dtype: string, memoryOffset?: number): TensorInfo;
  disposeData(dataId: object): void;
  /** A view of the tensor on the wasm heap; stale as soon as the heap grows, so take views after allocating. */
  typedArrayFromHeap(info: TensorInfo): Float32Array | Int32Array;
}

export function floatsOf(wasm: WasmBackend, info: TensorInfo): Float32Array {
  return wasm.typedArrayFromHeap(info) as Float32Array;
}

/** Lends `run` a block of `floats` float32 on the heap, given as its byte offset. */
export function withScratch<Result>(
  wasm: WasmBackend,
  floats: number,
  run: (offset: number) => Result,
): Result {
  const offset = wasm.wasm._malloc(Math.max(1, floats) * 4) >>> 0;
  try {
    return run(offset);
  } finally {
    wasm.wasm._free(offset);
  }
}
