import { findMp3Frame, id3Length } from './mp3-frames.ts';

/** Formats that `decodeAudio` knows by their first bytes. */
export const AUDIO_FORMATS = ['wav', 'mp3', 'flac', 'ogg-vorbis', 'ogg-opus'] as const;
/** One of `AUDIO_FORMATS`. */
export type AudioFormat = (typeof AUDIO_FORMATS)[number];

/** How far into a file, past any ID3 tag, the first MP3 frame may begin. */
const MP3_SEARCH_BYTES = 8192;
/** How many first pages of an Ogg file may belong to other streams, such as a skeleton or a picture. */
const OGG_SEARCH_BYTES = 16_384;

/**
 * The format by its magic bytes, never by a file name; undefined for anything else (text, video, images).
 * MP3 has no magic: two frame headers of one kind in a row count, after an optional ID3v2 tag.
 */
export function detectAudioFormat(bytes: Uint8Array): AudioFormat | undefined {
  if (['RIFF', 'RF64', 'BW64', 'RIFX'].includes(ascii(bytes, 0, 4)) && ascii(bytes, 8, 4) === 'WAVE')
    return 'wav';
  if (ascii(bytes, 0, 4) === 'OggS') return oggCodec(bytes);
  const start = id3Length(bytes, 0);
  if (ascii(bytes, start, 4) === 'fLaC') return 'flac';
  return findMp3Frame(bytes, start, Math.min(bytes.length, start + MP3_SEARCH_BYTES)) === undefined
    ? undefined
    : 'mp3';
}

function oggCodec(bytes: Uint8Array): AudioFormat | undefined {
  const end = Math.min(bytes.length, OGG_SEARCH_BYTES);
  for (let offset = 0; offset + 27 < end && ascii(bytes, offset, 4) === 'OggS';) {
    const body = offset + 27 + bytes[offset + 26]!;
    if (ascii(bytes, body, 7) === '\x01vorbis') return 'ogg-vorbis';
    if (ascii(bytes, body, 8) === 'OpusHead') return 'ogg-opus';
    let next = body;
    for (let i = offset + 27; i < body; i++) next += bytes[i] ?? 0;
    offset = next;
  }
  return undefined;
}

function ascii(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
