import { beforeAll, describe, expect, it, vi } from 'vitest';
import { isAttuneError } from '../foundation/errors.ts';
import { createRng, type Rng } from '../foundation/rng.ts';
import { detectAudioFormat } from './audio-format.ts';
import type { AudioClip } from './audio-clip.ts';
import { clipLength } from './clip.ts';
import { decodeAudio } from './decode.ts';
import { encodeMp3, encodeOggVorbis } from './encode.ts';
import { pageCrc, readOggPages } from './ogg-pages.ts';
import { tinyFlac } from './tiny-flac.test-helper.ts';
import { writeWav } from './wav-write.ts';

const CLIP: AudioClip = {
  sampleRate: 22_050,
  channels: [0, 1].map((c) =>
    Float32Array.from({ length: 11_025 }, (_, i) => 0.4 * Math.sin(0.05 * (c + 1) * i) * Math.cos(0.001 * i)),
  ),
};
const files = new Map<string, Uint8Array>();

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // the decoders print what they also return
  files.set('wav', writeWav(CLIP));
  files.set('mp3', await encodeMp3(CLIP, { kbps: 64 }));
  files.set('ogg-vorbis', await encodeOggVorbis(CLIP));
  files.set('flac', tinyFlac(CLIP));
});

const FORMATS = ['wav', 'mp3', 'ogg-vorbis', 'flac'] as const;
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('detectAudioFormat', () => {
  it.each(FORMATS)('knows %s by content', (format) => {
    expect(detectAudioFormat(files.get(format)!)).toBe(format);
  });

  it('sees MP3 and FLAC behind an ID3v2 tag', () => {
    const tag = Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 1, 0, ...new Uint8Array(128).fill(0xff));
    for (const format of ['mp3', 'flac']) {
      expect(detectAudioFormat(Uint8Array.of(...tag, ...files.get(format)!))).toBe(format);
    }
  });

  it('knows Opus by its head', () => {
    const page = Uint8Array.of(
      ...text('OggS'),
      0,
      2,
      ...new Uint8Array(20),
      1,
      19,
      ...text('OpusHead'),
      ...new Uint8Array(11),
    );
    expect(detectAudioFormat(page)).toBe('ogg-opus');
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', text('This is not audio. '.repeat(500))],
    ['UTF-16 text', Uint8Array.of(0xff, 0xfe, ...text('h\0e\0l\0l\0o\0'.repeat(200)))],
    ['zeros', new Uint8Array(5000)],
    ['0xFF', new Uint8Array(5000).fill(0xff)],
    ['a RIFF file of another kind', text('RIFF\x24\0\0\0AVI LIST')],
    [
      'an Ogg file of another codec',
      Uint8Array.of(...text('OggS'), 0, 2, ...new Uint8Array(20), 1, 8, ...text('\x80theora_')),
    ],
    ['a PNG', Uint8Array.of(0x89, ...text('PNG\r\n\x1a\n'))],
  ])('takes %s for none', (_, bytes) => {
    expect(detectAudioFormat(bytes)).toBeUndefined();
  });
});

