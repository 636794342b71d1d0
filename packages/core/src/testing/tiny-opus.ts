import type { Rng } from '../foundation/rng.ts';
import { oggPage } from './ogg-bytes.ts';

const FRAME = 960; // 20 ms at 48 kHz
/** Configurations of RFC 6716, table 2, with frames of 20 ms: SILK narrow, SILK wide, hybrid, CELT full band. */
const CONFIGURATIONS = [1, 9, 15, 31];

/**
 * An Ogg Opus file (RFC 7845) of `packets` × 20 ms, written without an encoder: the range coder takes any bytes for
 * sound, so the payload is random. Half of the packets share a page.
 */
export function tinyOpus(channels: 1 | 2, packets: number, rng: Rng): Uint8Array {
  const serial = 7;
  const head = [...ascii('OpusHead'), 1, channels, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0];
  const tags = [...ascii('OpusTags'), 4, 0, 0, 0, ...ascii('test'), 0, 0, 0, 0];
  const pages = [
    oggPage({ serial, sequence: 0, flags: 2, granule: 0, packets: [head] }),
    oggPage({ serial, sequence: 1, flags: 0, granule: 0, packets: [tags] }),
  ];
  for (let packet = 0; packet < packets; packet += 2) {
    const count = Math.min(2, packets - packet);
    pages.push(
      oggPage({
        serial,
        sequence: pages.length,
        flags: packet + count === packets ? 4 : 0,
        granule: FRAME * (packet + count),
        packets: Array.from({ length: count }, () => opusPacket(channels, rng)),
      }),
    );
  }
  return Uint8Array.from(pages.flatMap((page) => [...page]));
}

function opusPacket(channels: 1 | 2, rng: Rng): number[] {
  const configuration = CONFIGURATIONS[rng.integer(CONFIGURATIONS.length)]!;
  const payload = Array.from({ length: 40 + rng.integer(80) }, () => rng.integer(256));
  return [configuration * 8 + (channels - 1) * 4, ...payload];
}

function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}
