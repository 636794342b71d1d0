import type { TensorFlow, TensorInfo } from '../tensor-flow.ts';

/** What a tfjs kernel receives; the library types its parts only per kernel. */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: unknown;
}
export type Kernel = (call: KernelCall) => TensorInfo | TensorInfo[];

/** Registers a kernel, replacing one that is there. tfjs keeps one table a process, so a second call is harmless. */
export function replaceKernel(tf: TensorFlow, backendName: string, kernelName: string, kernel: Kernel): void {
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernel as never });
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
