import { beforeAll, describe, expect, it } from 'vitest';
import type { AudioClip } from '../audio/audio-clip.ts';
import { clipLength, mixToMono, sliceClip } from '../audio/clip.ts';
import { decibelsToGain, measurePeak, measureRms } from '../audio/level.ts';
import { isAttuneError } from '../foundation/errors.ts';
import type { Progress } from '../foundation/progress.ts';
import { loadSoundFont } from '../node/sound-font.ts';
import { createScore, type ScoreParts } from '../score/create-score.ts';
import type { Note, Score } from '../score/score.ts';
import { renderScore } from './render-score.ts';
import { trimSoundFont } from './trim-sound-font.ts';

const QUARTER = 480;
const note = (start: number, pitch: number, duration = QUARTER, velocity = 90): Note => ({
  start,
  pitch,
  duration,
  velocity,
});
const scoreOf = (...tracks: NonNullable<ScoreParts['tracks']>): Score => createScore({ tracks });

/** Four bars at 120 bpm: organ chords, bass and drums; 8 s. */
const SONG = scoreOf(
  {
    program: 16,
    notes: [0, 1, 2, 3].flatMap((bar) => [60, 64, 67].map((p) => note(bar * 1920, p + bar, 1800))),
  },
  { program: 32, notes: Array.from({ length: 16 }, (_, i) => note(i * QUARTER, 36 + (i % 4) * 2, 400)) },
  { isDrum: true, notes: Array.from({ length: 32 }, (_, i) => note(i * 240, i % 4 === 0 ? 36 : 42, 100)) },
);
let bank: Uint8Array;
/** Bank of SONG alone, for the tests that render often. */
let small: Uint8Array;

beforeAll(async () => {
  bank = await loadSoundFont();
  small = trimSoundFont(SONG, bank);
});

/** Index of the first sample that differs, over both channels; −1 if none does. */
function firstChange(a: AudioClip, b: AudioClip): number {
  const [x, y] = [a, b].map((clip) => Float32Array.from(clip.channels.flatMap((channel) => [...channel])));
  return x!.length === y!.length ? x!.findIndex((value, i) => !Object.is(value, y![i])) : 0;
}

