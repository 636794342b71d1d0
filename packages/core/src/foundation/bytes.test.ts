import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createByteReader, latin1Text } from './byte-reader.ts';
import { createByteWriter } from './byte-writer.ts';

const read = (...bytes: number[]) => createByteReader(Uint8Array.from(bytes), 'midi/malformed');

describe('createByteReader', () => {
  it('reads numbers in both byte orders', () => {
    expect(read(0xff).uint8()).toBe(255);
    expect(read(0xff).int8()).toBe(-1);
    expect(read(0x12, 0x34).uint16()).toBe(0x1234);
    expect(read(0x12, 0x34, 0x56).uint24()).toBe(0x123456);
    expect(read(0xff, 0xff, 0xff, 0xfe).uint32()).toBe(4294967294);
    expect(read(0x34, 0x12).uint16LE()).toBe(0x1234);
    expect(read(0xfe, 0xff).int16LE()).toBe(-2);
    expect(read(0x56, 0x34, 0x12).uint24LE()).toBe(0x123456);
    expect(read(0xfe, 0xff, 0xff, 0xff).uint32LE()).toBe(4294967294);
  });

  // The table of the Standard MIDI File specification, p. 131 of the 1996 detailed specification.
  const QUANTITIES: [number, number[]][] = [
    [0x00, [0x00]],
    [0x40, [0x40]],
    [0x7f, [0x7f]],
    [0x80, [0x81, 0x00]],
    [0x2000, [0xc0, 0x00]],
    [0x3fff, [0xff, 0x7f]],
    [0x4000, [0x81, 0x80, 0x00]],
    [0x100000, [0xc0, 0x80, 0x00]],
    [0x1fffff, [0xff, 0xff, 0x7f]],
    [0x200000, [0x81, 0x80, 0x80, 0x00]],
    [0x8000000, [0xc0, 0x80, 0x80, 0x00]],
    [0xfffffff, [0xff, 0xff, 0xff, 0x7f]],
  ];
  it.each(QUANTITIES)('reads and writes the quantity %d as the specification does', (value, bytes) => {
    expect(read(...bytes).variableLength()).toBe(value);
    const writer = createByteWriter();
    writer.variableLength(value);
    expect([...writer.toBytes()]).toEqual(bytes);
  });

  it('refuses a quantity of five bytes and names its first byte', () => {
    const reader = read(1, 0x8f, 0xff, 0xff, 0xff, 0x78);
    reader.skip(1);
    expect(() => reader.variableLength()).toThrow(
      expect.objectContaining({ code: 'midi/malformed', place: { offset: 1 } }),
    );
  });

  it('refuses every read past the end, with the offset, and stays where it was', () => {
    const reads = [
      'uint8',
      'int8',
      'uint16',
      'uint24',
      'uint32',
      'uint16LE',
      'int16LE',
      'uint24LE',
      'uint32LE',
      'peek',
      'variableLength',
    ] as const;
    for (const name of reads) {
      expect(() => read()[name](), name).toThrow(
        expect.objectContaining({ code: 'midi/malformed', place: { offset: 0 } }),
      );
    }
    const reader = read(1, 2, 3);
    reader.skip(2);
    for (const count of [2, Infinity, -1, NaN]) {
      expect(() => reader.bytes(count)).toThrow(expect.objectContaining({ place: { offset: 2 } }));
    }
    expect(reader.uint8()).toBe(3);
  });

  it('keeps a slice inside its bytes and counts offsets from the whole', () => {
    const reader = read(1, 2, 3, 4, 5);
    reader.skip(1);
    const slice = reader.slice(2);
    expect([slice.uint8(), slice.uint8()]).toEqual([2, 3]);
    expect(() => slice.uint8()).toThrow(expect.objectContaining({ place: { offset: 3 } }));
    expect(reader.uint8()).toBe(4);
    expect(() => {
      reader.seek(6);
    }).toThrow(expect.objectContaining({ code: 'midi/malformed' }));
    reader.seek(0);
    expect(reader.latin1(2)).toBe('\u0001\u0002');
  });

  it('turns long Latin-1 text into characters one by one', () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 256);
    const text = latin1Text(bytes);
    expect(text).toHaveLength(300_000);
    expect(Array.from({ length: 256 }, (_, i) => text.charCodeAt(299_744 + i))).toEqual(
      Array.from({ length: 256 }, (_, i) => (299_744 + i) % 256),
    );
  });
});

describe('createByteWriter', () => {
  it('writes what the reader reads, whatever the capacity', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffffffff),
        fc.nat(0xffff),
        fc.integer({ min: -128, max: 127 }),
        fc.nat(0xfffffff),
        (u32, u16, i8, quantity) => {
          const writer = createByteWriter(1);
          writer.uint32(0);
          writer.uint16(u16);
          writer.int8(i8);
          writer.variableLength(quantity);
          writer.uint32LE(u32);
          writer.uint16LE(u16);
          writer.uint24(u32 >>> 8);
          writer.latin1('é!');
          writer.setUint32(0, u32);
          const reader = createByteReader(writer.toBytes(), 'midi/malformed');
          expect([reader.uint32(), reader.uint16(), reader.int8(), reader.variableLength()]).toEqual([
            u32,
            u16,
            i8,
            quantity,
          ]);
          expect([reader.uint32LE(), reader.uint16LE(), reader.uint24()]).toEqual([u32, u16, u32 >>> 8]);
          expect(reader.latin1(2)).toBe('é!');
          expect(reader.remaining).toBe(0);
        },
      ),
    );
  });

  it('refuses values that do not fit', () => {
    const writer = createByteWriter();
    const attempts: (() => void)[] = [
      () => {
        writer.uint8(256);
      },
      () => {
        writer.uint8(-1);
      },
      () => {
        writer.uint8(1.5);
      },
      () => {
        writer.int8(128);
      },
      () => {
        writer.uint16(0x10000);
      },
      () => {
        writer.uint24(0x1000000);
      },
      () => {
        writer.uint32(2 ** 32);
      },
      () => {
        writer.variableLength(0x10000000);
      },
      () => {
        writer.bytes([1, 300]);
      },
      () => {
        writer.latin1('€');
      },
      () => {
        writer.setUint32(0, 1);
      },
    ];
    for (const attempt of attempts)
      expect(attempt).toThrow(expect.objectContaining({ code: 'argument/invalid' }));
  });
});
