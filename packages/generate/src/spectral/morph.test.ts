import { describe, expect, it } from 'vitest';
import { BINS, DEPTH_DB, framesOfClip, SILENT_DB, type SpectralFrames } from './frames.ts';
import { crossfadeFrames, morphFrames, raiseToPeaks } from './morph.ts';
import { createSpectralNetwork } from './network.ts';
import { lineNetwork, sineClip, TINY_SPECTRAL, tinyParameters } from './test-network.ts';

const network = createSpectralNetwork(TINY_SPECTRAL, tinyParameters(), 'convolution');
const [low, high] = [framesOfClip(sineClip([220], 0.3)), framesOfClip(sineClip([880, 1200], 0.3))];

function oneLine(bin: number, level: number): SpectralFrames {
  const shape = new Float32Array(BINS);
  if (level > SILENT_DB) shape[bin] = 1;
  return { count: 1, level: Float32Array.of(level), shape };
}

describe('a morph', () => {
  it('with all detail is one sound at 0 and the other at 1, whatever the network', () => {
    for (const [blend, end] of [
      [0, low],
      [1, high],
    ] as const) {
      const morph = morphFrames(network, low, high, { blend, detail: 1 });
      let apart = 0;
      morph.shape.forEach((value, i) => (apart = Math.max(apart, Math.abs(value - end.shape[i]!))));
      expect(apart).toBeLessThan(1e-5);
      morph.level.forEach((value, t) => expect(value).toBeCloseTo(end.level[t]!, 3));
    }
  });

  it('without detail is what the decoder makes of the blended codes', () => {
    const morph = morphFrames(lineNetwork(), low, high, { blend: 0.3, detail: 0 });
    expect(morph.shape).toEqual(lineNetwork().decode(new Float32Array(low.count).fill(60)));
  });

  it('takes the code of the one that sounds where the other is silent, and adds powers', () => {
    const codes = { ...lineNetwork(), encode: (shape: Float32Array) => Float32Array.of(shape[10] ? 50 : 70) };
    const morph = morphFrames(codes, oneLine(10, 0), oneLine(20, SILENT_DB), { blend: 0.75, detail: 0 });
    expect(morph.shape).toEqual(codes.decode(Float32Array.of(50)));
    expect(morph.level[0]).toBeCloseTo(10 * Math.log10(0.25), 4);
  });

  it('refuses sounds of different lengths', () => {
    expect(() => morphFrames(network, low, oneLine(3, 0), { blend: 0.5, detail: 1 })).toThrow(
      /frames cannot be blended/,
    );
  });
});

describe('a crossfade', () => {
  it('holds both sounds, each by its share of power', () => {
    const { level, shape } = crossfadeFrames(oneLine(10, 0), oneLine(20, -20), 0.25);
    expect(level[0]).toBeCloseTo(10 * Math.log10(0.75), 4);
    expect(shape[10]).toBe(1);
    // 0.25 · 10⁻² beside 0.75
    expect(DEPTH_DB * (shape[20]! - 1)).toBeCloseTo(10 * Math.log10(0.0025 / 0.75), 3);
  });

  it('of two silences is silent', () => {
    const { level, shape } = crossfadeFrames(oneLine(1, SILENT_DB), oneLine(2, SILENT_DB), 0.5);
    expect(level[0]).toBe(SILENT_DB);
    expect(shape.every((value) => value === 0)).toBe(true);
  });
});

it('raising to peaks lifts what sounds, and leaves silence alone', () => {
  const shape = new Float32Array(2 * BINS);
  shape.set([0.5, 0, 0.75]);
  raiseToPeaks(shape);
  expect(Array.from(shape.subarray(0, 3))).toEqual([0.75, 0, 1]);
  expect(shape.subarray(BINS).every((value) => value === 0)).toBe(true);
});