describe('renderScore', () => {
  it('gives stereo of the length of the score and its tail, at the level asked for', async () => {
    const clip = await renderScore(SONG, small, { tailSeconds: 1 });
    expect(clip.sampleRate).toBe(44_100);
    expect(clip.channels.length).toBe(2);
    // the bass ends last, at tick 15 × 480 + 400 = 7,600; 960 ticks last a second
    expect(clipLength(clip)).toBe(Math.ceil((7600 / 960 + 1) * 44_100));
    expect(measurePeak(clip)).toBeLessThanOrEqual(decibelsToGain(-1));
    expect(20 * Math.log10(measureRms(clip))).toBeCloseTo(-18, 0);
  });

  it('is the same bit for bit in every call, and from the trimmed bank', async () => {
    const first = await renderScore(SONG, small, { tailSeconds: 0 });
    const second = await renderScore(SONG, small, { tailSeconds: 0 });
    const whole = await renderScore(SONG, bank, { tailSeconds: 0 });
    expect(firstChange(first, second)).toBe(-1);
    expect(firstChange(first, whole)).toBe(-1);
  });

  it.each([
    [60, 261.63],
    [69, 440],
    [81, 880],
  ])('plays pitch %i at %d Hz', async (pitch, hertz) => {
    const clip = await renderScore(scoreOf({ program: 73, notes: [note(0, pitch, 960)] }), bank, {
      effects: false,
    });
    const samples = mixToMono(sliceClip(clip, 0.4, 0.9)).channels[0]!;
    const period = 44_100 / hertz;
    const similarity = (lag: number): number => {
      let [cross, energy] = [0, 0];
      for (let i = 0; i + 400 < samples.length; i++) {
        cross += samples[i]! * samples[i + Math.round(lag)]!;
        energy += samples[i]! ** 2;
      }
      return cross / energy;
    };
    expect(similarity(period)).toBeGreaterThan(0.9);
    for (const other of [0.5, 0.97, 1.03])
      expect(similarity(period * other)).toBeLessThan(similarity(period)); // no octave up
  });

  it('starts notes when the score says, rests at the start included', async () => {
    const score = scoreOf({ isDrum: true, notes: [note(1920, 38), note(3840, 38)] }); // 2 s and 4 s
    const mono = mixToMono(await renderScore(score, bank, { effects: false, gain: 1 })).channels[0]!;
    const threshold = 0.02;
    const first = mono.findIndex((x) => Math.abs(x) > threshold);
    expect(first / 44_100).toBeGreaterThan(1.999);
    expect(first / 44_100).toBeLessThan(2.02);
    const second = mono.findIndex((x, i) => i > 3.5 * 44_100 && Math.abs(x) > threshold);
    expect(Math.abs((second - first) / 44_100 - 2)).toBeLessThan(0.004); // one block of 128 frames
  });

  it('follows the tempo', async () => {
    const slow = createScore({ tempos: [{ tick: 0, bpm: 60 }], tracks: [{ notes: [note(0, 60)] }] });
    expect(clipLength(await renderScore(slow, bank, { tailSeconds: 0 }))).toBe(44_100);
  });

  it('holds the ceiling for a score far too loud', async () => {
    const loud = scoreOf(
      ...[16, 32].map((program) => ({
        program,
        notes: Array.from({ length: 20 }, (_, i) => note(0, 36 + i, 480, 127)),
      })),
    );
    const clip = await renderScore(loud, bank, { gain: 4, tailSeconds: 0 });
    expect(measurePeak(clip)).toBeGreaterThan(decibelsToGain(-1.1));
    expect(measurePeak(clip)).toBeLessThanOrEqual(decibelsToGain(-1));
  });

  it('renders a score without notes as silence', async () => {
    const clip = await renderScore(scoreOf(), small, { tailSeconds: 0.5 });
    expect(clipLength(clip)).toBe(22_050);
    expect(measurePeak(clip)).toBe(0);
  });

  it('renders at other rates', async () => {
    const clip = await renderScore(SONG, small, { sampleRate: 22_050, tailSeconds: 0 });
    expect(clip.sampleRate).toBe(22_050);
    expect(clipLength(clip)).toBe(Math.ceil((7600 / 960) * 22_050));
  });

  it('reports progress to the end, and stops when cancelled on the way', async () => {
    const reports: Progress[] = [];
    await renderScore(SONG, small, { onProgress: (p) => reports.push(p), tailSeconds: 0 });
    expect(reports.length).toBeGreaterThan(6);
    expect(reports.at(-1)!.done).toBe(reports.at(-1)!.total);
    expect(reports.every((p, i) => i === 0 || p.done > reports[i - 1]!.done)).toBe(true);

    const controller = new AbortController();
    let count = 0;
    const onProgress = (): void => {
      if (++count === 2) controller.abort();
    };
    const error: unknown = await renderScore(SONG, small, { signal: controller.signal, onProgress }).catch(
      (e: unknown) => e,
    );
    expect(isAttuneError(error, 'cancelled')).toBe(true);
    expect(count).toBe(2);
  });

  it.each([
    ['a bank that is none', SONG, Uint8Array.of(1, 2, 3), {}, 'argument/invalid'],
    ['a senseless rate', SONG, undefined, { sampleRate: 0 }, 'argument/invalid'],
    ['a score over the limit', SONG, undefined, { maxSeconds: 5 }, 'audio/limit'],
  ] as const)('refuses %s', async (_, score, bytes, options, code) => {
    await expect(renderScore(score, bytes ?? small, options)).rejects.toThrowError(
      expect.objectContaining({ code }),
    );
  });

  it('refuses a damaged bank', async () => {
    await expect(renderScore(SONG, small.subarray(0, 5000))).rejects.toThrowError(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });
});

describe('trimSoundFont', () => {
  it('is small, plain SF2, keeps the copyright, and is the same each time', () => {
    expect(small.length).toBeLessThan(1_500_000);
    expect(String.fromCharCode(...small.subarray(0, 4), ...small.subarray(8, 12))).toBe('RIFFsfbk');
    expect(new TextDecoder('latin1').decode(small.subarray(0, 20_000))).toMatch(/Frank Wen|Cowgill/);
    expect(Buffer.compare(trimSoundFont(SONG, bank), small)).toBe(0);
  });

  it('can be made for a score without notes', () => {
    expect(trimSoundFont(scoreOf(), bank).length).toBeLessThan(100_000);
  });
});
