import { AttuneError } from '../foundation/errors.ts';
import type { Hertz, Sample } from '../foundation/units.ts';

/** Header of one MPEG audio frame, layer III (ISO 11172-3 and 13818-3, and the MPEG 2.5 extension). */
export interface Mp3Header {
  readonly sampleRate: Hertz;
  readonly channels: 1 | 2;
  readonly samples: Sample;
  readonly bytes: number;
}

/** The frames of a file, found without decoding. */
export interface Mp3Scan {
  readonly sampleRate: Hertz;
  readonly channels: 1 | 2;
  readonly frames: number;
  readonly samples: Sample;
  /** [start, end) byte ranges of unbroken runs of frames. */
  readonly runs: readonly (readonly [number, number])[];
}

/** kbit/s by bitrate index for layer III: MPEG 1, then MPEG 2 and 2.5. */
const KBPS_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBPS_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const RATES_1 = [44100, 48000, 32000];

/** Parses a header at `offset`; undefined where there is none (also for layers I and II and free format). */
export function parseMp3Header(bytes: Uint8Array, offset: number): Mp3Header | undefined {
  if (offset < 0 || offset + 4 > bytes.length || bytes[offset] !== 0xff) return undefined;
  const second = bytes[offset + 1]!;
  const third = bytes[offset + 2]!;
  const version = (second >> 3) & 3; // 0: 2.5, 1: reserved, 2: 2, 3: 1
  const layer = (second >> 1) & 3;
  const bitrate = third >> 4;
  const rate = (third >> 2) & 3;
  if (second >> 5 !== 7 || version === 1 || layer !== 1 || bitrate === 0 || bitrate === 15 || rate === 3)
    return undefined;
  const first = version === 3;
  const kbps = (first ? KBPS_1 : KBPS_2)[bitrate]!;
  const sampleRate = RATES_1[rate]! / (first ? 1 : version === 2 ? 2 : 4);
  const samples = first ? 1152 : 576;
  const length = Math.floor(((samples / 8) * kbps * 1000) / sampleRate) + ((third >> 1) & 1);
  return { sampleRate, channels: bytes[offset + 3]! >> 6 === 3 ? 1 : 2, samples, bytes: length };
}

/** Length of an ID3v2 tag at `offset`, 0 where there is none. */
export function id3Length(bytes: Uint8Array, offset: number): number {
  const isTag = bytes[offset] === 0x49 && bytes[offset + 1] === 0x44 && bytes[offset + 2] === 0x33;
  if (!isTag || offset + 10 > bytes.length) return 0;
  let size = 0;
  for (let i = 6; i < 10; i++) size = size * 128 + (bytes[offset + i]! & 127); // "synchsafe"
  const footer = (bytes[offset + 5]! & 0x10) !== 0 ? 10 : 0;
  return 10 + size + footer;
}

/** First offset in [from, to) where a frame is followed by a frame of the same kind, or ends the file. */
export function findMp3Frame(
  bytes: Uint8Array,
  from: number,
  to: number,
  kind?: Mp3Header,
): number | undefined {
  for (let offset = from; offset < to; offset++) {
    const header = parseMp3Header(bytes, offset);
    if (header === undefined || (kind !== undefined && !sameKind(header, kind))) continue;
    const next = offset + header.bytes;
    const follower = parseMp3Header(bytes, next);
    if (next === bytes.length || (follower !== undefined && sameKind(header, follower))) return offset;
  }
  return undefined;
}

/**
 * Walks all frames from `start`. Damage is stepped over to the next pair of frames of the first frame's kind;
 * tags after the audio fall away. One stereo frame among mono ones is damage; two in a row make the file stereo. Throws `audio/malformed` when under half of the bytes between the first
 * and last frame belong to frames.
 */
export function scanMp3(bytes: Uint8Array, start: number): Mp3Scan {
  const first = findMp3Frame(bytes, start, bytes.length);
  if (first === undefined) {
    throw new AttuneError('audio/malformed', 'The file has no MP3 frames.', { offset: start });
  }
  const kind = parseMp3Header(bytes, first)!;
  const runs: [number, number][] = [];
  let frames = 0;
  let monoFrames = 0;
  let stereo = false;
  let lost = 0;
  let offset: number | undefined = first;
  while (offset !== undefined) {
    const runStart: number = offset;
    let end: number = offset;
    let stereoInARow = 0;
    for (
      let header = parseMp3Header(bytes, end);
      header && sameKind(header, kind);
      header = parseMp3Header(bytes, end)
    ) {
      if (end + header.bytes > bytes.length) break; // the last frame is cut short
      frames++;
      stereoInARow = header.channels === 2 ? stereoInARow + 1 : 0;
      if (header.channels === 1) monoFrames++;
      if (stereoInARow === 2) stereo = true;
      end += header.bytes;
    }
    if (runs.length > 0) lost += runStart - runs[runs.length - 1]![1];
    if (end > runStart) runs.push([runStart, end]);
    offset = findMp3Frame(bytes, Math.max(end, runStart + 1), bytes.length, kind);
  }
  const kept = runs.reduce((sum, [from, to]) => sum + to - from, 0);
  if (kept === 0 || lost > kept) {
    throw new AttuneError(
      'audio/malformed',
      `The MP3 is damaged: ${lost} of ${kept + lost} bytes hold no frames.`,
      {
        offset: first,
        lost,
      },
    );
  }
  return {
    sampleRate: kind.sampleRate,
    channels: stereo || monoFrames === 0 ? 2 : 1,
    frames,
    samples: frames * kind.samples,
    runs,
  };
}

function sameKind(a: Mp3Header, b: Mp3Header): boolean {
  return a.sampleRate === b.sampleRate && a.samples === b.samples;
}
