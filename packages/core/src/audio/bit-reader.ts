import { AttuneError } from '../foundation/errors.ts';

/** Takes bits out of bytes, highest first. Throws `audio/malformed` with the byte offset where they end. */
export class BitReader {
  private readonly bytes: Uint8Array;
  private next: number;
  /** `count` bits not taken yet, at the high end; zeros below. */
  private held = 0;
  private count = 0;

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.next = offset;
  }

  /** Offset of the first byte of which nothing was taken. */
  get offset(): number {
    return this.next - (this.count >> 3);
  }

  /** An unsigned number of `bits` (0–33). */
  read(bits: number): number {
    if (bits > 25) return this.read(bits - 16) * 65_536 + this.read(16);
    if (bits === 0) return 0;
    if (this.count < bits) this.fill(bits);
    const value = this.held >>> (32 - bits);
    this.held <<= bits;
    this.count -= bits;
    return value;
  }

  /** A number of `bits` (0–33) in two's complement. */
  readSigned(bits: number): number {
    const value = this.read(bits);
    return bits > 0 && value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
  }

  /** The number of zeros before the next one, which is taken too. */
  readUnary(): number {
    let zeros = 0;
    for (;;) {
      if (this.count === 0) this.fill(1);
      const run = Math.clz32(this.held);
      if (run < this.count) {
        this.held = run === 31 ? 0 : this.held << (run + 1);
        this.count -= run + 1;
        return zeros + run;
      }
      zeros += this.count;
      this.held = this.count = 0;
    }
  }

  /** Drops what is left of a byte that was begun. */
  alignToByte(): void {
    this.read(this.count & 7);
  }

  private fill(needed: number): void {
    while (this.count <= 24 && this.next < this.bytes.length) {
      this.held |= this.bytes[this.next++]! << (24 - this.count);
      this.count += 8;
    }
    if (this.count < needed) {
      throw new AttuneError(
        'audio/malformed',
        `The audio ends at byte ${this.bytes.length}, within a frame.`,
        {
          offset: this.bytes.length,
        },
      );
    }
  }
}
