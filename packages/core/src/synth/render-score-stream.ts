import type { AudioClip } from '../audio/audio-clip.ts';
import { decibelsToGain } from '../audio/level.ts';
import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { Decibel, Second } from '../foundation/units.ts';
import type { Score } from '../score/score.ts';
import { planRender } from './render-plan.ts';
import type { RenderSettings } from './render-plan.ts';
import { scoreBlocks } from './score-blocks.ts';
import { createStreamLimiter } from './stream-limiter.ts';

export interface StreamOptions extends RenderSettings {
  /** Where in the score to start, 0 to its duration with the tail. Default 0 s. */
  readonly from?: Second;
  /** Linear gain before the limiter, above 0. Default `STREAM_GAIN`. */
  readonly gain?: number;
  /** About how much sound comes at once, 0.01–10 s. Default 0.2 s. */
  readonly blockSeconds?: Second;
  /** A longer score is refused with `audio/limit`. Default 21,600 s: no more than a block is held at a time. */
  readonly maxSeconds?: Second;
}

/** A stream cannot know how loud its piece will be. +12 dB brings most near −20 dBFS RMS (docs/measurements/synth.md). */
export const STREAM_GAIN = 4;

const CEILING: Decibel = -1;
const LOOK_AHEAD: Second = 0.005;
const RELEASE: Second = 0.1;

/**
 * Plays a score on a SoundFont (SF2 or SF3) as stereo blocks, the first of them long before the piece is rendered:
 * scale by `gain`, then a look-ahead limiter, so that no sample is ever over −1 dBFS. Work is done only when a
 * block is asked for; leaving the loop, or the signal, ends it. Joined together, the blocks are bit for bit
 * `renderScore` with the same numeric gain, whatever their length.
 *
 * With `from`, programs, controllers, bends and tempo are as playing up to there leaves them, and melodic notes that
 * sound there are struck again; reverb of what came before is not heard. The blocks then hold the frames from
 * round(from × sampleRate) on.
 *
 * The same score, bytes and options give the same samples in every process. Throws, when the first block is asked
 * for or later: `score/invalid`, `argument/invalid` (options; bytes that are no sound SoundFont), `audio/limit`,
 * `cancelled`.
 */
export async function* renderScoreStream(
  score: Score,
  soundFont: Uint8Array,
  options: StreamOptions = {},
): AsyncGenerator<AudioClip, void, undefined> {
  const { from = 0, gain = STREAM_GAIN, blockSeconds = 0.2, maxSeconds = 21_600, signal } = options;
  const plan = planRender(score, options, maxSeconds);
  if (
    !(from >= 0 && from <= plan.seconds) ||
    !(blockSeconds >= 0.01 && blockSeconds <= 10) ||
    !isGain(gain)
  ) {
    throw new AttuneError(
      'argument/invalid',
      `A stream starts within the ${plan.seconds} s of its score, in blocks of 0.01–10 s, with a gain above 0.`,
      { from, blockSeconds, gain },
    );
  }
  const { sampleRate } = plan;
  const ceiling = decibelsToGain(CEILING);
  const limiter = createStreamLimiter({
    sampleRate,
    channelCount: 2,
    ceiling,
    lookAhead: LOOK_AHEAD,
    release: RELEASE,
  });
  for await (const pair of scoreBlocks(score, soundFont, plan, { blockSeconds, from, signal })) {
    if (gain !== 1) for (const samples of pair) scale(samples, gain);
    const channels = limiter.push(pair);
    if (channels[0]!.length > 0) yield { sampleRate, channels };
    throwIfCancelled(signal);
  }
  const channels = limiter.flush();
  if (channels[0]!.length > 0) yield { sampleRate, channels };
}

export function isGain(gain: number): boolean {
  return gain > 0 && Number.isFinite(gain);
}

function scale(samples: Float32Array, gain: number): void {
  for (let i = 0; i < samples.length; i++) samples[i] = samples[i]! * gain;
}
