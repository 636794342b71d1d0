import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { AudioClip } from './audio-clip.ts';
import { ClipBuilder } from './clip-builder.ts';
import { type AudioLimits, checkLayout, type ClipLayout } from './limits.ts';
import { type OggPage, readOggPages } from './ogg-pages.ts';
import { pause } from '../foundation/pause.ts';

const PAGES_PER_PAUSE = 32;
const OPUS_RATE = 48_000; // Opus always decodes to 48 kHz

/** Ogg Vorbis. The pages are checked before the decoder sees them: it drops damaged ones without a word. */
export async function decodeOggVorbis(
  bytes: Uint8Array,
  limits: AudioLimits,
  signal?: AbortSignal,
): Promise<AudioClip> {
  const pages = streamPages(bytes, [1, ...ascii('vorbis')]);
  const view = new DataView(bytes.buffer, bytes.byteOffset + pages[0]!.body, pages[0]!.end - pages[0]!.body);
  if (view.byteLength < 30)
    throw new AttuneError('audio/malformed', 'The Vorbis header is too short.', { offset: pages[0]!.body });
  const layout = { channels: view.getUint8(11), sampleRate: view.getUint32(12, true) };
  checkLayout(layout, pages[0]!.body, limits);
  return await decodePages(new OggVorbisDecoder(), bytes, pages, layout, limits, signal);
}

/** Ogg Opus (RFC 7845), at 48 kHz. Pages are checked as for Vorbis. */
export async function decodeOggOpus(
  bytes: Uint8Array,
  limits: AudioLimits,
  signal?: AbortSignal,
): Promise<AudioClip> {
  const pages = streamPages(bytes, ascii('OpusHead'));
  if (pages[0]!.end - pages[0]!.body < 19) {
    throw new AttuneError('audio/malformed', 'The Opus header is too short.', { offset: pages[0]!.body });
  }
  const layout = { channels: bytes[pages[0]!.body + 9]!, sampleRate: OPUS_RATE };
  checkLayout(layout, pages[0]!.body, limits);
  return await decodePages(new OggOpusDecoder(), bytes, pages, layout, limits, signal);
}

interface PageDecoder {
  readonly ready: Promise<void>;
  decode(data: Uint8Array): PromiseLike<Decoded> | Decoded;
  flush(): Promise<Decoded>;
  free(): void;
}
interface Decoded {
  readonly channelData: Float32Array[];
  readonly sampleRate: number;
  readonly errors: readonly { readonly message: string }[];
}

/** Page by page: a page is at most 255 packets, so what one step can blow up to is bounded. */
async function decodePages(
  decoder: PageDecoder,
  bytes: Uint8Array,
  pages: readonly OggPage[],
  layout: ClipLayout,
  limits: AudioLimits,
  signal: AbortSignal | undefined,
): Promise<AudioClip> {
  await decoder.ready;
  let offset = pages[0]!.offset;
  try {
    const builder = new ClipBuilder(limits, layout);
    const take = ({ channelData, sampleRate, errors }: Decoded): void => {
      if (errors.length > 0) {
        throw new AttuneError('audio/malformed', 'The Ogg stream has packets that cannot be decoded.', {
          offset,
          decoder: errors[0]!.message,
        });
      }
      builder.add(channelData, sampleRate);
    };
    for (const [index, page] of pages.entries()) {
      offset = page.offset;
      take(await decoder.decode(bytes.subarray(offset, page.end)));
      if (index % PAGES_PER_PAUSE !== 0) continue;
      await pause();
      throwIfCancelled(signal);
    }
    take(await decoder.flush());
    return builder.finish();
  } catch (error) {
    if (error instanceof AttuneError) throw error;
    throw new AttuneError(
      'audio/malformed',
      'The Ogg stream cannot be decoded.',
      { offset },
      { cause: error },
    );
  } finally {
    decoder.free();
  }
}

/** The pages of the one stream whose first packet starts with `magic`, in unbroken sequence. */
function streamPages(bytes: Uint8Array, magic: readonly number[]): OggPage[] {
  const pages = readOggPages(bytes);
  const heads = pages.filter(
    (page) => page.isFirst && magic.every((byte, i) => bytes[page.body + i] === byte),
  );
  if (heads.length === 0)
    throw new AttuneError('audio/malformed', 'The Ogg file has no page that begins its audio.', {
      offset: 0,
    });
  if (heads.length > 1) {
    throw new AttuneError(
      'audio/unsupported',
      'The Ogg file chains or mixes several audio streams; only one is read.',
      {
        offset: heads[1]!.offset,
      },
    );
  }
  const stream = pages.filter((page) => page.serial === heads[0]!.serial);
  stream.forEach((page, index) => {
    if (page.sequence !== stream[0]!.sequence + index) {
      throw new AttuneError('audio/malformed', `An Ogg page is missing before byte ${page.offset}.`, {
        offset: page.offset,
      });
    }
  });
  return stream;
}

function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}
