import { encodeMp3, encodeOggVorbis } from '../audio/encode.ts';
import { encodeFlac } from '../audio/flac-encode.ts';
import type { AudioClip } from '../audio/audio-clip.ts';
import type { AudioFormat } from '../audio/audio-format.ts';
import { writeWav } from '../audio/wav-write.ts';
import { createRng } from '../foundation/rng.ts';
import { tinyOpus } from './tiny-opus.ts';

/** A sound file to damage. */
export interface AudioSeed {
  readonly name: string;
  readonly format: AudioFormat;
  readonly bytes: Uint8Array;
}

/** A third of a second of two gliding tones and a little noise, other tones in each channel. */
export function shortClip(sampleRate: number, channels: number, seconds = 0.3): AudioClip {
  const rng = createRng(channels);
  return {
    sampleRate,
    channels: Array.from({ length: channels }, (_, c) =>
      Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_sample, i) => {
        const t = i / sampleRate;
        const tone = Math.sin(2 * Math.PI * (220 * (c + 1) + 150 * t) * t) + Math.sin(2 * Math.PI * 1870 * t);
        return 0.3 * tone * Math.cos(5 * t) + 0.005 * rng.normal();
      }),
    ),
  };
}

/** Short files of every format that is read, in the layouts that take different paths through the decoders. */
export async function makeAudioSeeds(): Promise<AudioSeed[]> {
  const mono = shortClip(8000, 1);
  const stereo = shortClip(22_050, 2);
  const short = shortClip(44_100, 2, 0.2);
  return [
    { name: '16 bits, mono', format: 'wav', bytes: writeWav(mono) },
    { name: '24 bits, stereo', format: 'wav', bytes: writeWav(shortClip(8000, 2), { bits: 24 }) },
    { name: '32-bit float', format: 'wav', bytes: writeWav(mono, { bits: 32, float: true }) },
    { name: '8 bits, six channels', format: 'wav', bytes: writeWav(shortClip(8000, 6, 0.1), { bits: 8 }) },
    { name: 'MPEG 2.5, mono', format: 'mp3', bytes: await encodeMp3(mono, { kbps: 32 }) },
    { name: 'MPEG 2, stereo', format: 'mp3', bytes: await encodeMp3(stereo, { kbps: 64 }) },
    { name: 'MPEG 1, joint stereo', format: 'mp3', bytes: await encodeMp3(short, { kbps: 128 }) },
    { name: '16 bits, mono', format: 'flac', bytes: await encodeFlac(shortClip(22_050, 1)) },
    { name: '24 bits, stereo', format: 'flac', bytes: await encodeFlac(shortClip(8000, 2), { bits: 24 }) },
    { name: 'seven frames', format: 'flac', bytes: await encodeFlac(shortClip(44_100, 1, 0.6)) },
    { name: 'mono', format: 'ogg-vorbis', bytes: await encodeOggVorbis(mono) },
    { name: 'stereo', format: 'ogg-vorbis', bytes: await encodeOggVorbis(stereo, { quality: 0 }) },
    { name: 'mono', format: 'ogg-opus', bytes: tinyOpus(1, 15, createRng(1)) },
    { name: 'stereo', format: 'ogg-opus', bytes: tinyOpus(2, 12, createRng(2)) },
  ];
}
