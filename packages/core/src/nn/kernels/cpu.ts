import type { TensorFlow, TensorInfo } from '../tensor-flow.ts';
import { replaceKernel, sizeOf } from './register.ts';
import { segmentSum } from './segment-sum.ts';

interface CpuBackend {
  readonly data: { get(id: object): { values: Float32Array | Int32Array } };
  makeTensorInfo(shape: number[], dtype: string, values: Float32Array): TensorInfo;
}

const installed = new WeakSet<object>();

/** Replaces cpu kernels that are wrong or needlessly slow. */
export function registerCpuKernels(tf: TensorFlow): void {
  if (installed.has(tf.engine())) return;
  installed.add(tf.engine());
  // The stock kernel compares the whole input once a segment: hopeless for an embedding's gradient.
  replaceKernel(tf, 'cpu', 'UnsortedSegmentSum', ({ inputs, attrs, backend }) => {
    const cpu = backend as CpuBackend;
    const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
    const rest = x.shape.slice(segmentIds.shape.length);
    const shape = [attrs['numSegments'] as number, ...rest];
    const out = new Float32Array(sizeOf(shape));
    segmentSum(
      Float32Array.from(cpu.data.get(x.dataId).values),
      Int32Array.from(cpu.data.get(segmentIds.dataId).values),
      out,
      sizeOf(rest),
    );
    return cpu.makeTensorInfo(shape, x.dtype, out);
  });
}
