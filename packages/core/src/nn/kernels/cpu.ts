import type { TensorFlow, TensorInfo } from '../tensor-flow.ts';
import { nearestNeighbourGradient, type ImageShape } from './nearest-neighbour.ts';
import { replaceKernel, sizeOf, type Kernel, type KernelCall } from './register.ts';
import { segmentSum } from './segment-sum.ts';
import { averagePoolGradient, poolWindow } from './window.ts';

/** The parts of tfjs-backend-cpu 4.22's `MathBackendCPU` that our kernels use. */
interface CpuBackend {
  readonly data: { get(id: object): { values: Float32Array | Int32Array } };
  makeTensorInfo(shape: number[], dtype: string, values: Float32Array): TensorInfo;
}

const installed = new WeakSet<object>();

/** Replaces cpu kernels of tfjs 4.22 that are wrong or needlessly slow. */
export function registerCpuKernels(tf: TensorFlow): void {
  if (installed.has(tf.engine())) return;
  installed.add(tf.engine());
  // The stock kernel compares the whole input once a segment: hopeless for an embedding's gradient.
  replaceKernel(tf, 'cpu', 'UnsortedSegmentSum', unsortedSegmentSum);
  // The stock kernel is wrong for more than one image.
  replaceKernel(tf, 'cpu', 'ResizeNearestNeighborGrad', resizeNearestNeighbour);
  // The stock kernel counts padding in its averages, unlike the forward kernel.
  replaceKernel(tf, 'cpu', 'AvgPoolGrad', averagePool(tf));
}

function unsortedSegmentSum({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const cpu = backend as CpuBackend;
  const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
  const rest = x.shape.slice(segmentIds.shape.length);
  const shape = [attrs['numSegments'] as number, ...rest];
  const out = new Float32Array(sizeOf(shape));
  const ids = Int32Array.from(cpu.data.get(segmentIds.dataId).values);
  segmentSum(floatsOf(cpu, x), ids, out, sizeOf(rest));
  return cpu.makeTensorInfo(shape, x.dtype, out);
}

function resizeNearestNeighbour({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const cpu = backend as CpuBackend;
  const { images, dy } = inputs as { images: TensorInfo; dy: TensorInfo };
  const out = new Float32Array(sizeOf(images.shape));
  const [from, to] = [dy.shape, images.shape] as never as [ImageShape, ImageShape];
  nearestNeighbourGradient(floatsOf(cpu, dy), from, out, to, attrs['alignCorners'] as boolean);
  return cpu.makeTensorInfo([...images.shape], 'float32', out);
}

function averagePool(tf: TensorFlow): Kernel {
  return ({ inputs, attrs, backend }) => {
    const cpu = backend as CpuBackend;
    const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
    const out = new Float32Array(sizeOf(input.shape));
    averagePoolGradient(poolWindow(tf, input.shape, attrs), floatsOf(cpu, dy), out);
    return cpu.makeTensorInfo([...input.shape], 'float32', out);
  };
}

/** tfjs may hold plain arrays here. */
function floatsOf(cpu: CpuBackend, info: TensorInfo): Float32Array {
  return Float32Array.from(cpu.data.get(info.dataId).values);
}
