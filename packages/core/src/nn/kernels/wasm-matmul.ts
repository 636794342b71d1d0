import type { TensorFlow, TensorInfo } from '../tensor-flow.ts';
import { sizeOf, type Kernel } from './register.ts';
import { transpose2d } from './transpose.ts';
import { withScratch, type WasmBackend } from './wasm-backend.ts';

type Product = (a: number, aShape: Uint8Array, aRank: number, ...rest: unknown[]) => void;
const products = new WeakMap<object, Product>();

/**
 * Matrix products. The stock kernel uses XNNPACK only for one plain product and a plain loop, fifty times slower,
 * for batches and transposed operands. Here each product of a batch goes to XNNPACK by itself, after its operands
 * have been transposed into scratch memory where needed.
 */
export function batchMatMulKernel(tf: TensorFlow): Kernel {
  return ({ inputs, attrs, backend }) => {
    const wasm = backend as WasmBackend;
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
    const [transposeA, transposeB] = [attrs['transposeA'] as boolean, attrs['transposeB'] as boolean];
    const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
    const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
    const [rows, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
    const [innerB, columns] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
    const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
    const [countA, countB, count] = [sizeOf(outerA), sizeOf(outerB), sizeOf(outer)];
    if (inner !== innerB || (countA !== count && countA !== 1) || (countB !== count && countB !== 1)) {
      throw new Error(
        `matMul on wasm does not take shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}].`,
      );
    }
    const out = wasm.makeOutput([...outer, rows, columns], 'float32');
    if (sizeOf(out.shape) === 0) return out;
    const offsetOf = (info: TensorInfo): number => wasm.dataIdMap.get(info.dataId).memoryOffset >>> 0;
    const product = productOf(wasm);

    if (!transposeA && !transposeB && countB === 1) {
      product(offsetOf(a), offsetOf(b), offsetOf(out), [countA * rows, inner, columns]);
      return out;
    }
    const aSize = rows * inner;
    const bSize = inner * columns;
    const cSize = rows * columns;
    withScratch(wasm, (transposeA ? aSize : 0) + (transposeB ? bSize : 0), (scratch) => {
      const scratchB = scratch + (transposeA ? aSize * 4 : 0);
      for (let i = 0; i < count; i++) {
        let aAt = offsetOf(a) + (countA === 1 ? 0 : i * aSize * 4);
        let bAt = offsetOf(b) + (countB === 1 ? 0 : i * bSize * 4);
        const heap = new Float32Array(wasm.wasm.HEAPU8.buffer);
        if (transposeA) {
          if (i === 0 || countA > 1) transpose2d(heap, aAt / 4, heap, scratch / 4, inner, rows);
          aAt = scratch;
        }
        if (transposeB) {
          if (i === 0 || countB > 1) transpose2d(heap, bAt / 4, heap, scratchB / 4, columns, inner);
          bAt = scratchB;
        }
        product(aAt, bAt, offsetOf(out) + i * cSize * 4, [rows, inner, columns]);
      }
    });
    return out;
  };
}

/** c = a · b for row-major matrices at byte offsets of the heap; sizes are [rows, inner, columns]. */
type PlainProduct = (a: number, b: number, c: number, sizes: readonly [number, number, number]) => void;

function productOf(wasm: WasmBackend): PlainProduct {
  const types = ['number', 'array', 'number', 'number', 'array', 'number', 'number', 'number', 'number'];
  const call = products.get(wasm) ?? wasm.wasm.cwrap('BatchMatMul', null, types);
  products.set(wasm, call);
  return (a, b, c, [rows, inner, columns]) => {
    const shapes = [
      [1, rows, inner],
      [1, inner, columns],
      [1, rows, columns],
    ];
    // New tensor ids for each call: XNNPACK keeps packed copies of `b` by id.
    const views = [a, b, c].map((offset, i) => wasm.makeOutput(shapes[i]!, 'float32', offset));
    const ids = views.map((view) => wasm.dataIdMap.get(view.dataId).id);
    try {
      call(ids[0]!, bytesOf(shapes[0]!), 3, ids[1]!, bytesOf(shapes[1]!), 3, false, false, ids[2]!);
    } finally {
      for (const [i, view] of views.entries()) {
        wasm.wasm.tfjs.disposeData(ids[i]!); // not `wasm.disposeData`, which would free memory that is not the view's
        wasm.dataIdMap.delete(view.dataId);
      }
    }
  };
}

function bytesOf(shape: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(shape).buffer);
}
