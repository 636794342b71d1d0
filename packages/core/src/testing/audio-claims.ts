import type { AudioFormat } from '../audio/audio-format.ts';

/** What a file's headers say, read without the code under test; undefined where they say nothing. */
export interface AudioClaims {
  readonly sampleRate: number;
  readonly channels: number;
  /** Exact number of frames, where the headers state it. */
  readonly frames?: number;
}

/** The claims that a decoded clip must agree with. MP3 frames may disagree among themselves: then any one will do. */
export function audioClaims(bytes: Uint8Array, format: AudioFormat): AudioClaims[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'wav':
      return wavClaims(view);
    case 'flac':
      return flacClaims(view);
    case 'mp3':
      return mp3Claims(bytes);
    default:
      return oggClaims(view, format === 'ogg-opus');
  }
}

function wavClaims(view: DataView): AudioClaims[] {
  let format: { channels: number; sampleRate: number; frameBytes: number } | undefined;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const name = view.getUint32(at);
    const size = view.getUint32(at + 4, true);
    if (name === 0x666d7420 /* "fmt " */ && at + 24 <= view.byteLength) {
      format = {
        channels: view.getUint16(at + 10, true),
        sampleRate: view.getUint32(at + 12, true),
        frameBytes: view.getUint16(at + 20, true),
      };
    }
    if (name === 0x64617461 /* "data" */) {
      if (format === undefined) return [];
      const { channels, sampleRate, frameBytes } = format;
      const bytes = size === 0xffffffff ? view.byteLength - at - 8 : size;
      return [{ channels, sampleRate, frames: Math.floor(bytes / frameBytes) }];
    }
    at += 8 + size + (size % 2);
  }
  return [];
}

function flacClaims(view: DataView): AudioClaims[] {
  const at = id3End(view) + 8;
  if (at + 18 > view.byteLength) return [];
  const rateBits = view.getUint32(at + 10);
  const frames = (rateBits % 16) * 2 ** 32 + view.getUint32(at + 14);
  const claim = { sampleRate: Math.floor(rateBits / 4096), channels: (Math.floor(rateBits / 512) % 8) + 1 };
  return [frames === 0 ? claim : { ...claim, frames }];
}

function oggClaims(view: DataView, isOpus: boolean): AudioClaims[] {
  const magic = isOpus ? 'OpusHead' : '\x01vorbis';
  for (let at = 0; at + 30 <= Math.min(view.byteLength, 20_000); at++) {
    if (![...magic].every((letter, i) => view.getUint8(at + i) === letter.charCodeAt(0))) continue;
    return isOpus
      ? [{ channels: view.getUint8(at + 9), sampleRate: 48_000 }]
      : [{ channels: view.getUint8(at + 11), sampleRate: view.getUint32(at + 12, true) }];
  }
  return [];
}

/**
 * The layouts of all frames that another frame, or the end, follows at the right distance, at the rate of the first of
 * them or at the most frequent rate: which stream a damaged or joined file is, is a matter of opinion.
 */
function mp3Claims(bytes: Uint8Array): AudioClaims[] {
  const counts = new Map<number, { frames: number; layouts: Set<number> }>();
  for (let at = 0; at + 4 <= bytes.length; at++) {
    const frame = mp3Frame(bytes, at);
    if (frame === undefined) continue;
    const next = mp3Frame(bytes, at + frame.size);
    if (at + frame.size !== bytes.length && next?.sampleRate !== frame.sampleRate) continue;
    const known = counts.get(frame.sampleRate) ?? { frames: 0, layouts: new Set() };
    known.frames++;
    known.layouts.add(frame.channels);
    if (next !== undefined) known.layouts.add(next.channels);
    counts.set(frame.sampleRate, known);
  }
  const most = Math.max(0, ...[...counts.values()].map(({ frames }) => frames));
  return [...counts]
    .filter(([, { frames }], order) => order === 0 || frames === most)
    .flatMap(([sampleRate, { layouts }]) => [...layouts].map((channels) => ({ sampleRate, channels })));
}

function mp3Frame(bytes: Uint8Array, at: number) {
  const [a, b, c, d] = bytes.subarray(at, at + 4);
  if (a !== 0xff || d === undefined || (b! & 0xe6) !== 0xe2) return undefined; // sync, layer III
  const version = ['2.5', undefined, '2', '1'][(b! >> 3) & 3];
  const rates = {
    '2.5': [11_025, 12_000, 8000],
    '2': [22_050, 24_000, 16_000],
    '1': [44_100, 48_000, 32_000],
  };
  const sampleRate = version && rates[version as '1'][(c! >> 2) & 3];
  const low = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
  const high = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
  const kbps = (version === '1' ? high : low)[(c! >> 4) - 1];
  if (!sampleRate || kbps === undefined) return undefined;
  const size = Math.floor(((version === '1' ? 144 : 72) * kbps * 1000) / sampleRate) + ((c! >> 1) & 1);
  return { sampleRate, channels: d >> 6 === 3 ? 1 : 2, size };
}

function id3End(view: DataView): number {
  if (view.byteLength < 10 || view.getUint16(0) !== 0x4944 || view.getUint8(2) !== 0x33) return 0;
  let size = 0;
  for (let i = 6; i < 10; i++) size = size * 128 + (view.getUint8(i) % 128);
  return 10 + size + (view.getUint8(5) & 16 ? 10 : 0);
}
