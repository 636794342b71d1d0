import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { createRng } from '../foundation/rng.ts';
import type { AudioClip } from './audio-clip.ts';
import { decodeAudio } from './decode.ts';
import { encodeFlac } from './flac-encode.ts';
import { readWav } from './wav-read.ts';
import { writeWav } from './wav-write.ts';

const hasFlac = spawnSync('flac', ['--version']).status === 0;
if (!hasFlac) console.log('FLAC files are not tested by the reference decoder: flac is not installed.');
const folder = mkdtempSync(path.join(tmpdir(), 'attune-flac-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Decaying tones with a little noise, other tones in each channel. */
function music(channels: number, sampleRate: number, length: number): AudioClip {
  const rng = createRng(channels);
  return {
    sampleRate,
    channels: Array.from({ length: channels }, (_, c) =>
      Float32Array.from({ length }, (_sample, i) => {
        const t = i / sampleRate;
        return (
          0.5 * Math.exp(-4 * (t % 0.5)) * Math.sin(2 * Math.PI * 220 * (1 + c / 4) * t) + 0.01 * rng.normal()
        );
      }),
    ),
  };
}

const one = (...samples: number[]): AudioClip => ({
  sampleRate: 44_100,
  channels: [Float32Array.from(samples)],
});

/** Signals that take each kind of subframe, and the ends of the number range. */
const NASTY: readonly (readonly [string, AudioClip])[] = [
  ['one sample', one(0.25)],
  ['five samples', one(0.1, -1, 1, -1, 0.3)],
  ['silence', one(...new Array<number>(5000).fill(0))],
  ['a constant', one(...new Array<number>(4097).fill(-1))],
  ['full scale square', one(...Array.from({ length: 9000 }, (_, i) => (i % 2 ? 1 : -1)))],
  [
    'white noise',
    one(
      ...Array.from(
        { length: 4100 },
        (
          (rng) => () =>
            2 * rng.uniform() - 1
        )(createRng(1)),
      ),
    ),
  ],
  [
    '8-bit steps in longer words',
    one(...Array.from({ length: 5000 }, (_, i) => Math.round(90 * Math.sin(i / 9)) / 128)),
  ],
  ['a ramp', one(...Array.from({ length: 4096 }, (_, i) => i / 4096))],
  ['one click', one(...Array.from({ length: 4096 }, (_, i) => (i === 2000 ? 1 : 0)))],
  [
    'opposite channels',
    {
      sampleRate: 48_000,
      channels: [1, -1].map((sign) => Float32Array.from({ length: 5000 }, (_, i) => sign * (i % 2 ? 1 : -1))),
    },
  ],
  ['equal channels', { sampleRate: 44_100, channels: [0, 1].map(() => music(1, 44_100, 9000).channels[0]!) }],
  ['stereo', music(2, 44_100, 20_000)],
  ['eight channels', music(8, 96_000, 5000)],
  ['a rate of no table', music(1, 12_345, 5000)],
  ['a rate beyond 16 bits', music(1, 352_800, 5000)],
  ['a rate that only the stream header holds', music(1, 88_201, 5000)],
];

describe.each([16, 24] as const)('encodeFlac, %i bits', (bits) => {
  it.each(NASTY)('comes back without loss: %s', async (_, clip) => {
    const decoded = await decodeAudio(await encodeFlac(clip, { bits }));
    expect(decoded).toEqual(readWav(writeWav(clip, { bits })));
  });

  it.skipIf(!hasFlac)('satisfies the reference decoder, which also gives back the WAV', async () => {
    for (const [name, clip] of NASTY) {
      writeFileSync(path.join(folder, 'a.flac'), await encodeFlac(clip, { bits }));
      const tested = spawnSync('flac', ['-d', '-f', '-s', '-o', 'a.wav', 'a.flac'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(tested.stderr, name).toBe('');
      const theirs = readWav(new Uint8Array(readFileSync(path.join(folder, 'a.wav'))));
      expect(theirs, name).toEqual(readWav(writeWav(clip, { bits })));
    }
  });
});

describe('encodeFlac', () => {
  it('loses nothing of any 16-bit samples', async () => {
    const samples = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(samples, async (values) => {
        const channel = Float32Array.from(values, (value) => value / 32_768);
        expect(
          (await decodeAudio(await encodeFlac({ sampleRate: 8000, channels: [channel] }))).channels[0],
        ).toEqual(channel);
      }),
      { numRuns: 30 },
    );
  });

  it('compresses tones to under half', async () => {
    const clip = music(2, 44_100, 44_100);
    for (const channel of clip.channels)
      channel.forEach((sample, i) => (channel[i] = Math.round(sample * 300) / 300));
    const tone = {
      sampleRate: 44_100,
      channels: [Float32Array.from({ length: 44_100 }, (_, i) => 0.5 * Math.sin(i / 20))],
    };
    expect((await encodeFlac(tone)).length).toBeLessThan(44_100);
  });

  it('dithers only on request, the same way for the same seed, by less than two steps', async () => {
    const clip = music(1, 8000, 4000);
    const plain = await encodeFlac(clip);
    expect(await encodeFlac(clip)).toEqual(plain);
    const dithered = await encodeFlac(clip, { dither: createRng(1) });
    expect(dithered).not.toEqual(plain);
    expect(await encodeFlac(clip, { dither: createRng(1) })).toEqual(dithered);
    const decoded = (await decodeAudio(dithered)).channels[0]!;
    decoded.forEach((sample, i) =>
      expect(Math.abs(sample - clip.channels[0]![i]!)).toBeLessThan(1.5 / 32_768),
    );
  });

  it('refuses a file whose samples are not those that were digested', async () => {
    const bytes = await encodeFlac(music(1, 8000, 4000));
    bytes[26]! ^= 1; // first byte of the MD5
    await expect(decodeAudio(bytes)).rejects.toThrowError(
      expect.objectContaining({ code: 'audio/malformed', place: { offset: 26 } }),
    );
    bytes.fill(0, 26, 42); // unknown
    expect((await decodeAudio(bytes)).channels[0]!.length).toBe(4000);
  });

  it('reports progress and can be stopped', async () => {
    const clip = music(1, 8000, 300_000);
    const done: number[] = [];
    await encodeFlac(clip, { onProgress: (progress) => done.push(progress.done) });
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.length).toBeGreaterThan(2);
    expect(done.at(-1)).toBe(37.5);
    const abort = new AbortController();
    const work = encodeFlac(clip, { signal: abort.signal, onProgress: () => abort.abort() });
    const error: unknown = await work.catch((reason: unknown) => reason);
    expect(isAttuneError(error, 'cancelled')).toBe(true);
  });

  it.each([
    ['nothing', one(), {}],
    ['nine channels', music(9, 8000, 10), {}],
    ['32 bits', one(0), { bits: 32 as 24 }],
    ['a broken rate', { ...one(0), sampleRate: 44_100.5 }, {}],
    ['a rate beyond the format', { ...one(0), sampleRate: 700_000 }, {}],
  ])('refuses %s', async (_, clip, options) => {
    await expect(encodeFlac(clip, options)).rejects.toThrowError(
      expect.objectContaining({ code: 'argument/invalid' }),
    );
  });
});
