import type { TensorFlow, TensorInfo } from '../tensor-flow.ts';
import { replaceKernel, sizeOf } from './register.ts';
import { segmentSum } from './segment-sum.ts';

/** The part of tfjs's `BackendWasm` that kernels use. */
export interface WasmBackend {
  makeOutput(shape: number[], dtype: string): TensorInfo;
  /** A view of the tensor on the wasm heap; stale as soon as the heap grows, so take views last. */
  typedArrayFromHeap(info: TensorInfo): Float32Array | Int32Array;
}

const installed = new WeakSet<object>();

/** Adds the kernels that tfjs-backend-wasm 4.22 lacks or has wrong; there is no fallback to cpu for a missing one. */
export function registerWasmKernels(tf: TensorFlow): void {
  if (installed.has(tf.engine())) return;
  installed.add(tf.engine());
  replaceKernel(tf, 'wasm', 'UnsortedSegmentSum', ({ inputs, attrs, backend }) => {
    const wasm = backend as WasmBackend;
    const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
    const rest = x.shape.slice(segmentIds.shape.length);
    const out = wasm.makeOutput([attrs['numSegments'] as number, ...rest], x.dtype);
    segmentSum(
      wasm.typedArrayFromHeap(x) as Float32Array,
      wasm.typedArrayFromHeap(segmentIds) as Int32Array,
      wasm.typedArrayFromHeap(out) as Float32Array,
      sizeOf(rest),
    );
    return out;
  });
}
