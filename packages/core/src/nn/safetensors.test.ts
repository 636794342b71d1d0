import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { fromFloat16, toFloat16 } from './float16.ts';
import type { NamedArray } from './named-array.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/** A file with this header text and this many data bytes, made without our writer. */
function fileOf(header: string, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

function refusalOf(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (isAttuneError(error, 'checkpoint/malformed')) return error.message;
    throw error;
  }
  throw new Error('The file was accepted.');
}

describe('safetensors', () => {
  it('reads bytes laid out by hand after the format description', () => {
    const file = fileOf('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"I8","shape":[1,2],"data_offsets":[8,10]}}', 10); // prettier-ignore
    file.set([0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0, 0xff, 5], file.length - 10);
    const { tensors, metadata } = readSafetensors(file);
    expect([...tensors]).toEqual([
      ['a', { type: 'F32', shape: [2], data: Float32Array.of(1.5, -2) }],
      ['b', { type: 'I8', shape: [1, 2], data: Int8Array.of(-1, 5) }],
    ]);
    expect(metadata).toEqual({});
  });

  it('writes a length, a padded JSON header and little-endian data', () => {
    const file = writeSafetensors(new Map([['w', { shape: [1], data: Float32Array.of(1) }]]), { by: 'test' });
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))).toEqual({
      __metadata__: { by: 'test' },
      w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    });
    expect([...file.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f]);
  });

  it('gives back every type, scalars and empty arrays, also from an odd place in a larger buffer', () => {
    const arrays: [string, NamedArray][] = [
      ['f', { shape: [2, 2], data: Float32Array.of(1.1, -0, Infinity, NaN) }],
      ['i', { shape: [2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) }],
      ['u', { shape: [], data: Uint32Array.of(2 ** 32 - 1) }],
      ['i16', { shape: [2], data: Int16Array.of(-32768, 32767) }],
      ['u16', { shape: [1], data: Uint16Array.of(65535) }],
      ['i8', { shape: [3], data: Int8Array.of(-128, 0, 127) }],
      ['u8', { shape: [0, 5], data: new Uint8Array(0) }],
    ];
    const file = writeSafetensors(new Map(arrays));
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    for (const bytes of [file, shifted.subarray(3)]) {
      const { tensors } = readSafetensors(bytes);
      expect(tensors.size).toBe(arrays.length);
      for (const [name, { shape, data }] of arrays) expect(tensors.get(name)).toMatchObject({ shape, data });
    }
  });

  it('round-trips any names and values', () => {
    const array = fc
      .array(fc.float(), { maxLength: 5 })
      .map((xs) => ({ shape: [xs.length], data: Float32Array.from(xs) }));
    const names = fc.string().filter((name) => name !== '__metadata__');
    fc.assert(
      fc.property(fc.dictionary(names, array, { maxKeys: 4 }), (dictionary) => {
        const tensors = new Map(Object.entries(dictionary));
        const back = readSafetensors(writeSafetensors(tensors)).tensors;
        expect(back.size).toBe(tensors.size);
        for (const [name, { data }] of tensors) expect(back.get(name)!.data).toEqual(data);
      }),
      { numRuns: 50 },
    );
  });

  it('stores halves where asked', () => {
    const file = writeSafetensors(
      new Map([['h', { shape: [3], data: Float32Array.of(1, 0.1, 70000), type: 'F16' as const }]]),
    );
    expect(readSafetensors(file).tensors.get('h')!.data).toEqual(
      Float32Array.of(1, 0.0999755859375, Infinity),
    );
  });

  const entry = (dtype: string, shape: string, offsets: string): string =>
    `{"w":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}}`;
  it.each([
    ['no bytes', new Uint8Array(0), /at least 8 bytes/],
    [
      'a header longer than the file',
      fileOf('{}', 0).fill(0xff, 0, 2),
      /header claims 65535 bytes in a file of 10/,
    ],
    ['a header of 2^63 bytes', fileOf('{}', 0).fill(0xff, 0, 8), /header claims/],
    ['no JSON', fileOf('{"a":', 0), /not JSON/],
    ['no object', fileOf('[]', 0), /not a JSON object/],
    ['broken UTF-8', fileOf('{}  ', 0).fill(0xff, 9, 10), /not JSON/],
    ['very deep nesting', fileOf('['.repeat(100_000), 0), /not JSON/],
    ['an unknown type', fileOf(entry('F8', '[1]', '[0,4]'), 4), /Tensor w has the element type "F8"/],
    ['no type', fileOf('{"w":{"shape":[1],"data_offsets":[0,4]}}', 4), /element type missing/],
    ['no description', fileOf('{"w":3}', 0), /Tensor w has no description/],
    ['a negative size', fileOf(entry('F32', '[-1]', '[0,4]'), 4), /w has no valid shape/],
    ['a fractional size', fileOf(entry('F32', '[0.5]', '[0,2]'), 4), /w has no valid shape/],
    [
      'a huge shape',
      fileOf(entry('F32', '[9007199254740991,9007199254740991]', '[0,4]'), 4),
      /needs \S+ bytes, not 4/,
    ],
    ['one offset', fileOf(entry('F32', '[1]', '[0]'), 4), /w has no valid offsets/],
    ['offsets out of the file', fileOf(entry('F32', '[2]', '[0,8]'), 4), /claims bytes 0 to 8 of 4/],
    ['offsets backwards', fileOf(entry('F32', '[1]', '[4,0]'), 4), /claims bytes 4 to 0/],
    ['size and offsets at odds', fileOf(entry('F32', '[2]', '[0,4]'), 4), /shape \[2\] needs 8 bytes, not 4/],
    ['a gap', fileOf(entry('F32', '[1]', '[4,8]'), 8), /starts at byte 4 of the data, and 0 was expected/],
    ['bytes left over', fileOf(entry('F32', '[1]', '[0,4]'), 6), /take 4 bytes, and the file has 6/],
    ['an overlap', fileOf('{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}', 6), /Tensor b starts at byte 2 .* 4 was expected/], // prettier-ignore
    ['metadata that is not text', fileOf('{"__metadata__":{"a":1}}', 0), /metadata is not a map/],
  ])('refuses %s', (_, bytes, message) => {
    expect(refusalOf(bytes)).toMatch(message);
  });

  it('refuses any cut and most changes with a typed error, never another one', () => {
    const file = writeSafetensors(
      new Map([['w', { shape: [2, 3], data: Float32Array.from([1, 2, 3, 4, 5, 6]) }]]),
    );
    for (let length = 0; length < file.length; length++) refusalOf(file.subarray(0, length));
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), (at, value) => {
        const changed = file.slice();
        changed[at] = value;
        try {
          readSafetensors(changed);
        } catch (error) {
          expect(isAttuneError(error, 'checkpoint/malformed')).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('refuses to write an array whose shape does not count its values', () => {
    expect(() => writeSafetensors(new Map([['w', { shape: [2], data: new Float32Array(3) }]]))).toThrow(
      /w of shape \[2\]/,
    );
  });
});

describe('half precision', () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [0.1, 0x2e66],
    [1 / 3, 0x3555],
    [65504, 0x7bff], // largest
    [65519.99, 0x7bff],
    [65520, 0x7c00], // half way to the next power: to even, which is infinity
    [1e9, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400], // least normal
    [2 ** -24, 0x0001], // least subnormal
    [2 ** -25, 0x0000], // half of it: tie to even
    [1.0001 * 2 ** -25, 0x0001],
    [1.5 * 2 ** -24, 0x0002], // tie to even, upwards
    [2 ** -14 - 2 ** -26, 0x0400], // rounds up out of the subnormals
    [1 + 2 ** -11, 0x3c00], // tie to even, downwards
    [1 + 3 * 2 ** -11, 0x3c02], // tie to even, upwards
    [1 + 2 ** -11 + 2 ** -20, 0x3c01],
    [2 - 2 ** -12, 0x4000], // carries into the exponent
    [1e-30, 0x0000],
  ])('%d has the pattern %d', (value, pattern) => {
    expect(toFloat16(value)).toBe(pattern);
  });

  it('keeps NaN, and gives every pattern back', () => {
    expect(fromFloat16(toFloat16(NaN))).toBeNaN();
    for (let pattern = 0; pattern < 0x10000; pattern++) {
      const value = fromFloat16(pattern);
      if (!Number.isNaN(value)) expect(toFloat16(value)).toBe(pattern);
    }
  });

  it('is the nearest value: no other pattern is closer', () => {
    fc.assert(
      fc.property(fc.float({ min: -65000, max: 65000, noNaN: true }), (x) => {
        const pattern = toFloat16(x);
        const error = Math.abs(fromFloat16(pattern) - x);
        for (const other of [pattern - 1, pattern + 1]) {
          if ((other & 0x7fff) === 0x7c00 || other < 0 || (other & 0x7fff) === 0x7fff) continue;
          expect(error).toBeLessThanOrEqual(Math.abs(fromFloat16(other) - x));
        }
      }),
    );
  });
});
