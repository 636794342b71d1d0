import { describe, expect, it } from 'vitest';
import type { AudioClip } from '../audio/audio-clip.ts';
import { clipLength } from '../audio/clip.ts';
import { decibelsToGain, measurePeak } from '../audio/level.ts';
import { createScore, type ScoreParts } from '../score/create-score.ts';
import type { Note } from '../score/score.ts';
import { renderScore } from './render-score.ts';
import { renderScoreStream } from './render-score-stream.ts';
import type { StreamOptions } from './render-score-stream.ts';
import { tinySoundFont } from './tiny-sound-font.test-helper.ts';

const RATE = 44_000; // a cycle of the sine of the tiny bank on key 69 is 100 frames
const bank = tinySoundFont();
const note = (start: number, duration: number, pitch = 69): Note => ({
  start,
  duration,
  pitch,
  velocity: 100,
});
/** 960 ticks a second. */
const scoreOf = (...tracks: NonNullable<ScoreParts['tracks']>) => createScore({ tracks });
const SONG = scoreOf(
  { notes: [note(0, 900), note(1000, 1500, 72), note(1100, 40, 57), note(2600, 300)] },
  { program: 1, notes: [note(480, 1900, 45)], bends: [{ tick: 700, value: 3000 }] },
  { isDrum: true, notes: [0, 480, 960, 1440, 1920, 2400].map((tick) => note(tick, 10, 38)) },
);

async function collect(score = SONG, options: StreamOptions = {}): Promise<AudioClip[]> {
  const blocks: AudioClip[] = [];
  for await (const block of renderScoreStream(score, bank, { sampleRate: RATE, ...options }))
    blocks.push(block);
  return blocks;
}

function joined(blocks: readonly AudioClip[]): Float32Array[] {
  return [0, 1].map((side) => Float32Array.from(blocks.flatMap((block) => [...block.channels[side]!])));
}

/** First index at which two arrays differ; −1 where they are the same. */
function firstChange(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  return a.findIndex((value, i) => !Object.is(value, b[i]));
}

describe('renderScoreStream', () => {
  it.each([
    [0.2, 4],
    [0.011, 1],
    [10, 30],
  ])('joined, blocks of %d s at gain %d are bit for bit the whole clip', async (blockSeconds, gain) => {
    const whole = await renderScore(SONG, bank, { sampleRate: RATE, gain });
    const blocks = await collect(SONG, { blockSeconds, gain });
    expect(blocks.every((block) => clipLength(block) <= Math.max(1408, blockSeconds * RATE + 128))).toBe(
      true,
    );
    joined(blocks).forEach((channel, side) => expect(firstChange(channel, whole.channels[side]!)).toBe(-1));
    for (const block of blocks) expect(measurePeak(block)).toBeLessThanOrEqual(decibelsToGain(-1));
  });

  it('renders no more than what is asked for, and can be left', async () => {
    const hours = scoreOf({ notes: Array.from({ length: 3 * 3600 }, (_, i) => note(i * 960, 900)) });
    const stream = renderScoreStream(hours, bank, { sampleRate: RATE });
    const first = await stream.next();
    expect(first.value && clipLength(first.value)).toBeGreaterThan(0.15 * RATE);
    await stream.return();
    expect((await stream.next()).done).toBe(true);
  });

  it('stops with `cancelled` when the signal fires', async () => {
    const controller = new AbortController();
    const stream = renderScoreStream(SONG, bank, { signal: controller.signal });
    await stream.next();
    controller.abort();
    await expect(stream.next()).rejects.toThrowError(expect.objectContaining({ code: 'cancelled' }));
    expect((await stream.next()).done).toBe(true);
    await expect(collect(SONG, { signal: controller.signal })).rejects.toThrowError(
      expect.objectContaining({ code: 'cancelled' }),
    );
  });

  it('from a place where nothing sounds, gives the end of the whole stream', async () => {
    // tick 2550 lies in silence: 2.65625 s = 913.06 blocks of 128 frames; the next whole block begins at 914
    const from = (914 * 128) / RATE;
    const options = { effects: false, gain: 1 };
    const whole = joined(await collect(SONG, options));
    const part = joined(await collect(SONG, { ...options, from }));
    expect(part[0]!.length).toBe(whole[0]!.length - 914 * 128);
    const tail = whole[0]!.slice(914 * 128);
    expect(tail.some((value) => Math.abs(value) > 0.05)).toBe(true);
    // The event falls in a block of the same place or its neighbour: shifts of a block, never another sound.
    const onset = (samples: Float32Array): number => samples.findIndex((value) => Math.abs(value) > 1e-3);
    expect(Math.abs(onset(part[0]!) - onset(tail))).toBeLessThanOrEqual(128);
    const peak = (channel: Float32Array): number => measurePeak({ sampleRate: RATE, channels: [channel] });
    expect(peak(part[0]!)).toBeCloseTo(peak(tail), 4);
  });

  it('from the middle of a note, sounds it in tune, bent as it was, with the tempo in force', async () => {
    const bent = createScore({
      tracks: [{ notes: [note(0, 4800)], bends: [{ tick: 100, value: 4096 }] }], // +1 semitone of the usual 2
      tempos: [
        { tick: 0, bpm: 240 },
        { tick: 960, bpm: 60 },
      ],
    }); // 0.5 s + 8 s
    const [left] = joined(await collect(bent, { from: 3.3, effects: false, tailSeconds: 0 }));
    expect(left!.length).toBe((8.5 - 3.3) * RATE);
    let cycles = 0;
    for (let i = 22_001; i <= 66_000; i++) if (left![i - 1]! < 0 && left![i]! >= 0) cycles++;
    expect(Math.abs(cycles - 440 * 2 ** (1 / 12))).toBeLessThanOrEqual(1); // in one second
  });

  it('gives nothing from the very end, and silence for a score without notes or tracks', async () => {
    expect(await collect(scoreOf({ notes: [note(0, 960)] }), { from: 3.5 })).toEqual([]);
    for (const empty of [scoreOf(), scoreOf({ notes: [] })]) {
      const [left] = joined(await collect(empty, { tailSeconds: 0.5 }));
      expect([left!.length, left!.every((value) => value === 0)]).toEqual([RATE / 2, true]);
    }
  });

  it.each([
    ['a start before the beginning', { from: -1 }],
    ['a start after the end', { from: 99 }],
    ['no gain', { gain: 0 }],
    ['blocks of nothing', { blockSeconds: 0 }],
    ['a rate that is no number', { sampleRate: NaN }],
  ])('refuses %s', async (_, options) => {
    await expect(collect(SONG, options)).rejects.toThrowError(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });

  it('refuses what lasts too long before any work', async () => {
    await expect(collect(SONG, { maxSeconds: 5 })).rejects.toThrowError(
      expect.objectContaining({ code: 'audio/limit' }),
    );
  });
});
