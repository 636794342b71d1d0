/** Packs bits, highest first, into growing bytes. */
export class BitWriter {
  private data = new Uint8Array(16_384);
  private length = 0;
  /** The `count` (under 8) bits that do not fill a byte yet. */
  private held = 0;
  private count = 0;

  /** The low `bits` (0–32) of `value`; a negative value in two's complement. */
  write(value: number, bits: number): void {
    if (bits > 16) {
      this.write(value >> 16, bits - 16);
      bits = 16;
    }
    this.held = (this.held << bits) | (value & ((1 << bits) - 1));
    this.count += bits;
    if (this.length + 4 > this.data.length) this.grow();
    while (this.count >= 8) {
      this.count -= 8;
      this.data[this.length++] = this.held >>> this.count;
    }
    this.held &= (1 << this.count) - 1;
  }

  /** `zeros` zeros and a one. */
  writeUnary(zeros: number): void {
    for (; zeros >= 16; zeros -= 16) this.write(0, 16);
    this.write(1, zeros + 1);
  }

  /** Fills the last byte with zeros. */
  alignToByte(): void {
    if (this.count > 0) this.write(0, 8 - this.count);
  }

  /** The whole bytes written so far; shares memory until the next write. */
  bytes(): Uint8Array {
    return this.data.subarray(0, this.length);
  }

  clear(): void {
    this.length = this.held = this.count = 0;
  }

  private grow(): void {
    const larger = new Uint8Array(this.data.length * 2);
    larger.set(this.data);
    this.data = larger;
  }
}
