import { AttuneError } from './errors.ts';
import type { ErrorCode } from './errors.ts';

/**
 * Reads a byte array from front to back; every read is checked against the end, and a refusal names the
 * byte offset (of the whole array, also in a `slice`) and what was being read.
 */
export interface ByteReader {
  /** Offset of the next byte, from the start of the whole array. */
  readonly offset: number;
  /** Offset just after the last readable byte. */
  readonly end: number;
  readonly remaining: number;
  uint8(): number;
  int8(): number;
  uint16(): number;
  uint24(): number;
  uint32(): number;
  uint16LE(): number;
  int16LE(): number;
  uint24LE(): number;
  uint32LE(): number;
  /** MIDI variable-length quantity: at most 4 bytes of 7 bits (0 … 2²⁸ − 1); a fifth byte is refused. */
  variableLength(): number;
  /** The next byte without moving past it. */
  peek(): number;
  /** A view (no copy) of the next `count` bytes. */
  bytes(count: number): Uint8Array;
  /** The next `count` bytes as one Latin-1 character each. */
  latin1(count: number): string;
  skip(count: number): void;
  /** Moves to an absolute offset inside the readable part. */
  seek(offset: number): void;
  /** A reader of the next `count` bytes; this reader moves past them. */
  slice(count: number): ByteReader;
  /** Throws the reader's error at `offset` (default: here). */
  fail(message: string, offset?: number): never;
}

/** `code`: the error that a refusal carries. */
export function createByteReader(bytes: Uint8Array, code: ErrorCode): ByteReader {
  return new CheckedReader(bytes, 0, bytes.length, code);
}

class CheckedReader implements ByteReader {
  offset: number;
  readonly end: number;
  private readonly data: Uint8Array;
  private readonly code: ErrorCode;

  constructor(data: Uint8Array, start: number, end: number, code: ErrorCode) {
    this.data = data;
    this.offset = start;
    this.end = end;
    this.code = code;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  uint8(): number {
    if (this.offset >= this.end) this.short(1);
    return this.data[this.offset++]!;
  }

  int8(): number {
    return (this.uint8() << 24) >> 24;
  }

  uint16(): number {
    const at = this.advance(2);
    return (this.data[at]! << 8) | this.data[at + 1]!;
  }

  uint24(): number {
    const at = this.advance(3);
    return (this.data[at]! << 16) | (this.data[at + 1]! << 8) | this.data[at + 2]!;
  }

  uint32(): number {
    const at = this.advance(4);
    return (
      this.data[at]! * 0x1000000 +
      ((this.data[at + 1]! << 16) | (this.data[at + 2]! << 8) | this.data[at + 3]!)
    );
  }

  uint16LE(): number {
    const at = this.advance(2);
    return this.data[at]! | (this.data[at + 1]! << 8);
  }

  int16LE(): number {
    return (this.uint16LE() << 16) >> 16;
  }

  uint24LE(): number {
    const at = this.advance(3);
    return this.data[at]! | (this.data[at + 1]! << 8) | (this.data[at + 2]! << 16);
  }

  uint32LE(): number {
    const at = this.advance(4);
    return (
      (this.data[at]! | (this.data[at + 1]! << 8) | (this.data[at + 2]! << 16)) +
      this.data[at + 3]! * 0x1000000
    );
  }

  variableLength(): number {
    const start = this.offset;
    let value = this.uint8();
    if (value < 0x80) return value; // by far the most
    value &= 0x7f;
    for (let i = 1; i < 4; i++) {
      const byte = this.uint8();
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return this.fail('A variable-length quantity has more than four bytes.', start);
  }

  peek(): number {
    if (this.offset >= this.end) this.short(1);
    return this.data[this.offset]!;
  }

  bytes(count: number): Uint8Array {
    const at = this.advance(count);
    return this.data.subarray(at, at + count);
  }

  latin1(count: number): string {
    return latin1Text(this.bytes(count));
  }

  skip(count: number): void {
    this.advance(count);
  }

  seek(offset: number): void {
    if (!Number.isInteger(offset) || offset < 0 || offset > this.end) {
      this.fail(`Offset ${offset} lies outside the ${this.end} readable bytes.`);
    }
    this.offset = offset;
  }

  slice(count: number): ByteReader {
    const at = this.advance(count);
    return new CheckedReader(this.data, at, at + count, this.code);
  }

  fail(message: string, offset = this.offset): never {
    throw new AttuneError(this.code, `${message} (byte ${offset})`, { offset });
  }

  private advance(count: number): number {
    const at = this.offset;
    if (!(count >= 0 && count <= this.end - at)) this.short(count);
    this.offset = at + count;
    return at;
  }

  private short(count: number): never {
    return this.fail(`${count} bytes are wanted and ${this.remaining} are left.`);
  }
}

/** One character a byte (ISO 8859-1); in pieces, so that long text does not overflow the call stack. */
export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 4096) {
    // apply takes any array-like; a spread would go through the iterator, many times slower
    text += String.fromCharCode.apply(null, bytes.subarray(i, i + 4096) as unknown as number[]);
  }
  return text;
}
