import { describe, expect, it } from 'vitest';
import { summariseWindows, windowsOf } from './audio-windows.ts';

describe('windows', () => {
  it('are the clip itself up to one and a half lengths', () => {
    const samples = new Float32Array(149);
    expect(windowsOf(samples, 100)).toEqual([samples]);
  });
  it('run from the start to the end, all of one length', () => {
    const samples = Float32Array.from({ length: 350 }, (_, i) => i);
    const windows = windowsOf(samples, 100);
    expect(windows.map((w) => w.length)).toEqual([100, 100, 100]);
    expect(windows[0]![0]).toBe(0);
    expect(windows.at(-1)!.at(-1)).toBe(349);
  });
  it('are at most 12, however long the clip', () => {
    expect(windowsOf(new Float32Array(100_000), 100).length).toBe(12);
  });
});

describe('summaries', () => {
  const tone = (level: number): { sampleRate: number; channels: Float32Array[] } => ({
    sampleRate: 22_050,
    channels: [
      Float32Array.from({ length: 22_050 }, (_, n) => level * Math.sin((2 * Math.PI * 440 * n) / 22_050)),
    ],
  });
  it('do not hang on the volume', () => {
    const [loud] = summariseWindows(tone(0.5));
    const [soft] = summariseWindows(tone(0.05));
    loud!.forEach((value, i) => expect(soft![i]).toBeCloseTo(value, 2));
  });
  it('of an empty clip are refused', () => {
    expect(() => summariseWindows({ sampleRate: 22_050, channels: [new Float32Array(0)] })).toThrow(/empty/);
  });
});
