import { createRng } from '@attune/core';
import { clipLength, measureLoudness } from '@attune/core/audio';
import { describe, expect, it } from 'vitest';
import { BINS, FRAME_SETTINGS, framesOfClip, framesOfSeconds, stretchFrames } from './frames.ts';
import { CEILING_DB, samplesOfFrames, soundOfFrames, TARGET_LUFS } from './sound.ts';
import { sineClip } from './test-network.ts';

const options = (seed = 1) => ({ rng: createRng(seed) });

describe('sound of frames', () => {
  it('has the frequency, length, loudness and peak that it should', async () => {
    const frames = framesOfClip(sineClip([441], 2));
    const clip = await soundOfFrames(frames, options());
    expect(clipLength(clip)).toBe((frames.count - 1) * FRAME_SETTINGS.hopSize);
    const { integratedLufs, truePeakDb } = measureLoudness(clip);
    expect(Math.abs(integratedLufs - TARGET_LUFS)).toBeLessThan(0.5);
    expect(truePeakDb).toBeLessThanOrEqual(CEILING_DB);
    // a sine of 441 Hz at 22,050 Hz has a period of 50 samples: 2 sign changes in each
    const [samples] = clip.channels;
    let changes = 0;
    for (let i = 11_000; i < 21_000; i++) if (samples![i]! * samples![i + 1]! < 0) changes++;
    expect(changes).toBeGreaterThanOrEqual(398);
    expect(changes).toBeLessThanOrEqual(402);
  });

  it('is brighter when told', async () => {
    const frames = framesOfClip(sineClip([250, 2000], 1));
    // 250 Hz lies an octave under the pivot, 2,000 Hz two above: 3 octaves of 6 dB apart
    const ratioOf = async (brightness: number): Promise<number> => {
      const rebuilt = framesOfClip(await soundOfFrames(frames, { ...options(), brightness }));
      const row = rebuilt.shape.subarray(20 * BINS, 21 * BINS);
      const around = (bin: number): number => Math.max(...row.subarray(bin - 2, bin + 3));
      return 72 * (around(Math.round((2000 * 2048) / 22_050)) - around(Math.round((250 * 2048) / 22_050)));
    };
    expect((await ratioOf(0.5)) - (await ratioOf(-0.5))).toBeGreaterThan(16);
    expect((await ratioOf(0.5)) - (await ratioOf(-0.5))).toBeLessThan(20);
  });

  it('goes through the seams of long sounds without a gap', async () => {
    const frames = stretchFrames(framesOfClip(sineClip([441], 2)), framesOfSeconds(20));
    const samples = await samplesOfFrames(frames, { ...options(), iterations: 0 });
    const rms = (from: number, to: number): number =>
      Math.sqrt(samples.subarray(from, to).reduce((sum, value) => sum + value * value, 0) / (to - from));
    const seam = (768 - 32) * FRAME_SETTINGS.hopSize; // the second stretch begins here
    const beside = rms(seam - 44_100, seam - 22_050);
    const fade = 31 * FRAME_SETTINGS.hopSize;
    for (const part of [0, 0.25, 0.5, 0.75]) {
      const level = rms(Math.round(seam + part * fade), Math.round(seam + (part + 0.25) * fade));
      expect(level / beside).toBeGreaterThan(0.1);
      expect(level / beside).toBeLessThan(1.5); // two equal phases add up to √2 at most
    }
  });

  it('refuses a single frame, and stops when told', async () => {
    const frames = framesOfClip(sineClip([441], 1));
    await expect(soundOfFrames(stretchFrames(frames, 1), options())).rejects.toThrow(/at least two frames/);
    await expect(soundOfFrames(frames, { ...options(), signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
