/** [4 rounds × 4]: left rotations (RFC 1321, 3.4). */
const ROTATIONS = Uint8Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);
/** [64]: the word of the block that a step takes. */
const WORDS = Uint8Array.from({ length: 64 }, (_, step) => {
  const [factor, start] = [
    [1, 0],
    [5, 1],
    [3, 5],
    [7, 0],
  ][step >> 4]!;
  return (factor! * step + start!) % 16;
});
/** T[i] of RFC 1321: the integer part of 2^32 |sin(i + 1)|. */
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

/** MD5 (RFC 1321) of bytes that come in pieces. FLAC proves its samples by it; it protects from no one. */
export class Md5 {
  private readonly state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  private readonly block = new Uint8Array(64);
  private readonly words = new Int32Array(16);
  private length = 0;

  update(bytes: Uint8Array): void {
    let used = this.length % 64;
    this.length += bytes.length;
    for (let offset = 0; offset < bytes.length;) {
      const piece = bytes.subarray(offset, offset + 64 - used);
      this.block.set(piece, used);
      offset += piece.length;
      used += piece.length;
      if (used < 64) break;
      this.mix();
      used = 0;
    }
  }

  /** The 16 bytes of the digest; nothing can be added after. */
  digest(): Uint8Array {
    const bits = this.length * 8;
    const padding = new Uint8Array(((119 - (this.length % 64)) % 64) + 9);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, bits >>> 0, true);
    view.setUint32(padding.length - 4, Math.floor(bits / 2 ** 32), true);
    this.update(padding);
    const out = new DataView(new ArrayBuffer(16));
    this.state.forEach((word, i) => out.setInt32(4 * i, word, true));
    return new Uint8Array(out.buffer);
  }

  private mix(): void {
    const { block, words, state } = this;
    for (let i = 0; i < 16; i++) {
      const at = 4 * i;
      words[i] = block[at]! | (block[at + 1]! << 8) | (block[at + 2]! << 16) | (block[at + 3]! << 24);
    }
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    for (let step = 0; step < 64; step++) {
      const round = step >> 4;
      let f: number;
      if (round === 0) f = (b & c) | (~b & d);
      else if (round === 1) f = (b & d) | (c & ~d);
      else if (round === 2) f = b ^ c ^ d;
      else f = c ^ (b | ~d);
      const sum = (a + f + words[WORDS[step]!]! + SINES[step]!) | 0;
      const rotation = ROTATIONS[4 * round + (step & 3)]!;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
  }
}
