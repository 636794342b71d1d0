import { AttuneError } from '../foundation/errors.ts';
import type { Sample } from '../foundation/units.ts';
import { parseMp3Header, scanMp3 } from './mp3-frames.ts';

/** Samples by which LAME's output begins late. A decoder adds another 529 of its own, which players know. */
const ENCODER_DELAY = 576;
const ENCODER = 'LAME3.100';
/** Xing's fields (magic, flags, frames, bytes, table of contents, quality) and LAME's extension. */
const XING_SIZE = 120;
const LAME_SIZE = 36;

/**
 * Puts the "Info" frame of Xing and LAME before the frames of a constant-rate encoding of `length` samples: how many
 * frames there are, and how many samples to drop at both ends, so that a decoder gives back exactly `length`.
 * The frame is one of digital silence, which a decoder that does not know the tag plays.
 */
export function addGaplessTag(audio: Uint8Array, length: Sample): Uint8Array<ArrayBuffer> {
  const header = parseMp3Header(audio, 0);
  if (header === undefined)
    throw new AttuneError('audio/malformed', 'The audio does not begin with an MP3 frame.', { offset: 0 });
  const scan = scanMp3(audio, 0);
  const padding = scan.samples - length - ENCODER_DELAY;
  const tagAt = 4 + sideInfoSize(header.samples === 1152, header.channels === 1);
  const frame = emptyFrame(audio, tagAt + XING_SIZE + LAME_SIZE);
  const view = new DataView(frame.buffer);
  writeAscii(frame, tagAt, 'Info');
  view.setUint32(tagAt + 4, 0b1111); // all four fields are there
  view.setUint32(tagAt + 8, scan.frames);
  view.setUint32(tagAt + 12, frame.length + audio.length);
  for (let percent = 0; percent < 100; percent++)
    frame[tagAt + 16 + percent] = Math.round((percent * 256) / 100);
  view.setUint32(tagAt + 116, 0);
  const lame = tagAt + XING_SIZE;
  writeAscii(frame, lame, ENCODER);
  frame[lame + 9] = 1; // revision 0, constant bit rate
  const delays = ENCODER_DELAY * 4096 + Math.max(0, Math.min(4095, padding));
  frame.set([delays >> 16, (delays >> 8) & 255, delays & 255], lame + 21);
  view.setUint32(lame + 28, frame.length + audio.length);
  view.setUint16(lame + 32, crc16(audio));
  view.setUint16(lame + 34, crc16(frame.subarray(0, lame + 34)));
  const out = new Uint8Array(frame.length + audio.length);
  out.set(frame);
  out.set(audio, frame.length);
  return out;
}

/** A frame like the first of `audio`, without CRC and padding, at the lowest bit rate from its own that has room. */
function emptyFrame(audio: Uint8Array, room: number): Uint8Array<ArrayBuffer> {
  const head = audio.slice(0, 4);
  head[1]! |= 1;
  for (let bitrate = head[2]! >> 4; bitrate < 15; bitrate++) {
    head[2] = (bitrate << 4) | (head[2]! & 0x0c);
    const { bytes } = parseMp3Header(head, 0)!;
    if (bytes < room) continue;
    const frame = new Uint8Array(bytes);
    frame.set(head);
    return frame;
  }
  throw new AttuneError('argument/invalid', `No MP3 frame has room for a tag of ${room} bytes.`, { room });
}

/** Bytes of side information after the header (ISO 11172-3, 2.4.1.7; ISO 13818-3). */
function sideInfoSize(isMpeg1: boolean, isMono: boolean): number {
  if (isMpeg1) return isMono ? 17 : 32;
  return isMono ? 9 : 17;
}

/** CRC-16 as LAME's tag has it: polynomial 0x8005 reflected, start 0. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc >> 8) ^ CRC_TABLE[(crc ^ byte) & 255]!;
  return crc;
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

function writeAscii(bytes: Uint8Array, offset: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[offset + i] = text.charCodeAt(i);
}
