import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { AudioClip } from './audio-clip.ts';
import { type AudioFormat, detectAudioFormat } from './audio-format.ts';
import { type AudioLimits, checkSize } from './limits.ts';
import { readWav } from './wav-read.ts';

export interface DecodeOptions extends AudioLimits {
  readonly signal?: AbortSignal;
}

/**
 * Decodes a WAV, MP3, FLAC, Ogg Vorbis or Ogg Opus file, told apart by content. Whatever the file, the result
 * is a clip of at least one channel and one sample, all finite, at the rate its own headers state; else it
 * throws `audio/malformed`, `audio/unsupported`, `audio/limit` or `cancelled`. Damage is refused, but for MP3,
 * where stray bytes between frames are stepped over as every player does.
 */
export async function decodeAudio(bytes: Uint8Array, options: DecodeOptions = {}): Promise<AudioClip> {
  throwIfCancelled(options.signal);
  if (bytes.length === 0) throw new AttuneError('audio/malformed', 'The file is empty.', { size: 0 });
  checkSize(bytes.length, options);
  const format = detectAudioFormat(bytes);
  if (format === undefined) throw unknownFormat(bytes);
  return await DECODERS[format](bytes, options, options.signal);
}

type Decoder = (
  bytes: Uint8Array,
  limits: AudioLimits,
  signal?: AbortSignal,
) => Promise<AudioClip> | AudioClip;

/** A decoder is loaded when a file first asks for it: each brings WebAssembly of its own. */
const DECODERS: Readonly<Record<AudioFormat, Decoder>> = {
  wav: readWav,
  mp3: async (...given) => (await import('./decode-mp3.ts')).decodeMp3(...given),
  flac: async (...given) => (await import('./decode-flac.ts')).decodeFlac(...given),
  'ogg-vorbis': async (...given) => (await import('./decode-ogg.ts')).decodeOggVorbis(...given),
  'ogg-opus': async (...given) => (await import('./decode-ogg.ts')).decodeOggOpus(...given),
};

function unknownFormat(bytes: Uint8Array): AttuneError {
  const head = bytes.subarray(0, 512);
  const isText = head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
  const message = isText
    ? 'This is a text file, not audio; WAV, MP3, FLAC, Ogg Vorbis and Ogg Opus are read.'
    : 'This is no audio file of a kind that is read: WAV, MP3, FLAC, Ogg Vorbis or Ogg Opus.';
  return new AttuneError('audio/unsupported', message, { size: bytes.length });
}
