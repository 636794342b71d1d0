import { AttuneError } from '../foundation/errors.ts';

/** One page of an Ogg file (RFC 3533), checked against its CRC. */
export interface OggPage {
  readonly offset: number;
  readonly end: number;
  /** First byte of the page's data. */
  readonly body: number;
  readonly serial: number;
  readonly sequence: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Codec samples up to the end of this page; undefined where no packet ends in it. */
  readonly granule: number | undefined;
}

/**
 * All pages from the start of the file. Throws `audio/malformed` with the byte offset where a page is missing,
 * cut short or does not match its CRC: what a decoder would make of it is not what was recorded.
 */
export function readOggPages(bytes: Uint8Array): OggPage[] {
  const pages: OggPage[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const page = readPage(bytes, offset);
    pages.push(page);
    offset = page.end;
  }
  return pages;
}

function readPage(bytes: Uint8Array, offset: number): OggPage {
  const magic = String.fromCharCode(...bytes.subarray(offset, offset + 4));
  if (magic !== 'OggS') throw malformed(`There is no Ogg page at byte ${offset}, where one must be.`, offset);
  const segments = bytes[offset + 26];
  const body = offset + 27 + (segments ?? 0);
  if (segments === undefined || body > bytes.length)
    throw malformed(`The Ogg page at byte ${offset} is cut short.`, offset);
  let end = body;
  for (let i = offset + 27; i < body; i++) end += bytes[i]!;
  if (end > bytes.length)
    throw malformed(`The Ogg page at byte ${offset} ends ${end - bytes.length} bytes early.`, offset);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, end - offset);
  if (view.getUint8(4) !== 0)
    throw malformed(`The Ogg page at byte ${offset} has version ${view.getUint8(4)}, not 0.`, offset);
  if (pageCrc(bytes, offset, end) !== view.getUint32(22, true)) {
    throw malformed(`The Ogg page at byte ${offset} is damaged (its checksum does not match).`, offset);
  }
  const flags = view.getUint8(5);
  const granule = view.getUint32(6, true) + view.getInt32(10, true) * 2 ** 32;
  return {
    offset,
    end,
    body,
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    granule: granule === -1 ? undefined : granule,
  };
}

/** CRC-32 with polynomial 0x04c11db7, not reflected, start 0, no final xor; the CRC field counts as zero. */
export function pageCrc(bytes: Uint8Array, offset: number, end: number): number {
  let crc = 0;
  for (let i = offset; i < end; i++) {
    const inField = i >= offset + 22 && i < offset + 26;
    crc = ((crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ (inField ? 0 : bytes[i]!)]!) | 0;
  }
  return crc >>> 0;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

function malformed(message: string, offset: number): AttuneError {
  return new AttuneError('audio/malformed', message, { offset });
}
