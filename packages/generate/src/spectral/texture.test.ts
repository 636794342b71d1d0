import { createRng } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { BINS, FRAME_RATE_HERTZ, FRAME_SETTINGS, FRAMES_PER_SECOND, SILENT_DB } from './frames.ts';
import { createSpectralNetwork } from './network.ts';
import { lineNetwork, TINY_SPECTRAL, tinyParameters } from './test-network.ts';
import { textureFrames } from './texture.ts';

const SETTINGS = { motion: 0.5, variety: 1 };
const HARMONY = [
  { start: 0, end: 2, pitches: [48, 64] },
  { start: 2, end: 4, pitches: [50, 65] },
];
const binOf = (pitch: number): number =>
  Math.round((440 * 2 ** ((pitch - 69) / 12) * FRAME_SETTINGS.frameSize) / FRAME_RATE_HERTZ);

describe('a texture', () => {
  it('sounds the pitches of its harmony at their times, and hands over between them', async () => {
    const count = Math.round(4 * FRAMES_PER_SECOND);
    const { shape, level } = await textureFrames(lineNetwork(), HARMONY, count, createRng(1), SETTINGS);
    const levelOf = (pitch: number, seconds: number): number =>
      shape[Math.round(seconds * FRAMES_PER_SECOND) * BINS + binOf(pitch)]!;
    for (const [sounding, silent, seconds] of [
      [HARMONY[0], HARMONY[1], 1],
      [HARMONY[1], HARMONY[0], 3],
    ] as const) {
      for (const pitch of sounding!.pitches) expect(levelOf(pitch, seconds)).toBeGreaterThan(0.9);
      for (const pitch of silent!.pitches) expect(levelOf(pitch, seconds)).toBe(0);
    }
    for (const pitch of [48, 64, 50, 65]) expect(levelOf(pitch, 2)).toBeGreaterThan(0.9); // both in the middle
    // sin² fades: powers of two chords add up to one, so the level holds to 1 dB
    const held = Array.from(level.subarray(40, count - 40));
    expect(Math.max(...held) - Math.min(...held)).toBeLessThan(3.1);
    expect(level[count - 1]!).toBeLessThan(-15);
  });

  it('is the same for a seed and another for another', async () => {
    const network = createSpectralNetwork(TINY_SPECTRAL, tinyParameters());
    const draw = (seed: number) => textureFrames(network, HARMONY, 60, createRng(seed), SETTINGS);
    expect(await draw(1)).toEqual(await draw(1));
    expect((await draw(1)).shape).not.toEqual((await draw(2)).shape);
    const still = await textureFrames(network, [{ start: 0, end: 9, pitches: [60] }], 60, createRng(1), {
      motion: 0.5,
      variety: 0,
    });
    expect(still.shape.subarray(30 * BINS, 31 * BINS)).toEqual(still.shape.subarray(50 * BINS, 51 * BINS));
  });

  it('is silent where nothing is asked for', async () => {
    const { level } = await textureFrames(lineNetwork(), [], 9, createRng(1), SETTINGS);
    expect(Array.from(level)).toEqual(Array(9).fill(SILENT_DB));
  });

  it('refuses pitches that the network does not know, and stops when told', async () => {
    const strange = [{ start: 0, end: 1, pitches: [30] }];
    await expect(textureFrames(lineNetwork(), strange, 9, createRng(1), SETTINGS)).rejects.toThrow(
      /36 to 84, not for 30/,
    );
    const signal = AbortSignal.abort();
    await expect(
      textureFrames(lineNetwork(), HARMONY, 400, createRng(1), SETTINGS, { signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});
