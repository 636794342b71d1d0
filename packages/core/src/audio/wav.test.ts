import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { createRng } from '../foundation/rng.ts';
import { readWav } from './wav-read.ts';
import { type WavOptions, writeWav } from './wav-write.ts';

/** Hand-built header of a file of two 16-bit frames, byte by byte from the RIFF definition. */
const HAND_BUILT = Uint8Array.of(
  ...[0x52, 0x49, 0x46, 0x46, 0x2c, 0, 0, 0, 0x57, 0x41, 0x56, 0x45], // RIFF, 44 bytes follow, WAVE
  ...[0x66, 0x6d, 0x74, 0x20, 16, 0, 0, 0, 1, 0, 2, 0], // "fmt ", 16 bytes, PCM, 2 channels
  ...[0x44, 0xac, 0, 0, 0x10, 0xb1, 2, 0, 4, 0, 16, 0], // 44,100 Hz, 176,400 bytes/s, 4-byte frames, 16 bits
  ...[0x64, 0x61, 0x74, 0x61, 8, 0, 0, 0], // "data", 8 bytes
  ...[0, 0x40, 0, 0xc0, 0xff, 0x7f, 0, 0x80], // 16384, −16384; 32767, −32768
);

const INTEGER: WavOptions[] = [{ bits: 8 }, { bits: 16 }, { bits: 24 }, { bits: 32 }];
const FLOATS: WavOptions[] = [{ bits: 32, float: true }, { bits: 64 }];

