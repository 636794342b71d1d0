/** What one Ogg page holds. All packets must be whole: under 255 × 255 bytes together. */
export interface OggPageContent {
  readonly serial: number;
  readonly sequence: number;
  /** 1: continues a packet; 2: first page; 4: last page. */
  readonly flags: number;
  /** Samples up to the end of the page, below 2^32. */
  readonly granule: number;
  readonly packets: readonly (readonly number[])[];
}

/** The bytes of a page (RFC 3533, 6), with the right checksum. */
export function oggPage({ serial, sequence, flags, granule, packets }: OggPageContent): Uint8Array {
  const lacing = packets.flatMap((packet) => [
    ...new Array<number>(Math.floor(packet.length / 255)).fill(255),
    packet.length % 255,
  ]);
  const bytes = Uint8Array.from([
    ...[0x4f, 0x67, 0x67, 0x53, 0, flags],
    ...new Array<number>(20).fill(0),
    lacing.length,
    ...lacing,
    ...packets.flat(),
  ]);
  const view = new DataView(bytes.buffer);
  view.setUint32(6, granule, true);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  sealOggPage(bytes, 0, bytes.length);
  return bytes;
}

/** Writes the right checksum into the page at [offset, end). */
export function sealOggPage(bytes: Uint8Array, offset: number, end: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, end - offset);
  view.setUint32(22, 0, true);
  view.setUint32(22, crcOf(bytes.subarray(offset, end), 32, 0x04c11db7), true);
}

/** Start and end of every page that looks whole. */
export function oggPageRanges(bytes: Uint8Array): [number, number][] {
  const ranges: [number, number][] = [];
  for (let offset = 0; offset + 27 <= bytes.length && bytes[offset] === 0x4f;) {
    const body = offset + 27 + bytes[offset + 26]!;
    const end = bytes.subarray(offset + 27, body).reduce((sum, size) => sum + size, body);
    if (end > bytes.length) break;
    ranges.push([offset, end]);
    offset = end;
  }
  return ranges;
}

/** A checksum of `bits` (8, 16 or 32) bit by bit, highest first, start 0: slow, and independent of the decoders' tables. */
export function crcOf(bytes: Uint8Array, bits: number, polynomial: number): number {
  let value = 0;
  for (const byte of bytes) {
    value = (value ^ (byte << (bits - 8))) >>> 0;
    for (let bit = 0; bit < 8; bit++) {
      const carry = value >>> (bits - 1) === 1;
      value = (value << 1) >>> 0;
      if (bits < 32) value &= 2 ** bits - 1;
      if (carry) value = (value ^ polynomial) >>> 0;
    }
  }
  return value;
}
