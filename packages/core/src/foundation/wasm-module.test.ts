import { describe, expect, it } from 'vitest';
import {
  compileWasm,
  compileWasmAsync,
  instantiateWasm,
  WasmArena,
  type WasmExports,
} from './wasm-module.ts';

/**
 * Assembled by hand from the core specification, section 5.5: a memory of one page exported as `memory`, and
 * `add(a: i32, b: i32)`, which is local.get 0, local.get 1, i32.add.
 */
const ADD = btoa(
  String.fromCharCode(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
    ...[1, 7, 1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f], // one type (i32, i32) → i32
    ...[3, 2, 1, 0, 5, 3, 1, 0, 1], // one function of it, one memory of a page
    ...[7, 16, 2, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0, 3, 0x61, 0x64, 0x64, 0, 0],
    ...[10, 9, 1, 7, 0, 0x20, 0, 0x20, 1, 0x6a, 0x0b],
  ),
);
interface Adder extends WasmExports {
  add(a: number, b: number): number;
}

describe('WebAssembly modules', () => {
  it('are compiled at once or later, and instances share nothing', async () => {
    const module = compileWasm(ADD);
    const [first, second] = [instantiateWasm<Adder>(module), instantiateWasm<Adder>(module)];
    expect(first.add(2, 40)).toBe(42);
    expect(first.memory).not.toBe(second.memory);
    expect(instantiateWasm<Adder>(await compileWasmAsync(ADD)).add(-1, 1)).toBe(0);
  });

  it('arenas hand out aligned parts that do not overlap, and grow the memory', () => {
    const adder = instantiateWasm<Adder>(compileWasm(ADD));
    const arena = new WasmArena(adder, 1);
    const floats = arena.floats([1.5, 2.5, 3.5]);
    const integers = arena.integers([-7]);
    const large = arena.reserve(100_000);
    expect([floats, integers, large]).toEqual([16, 32, 48]);
    expect(adder.memory.buffer.byteLength).toBe(7 * 65_536); // 400,048 bytes
    expect([...new Float32Array(adder.memory.buffer, floats, 3)]).toEqual([1.5, 2.5, 3.5]);
    expect(new Int32Array(adder.memory.buffer, integers, 1)[0]).toBe(-7);
  });
});
