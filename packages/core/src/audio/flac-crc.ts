const CRC_8 = crcTable(0x07, 8);
const CRC_16 = crcTable(0x8005, 16);

/** Checksum of a frame header (RFC 9639, 9.1.8). */
export function crc8(bytes: Uint8Array): number {
  let value = 0;
  for (let i = 0; i < bytes.length; i++) value = CRC_8[value ^ bytes[i]!]!;
  return value;
}

/** Checksum of a whole frame (RFC 9639, 9.3). */
export function crc16(bytes: Uint8Array): number {
  let value = 0;
  for (let i = 0; i < bytes.length; i++) value = ((value << 8) & 0xffff) ^ CRC_16[(value >> 8) ^ bytes[i]!]!;
  return value;
}

function crcTable(polynomial: number, bits: number): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let value = byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++)
      value = value & (1 << (bits - 1)) ? (value << 1) ^ polynomial : value << 1;
    return value & (2 ** bits - 1);
  });
}
