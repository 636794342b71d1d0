import { describe, expect, it } from 'vitest';
import { id3Length, parseMp3Header, scanMp3 } from './mp3-frames.ts';

/** MPEG 1 layer III, 128 kbit/s, 44.1 kHz, joint stereo: the most common header there is; 417 bytes a frame. */
const STEREO = [0xff, 0xfb, 0x90, 0x44];

function frames(count: number, header = STEREO, length = 417): Uint8Array {
  const bytes = new Uint8Array(count * length);
  for (let i = 0; i < count; i++) bytes.set(header, i * length);
  return bytes;
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('parseMp3Header', () => {
  it.each([
    // bytes, from the tables of ISO 11172-3: floor(144 · bit rate / rate) + padding
    ['MPEG 1, 128 kbit/s, 44.1 kHz, joint stereo', [0xff, 0xfb, 0x90, 0x44], 44_100, 2, 1152, 417],
    ['the same with padding', [0xff, 0xfb, 0x92, 0x44], 44_100, 2, 1152, 418],
    ['MPEG 1, 320 kbit/s, 48 kHz, mono', [0xff, 0xfb, 0xe4, 0xc0], 48_000, 1, 1152, 960],
    ['MPEG 1, 32 kbit/s, 32 kHz, with CRC', [0xff, 0xfa, 0x18, 0x00], 32_000, 2, 1152, 144],
    ['MPEG 2, 64 kbit/s, 22.05 kHz, mono', [0xff, 0xf3, 0x80, 0xc0], 22_050, 1, 576, 208],
    ['MPEG 2.5, 8 kbit/s, 8 kHz, mono', [0xff, 0xe3, 0x18, 0xc0], 8000, 1, 576, 72],
  ] as const)('reads %s', (_, header, sampleRate, channels, samples, bytes) => {
    expect(parseMp3Header(Uint8Array.from(header), 0)).toEqual({ sampleRate, channels, samples, bytes });
  });

  it.each([
    ['no sync', [0xff, 0x1b, 0x90, 0x44]],
    ['a reserved version', [0xff, 0xeb, 0x90, 0x44]],
    ['layer II', [0xff, 0xfd, 0x90, 0x44]],
    ['a free bit rate', [0xff, 0xfb, 0x00, 0x44]],
    ['a forbidden bit rate', [0xff, 0xfb, 0xf0, 0x44]],
    ['a reserved sample rate', [0xff, 0xfb, 0x9c, 0x44]],
    ['three bytes', [0xff, 0xfb, 0x90]],
  ])('finds no header in %s', (_, header) => {
    expect(parseMp3Header(Uint8Array.from(header), 0)).toBeUndefined();
  });
});

describe('id3Length', () => {
  it('reads the size seven bits a byte', () => {
    expect(id3Length(Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 2, 1), 0)).toBe(10 + 257);
    expect(id3Length(Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0x10, 0, 0, 0, 1), 0)).toBe(21); // with a footer
    expect(id3Length(Uint8Array.of(0x49, 0x44, 0x33), 0)).toBe(0);
    expect(id3Length(frames(1), 0)).toBe(0);
  });
});

describe('scanMp3', () => {
  it('counts frames and samples', () => {
    expect(scanMp3(frames(10), 0)).toEqual({
      sampleRate: 44_100,
      channels: 2,
      frames: 10,
      samples: 11_520,
      runs: [[0, 4170]],
    });
  });

  it('leaves out what is before and after the frames', () => {
    const tag = new Uint8Array(128).fill(0x20);
    tag.set([0x54, 0x41, 0x47]);
    expect(scanMp3(join(new Uint8Array(100), frames(4), tag), 0).runs).toEqual([[100, 100 + 4 * 417]]);
  });

  it('does not take trailing frames of another rate for audio', () => {
    const other = frames(5, [0xff, 0xfb, 0x94, 0x44], 384); // 48 kHz
    expect(scanMp3(join(frames(10), other), 0)).toMatchObject({ sampleRate: 44_100, frames: 10 });
  });

  it('steps over a gap to the next pair of frames', () => {
    const gap = new Uint8Array(50).fill(7);
    expect(scanMp3(join(frames(3), gap, frames(3)), 0).runs).toEqual([
      [0, 1251],
      [1301, 2552],
    ]);
  });

  it('leaves out a last frame that is cut short', () => {
    expect(scanMp3(frames(5).subarray(0, 5 * 417 - 1), 0)).toMatchObject({ frames: 4 });
  });

  it('is mono only if every frame is', () => {
    const mono = [0xff, 0xfb, 0x90, 0xc4];
    expect(scanMp3(frames(3, mono), 0).channels).toBe(1);
    expect(scanMp3(join(frames(3, mono), frames(2)), 0).channels).toBe(2);
    expect(scanMp3(frames(1), 0).channels).toBe(2);
  });

  it('takes a single stereo frame among mono ones for damage', () => {
    const mono = [0xff, 0xfb, 0x90, 0xc4];
    expect(scanMp3(join(frames(3, mono), frames(1), frames(3, mono)), 0).channels).toBe(1);
  });

  it('refuses a file that is mostly damage, and one without frames', () => {
    const gap = new Uint8Array(6000).fill(7);
    expect(() => scanMp3(join(frames(3), gap, frames(3)), 0)).toThrowError(/6000 of 8502 bytes/);
    expect(() => scanMp3(gap, 0)).toThrowError(expect.objectContaining({ code: 'audio/malformed' }));
  });
});
