import { MPEGDecoder } from 'mpg123-decoder';
import { throwIfCancelled } from '../foundation/errors.ts';
import type { AudioClip } from './audio-clip.ts';
import { ClipBuilder } from './clip-builder.ts';
import { type AudioLimits, checkLayout, checkLength } from './limits.ts';
import { id3Length, scanMp3 } from './mp3-frames.ts';
import { pause } from '../foundation/pause.ts';

/** Bytes decoded between two looks at the signal and the limits. */
const CHUNK = 65_536;

/**
 * MPEG audio layer III. Rate, channels and length come from our own walk over the frame headers, because
 * mpg123 reports mono as two channels and takes trailing bytes for a new rate; it is given nothing but frames.
 */
export async function decodeMp3(
  bytes: Uint8Array,
  limits: AudioLimits,
  signal?: AbortSignal,
): Promise<AudioClip> {
  const scan = scanMp3(bytes, id3Length(bytes, 0));
  checkLayout(scan, scan.runs[0]![0], limits);
  checkLength(scan.samples, scan, limits);
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    const builder = new ClipBuilder(limits, { channels: scan.channels, sampleRate: scan.sampleRate });
    for (const [start, end] of scan.runs) {
      for (let offset = start; offset < end; offset += CHUNK) {
        throwIfCancelled(signal);
        const decoded = decoder.decode(bytes.subarray(offset, Math.min(end, offset + CHUNK)));
        if (decoded.samplesDecoded > 0)
          builder.add(decoded.channelData.slice(0, scan.channels), decoded.sampleRate);
        await pause();
      }
    }
    return builder.finish();
  } finally {
    decoder.free();
  }
}
