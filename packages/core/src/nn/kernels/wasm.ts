import type { TensorFlow, TensorInfo } from '../tensor-flow.ts';
import { nearestNeighbourGradient, type ImageShape } from './nearest-neighbour.ts';
import { replaceKernel, sizeOf, type Kernel, type KernelCall } from './register.ts';
import { segmentSum } from './segment-sum.ts';
import { floatsOf, type WasmBackend } from './wasm-backend.ts';
import { batchMatMulKernel } from './wasm-matmul.ts';
import {
  averagePoolGradient,
  convWindow,
  depthwiseFilterGradient,
  depthwiseInputGradient,
  maxPoolGradient,
  poolWindow,
  unfoldTransposed,
} from './window.ts';

const installed = new WeakSet<object>();

/** Adds the kernels that tfjs-backend-wasm 4.22 lacks, has wrong or has slow; nothing falls back to cpu by itself. */
export function registerWasmKernels(tf: TensorFlow): void {
  if (installed.has(tf.engine())) return;
  installed.add(tf.engine());
  const kernels: Record<string, Kernel> = {
    BatchMatMul: batchMatMulKernel(tf),
    UnsortedSegmentSum: unsortedSegmentSum,
    Conv2DBackpropFilter: convFilterGradient(tf),
    DepthwiseConv2dNativeBackpropFilter: depthwiseFilter(tf),
    DepthwiseConv2dNativeBackpropInput: depthwiseInput(tf),
    MaxPoolGrad: maxPool(tf), // the stock one takes FLT_MIN, a positive number, for the least float
    AvgPoolGrad: averagePool(tf), // the stock one counts padding in its averages, unlike the forward kernel
    ResizeNearestNeighborGrad: resizeNearestNeighbour, // the stock one is wrong for several channels or images
    OneHot: oneHot, // the stock one writes integers into float tensors
  };
  for (const [name, kernel] of Object.entries(kernels)) replaceKernel(tf, 'wasm', name, kernel);
}

function unsortedSegmentSum({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const wasm = backend as WasmBackend;
  const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
  const rest = x.shape.slice(segmentIds.shape.length);
  const out = wasm.makeOutput([attrs['numSegments'] as number, ...rest], x.dtype);
  const ids = wasm.typedArrayFromHeap(segmentIds) as Int32Array;
  segmentSum(floatsOf(wasm, x), ids, floatsOf(wasm, out), sizeOf(rest));
  return out;
}

/** dW [taps · in, out] = unfolded input [taps · in, positions] · dy [positions, out]. */
function convFilterGradient(tf: TensorFlow): Kernel {
  const multiply = batchMatMulKernel(tf);
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as WasmBackend;
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const filterShape = attrs['filterShape'] as [number, number, number, number];
    const info = convWindow(tf, x.shape, filterShape, attrs, false);
    const positions = info.batchSize * info.outHeight * info.outWidth;
    const columns = wasm.makeOutput([filterShape[0] * filterShape[1] * filterShape[2], positions], 'float32');
    unfoldTransposed(info, floatsOf(wasm, x), floatsOf(wasm, columns));
    const b: TensorInfo = { dataId: dy.dataId, shape: [positions, filterShape[3]], dtype: 'float32' };
    const plain = { transposeA: false, transposeB: false };
    const out = multiply({ inputs: { a: columns, b }, attrs: plain, backend }) as TensorInfo;
    wasm.disposeData(columns.dataId);
    return { ...out, shape: [...filterShape] };
  };
}

function depthwiseFilter(tf: TensorFlow): Kernel {
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as WasmBackend;
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const filterShape = attrs['filterShape'] as [number, number, number, number];
    const out = wasm.makeOutput([...filterShape], 'float32');
    const info = convWindow(tf, x.shape, filterShape, attrs, true);
    depthwiseFilterGradient(info, filterShape[3], floatsOf(wasm, x), floatsOf(wasm, dy), floatsOf(wasm, out));
    return out;
  };
}

function depthwiseInput(tf: TensorFlow): Kernel {
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as WasmBackend;
    const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
    const inputShape = attrs['inputShape'] as number[];
    const out = wasm.makeOutput([...inputShape], 'float32');
    const info = convWindow(tf, inputShape, filter.shape, attrs, true);
    depthwiseInputGradient(
      info,
      filter.shape[3]!,
      floatsOf(wasm, filter),
      floatsOf(wasm, dy),
      floatsOf(wasm, out),
    );
    return out;
  };
}

function maxPool(tf: TensorFlow): Kernel {
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as WasmBackend;
    const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
    const out = wasm.makeOutput([...input.shape], 'float32');
    const info = poolWindow(tf, input.shape, attrs);
    maxPoolGradient(info, floatsOf(wasm, input), floatsOf(wasm, dy), floatsOf(wasm, out));
    return out;
  };
}

function averagePool(tf: TensorFlow): Kernel {
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as WasmBackend;
    const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
    const out = wasm.makeOutput([...input.shape], 'float32');
    averagePoolGradient(poolWindow(tf, input.shape, attrs), floatsOf(wasm, dy), floatsOf(wasm, out));
    return out;
  };
}

function resizeNearestNeighbour({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const wasm = backend as WasmBackend;
  const { images, dy } = inputs as { images: TensorInfo; dy: TensorInfo };
  const out = wasm.makeOutput([...images.shape], 'float32');
  nearestNeighbourGradient(
    floatsOf(wasm, dy),
    dy.shape as never as ImageShape,
    floatsOf(wasm, out),
    images.shape as never as ImageShape,
    attrs['alignCorners'] as boolean,
  );
  return out;
}

function oneHot({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const wasm = backend as WasmBackend;
  const indices = inputs['indices']!;
  const { depth, onValue, offValue, dtype } = attrs as {
    depth: number;
    onValue: number;
    offValue: number;
    dtype: string;
  };
  const out = wasm.makeOutput([...indices.shape, depth], dtype);
  const values = wasm.typedArrayFromHeap(out).fill(offValue);
  wasm.typedArrayFromHeap(indices).forEach((label, row) => {
    if (label >= 0 && label < depth) values[row * depth + label] = onValue;
  });
  return out;
}
