import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import type { AudioClip } from './audio-clip.ts';
import { detectAudioFormat } from './audio-format.ts';
import { clipLength } from './clip.ts';
import { decodeAudio } from './decode.ts';
import { readWav } from './wav-read.ts';
import { writeWav } from './wav-write.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
if (!hasFfmpeg) console.log('Decoders are not compared with ffmpeg: it is not installed.');

const folder = mkdtempSync(path.join(tmpdir(), 'attune-decode-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Two seconds of decaying tones and noise. */
function music(channels: number, sampleRate: number): AudioClip {
  const rng = createRng(channels);
  return {
    sampleRate,
    channels: Array.from({ length: channels }, (_, c) =>
      Float32Array.from({ length: sampleRate * 2 }, (_sample, i) => {
        const t = (i / sampleRate) % 0.5;
        return Math.exp(-4 * t) * (0.4 * Math.sin(2 * Math.PI * 220 * (c + 1) * t) + 0.02 * rng.normal());
      }),
    ),
  };
}

function ffmpeg(...args: string[]): void {
  const result = spawnSync('ffmpeg', ['-loglevel', 'error', '-y', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(result.stderr);
}

/** Our decoding of what ffmpeg encoded, and ffmpeg's own decoding of the same file. */
async function both(
  clip: AudioClip,
  name: string,
  ...encoding: string[]
): Promise<{ ours: AudioClip; theirs: AudioClip }> {
  writeFileSync(path.join(folder, 'source.wav'), writeWav(clip, { bits: 32, float: true }));
  ffmpeg('-i', 'source.wav', ...encoding, name);
  // the reference decoder: ffmpeg's own one differs from it by up to 0.005
  const decoder = name.endsWith('.opus') ? ['-c:a', 'libopus'] : [];
  ffmpeg(...decoder, '-i', name, '-c:a', 'pcm_f32le', 'back.wav');
  return {
    ours: await decodeAudio(new Uint8Array(readFileSync(path.join(folder, name)))),
    theirs: readWav(new Uint8Array(readFileSync(path.join(folder, 'back.wav')))),
  };
}

/** Largest difference of any two samples of one place. */
function difference(a: AudioClip, b: AudioClip): number {
  let worst = 0;
  a.channels.forEach((channel, c) => {
    for (let i = 0; i < channel.length; i++)
      worst = Math.max(worst, Math.abs(channel[i]! - b.channels[c]![i]!));
  });
  return worst;
}

describe.skipIf(!hasFfmpeg)('decodeAudio against ffmpeg', () => {
  it.each([
    ['FLAC, 16 bits, mono', 1, 44_100, 'a.flac', ['-sample_fmt', 's16'], 0],
    ['FLAC, 24 bits, stereo', 2, 48_000, 'b.flac', ['-sample_fmt', 's32'], 0],
    ['WAV, 24 bits', 2, 44_100, 'c.wav', ['-c:a', 'pcm_s24le'], 0],
    ['WAV, 8 bits', 1, 8000, 'd.wav', ['-c:a', 'pcm_u8'], 0],
    ['WAV, extensible, 5.1', 6, 48_000, 'e.wav', ['-c:a', 'pcm_s16le'], 0],
    ['Ogg Vorbis, stereo', 2, 44_100, 'f.ogg', ['-c:a', 'libvorbis'], 1e-5],
    ['Ogg Vorbis, mono', 1, 22_050, 'g.ogg', ['-c:a', 'libvorbis'], 1e-5],
    ['Ogg Opus, stereo', 2, 48_000, 'h.opus', ['-c:a', 'libopus'], 1e-4],
    ['MP3, stereo', 2, 44_100, 'i.mp3', ['-c:a', 'libmp3lame', '-b:a', '128k'], 1e-4],
    ['MP3, mono, variable rate', 1, 22_050, 'j.mp3', ['-c:a', 'libmp3lame', '-q:a', '4'], 1e-4],
    ['MP3 with an ID3v2 tag', 2, 48_000, 'k.mp3', ['-c:a', 'libmp3lame', '-metadata', 'title=A name'], 1e-4],
  ] as const)('%s', async (_, channels, sampleRate, name, encoding, tolerance) => {
    const { ours, theirs } = await both(music(channels, sampleRate), name, ...encoding);
    expect(ours.sampleRate).toBe(theirs.sampleRate);
    expect(ours.channels.length).toBe(channels);
    expect(clipLength(ours)).toBe(clipLength(theirs));
    expect(difference(ours, theirs)).toBeLessThanOrEqual(tolerance);
  });

  it('reads a WAV that ffmpeg streamed without knowing its length', async () => {
    writeFileSync(path.join(folder, 'source.wav'), writeWav(music(1, 8000)));
    const { stdout } = spawnSync('ffmpeg', ['-loglevel', 'error', '-i', 'source.wav', '-f', 'wav', '-'], {
      cwd: folder,
    });
    const streamed = await decodeAudio(new Uint8Array(stdout));
    expect(clipLength(streamed)).toBe(16_000);
    expect(difference(streamed, readWav(writeWav(music(1, 8000))))).toBe(0);
  });

  it.each(['a.aac', 'b.mp2', 'c.aiff', 'd.m4a'])('refuses %s, which is not read', async (name) => {
    writeFileSync(path.join(folder, 'source.wav'), writeWav(music(1, 44_100)));
    ffmpeg('-i', 'source.wav', name);
    const bytes = new Uint8Array(readFileSync(path.join(folder, name)));
    expect(detectAudioFormat(bytes)).toBeUndefined();
    await expect(decodeAudio(bytes)).rejects.toThrowError(
      expect.objectContaining({ code: 'audio/unsupported' }),
    );
  });
});
