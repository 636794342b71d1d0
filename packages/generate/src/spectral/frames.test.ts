import { describe, expect, it } from 'vitest';
import {
  BINS,
  DEPTH_DB,
  FRAME_RATE_HERTZ,
  FRAME_SETTINGS,
  framesOfClip,
  framesOfMagnitudes,
  magnitudesOfFrames,
  SILENT_DB,
  stretchFrames,
} from './frames.ts';
import { sineClip } from './test-network.ts';

describe('frames of a clip', () => {
  it('have the shape of a Hann window around a sine in the middle of a bin, whatever the rate and channels', () => {
    const bin = 100;
    const hertz = (bin * FRAME_RATE_HERTZ) / FRAME_SETTINGS.frameSize;
    const mono = sineClip([hertz], 0.5);
    const stereo = { ...sineClip([hertz], 0.5, 44_100) };
    for (const clip of [mono, { ...stereo, channels: [stereo.channels[0]!, stereo.channels[0]!] }]) {
      const { count, level, shape } = framesOfClip(clip);
      expect(count).toBe(1 + Math.floor((0.5 * FRAME_RATE_HERTZ) / FRAME_SETTINGS.hopSize));
      const row = shape.subarray(10 * BINS, 11 * BINS);
      expect(level[10]).toBeCloseTo(0, 1);
      expect(row[bin]).toBe(1);
      // the window's transform is half as high one bin away, and nothing further on
      for (const side of [bin - 1, bin + 1])
        expect(DEPTH_DB * (row[side]! - 1)).toBeCloseTo(-20 * Math.log10(2), 1);
      expect(row[bin + 40]).toBe(0);
    }
  });

  it('come back as magnitudes, the loudest bin at 1, the last bin and what lies too deep at 0', () => {
    const magnitude = new Float64Array(2 * (BINS + 1));
    magnitude[5] = 4;
    magnitude[6] = 2;
    magnitude[7] = 4e-5; // 100 dB down
    magnitude[BINS + 1 + 9] = 0.04; // a frame 40 dB down
    magnitude[BINS] = 3; // half the sampling rate
    const frames = framesOfMagnitudes(magnitude, 2);
    expect(Array.from(frames.level)).toEqual([0, expect.closeTo(-40, 4)]);
    const back = magnitudesOfFrames(frames).magnitude;
    expect([back[5], back[7], back[BINS]]).toEqual([1, 0, 0]);
    expect(back[6]).toBeCloseTo(0.5, 5);
    expect(back[BINS + 1 + 9]).toBeCloseTo(0.01, 7);
  });

  it('of a silent frame are at the lowest level and empty', () => {
    const magnitude = new Float64Array(2 * (BINS + 1));
    magnitude[5] = 1;
    const { level, shape } = framesOfMagnitudes(magnitude, 2);
    expect(level[1]).toBe(SILENT_DB);
    expect(shape.subarray(BINS).every((value) => value === 0)).toBe(true);
  });

  it('can be drawn out: ends stay, what lies between is between', () => {
    const shape = new Float32Array(2 * BINS);
    shape[3] = 1;
    shape[BINS + 3] = 0.5;
    const {
      count,
      level,
      shape: out,
    } = stretchFrames({ count: 2, level: Float32Array.of(0, -20), shape }, 5);
    expect(count).toBe(5);
    expect(Array.from(level)).toEqual([0, -5, -10, -15, -20]);
    expect(Array.from({ length: 5 }, (_, t) => out[t * BINS + 3])).toEqual([1, 0.875, 0.75, 0.625, 0.5]);
  });

  it('refuse silence, nothing, and samples that are no numbers, saying where', () => {
    expect(() => framesOfClip({ sampleRate: 8000, channels: [new Float32Array(9000)] }, 'Input 2')).toThrow(
      'Input 2 is silent.',
    );
    expect(() => framesOfClip({ sampleRate: 8000, channels: [new Float32Array(0)] })).toThrow(/empty/);
    const clip = sineClip([440], 0.2);
    clip.channels[0]![77] = NaN;
    expect(() => framesOfClip(clip)).toThrow(
      expect.objectContaining({ code: 'argument/invalid', place: { channel: 0, sample: 77 } }) as Error,
    );
  });
});
