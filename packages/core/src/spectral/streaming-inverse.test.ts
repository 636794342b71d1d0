import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import { createStreamingInverse, type StreamingInverse } from './streaming-inverse.ts';
import { inverseStft, stft } from './stft.ts';
import type { Spectrogram } from './spectrogram.ts';

function noise(length: number): Float64Array {
  const rng = createRng(length);
  return Float64Array.from({ length }, () => rng.normal());
}

function play(stream: StreamingInverse, { frames, bins, re, im, settings }: Spectrogram): number[] {
  const out = new Float64Array(settings.frameSize);
  const heard: number[] = [];
  for (let t = 0; t < frames; t++) {
    const row = [t * bins, (t + 1) * bins] as const;
    heard.push(...out.subarray(0, stream.push(re.slice(...row), im.slice(...row), out)));
  }
  heard.push(...out.subarray(0, stream.finish(out)));
  return heard;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0);
}

describe('createStreamingInverse', () => {
  it.each([8, 16, 20, 24, 32])('hears at hop %i what the whole spectrogram gives, twice over', (hopSize) => {
    const settings = { frameSize: 64, hopSize, window: 'hamming' } as const;
    const spectrogram = stft(noise(30 * hopSize), settings);
    const stream = createStreamingInverse(settings);
    for (let pass = 0; pass < 2; pass++)
      expect(largestDifference(play(stream, spectrogram), inverseStft(spectrogram))).toBeLessThan(1e-13);
  });

  it('hears a stream without padding but for its outermost samples', () => {
    const samples = noise(640);
    const spectrogram = stft(samples, { frameSize: 64, hopSize: 16, padding: 'none' });
    const heard = play(createStreamingInverse(spectrogram.settings), spectrogram);
    expect(heard).toHaveLength(640);
    expect(heard[0]).toBe(0);
    expect(largestDifference(heard.slice(2, 638), samples.subarray(2, 638))).toBeLessThan(1e-11);
  });

  it('gives a hop of samples for each frame once it has reached sample 0', () => {
    const stream = createStreamingInverse({ frameSize: 64, hopSize: 16 });
    const out = new Float32Array(16);
    const zeros = new Float64Array(33);
    expect([0, 1, 2, 3].map(() => stream.push(zeros, zeros, out))).toEqual([0, 0, 16, 16]);
  });

  it('refuses windows that leave holes, and arrays of other sizes', () => {
    const refused = expect.objectContaining({ code: 'argument/invalid' }) as Error;
    expect(() => createStreamingInverse({ frameSize: 64, hopSize: 64 })).toThrow(refused);
    expect(() => createStreamingInverse({ frameSize: 64, hopSize: 80, window: 'rectangular' })).toThrow(
      refused,
    );
    const stream = createStreamingInverse({ frameSize: 64 });
    const bins = new Float64Array(33);
    expect(() => stream.push(bins, bins, new Float64Array(8))).toThrow(refused);
    expect(() => stream.push(bins, new Float64Array(32), new Float64Array(16))).toThrow(refused);
  });
});
