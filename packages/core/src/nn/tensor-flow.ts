/**
 * The one place that knows where tfjs comes from. Library code imports types from here and takes the
 * `tf` namespace as an argument; only `backend.ts` and `node/nn-backend.ts` load the library itself.
 */
export type TensorFlow = typeof import('@tensorflow/tfjs');
export type {
  DataType,
  NamedTensorMap,
  Rank,
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  TensorInfo,
  Variable,
} from '@tensorflow/tfjs';

/** Loads `@tensorflow/tfjs` (core, all gradients, cpu backend); no backend is chosen yet. */
export async function loadTensorFlow(): Promise<TensorFlow> {
  return namespaceOf(await import('@tensorflow/tfjs'));
}

/** A CommonJS module seen through `import()` may carry its exports under `default` only. */
export function namespaceOf<Module extends object>(module: Module | { default: Module }): Module {
  const inner = 'default' in module ? module.default : undefined;
  return inner !== undefined && Object.keys(inner).length >= Object.keys(module).length - 2
    ? inner
    : (module as Module);
}
