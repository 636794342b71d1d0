import { AttuneError, compileWasm, instantiateWasm, WasmArena, type WasmExports } from '@attune/core';
import { FACTOR_SCAN_WASM } from './factor-scan.wasm.ts';
import { selectTop } from '../algebra/select-top.ts';

/** Many vectors that single ones are compared with, exactly. */
export interface FactorScan {
  readonly count: number;
  readonly rank: number;
  /** Inner products of `query` [rank] with all vectors, in single precision: [count], a copy. */
  products(query: ArrayLike<number>): Float32Array;
  /** Numbers of the `take` vectors with the highest products, best first. */
  top(query: ArrayLike<number>, take: number, skip?: (index: number) => boolean): Uint32Array;
}

interface ScanExports extends WasmExports {
  scan(factors: number, count: number, rank: number, query: number, out: number): void;
}

/** Memory below this address is left to the module. */
const ARENA_START = 1024;

/**
 * Copies `factors` [count, rank], row-major, into memory of a WebAssembly kernel that multiplies four at a time. A
 * scan goes through all vectors, so what it finds is exact (brute force, maximum inner product).
 * @throws `argument/invalid` where the values are not count × rank.
 */
export function createFactorScan(factors: Float32Array, rank: number): FactorScan {
  const count = factors.length / rank;
  if (!Number.isInteger(rank) || rank < 1 || !Number.isInteger(count)) {
    throw new AttuneError('argument/invalid', `${factors.length} values are no vectors of ${rank}.`, {
      rank,
    });
  }
  const wide = Math.ceil(rank / 4) * 4;
  const kernel = instantiateWasm<ScanExports>(compileWasm(FACTOR_SCAN_WASM));
  const arena = new WasmArena(kernel, ARENA_START);
  const [matrixAt, queryAt, outAt] = [arena.reserve(count * wide), arena.reserve(wide), arena.reserve(count)];
  const { buffer } = kernel.memory;
  const matrix = new Float32Array(buffer, matrixAt, count * wide);
  for (let i = 0; i < count; i++) matrix.set(factors.subarray(i * rank, (i + 1) * rank), i * wide);
  const input = new Float32Array(buffer, queryAt, wide);
  const output = new Float32Array(buffer, outAt, count);

  const scan = (query: ArrayLike<number>): void => {
    if (query.length !== rank) {
      throw new AttuneError('argument/invalid', `A query has ${rank} values, not ${query.length}.`, { rank });
    }
    input.set(query);
    kernel.scan(matrixAt, count, wide, queryAt, outAt);
  };
  return {
    count,
    rank,
    products: (query) => {
      scan(query);
      return output.slice();
    },
    top: (query, take, skip) => {
      scan(query);
      return selectTop(output, take, skip);
    },
  };
}
