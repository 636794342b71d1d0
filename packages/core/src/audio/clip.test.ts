import { describe, expect, it } from 'vitest';
import { clipDuration, clipLength, mixToMono, sliceClip, validateClip } from './clip.ts';

const stereo = { sampleRate: 4, channels: [Float32Array.of(1, 0, -1, 0.5), Float32Array.of(0, 1, -1, 0.25)] };

describe('clips', () => {
  it('knows length and duration', () => {
    expect(clipLength(stereo)).toBe(4);
    expect(clipDuration(stereo)).toBe(1);
    expect(clipLength({ sampleRate: 4, channels: [] })).toBe(0);
  });

  it('mixes to the mean of the channels', () => {
    expect(mixToMono(stereo).channels).toEqual([Float32Array.of(0.5, 0.5, -1, 0.375)]);
  });

  it('gives a mono clip back as it is', () => {
    const mono = { sampleRate: 4, channels: [Float32Array.of(1)] };
    expect(mixToMono(mono)).toBe(mono);
  });

  it('slices by seconds, cut to what exists', () => {
    expect(sliceClip(stereo, 0.25, 0.75).channels[0]).toEqual(Float32Array.of(0, -1));
    expect(sliceClip(stereo, 0.5, Infinity).channels[1]).toEqual(Float32Array.of(-1, 0.25));
    expect(clipLength(sliceClip(stereo, 5, 6))).toBe(0);
  });

  it.each([
    [-1, 1],
    [1, 0.5],
    [NaN, 1],
  ])('refuses the slice %d–%d', (start, end) => {
    expect(() => sliceClip(stereo, start, end)).toThrowError(/slice/);
  });

  it.each([
    ['no channel', { sampleRate: 4, channels: [] }],
    ['unequal channels', { sampleRate: 4, channels: [new Float32Array(2), new Float32Array(3)] }],
    ['a rate of zero', { sampleRate: 0, channels: [new Float32Array(2)] }],
    ['a rate that is no number', { sampleRate: NaN, channels: [new Float32Array(2)] }],
  ])('refuses %s', (_, clip) => {
    expect(() => validateClip(clip)).toThrowError(expect.objectContaining({ code: 'argument/invalid' }));
  });
});