function ascii(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

describe('readWav', () => {
  it('reads a file built by hand', () => {
    expect(readWav(HAND_BUILT)).toEqual({
      sampleRate: 44_100,
      channels: [Float32Array.of(0.5, 32767 / 32768), Float32Array.of(-0.5, -1)],
    });
  });

  it('steps over chunks it does not know, with their odd padding', () => {
    const list = Uint8Array.of(0x4c, 0x49, 0x53, 0x54, 3, 0, 0, 0, 1, 2, 3, 0); // 3 bytes and a pad
    const bytes = Uint8Array.of(...HAND_BUILT.subarray(0, 12), ...list, ...HAND_BUILT.subarray(12));
    expect(readWav(bytes)).toEqual(readWav(HAND_BUILT));
  });

  it('takes a data size of 0xFFFFFFFF as "to the end"', () => {
    const bytes = HAND_BUILT.slice();
    bytes.fill(0xff, 40, 44);
    expect(readWav(bytes)).toEqual(readWav(HAND_BUILT));
  });

  it('refuses the file cut at every byte, with an offset', () => {
    for (let length = 0; length < HAND_BUILT.length; length++) {
      const error = caught(() => readWav(HAND_BUILT.subarray(0, length)));
      expect(isAttuneError(error, 'audio/malformed')).toBe(true);
      expect((error as { place: { offset: number } }).place.offset).toBeLessThanOrEqual(length);
    }
  });

  it.each([
    ['RF64', 'audio/unsupported', (b: Uint8Array) => b.set([0x52, 0x46, 0x36, 0x34], 0)],
    ['big-endian RIFX', 'audio/unsupported', (b: Uint8Array) => b.set([0x58], 3)],
    ['ADPCM', 'audio/unsupported', (b: Uint8Array) => b.set([2], 20)],
    ['12 bits', 'audio/unsupported', (b: Uint8Array) => b.set([12], 34)],
    ['no channels', 'audio/malformed', (b: Uint8Array) => b.set([0, 0], 22)],
    ['a rate of 0 Hz', 'audio/malformed', (b: Uint8Array) => b.set([0, 0, 0, 0], 24)],
    ['a wrong frame size', 'audio/malformed', (b: Uint8Array) => b.set([3], 32)],
    ['data that are no whole frames', 'audio/malformed', (b: Uint8Array) => b.set([7], 40)],
    ['no data', 'audio/malformed', (b: Uint8Array) => b.set([0], 40)],
    ['data before any format', 'audio/malformed', (b: Uint8Array) => b.set([0x78], 12)],
  ] as const)('refuses %s as %s', (_, code, damage) => {
    const bytes = HAND_BUILT.slice();
    damage(bytes);
    expect(() => readWav(bytes)).toThrowError(expect.objectContaining({ code }));
  });

  it('refuses more channels or seconds than allowed', () => {
    expect(() => readWav(HAND_BUILT, { maxChannels: 1 })).toThrowError(
      expect.objectContaining({ code: 'audio/limit' }),
    );
    expect(() => readWav(HAND_BUILT, { maxSeconds: 1 / 44_100 })).toThrowError(
      expect.objectContaining({ code: 'audio/limit' }),
    );
  });

  it.each([NaN, Infinity, 1e30])('refuses %d as a float sample', (value) => {
    const bytes = writeWav(
      { sampleRate: 8000, channels: [Float32Array.of(0, value)] },
      { bits: 32, float: true },
    );
    expect(() => readWav(bytes)).toThrowError(/Sample 1 of channel 0/);
  });

  it('gives a typed error or a clip for any change of its bytes', () => {
    const change = fc.tuple(fc.nat(HAND_BUILT.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = HAND_BUILT.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const error = caught(() => expect(readWav(bytes).channels[0]!.length).toBeGreaterThan(0));
        expect(error === undefined || isAttuneError(error)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readWav of G.711', () => {
  // levels of the decision tables of ITU-T G.711, in 16 bits
  it.each([
    ['A-law', 6, [0xd5, 0x55, 0xaa, 0x2a, 0xc5], [8, -8, 32_256, -32_256, 264]],
    ['µ-law', 7, [0xff, 0x7f, 0x80, 0x00, 0xef], [0, 0, 32_124, -32_124, 132]],
  ] as const)('expands %s', (_, tag, codes, levels) => {
    const bytes = writeWav({ sampleRate: 8000, channels: [new Float32Array(codes.length)] }, { bits: 8 });
    new DataView(bytes.buffer).setUint16(20, tag, true);
    bytes.set(codes, 44);
    expect([...readWav(bytes).channels[0]!].map((sample) => sample * 32_768 + 0)).toEqual(levels);
  });
});

describe('writeWav with dither', () => {
  it('keeps the mean of a level between two steps, which plain rounding loses', () => {
    const clip = { sampleRate: 8000, channels: [new Float32Array(40_000).fill(0.3 / 32_768)] };
    const mean = (options: WavOptions) => {
      const samples = readWav(writeWav(clip, options)).channels[0]!;
      return (samples.reduce((sum, sample) => sum + sample, 0) / samples.length) * 32_768;
    };
    expect(mean({})).toBe(0);
    expect(mean({ dither: createRng(1) })).toBeCloseTo(0.3, 1); // standard error 0.0025
  });

  it('depends on the seed alone, and leaves floats alone', () => {
    const clip = {
      sampleRate: 8000,
      channels: [Float32Array.from({ length: 500 }, (_, i) => Math.sin(i) / 3)],
    };
    expect(writeWav(clip, { dither: createRng(4) })).toEqual(writeWav(clip, { dither: createRng(4) }));
    expect(writeWav(clip, { dither: createRng(4) })).not.toEqual(writeWav(clip, { dither: createRng(5) }));
    const float = { bits: 32, float: true } as const;
    expect(writeWav(clip, { ...float, dither: createRng(4) })).toEqual(writeWav(clip, float));
  });
});

describe('writeWav', () => {
  it('writes the file built by hand, byte by byte', () => {
    const clip = { sampleRate: 44_100, channels: [Float32Array.of(0.5, 1), Float32Array.of(-0.5, -1)] };
    expect(writeWav(clip)).toEqual(HAND_BUILT); // +1 clips to 32767
  });

  it.each(INTEGER)('comes back exactly from %o once quantised', (options) => {
    const steps = 2 ** (options.bits! - 1);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -steps, max: steps - 1 }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 3 }),
        (values, count) => {
          const channels = Array.from({ length: count }, (_, c) =>
            Float32Array.from(values, (v) => (v >> c) / steps),
          );
          const clip = { sampleRate: 22_050, channels };
          // a 32-bit integer has more bits than a float32: compare after one round trip
          const once = readWav(writeWav(clip, options));
          expect(readWav(writeWav(once, options))).toEqual(once);
          if (options.bits! <= 24) expect(once).toEqual(clip);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(FLOATS)('keeps every float exactly in %o', (options) => {
    const clip = {
      sampleRate: 96_000,
      channels: [Float32Array.of(0.1, -2.5, 1e-20, 0), Float32Array.of(1, 2, 3, 4)],
    };
    expect(readWav(writeWav(clip, options))).toEqual(clip);
  });

  it('rounds to the nearest step: the error is at most half of one', () => {
    for (const { bits } of INTEGER) {
      const samples = Float32Array.from({ length: 999 }, (_, i) => Math.sin(i) * 0.99);
      const back = readWav(writeWav({ sampleRate: 8000, channels: [samples] }, { bits: bits! })).channels[0]!;
      const limit = 0.5 / 2 ** (bits! - 1) + 6e-8; // and float32 rounding
      samples.forEach((sample, i) => expect(Math.abs(sample - back[i]!)).toBeLessThanOrEqual(limit));
    }
  });

  it('writes more than two channels as WAVE_FORMAT_EXTENSIBLE, odd data padded', () => {
    const bytes = writeWav(
      { sampleRate: 8000, channels: [1, 2, 3].map((x) => Float32Array.of(x / 4)) },
      { bits: 8 },
    );
    const view = new DataView(bytes.buffer);
    expect(view.getUint16(20, true)).toBe(0xfffe);
    expect(view.getUint32(16, true)).toBe(40);
    expect(ascii(bytes, 60)).toBe('data');
    expect(view.getUint32(64, true)).toBe(3);
    expect(bytes.length).toBe(72);
    expect(view.getUint32(4, true)).toBe(bytes.length - 8);
    expect(readWav(bytes).channels.map((channel) => channel[0])).toEqual([0.25, 0.5, 0.75]);
  });

  it('refuses an extensible file with an unknown sub-format', () => {
    const bytes = writeWav({ sampleRate: 8000, channels: [1, 2, 3].map(() => new Float32Array(1)) });
    bytes[50] = 1;
    expect(() => readWav(bytes)).toThrowError(expect.objectContaining({ code: 'audio/unsupported' }));
  });

  it.each<[string, WavOptions]>([
    ['64-bit integers', { bits: 64, float: false }],
    ['16-bit floats', { bits: 16, float: true }],
  ])('refuses %s', (_, options) => {
    expect(() => writeWav({ sampleRate: 8000, channels: [new Float32Array(1)] }, options)).toThrowError(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });

  it('refuses a fractional rate', () => {
    expect(() => writeWav({ sampleRate: 8000.5, channels: [new Float32Array(1)] })).toThrowError(
      /whole sample rate/,
    );
  });
});

function caught(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
