import { describe, expect, it } from 'vitest';
import { pageCrc, readOggPages } from './ogg-pages.ts';

/** A page with one packet, built from the table in RFC 3533 section 6. */
function page(
  body: number[],
  options: { flags?: number; granule?: number; sequence?: number } = {},
): Uint8Array {
  const { flags = 0, granule = 0, sequence = 0 } = options;
  const bytes = Uint8Array.of(
    ...[0x4f, 0x67, 0x67, 0x53, 0, flags],
    ...Array.from({ length: 8 }, (_, i) => (granule < 0 ? 0xff : Math.floor(granule / 256 ** i) % 256)),
    ...[9, 0, 0, 0, sequence, 0, 0, 0, 0, 0, 0, 0, 1, body.length],
    ...body,
  );
  new DataView(bytes.buffer).setUint32(22, pageCrc(bytes, 0, bytes.length), true);
  return bytes;
}

describe('pageCrc', () => {
  it('equals a published value', () => {
    // CRC-32/POSIX (cksum) is this one complemented; its published check value for "123456789" is 0x765e7680.
    const text = Uint8Array.from('123456789', (c) => c.charCodeAt(0));
    expect(pageCrc(text, 0, text.length)).toBe(~0x765e7680 >>> 0);
  });
});

describe('readOggPages', () => {
  it('reads positions, flags, serial, sequence and granule', () => {
    const first = page([1, 2, 3], { flags: 2 });
    const second = page([4], { flags: 4, granule: 2 ** 33 + 5, sequence: 1 });
    expect(readOggPages(Uint8Array.of(...first, ...second))).toEqual([
      { offset: 0, body: 28, end: 31, serial: 9, sequence: 0, isFirst: true, isLast: false, granule: 0 },
      {
        offset: 31,
        body: 59,
        end: 60,
        serial: 9,
        sequence: 1,
        isFirst: false,
        isLast: true,
        granule: 2 ** 33 + 5,
      },
    ]);
  });

  it('knows a page in which no packet ends', () => {
    expect(readOggPages(page([1], { granule: -1 }))[0]!.granule).toBeUndefined();
  });

  it('refuses a page cut at every byte', () => {
    const bytes = page([1, 2, 3]);
    for (let length = 1; length < bytes.length; length++) {
      expect(() => readOggPages(bytes.subarray(0, length))).toThrowError(
        expect.objectContaining({ code: 'audio/malformed' }),
      );
    }
  });

  it('refuses a page with any byte changed', () => {
    const bytes = page([1, 2, 3]);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x10;
      expect(() => readOggPages(damaged)).toThrowError(expect.objectContaining({ code: 'audio/malformed' }));
    }
  });

  it('refuses bytes after the last page', () => {
    expect(() => readOggPages(Uint8Array.of(...page([1]), 0, 0, 0, 0, 0))).toThrowError(
      /no Ogg page at byte 29/,
    );
  });
});
