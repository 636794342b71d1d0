import { detectAudioFormat } from '../audio/audio-format.ts';
import type { AudioClip } from '../audio/audio-clip.ts';
import { decodeAudio } from '../audio/decode.ts';
import type { AudioLimits } from '../audio/limits.ts';
import { isAttuneError } from '../foundation/errors.ts';
import { audioClaims } from './audio-claims.ts';

/** Limits under which damaged files are decoded: half a minute, 32 MB of samples. */
export const FUZZ_LIMITS: AudioLimits = { maxSeconds: 30, maxSamples: 8e6 };

/** How decoding ended. */
export type AudioOutcome =
  | 'decoded'
  | 'audio/malformed'
  | 'audio/unsupported'
  | 'audio/limit'
  /** An error that is not an AttuneError, or of a code that does not belong here. */
  | 'untyped error'
  /** A clip that is empty, broken, or of another rate, layout or length than the headers say. */
  | 'false clip';

/** How a decoder met a damaged file. */
export interface AudioVerdict {
  readonly outcome: AudioOutcome;
  /** Whether a refusal names a byte or a sample. */
  readonly names: boolean;
  readonly remark: string;
}

/** Decodes a file, whatever it is, and judges the answer against an independent reading of its headers. */
export async function judgeDecoding(
  bytes: Uint8Array,
  limits: AudioLimits = FUZZ_LIMITS,
): Promise<AudioVerdict> {
  try {
    const clip = await decodeAudio(bytes, limits);
    const remark = findFault(clip, bytes);
    return { outcome: remark === undefined ? 'decoded' : 'false clip', names: false, remark: remark ?? '' };
  } catch (error) {
    const isOurs = isAttuneError(error) && /^audio\//.test(error.code);
    if (!isOurs)
      return { outcome: 'untyped error', names: false, remark: String((error as Error)?.stack ?? error) };
    const names = 'offset' in error.place || 'sample' in error.place;
    return { outcome: error.code as AudioOutcome, names, remark: error.message };
  }
}

function findFault(clip: AudioClip, bytes: Uint8Array): string | undefined {
  const frames = clip.channels[0]?.length ?? 0;
  if (frames === 0) return `${clip.channels.length} channels of ${frames} frames`;
  if (clip.channels.some((channel) => channel.length !== frames)) return 'channels of unequal length';
  if (clip.channels.some((channel) => !channel.every(Number.isFinite))) return 'samples that are no numbers';
  const claims = audioClaims(bytes, detectAudioFormat(bytes)!);
  const agrees = claims.some(
    (claim) =>
      claim.sampleRate === clip.sampleRate &&
      claim.channels === clip.channels.length &&
      (claim.frames === undefined || claim.frames === frames),
  );
  if (agrees) return undefined;
  return `${clip.channels.length} channels, ${clip.sampleRate} Hz, ${frames} frames; the headers say ${JSON.stringify(claims)}`;
}
