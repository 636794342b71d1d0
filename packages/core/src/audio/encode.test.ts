import { describe, expect, it } from 'vitest';
import type { AudioClip } from './audio-clip.ts';
import { clipLength } from './clip.ts';
import { decodeAudio } from './decode.ts';
import { encodeMp3, encodeOggVorbis } from './encode.ts';

const RATE = 44_100;

/** One second of a chord with a slow swell, different in each channel. */
function chord(channels: number, rate = RATE): AudioClip {
  return {
    sampleRate: rate,
    channels: Array.from({ length: channels }, (_, c) =>
      Float32Array.from({ length: rate }, (_sample, i) => {
        const t = i / rate;
        const tone = (hertz: number): number => Math.sin(2 * Math.PI * hertz * (1 + c / 2) * t);
        return 0.2 * (1 - Math.cos(2 * Math.PI * t)) * (tone(330) + tone(415) + tone(494)) * 0.5;
      }),
    ),
  };
}

/** Best signal-to-noise ratio over delays from 0 to `maxDelay` frames of what came back, dB. */
function alignedSnr(original: Float32Array, decoded: Float32Array, maxDelay: number): number {
  let best = -Infinity;
  for (let delay = 0; delay <= maxDelay; delay++) {
    let signal = 0;
    let noise = 0;
    for (let i = 4000; i < 12_000; i++) {
      signal += original[i]! ** 2;
      noise += (original[i]! - decoded[i + delay]!) ** 2;
    }
    best = Math.max(best, 10 * Math.log10(signal / noise));
  }
  return best;
}

describe('encodeMp3', () => {
  it.each([1, 2])(
    'keeps %i channel(s) through decoding, 25 dB at 192 kbit/s after the codec delay',
    async (channels) => {
      const clip = chord(channels);
      const bytes = await encodeMp3(clip, { kbps: 192 });
      const decoded = await decodeAudio(bytes);
      expect(decoded.sampleRate).toBe(RATE);
      expect(decoded.channels.length).toBe(channels);
      expect(clipLength(decoded)).toBeGreaterThanOrEqual(clipLength(clip));
      expect(clipLength(decoded)).toBeLessThan(clipLength(clip) + 3 * 1152);
      for (let c = 0; c < channels; c++)
        expect(alignedSnr(clip.channels[c]!, decoded.channels[c]!, 2400)).toBeGreaterThan(25);
    },
  );

  it('has the bit rate asked for', async () => {
    const seconds = 1 + 1152 / RATE;
    const bytes = await encodeMp3(chord(2), { kbps: 64 });
    expect(Math.abs((bytes.length * 8) / seconds / 64_000 - 1)).toBeLessThan(0.06);
  });

  it('gives the same bytes for the same clip', async () => {
    expect(await encodeMp3(chord(1))).toEqual(await encodeMp3(chord(1)));
  });

  it('resamples a rate that MP3 has not', async () => {
    expect((await decodeAudio(await encodeMp3(chord(1, 96_000)))).sampleRate).toBe(RATE);
  });

  it('refuses other bit rates, three channels, and nothing', async () => {
    const refusal = expect.objectContaining({ code: 'argument/invalid' }) as Error;
    await expect(encodeMp3(chord(1), { kbps: 100 as 96 })).rejects.toThrowError(refusal);
    await expect(encodeMp3(chord(3))).rejects.toThrowError(refusal);
    await expect(encodeMp3({ sampleRate: RATE, channels: [new Float32Array(0)] })).rejects.toThrowError(
      refusal,
    );
  });
});

describe('encodeOggVorbis', () => {
  it.each([1, 2])('keeps %i channel(s) and the exact length, 20 dB without any delay', async (channels) => {
    const clip = chord(channels);
    const decoded = await decodeAudio(await encodeOggVorbis(clip, { quality: 6 }));
    expect(decoded.channels.map((channel) => channel.length)).toEqual(
      clip.channels.map((channel) => channel.length),
    );
    for (let c = 0; c < channels; c++)
      expect(alignedSnr(clip.channels[c]!, decoded.channels[c]!, 0)).toBeGreaterThan(20);
  });

  it('gives the same bytes for the same clip', async () => {
    expect(await encodeOggVorbis(chord(1))).toEqual(await encodeOggVorbis(chord(1)));
  });

  it('refuses a quality off the scale', async () => {
    await expect(encodeOggVorbis(chord(1), { quality: 11 })).rejects.toThrowError(/from -1 to 10/);
  });
});
