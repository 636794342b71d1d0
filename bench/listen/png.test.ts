import { createScore } from '@attune/core';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32, encodePng } from './png.ts';
import { drawRoll } from './roll.ts';

describe('encodePng', () => {
  it('writes the chunks of the standard, with their checksums', () => {
    const png = encodePng({
      width: 3,
      height: 2,
      pixels: Uint8Array.of(0, 1, 2, 2, 1, 0),
      palette: [0xff0000, 0x00ff00, 0x0000ff],
    });
    expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    const view = new DataView(png.buffer);
    const found: Record<string, Uint8Array> = {};
    for (let at = 8; at < png.length;) {
      const length = view.getUint32(at);
      const name = new TextDecoder().decode(png.subarray(at + 4, at + 8));
      found[name] = png.subarray(at + 8, at + 8 + length);
      expect(view.getUint32(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
      at += 12 + length;
    }
    expect(Object.keys(found)).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect([...found.IHDR!]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
    expect([...inflateSync(found.IDAT!)]).toEqual([0, 0, 1, 2, 0, 2, 1, 0]);
    // The check value of CRC-32, and the checksum that every PNG file ends with.
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(view.getUint32(png.length - 4)).toBe(0xae426082);
  });
});

describe('drawRoll', () => {
  it('draws a note where it sounds, in its instrument’s colour', () => {
    const notes = [
      { start: 480, duration: 480, pitch: 60, velocity: 80 },
      { start: 1440, duration: 480, pitch: 62, velocity: 80 },
    ];
    const score = createScore({ tempos: [{ tick: 0, bpm: 120 }], tracks: [{ program: 0, notes }] });
    const { width, height, pixels, palette } = drawRoll(score, 2); // 960 points for two seconds, four rows a pitch
    expect(palette[4]).toBe(0x0072b2);
    const isNote = (x: number, pitch: number): boolean =>
      pixels[(6 + (63 - pitch) * 4 + 1) * width + x] === 4;
    expect(height).toBe(6 + 5 * 4 + 6);
    expect([isNote(238, 60), isNote(241, 60), isNote(470, 60), isNote(481, 60)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([isNote(730, 62), isNote(730, 60)]).toEqual([true, false]);
  });
});
