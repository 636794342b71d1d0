import type { AudioClip } from '../audio/audio-clip.ts';
import { decibelsToGain, measureRms, scaleClip } from '../audio/level.ts';
import { limitPeaks } from '../audio/limiter.ts';
import { AttuneError } from '../foundation/errors.ts';
import type { OnProgress } from '../foundation/progress.ts';
import type { Decibel, Second } from '../foundation/units.ts';
import type { Score } from '../score/score.ts';
import { planRender } from './render-plan.ts';
import type { RenderPlan, RenderSettings } from './render-plan.ts';
import { isGain, renderScoreStream } from './render-score-stream.ts';
import { scoreBlocks } from './score-blocks.ts';

export interface RenderOptions extends RenderSettings {
  /**
   * Linear gain before the limiter, above 0, or 'level' (default): the gain that brings the whole clip's RMS to
   * −18 dBFS, at most +24 dB, so that pieces sound alike loud.
   */
  readonly gain?: number | 'level';
  /** A longer score is refused with `audio/limit`. Default 1,800 s. */
  readonly maxSeconds?: Second;
  readonly onProgress?: OnProgress;
}

export const DEFAULT_MAX_SECONDS: Second = 1800;
const LEVEL: Decibel = -18;
const MAX_LEVEL_GAIN: Decibel = 24;
const CEILING: Decibel = -1;
const BLOCK_SECONDS: Second = 1;

/**
 * Plays a score on a SoundFont (SF2 or SF3) into a stereo clip of ceil((duration + tail) × rate) frames, no sample
 * over −1 dBFS. The same score and bytes give the same samples, bit for bit, in every process; with a numeric
 * gain they are those of `renderScoreStream`. The work gives way to timers about once a second of music, and then
 * reports progress (in seconds) and obeys the signal.
 * Throws `score/invalid`, `argument/invalid`, `audio/limit`, `cancelled`.
 */
export async function renderScore(
  score: Score,
  soundFont: Uint8Array,
  options: RenderOptions = {},
): Promise<AudioClip> {
  const { gain = 'level', maxSeconds = DEFAULT_MAX_SECONDS, onProgress, signal } = options;
  if (gain !== 'level' && !isGain(gain)) {
    throw new AttuneError('argument/invalid', `A gain is above 0 or 'level', not ${gain}.`, { gain });
  }
  const plan = planRender(score, options, maxSeconds);
  if (gain !== 'level') {
    const blocks = renderScoreStream(score, soundFont, {
      ...options,
      gain,
      maxSeconds,
      blockSeconds: BLOCK_SECONDS,
    });
    return join(channelsOf(blocks), plan, onProgress);
  }
  const blocks = scoreBlocks(score, soundFont, plan, { blockSeconds: BLOCK_SECONDS, signal });
  const clip = await join(blocks, plan, onProgress);
  const factor = levelGain(measureRms(clip));
  return limitPeaks(factor === 1 ? clip : scaleClip(clip, factor), { ceilingDb: CEILING });
}

/** The gain that brings sound of an RMS (linear) to the level at which all pieces are rendered. */
export function levelGain(rms: number): number {
  return rms === 0 ? 1 : Math.min(decibelsToGain(MAX_LEVEL_GAIN), decibelsToGain(LEVEL) / rms);
}

async function* channelsOf(blocks: AsyncIterable<AudioClip>): AsyncGenerator<readonly Float32Array[]> {
  for await (const { channels } of blocks) yield channels;
}

async function join(
  blocks: AsyncIterable<readonly Float32Array[]>,
  { sampleRate, frames, seconds }: RenderPlan,
  onProgress: OnProgress | undefined,
): Promise<AudioClip> {
  const channels = [new Float32Array(frames), new Float32Array(frames)];
  let at = 0;
  for await (const block of blocks) {
    channels.forEach((channel, i) => {
      channel.set(block[i]!, at);
    });
    at += block[0]!.length;
    onProgress?.({ done: at === frames ? seconds : at / sampleRate, total: seconds, stage: 'Rendering' });
  }
  if (frames === 0) onProgress?.({ done: seconds, total: seconds, stage: 'Rendering' });
  return { sampleRate, channels };
}
