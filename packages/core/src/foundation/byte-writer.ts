import { AttuneError } from './errors.ts';

/** Appends to a growing byte array. A value outside its field is refused (`argument/invalid`), never cut. */
export interface ByteWriter {
  /** Bytes written so far. */
  readonly length: number;
  uint8(value: number): void;
  int8(value: number): void;
  uint16(value: number): void;
  uint24(value: number): void;
  uint32(value: number): void;
  uint16LE(value: number): void;
  uint32LE(value: number): void;
  /** MIDI variable-length quantity, 0 … 2²⁸ − 1, in the fewest bytes. */
  variableLength(value: number): void;
  bytes(values: ArrayLike<number>): void;
  /** One byte a character; characters above U+00FF are refused. */
  latin1(text: string): void;
  /** Overwrites four bytes written earlier, big-endian: for lengths known only afterwards. */
  setUint32(offset: number, value: number): void;
  setUint32LE(offset: number, value: number): void;
  /** A copy of what was written. */
  toBytes(): Uint8Array<ArrayBuffer>;
}

/** A writer whose buffer grows; `initialCapacity` is in bytes. */
export function createByteWriter(initialCapacity = 1024): ByteWriter {
  return new GrowingWriter(initialCapacity);
}

class GrowingWriter implements ByteWriter {
  length = 0;
  private data: Uint8Array;

  constructor(capacity: number) {
    this.data = new Uint8Array(Math.max(16, capacity));
  }

  uint8(value: number): void {
    this.check(value, 0xff);
    const at = this.grow(1);
    this.data[at] = value;
  }

  int8(value: number): void {
    if (!Number.isInteger(value) || value < -128 || value > 127) this.refuse(value, 'a signed byte');
    this.uint8(value & 0xff);
  }

  uint16(value: number): void {
    this.check(value, 0xffff);
    const at = this.grow(2);
    this.data[at] = value >>> 8;
    this.data[at + 1] = value;
  }

  uint24(value: number): void {
    this.check(value, 0xffffff);
    const at = this.grow(3);
    this.data[at] = value >>> 16;
    this.data[at + 1] = value >>> 8;
    this.data[at + 2] = value;
  }

  uint32(value: number): void {
    this.check(value, 0xffffffff);
    this.setUint32(this.grow(4), value);
  }

  uint16LE(value: number): void {
    this.check(value, 0xffff);
    const at = this.grow(2);
    this.data[at] = value;
    this.data[at + 1] = value >>> 8;
  }

  uint32LE(value: number): void {
    this.check(value, 0xffffffff);
    this.setUint32LE(this.grow(4), value);
  }

  variableLength(value: number): void {
    this.check(value, 0xfffffff);
    if (value >= 0x200000) this.uint8((value >>> 21) | 0x80);
    if (value >= 0x4000) this.uint8(((value >>> 14) & 0x7f) | 0x80);
    if (value >= 0x80) this.uint8(((value >>> 7) & 0x7f) | 0x80);
    this.uint8(value & 0x7f);
  }

  bytes(values: ArrayLike<number>): void {
    if (!(values instanceof Uint8Array)) for (let i = 0; i < values.length; i++) this.check(values[i]!, 0xff);
    const at = this.grow(values.length);
    this.data.set(values, at);
  }

  latin1(text: string): void {
    for (let i = 0; i < text.length; i++) this.uint8(text.charCodeAt(i));
  }

  setUint32(offset: number, value: number): void {
    this.check(value, 0xffffffff);
    this.inside(offset);
    for (let i = 0; i < 4; i++) this.data[offset + i] = value >>> (24 - 8 * i);
  }

  setUint32LE(offset: number, value: number): void {
    this.check(value, 0xffffffff);
    this.inside(offset);
    for (let i = 0; i < 4; i++) this.data[offset + i] = value >>> (8 * i);
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.data.subarray(0, this.length));
  }

  private grow(count: number): number {
    const at = this.length;
    const needed = at + count;
    if (needed > this.data.length) {
      const larger = new Uint8Array(Math.max(needed, this.data.length * 2));
      larger.set(this.data);
      this.data = larger;
    }
    this.length = needed;
    return at;
  }

  private check(value: number, max: number): void {
    if (!Number.isInteger(value) || value < 0 || value > max) this.refuse(value, `a field of 0 to ${max}`);
  }

  private inside(offset: number): void {
    if (!Number.isInteger(offset) || offset < 0 || offset + 4 > this.length) {
      throw new AttuneError('argument/invalid', `Offset ${offset} has no four written bytes.`, { offset });
    }
  }

  private refuse(value: number, field: string): never {
    throw new AttuneError('argument/invalid', `${value} does not fit ${field}.`, {
      offset: this.length,
      value,
    });
  }
}
