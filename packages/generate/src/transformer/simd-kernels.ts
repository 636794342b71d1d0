import { AttuneError } from '@attune/core';

/**
 * Two vector kernels in WebAssembly SIMD, assembled here from their instructions, so that the package needs no
 * compiler and Node and browsers run the same bytes. Float32 sums in a fixed order: the same notes everywhere.
 * All arguments are byte addresses or sizes in the shared memory; `bytes` is a multiple of 16.
 */
export interface SimdKernels {
  /** y[r] = Σ_c w[r, c] · x[c]; row r starts at w + r · stride and has `bytes` bytes. */
  dotRows(w: number, stride: number, x: number, y: number, rows: number, bytes: number): void;
  /** y[c] += Σ_r s[r] · w[r, c]; rows with s[r] = 0 are skipped. */
  addRows(w: number, stride: number, s: number, y: number, rows: number, bytes: number): void;
}

/** What is used of the WebAssembly JavaScript interface, which the plain ES library types leave out. */
interface WebAssemblyApi {
  readonly Memory: new (size: { initial: number; maximum: number }) => WebAssemblyMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}
interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}
function webAssembly(): WebAssemblyApi {
  return (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
}

export function createSimdKernels(memory: WebAssemblyMemory): SimdKernels {
  const { Module, Instance } = webAssembly();
  return new Instance(new Module(assemble()), { m: { m: memory } }).exports as SimdKernels;
}

/** Hands out parts of a memory that grows as a whole before any view is made. */
export class Arena {
  readonly memory: WebAssemblyMemory;
  private top = 16; // address 0 stays unused
  private readonly end: number;

  /** `floats`: how many values will be asked for in all; each array is rounded up to 4. */
  constructor(floats: number, arrays: number) {
    this.end = 16 + 4 * (floats + 4 * arrays);
    const pages = Math.ceil(this.end / 65536);
    this.memory = new (webAssembly().Memory)({ initial: pages, maximum: pages });
  }

  /** A zeroed array, aligned to 16 bytes; its address is `byteOffset`. */
  floats(length: number): Float32Array {
    const at = this.top;
    this.top += 4 * Math.ceil(length / 4) * 4;
    if (this.top > this.end)
      throw new AttuneError('model/invalid', 'The decoder asked for more memory than it planned.');
    return new Float32Array(this.memory.buffer, at, length);
  }
}

// Opcodes of the WebAssembly core specification 2.0, section 5.4.
const EMPTY = 0x40;
const I32 = 0x7f;
const V128 = 0x7b;
const BLOCK = 0x02;
const LOOP = 0x03;
const END = 0x0b;
const BR = 0x0c;
const BR_IF = 0x0d;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const F32_LOAD = [0x2a, 2, 0];
const I32_CONST = 0x41;
const F32_CONST_0 = [0x43, 0, 0, 0, 0];
const I32_EQZ = 0x45;
const I32_LT_U = 0x49;
const F32_NE = 0x5c;
const I32_ADD = 0x6a;
const I32_SUB = 0x6b;
const F32_ADD = 0x92;
const V128_LOAD = [0xfd, 0x00, 4, 0];
const V128_STORE = [0xfd, 0x0b, 4, 0];
const V128_ZERO = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
const F32X4_SPLAT = [0xfd, 0x13];
const F32X4_LANE = (lane: number): number[] => [0xfd, 0x1f, lane];
const F32X4_ADD = [0xfd, 0xe4, 0x01];
const F32X4_MUL = [0xfd, 0xe6, 0x01];

const get = (local: number): number[] => [LOCAL_GET, local];
const set = (local: number): number[] => [LOCAL_SET, local];
const add = (local: number, amount: number[]): number[] => [...get(local), ...amount, I32_ADD, ...set(local)];
const constant = (value: number): number[] => [I32_CONST, value]; // 0 … 63: one byte
const sum = (vector: number[], to: number): number[] => [
  ...vector,
  ...set(to),
  ...get(to),
  ...F32X4_LANE(0),
  ...get(to),
  ...F32X4_LANE(1),
  F32_ADD,
  ...get(to),
  ...F32X4_LANE(2),
  ...get(to),
  ...F32X4_LANE(3),
  F32_ADD,
  F32_ADD,
];

/** Parameters 0–5 are those of both kernels; then locals. */
const [W, STRIDE, X, Y, ROWS, BYTES, I, W1, W2, W3] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const [A, B, C, D, V] = [10, 11, 12, 13, 14];
const LOCALS = [2, 4, I32, 5, V128]; // two groups: I … W3, A … V

/** Four rows at a time share each load of x; then the rest one by one. */
function dotRowsCode(): number[] {
  const accumulate = (row: number, to: number): number[] => [
    ...get(to),
    ...get(row),
    ...get(I),
    I32_ADD,
    ...V128_LOAD,
    ...get(V),
    ...F32X4_MUL,
    ...F32X4_ADD,
    ...set(to),
  ];
  const columns = (rows: readonly (readonly [number, number])[]): number[] => [
    ...rows.flatMap(([, to]) => [...V128_ZERO, ...set(to)]),
    ...constant(0),
    ...set(I),
    LOOP,
    EMPTY,
    ...get(X),
    ...get(I),
    I32_ADD,
    ...V128_LOAD,
    ...set(V),
    ...rows.flatMap(([row, to]) => accumulate(row, to)),
    ...add(I, constant(16)),
    ...get(I),
    ...get(BYTES),
    I32_LT_U,
    BR_IF,
    0,
    END,
  ];
  const store = (from: number, offset: number): number[] => [
    ...get(Y),
    ...sum(get(from), V),
    0x38,
    2,
    offset,
  ];
  return [
    BLOCK,
    EMPTY,
    LOOP,
    EMPTY,
    ...get(ROWS),
    ...constant(4),
    I32_LT_U,
    BR_IF,
    1,
    ...get(W),
    ...get(STRIDE),
    I32_ADD,
    ...set(W1),
    ...get(W1),
    ...get(STRIDE),
    I32_ADD,
    ...set(W2),
    ...get(W2),
    ...get(STRIDE),
    I32_ADD,
    ...set(W3),
    ...columns([
      [W, A],
      [W1, B],
      [W2, C],
      [W3, D],
    ]),
    ...store(A, 0),
    ...store(B, 4),
    ...store(C, 8),
    ...store(D, 12),
    ...add(Y, constant(16)),
    ...get(W3),
    ...get(STRIDE),
    I32_ADD,
    ...set(W),
    ...get(ROWS),
    ...constant(4),
    I32_SUB,
    ...set(ROWS),
    BR,
    0,
    END,
    END,
    BLOCK,
    EMPTY,
    LOOP,
    EMPTY,
    ...get(ROWS),
    I32_EQZ,
    BR_IF,
    1,
    ...columns([[W, A]]),
    ...store(A, 0),
    ...add(Y, constant(4)),
    ...add(W, get(STRIDE)),
    ...get(ROWS),
    ...constant(1),
    I32_SUB,
    ...set(ROWS),
    BR,
    0,
    END,
    END,
    END,
  ];
}

function addRowsCode(): number[] {
  return [
    BLOCK,
    EMPTY,
    LOOP,
    EMPTY,
    ...get(ROWS),
    I32_EQZ,
    BR_IF,
    1,
    BLOCK,
    EMPTY,
    ...get(X), // here: the address of s
    ...F32_LOAD,
    ...F32_CONST_0,
    F32_NE,
    I32_EQZ,
    BR_IF,
    0,
    ...get(X),
    ...F32_LOAD,
    ...F32X4_SPLAT,
    ...set(V),
    ...constant(0),
    ...set(I),
    LOOP,
    EMPTY,
    ...get(Y),
    ...get(I),
    I32_ADD,
    ...get(Y),
    ...get(I),
    I32_ADD,
    ...V128_LOAD,
    ...get(W),
    ...get(I),
    I32_ADD,
    ...V128_LOAD,
    ...get(V),
    ...F32X4_MUL,
    ...F32X4_ADD,
    ...V128_STORE,
    ...add(I, constant(16)),
    ...get(I),
    ...get(BYTES),
    I32_LT_U,
    BR_IF,
    0,
    END,
    END,
    ...add(X, constant(4)),
    ...add(W, get(STRIDE)),
    ...get(ROWS),
    ...constant(1),
    I32_SUB,
    ...set(ROWS),
    BR,
    0,
    END,
    END,
    END,
  ];
}

/** The module: one type, an imported memory, two exported functions. */
function assemble(): Uint8Array<ArrayBuffer> {
  const text = (name: string): number[] => [name.length, ...new TextEncoder().encode(name)];
  const section = (id: number, content: number[]): number[] => [id, ...leb(content.length), ...content];
  const body = (code: number[]): number[] => {
    const whole = [...LOCALS, ...code];
    return [...leb(whole.length), ...whole];
  };
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
    ...section(1, [1, 0x60, 6, I32, I32, I32, I32, I32, I32, 0]),
    ...section(2, [1, ...text('m'), ...text('m'), 2, 0, 1]), // memory of at least one page
    ...section(3, [2, 0, 0]),
    ...section(7, [2, ...text('dotRows'), 0, 0, ...text('addRows'), 0, 1]),
    ...section(10, [2, ...body(dotRowsCode()), ...body(addRowsCode())]),
  ]);
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}