describe('decodeAudio', () => {
  it('decodes FLAC and WAV without loss', async () => {
    const wav = await decodeAudio(files.get('wav')!);
    expect(wav.sampleRate).toBe(CLIP.sampleRate);
    expect(await decodeAudio(files.get('flac')!)).toEqual(wav);
  });

  it.each(FORMATS)('gives the right layout and level of %s', async (format) => {
    const clip = await decodeAudio(files.get(format)!);
    expect(clip.sampleRate).toBe(22_050);
    expect(clip.channels.length).toBe(2);
    const rms = Math.hypot(...clip.channels[0]!.subarray(3000, 9000)) / Math.sqrt(6000);
    const expected = Math.hypot(...CLIP.channels[0]!.subarray(3000, 9000)) / Math.sqrt(6000);
    expect(Math.abs(20 * Math.log10(rms / expected))).toBeLessThan(1.5);
  });

  it('is not misled by bytes after an MP3', async () => {
    const mp3 = files.get('mp3')!;
    const foreign = await encodeMp3({ sampleRate: 48_000, channels: [new Float32Array(9600)] });
    const tag = text('TAG'.padEnd(128, ' '));
    const clean = await decodeAudio(mp3);
    for (const tail of [foreign, tag, text('LYRICSBEGIN ... LYRICS200')]) {
      expect(await decodeAudio(Uint8Array.of(...mp3, ...tail))).toEqual(clean);
    }
  });

  it('gives one channel for a mono MP3', async () => {
    const mono = await decodeAudio(
      await encodeMp3({ sampleRate: 22_050, channels: [CLIP.channels[0]!] }, { kbps: 64 }),
    );
    expect(mono.channels.length).toBe(1);
  });

  it.each([
    ['an empty file', new Uint8Array(0), 'audio/malformed', /empty/],
    ['a text file', text('{"name": "song.mp3"}\n'), 'audio/unsupported', /text file, not audio/],
    [
      'noise',
      Uint8Array.from({ length: 4000 }, (_, i) => (i * 97) % 251),
      'audio/unsupported',
      /no audio file/,
    ],
  ])('refuses %s', async (_, bytes, code, message) => {
    const error = await failure(bytes);
    expect(isAttuneError(error, code as 'audio/malformed')).toBe(true);
    expect((error as Error).message).toMatch(message);
  });

  it.each(FORMATS)('holds the limits for %s', async (format) => {
    const bytes = files.get(format)!;
    for (const limits of [{ maxSeconds: 0.4 }, { maxBytes: 1000 }, { maxChannels: 1 }]) {
      expect(isAttuneError(await failure(bytes, limits), 'audio/limit')).toBe(true);
    }
  });

  it.each(FORMATS)('stops %s when cancelled', async (format) => {
    const error = await failure(files.get(format)!, { signal: AbortSignal.abort() });
    expect(isAttuneError(error, 'cancelled')).toBe(true);
  });

  it.each(['ogg-vorbis', 'flac'])(
    'refuses %s with a piece missing, instead of a shorter clip',
    async (format) => {
      const bytes = files.get(format)!;
      const middle = Math.floor(bytes.length / 2);
      for (const damaged of [
        bytes.subarray(0, middle),
        Uint8Array.of(...bytes.subarray(0, middle), ...bytes.subarray(middle + 300)),
      ]) {
        expect(isAttuneError(await failure(damaged), 'audio/malformed')).toBe(true);
      }
    },
  );

  it.each(FORMATS)('turns damaged %s into a sound clip or a typed error', async (format) => {
    const rng = createRng(FORMATS.indexOf(format));
    for (let round = 0; round < 40; round++) await expectHonest(damage(files.get(format)!, rng));
  });

  it('survives Vorbis whose pages are damaged but carry right checksums', async () => {
    const rng = createRng(99);
    const source = files.get('ogg-vorbis')!;
    const pages = readOggPages(source);
    for (let round = 0; round < 40; round++) {
      const bytes = source.slice();
      for (let i = 0; i <= rng.integer(4); i++) {
        const page = pages[rng.integer(pages.length)]!;
        bytes[page.body + rng.integer(Math.min(80, page.end - page.body))] = rng.integer(256);
        new DataView(bytes.buffer).setUint32(page.offset + 22, pageCrc(bytes, page.offset, page.end), true);
      }
      await expectHonest(bytes);
    }
  });
});

async function failure(bytes: Uint8Array, options = {}): Promise<unknown> {
  return await decodeAudio(bytes, options).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A clip with channels, frames and numbers in it, or an AttuneError; nothing else. */
async function expectHonest(bytes: Uint8Array): Promise<void> {
  try {
    const clip = await decodeAudio(bytes, { maxSeconds: 30 });
    expect(clip.channels.length).toBeGreaterThan(0);
    expect(clipLength(clip)).toBeGreaterThan(0);
    expect(
      clip.channels.every((channel) => channel.length === clipLength(clip) && channel.every(Number.isFinite)),
    ).toBe(true);
  } catch (error) {
    if (!isAttuneError(error)) throw error;
    expect(error.code).toMatch(/^audio\//);
  }
}

/** Cut, change, remove or insert bytes. */
function damage(source: Uint8Array, rng: Rng): Uint8Array {
  const at = rng.integer(source.length);
  const count = 1 + rng.integer(500);
  const bytes = source.slice();
  switch (rng.integer(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      for (let i = 0; i < 10; i++) bytes[rng.integer(bytes.length)] = rng.integer(256);
      return bytes;
    case 2:
      for (let i = 0; i < 3; i++) bytes[rng.integer(100)] = rng.integer(256);
      return bytes;
    case 3:
      return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + count));
    default:
      return Uint8Array.of(
        ...bytes.subarray(0, at),
        ...Array.from({ length: count }, () => rng.integer(256)),
        ...bytes.subarray(at),
      );
  }
}
