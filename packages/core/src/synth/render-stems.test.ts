import { describe, expect, it } from 'vitest';
import { clipLength } from '../audio/clip.ts';
import { measurePeak, measureRms } from '../audio/level.ts';
import { createScore, type ScoreParts } from '../score/create-score.ts';
import type { Note, Score } from '../score/score.ts';
import { renderScore } from './render-score.ts';
import { renderStems } from './render-stems.ts';
import type { StemOptions } from './render-stems.ts';
import { tinySoundFont } from './tiny-sound-font.test-helper.ts';

const RATE = 44_000;
const bank = tinySoundFont();
const note = (start: number, duration: number, pitch = 69, velocity = 100): Note => ({
  start,
  duration,
  pitch,
  velocity,
});
const scoreOf = (...tracks: NonNullable<ScoreParts['tracks']>) => createScore({ tracks });
const BAND = scoreOf(
  { notes: [note(0, 900), note(1000, 500, 72)], controls: [{ tick: 0, controller: 10, value: 20 }] },
  { program: 1, notes: [note(480, 900, 45)], bends: [{ tick: 700, value: 3000 }] },
  { name: 'rests' },
  { isDrum: true, notes: [0, 480, 960].map((tick) => note(tick, 10, 38)) },
);
const stemsOf = (score: Score, options: StemOptions = {}) =>
  renderStems(score, bank, { sampleRate: RATE, gain: 1, tailSeconds: 0.5, ...options });

/** First of `length` samples that differ; −1 where none does. */
function firstChange(a: Float32Array, b: Float32Array, length: number): number {
  for (let i = 0; i < length; i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
}

describe('renderStems', () => {
  it.each([false, true])('sums to the mix (effects: %s)', async (effects) => {
    const { tracks, effects: common } = await stemsOf(BAND, { effects });
    const mix = await renderScore(BAND, bank, { sampleRate: RATE, gain: 1, tailSeconds: 0.5, effects });
    expect(measurePeak(mix)).toBeLessThan(0.8); // so the limiter did nothing
    expect(tracks.length).toBe(4);
    expect(common === undefined).toBe(!effects);
    const stems = common ? [...tracks, common] : tracks;
    const allowed = 8 * 2 ** -24 * measurePeak(mix);
    for (const side of [0, 1]) {
      let worst = 0;
      mix.channels[side]!.forEach((value, i) => {
        const sum = stems.reduce((total, stem) => total + stem.channels[side]![i]!, 0);
        worst = Math.max(worst, Math.abs(sum - value));
      });
      expect(worst).toBeLessThanOrEqual(allowed);
    }
    for (const stem of stems) expect(clipLength(stem)).toBe(clipLength(mix));
  });

  it('keeps each track apart: a dry stem is that track played alone', async () => {
    const { tracks } = await stemsOf(BAND, { effects: false });
    for (const [i, stem] of tracks.entries()) {
      const alone = {
        ...BAND,
        tracks: BAND.tracks.map((track, j) => (i === j ? track : { ...track, notes: [] })),
      };
      const { channels } = (await stemsOf(alone, { effects: false })).tracks[i]!;
      const length = clipLength({ sampleRate: RATE, channels });
      channels.forEach((channel, side) => {
        expect(firstChange(stem.channels[side]!, channel, 128 * Math.floor(length / 128))).toBe(-1);
      });
    }
    expect(measurePeak(tracks[2]!)).toBe(0);
  });

  it('gives more than sixteen tracks a sound of their own each', async () => {
    // one quarter note each, one after the other; the even ones a sine, the odd ones a square wave, every
    // fifth a drum kit
    const parts = Array.from({ length: 300 }, (_, i) => ({
      program: i % 2,
      isDrum: i % 5 === 4,
      notes: [note(i * 20, 20, i % 5 === 4 ? 38 : 57 + (i % 12))],
      controls: [{ tick: 0, controller: 10, value: i % 3 === 0 ? 0 : 127 }],
    }));
    const options = { effects: false, sampleRate: 8000, tailSeconds: 0 };
    const { tracks } = await stemsOf(scoreOf(...parts), options);
    expect(tracks.length).toBe(300);
    for (const i of [0, 15, 16, 17, 99, 104, 280]) {
      const { tracks: alone } = await stemsOf(scoreOf(parts[i]!), { ...options, tailSeconds: 0.1 });
      expect(measurePeak(alone[0]!)).toBeGreaterThan(0.05);
      alone[0]!.channels.forEach((channel, side) => {
        const whole = 128 * Math.floor(channel.length / 128); // gains glide differently in a block cut short
        expect(firstChange(tracks[i]!.channels[side]!, channel, whole)).toBe(-1);
      });
    }
  });

  it('levels all stems by one gain, that of their sum', async () => {
    const bare = await stemsOf(BAND);
    const { tracks, effects, gain } = await stemsOf(BAND, { gain: 'level' });
    expect(tracks[0]!.channels[0]![20_000]).toBeCloseTo(bare.tracks[0]!.channels[0]![20_000]! * gain, 6);
    const stems = [...tracks, effects!];
    const channels = [0, 1].map((side) =>
      Float32Array.from({ length: clipLength(effects!) }, (_, i) =>
        stems.reduce((sum, stem) => sum + stem.channels[side]![i]!, 0),
      ),
    );
    expect(20 * Math.log10(measureRms({ sampleRate: RATE, channels }))).toBeCloseTo(-18, 3);
  });

  it('gives silence for a score without notes, and no stems without tracks or effects', async () => {
    const silent = await stemsOf(scoreOf({}, {}));
    expect([...silent.tracks, silent.effects!].map(measurePeak)).toEqual([0, 0, 0]);
    expect(await stemsOf(scoreOf(), { effects: false })).toEqual({ tracks: [], effects: undefined, gain: 1 });
  });

  it('refuses more than it may hold, senseless options and bytes, and obeys the signal', async () => {
    const refusal = (options: StemOptions) => stemsOf(BAND, options).catch((error: unknown) => error);
    expect(await refusal({ maxStemSeconds: 5 })).toMatchObject({ code: 'audio/limit' });
    expect(await refusal({ gain: NaN })).toMatchObject({ code: 'argument/invalid' });
    expect(await refusal({ signal: AbortSignal.abort() })).toMatchObject({ code: 'cancelled' });
    await expect(renderStems(BAND, new Uint8Array(40))).rejects.toMatchObject({ code: 'argument/invalid' });
  });
});
