import { describe, expect, it } from 'vitest';
import { decodeAudio } from './decode.ts';
import { encodeMp3 } from './encode.ts';

/** A click in the middle of silence. */
function click(sampleRate: number, channels: number, length: number) {
  const channel = new Float32Array(length);
  channel[length >> 1] = 0.9;
  return { sampleRate, channels: Array.from({ length: channels }, () => channel) };
}

describe('the gapless tag of encodeMp3', () => {
  it.each([
    [44_100, 2, 192, 20_000],
    [44_100, 1, 64, 1153],
    [48_000, 2, 32, 20_000],
    [32_000, 1, 320, 7],
    [22_050, 2, 32, 20_000],
    [11_025, 1, 64, 5001],
    [8000, 2, 48, 20_000],
  ] as const)(
    '%i Hz, %i channels, %i kbit/s: %i samples come back, in place',
    async (rate, channels, kbps, length) => {
      const clip = click(rate, channels, length);
      const decoded = await decodeAudio(await encodeMp3(clip, { kbps }));
      expect(decoded.sampleRate).toBe(rate);
      expect(decoded.channels.map((channel) => channel.length)).toEqual(clip.channels.map(() => length));
      const loudest = decoded.channels[0]!.reduce(
        (best, sample, i, all) => (Math.abs(sample) > Math.abs(all[best]!) ? i : best),
        0,
      );
      if (length > 10) expect(Math.abs(loudest - (length >> 1))).toBeLessThanOrEqual(rate < 32_000 ? 1 : 0);
    },
  );

  it('counts frames and bytes', async () => {
    const bytes = await encodeMp3(click(44_100, 2, 44_100), { kbps: 128 });
    const view = new DataView(bytes.buffer);
    expect(String.fromCharCode(...bytes.subarray(36, 40))).toBe('Info');
    expect(view.getUint32(44)).toBe(40); // 44,100 + 1105 samples need 40 frames of 1152
    expect(view.getUint32(48)).toBe(bytes.length);
    expect((bytes[177]! << 4) | (bytes[178]! >> 4)).toBe(576); // LAME's delay
    expect(((bytes[178]! & 15) << 8) | bytes[179]!).toBe(40 * 1152 - 44_100 - 576);
  });
});
