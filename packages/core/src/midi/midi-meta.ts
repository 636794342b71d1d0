import { AttuneError } from '../foundation/errors.ts';
import { decodeText } from './text.ts';

/** Meta events that are text, by type (RP-001; 8 and 9: RP-019). */
export const META_TEXTS = {
  text: 0x01,
  copyright: 0x02,
  trackName: 0x03,
  instrumentName: 0x04,
  lyric: 0x05,
  marker: 0x06,
  cue: 0x07,
  programName: 0x08,
  deviceName: 0x09,
} as const;
/** Name of a meta event that is text. */
export type MetaTextKind = keyof typeof META_TEXTS;

/** What a meta event says. Numbers have the ranges of their bytes; a Score asks for more. */
export type MidiMeta =
  | { readonly kind: MetaTextKind; readonly text: string }
  /** 0–65535. */
  | { readonly kind: 'sequenceNumber'; readonly number: number }
  /** 0–255: the channel or port that the next meta events are about. */
  | { readonly kind: 'channelPrefix'; readonly channel: number }
  | { readonly kind: 'port'; readonly port: number }
  | { readonly kind: 'endOfTrack' }
  /** 0–2²⁴ − 1. */
  | { readonly kind: 'tempo'; readonly microsecondsPerQuarter: number }
  /** `hours` with the frame rate in bits 5 and 6, as in the file; `fraction` in hundredths of a frame. */
  | {
      readonly kind: 'smpteOffset';
      readonly hours: number;
      readonly minutes: number;
      readonly seconds: number;
      readonly frames: number;
      readonly fraction: number;
    }
  /** `denominator` 2ⁿ; MIDI clocks (24 a quarter) a metronome click; notated 32nds a MIDI quarter. */
  | {
      readonly kind: 'meter';
      readonly numerator: number;
      readonly denominator: number;
      readonly clocksPerClick: number;
      readonly thirtySecondsPerQuarter: number;
    }
  /** −128 … 127 sharps (flats below 0); `mode` 0 major, 1 minor. */
  | { readonly kind: 'key'; readonly fifths: number; readonly mode: number }
  | { readonly kind: 'sequencerSpecific'; readonly bytes: Uint8Array }
  /** Of a type that the standard does not name, or of fewer bytes than it asks for. */
  | { readonly kind: 'unknown'; readonly type: number; readonly bytes: Uint8Array };

/** Says what a meta event of `type` (0–127) with this body means; never refuses. Longer bodies than the standard's are cut. */
export function decodeMeta(type: number, bytes: Uint8Array): MidiMeta {
  if (bytes.length < (LEAST_BYTES[type] ?? 0)) return { kind: 'unknown', type, bytes };
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = bytes.subarray(0, 5);
  switch (type) {
    case 0x00:
      return { kind: 'sequenceNumber', number: (a << 8) | b };
    case 0x20:
      return { kind: 'channelPrefix', channel: a };
    case 0x21:
      return { kind: 'port', port: a };
    case 0x2f:
      return { kind: 'endOfTrack' };
    case 0x51:
      return { kind: 'tempo', microsecondsPerQuarter: (a << 16) | (b << 8) | c };
    case 0x54:
      return { kind: 'smpteOffset', hours: a, minutes: b, seconds: c, frames: d, fraction: e };
    case 0x58:
      return {
        kind: 'meter',
        numerator: a,
        denominator: 2 ** b,
        clocksPerClick: c,
        thirtySecondsPerQuarter: d,
      };
    case 0x59:
      return { kind: 'key', fifths: (a << 24) >> 24, mode: b };
    case 0x7f:
      return { kind: 'sequencerSpecific', bytes };
  }
  const kind = TEXT_KINDS[type];
  return kind === undefined ? { kind: 'unknown', type, bytes } : { kind, text: decodeText(bytes) };
}

/**
 * The type and body of a meta event that says this; text becomes UTF-8.
 * @throws AttuneError `argument/invalid` for a number that its bytes cannot hold.
 */
export function encodeMeta(meta: MidiMeta): { readonly type: number; readonly bytes: Uint8Array } {
  const body = (type: number, ...bytes: readonly number[]) => ({ type, bytes: checked(meta.kind, bytes) });
  switch (meta.kind) {
    case 'sequenceNumber':
      return body(0x00, ...bigEndian(meta.number, 2));
    case 'channelPrefix':
      return body(0x20, meta.channel);
    case 'port':
      return body(0x21, meta.port);
    case 'endOfTrack':
      return body(0x2f);
    case 'tempo':
      return body(0x51, ...bigEndian(meta.microsecondsPerQuarter, 3));
    case 'smpteOffset':
      return body(0x54, meta.hours, meta.minutes, meta.seconds, meta.frames, meta.fraction);
    case 'meter': {
      const { numerator, denominator, clocksPerClick, thirtySecondsPerQuarter } = meta;
      return body(0x58, numerator, Math.log2(denominator), clocksPerClick, thirtySecondsPerQuarter);
    }
    case 'key':
      return body(0x59, meta.fifths < 0 ? meta.fifths + 256 : meta.fifths, meta.mode);
    case 'sequencerSpecific':
      return { type: 0x7f, bytes: meta.bytes };
    case 'unknown':
      return { type: meta.type, bytes: meta.bytes };
    default:
      return { type: META_TEXTS[meta.kind], bytes: new TextEncoder().encode(meta.text) };
  }
}

/** Fewest bytes with which a type means what the standard says. */
const LEAST_BYTES: Readonly<Record<number, number>> = {
  0x00: 2,
  0x20: 1,
  0x21: 1,
  0x51: 3,
  0x54: 5,
  0x58: 4,
  0x59: 2,
};

const TEXT_KINDS: readonly (MetaTextKind | undefined)[] = [
  undefined,
  ...(Object.keys(META_TEXTS) as MetaTextKind[]),
];

function bigEndian(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const above = Math.floor(value / 256 ** (count - 1 - i));
    return i === 0 ? above : above % 256; // what does not fit shows in the first byte
  });
}

function checked(kind: string, bytes: readonly number[]): Uint8Array {
  for (const byte of bytes)
    if (!Number.isInteger(byte) || byte < 0 || byte > 255)
      throw new AttuneError('argument/invalid', `A ${kind} event cannot hold ${byte} in a byte.`, {
        kind,
        value: byte,
      });
  return Uint8Array.from(bytes);
}
