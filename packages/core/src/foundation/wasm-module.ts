/** A compiled WebAssembly module; opaque here, because the plain ES library types leave WebAssembly out. */
export interface WasmModule {
  readonly [Symbol.toStringTag]?: string;
}

/** What every compiled AssemblyScript module of ours exports; its functions and globals come on top. */
export interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
}

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: object };
  compile(bytes: Uint8Array): Promise<WasmModule>;
}

/**
 * Compiles a binary that was embedded as base64, at once. Chrome refuses this on a page's main thread for binaries
 * of more than 4 KB (before version 115) or 8 MB (since); workers, Node and other browsers have no such limit.
 */
export function compileWasm(base64: string): WasmModule {
  return new (webAssembly().Module)(bytesOf(base64));
}

/** As `compileWasm`, off the main thread and without its limit. */
export function compileWasmAsync(base64: string): Promise<WasmModule> {
  return webAssembly().compile(bytesOf(base64));
}

/** A fresh instance with a memory of its own. `imports` answers AssemblyScript's abort, which our builds never call. */
export function instantiateWasm<E extends WasmExports>(module: WasmModule): E {
  return new (webAssembly().Instance)(module, { env: { abort: () => undefined } }).exports as E;
}

/** Hands out parts of an instance's memory, from byte `start` on; all before the memory is used, since growth moves it. */
export class WasmArena {
  private readonly exports: WasmExports;
  private top: number;

  constructor(exports: WasmExports, start: number) {
    this.exports = exports;
    this.top = start;
  }

  /** Address of `length` zeroed values of four bytes, aligned to 16. */
  reserve(length: number): number {
    const at = Math.ceil(this.top / 16) * 16;
    this.top = at + 4 * length;
    const missing = this.top - this.exports.memory.buffer.byteLength;
    if (missing > 0) this.exports.memory.grow(Math.ceil(missing / 65_536));
    return at;
  }

  /** Reserves room for the values, stores them as float32 and gives their address. */
  floats(values: ArrayLike<number>): number {
    const at = this.reserve(values.length);
    new Float32Array(this.exports.memory.buffer, at, values.length).set(values);
    return at;
  }

  /** As `floats`, as int32. */
  integers(values: ArrayLike<number>): number {
    const at = this.reserve(values.length);
    new Int32Array(this.exports.memory.buffer, at, values.length).set(values);
    return at;
  }
}

function webAssembly(): WebAssemblyApi {
  return (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
