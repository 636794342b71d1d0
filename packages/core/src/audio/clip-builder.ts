import { AttuneError } from '../foundation/errors.ts';
import type { Hertz } from '../foundation/units.ts';
import type { AudioClip } from './audio-clip.ts';
import { type AudioLimits, checkLength, checkSamples, type ClipLayout } from './limits.ts';

/**
 * Collects what a decoder returns, piece by piece, and vouches for it: the layout is the header's, the
 * channels are of equal length, every sample is a sensible number, the length is within the limits.
 */
export class ClipBuilder {
  private readonly limits: AudioLimits;
  private readonly layout: ClipLayout;
  private readonly pieces: (readonly Float32Array[])[] = [];
  private length = 0;

  constructor(limits: AudioLimits, layout: ClipLayout) {
    this.limits = limits;
    this.layout = layout;
  }

  /** `channels`: [channels][samples]; kept, not copied. */
  add(channels: readonly Float32Array[], sampleRate: Hertz): void {
    const length = channels[0]?.length ?? 0;
    if (length === 0) return;
    const { layout } = this;
    if (channels.length !== layout.channels || channels.some((channel) => channel.length !== length)) {
      throw this.malformed(
        `The decoder returned ${channels.length} channels and the header says ${layout.channels}.`,
      );
    }
    if (sampleRate !== layout.sampleRate) {
      throw this.malformed(`The decoder found ${sampleRate} Hz and the header says ${layout.sampleRate} Hz.`);
    }
    this.length += length;
    checkLength(this.length, layout, this.limits);
    this.pieces.push(channels);
  }

  finish(): AudioClip {
    if (this.length === 0) throw this.malformed('The file holds no audio that can be decoded.');
    const channels = Array.from({ length: this.layout.channels }, (_, index) => {
      const out = new Float32Array(this.length);
      let offset = 0;
      for (const piece of this.pieces) {
        out.set(piece[index]!, offset);
        offset += piece[index]!.length;
      }
      return out;
    });
    const clip = { sampleRate: this.layout.sampleRate, channels };
    checkSamples(clip);
    return clip;
  }

  private malformed(message: string): AttuneError {
    return new AttuneError('audio/malformed', message, { sample: this.length });
  }
}
