import type { AudioClip } from '../audio/audio-clip.ts';
import { pause } from '../foundation/pause.ts';
import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { OnProgress } from '../foundation/progress.ts';
import type { Sample, Second } from '../foundation/units.ts';
import { countNotes } from '../score/extent.ts';
import type { Score } from '../score/score.ts';
import { openPlayer, PLAYER_BLOCK } from './player.ts';
import type { StereoPair } from './player.ts';
import { planRender } from './render-plan.ts';
import type { RenderSettings } from './render-plan.ts';
import { isGain, STREAM_GAIN } from './render-score-stream.ts';
import { DEFAULT_MAX_SECONDS, levelGain } from './render-score.ts';
import { requireNumbers } from './score-blocks.ts';

export interface StemOptions extends RenderSettings {
  /**
   * Linear gain of every stem, above 0; 'level': the gain that brings the RMS of their sum to −18 dBFS, at most
   * +24 dB. Default `STREAM_GAIN`.
   */
  readonly gain?: number | 'level';
  /** A longer score is refused with `audio/limit`. Default 1,800 s. */
  readonly maxSeconds?: Second;
  /**
   * Length × number of stems that may be asked for, else `audio/limit`. Default 3,600 s: 1.3 GB at 44.1 kHz.
   */
  readonly maxStemSeconds?: Second;
  readonly onProgress?: OnProgress;
}

/** Stereo clips of one length: ceil((duration + tail) × rate) frames. */
export interface Stems {
  /** [score.tracks.length]: the dry sound of each track, silence for one without notes. */
  readonly tracks: readonly AudioClip[];
  /** Reverb and chorus of all tracks together, as they share them; undefined without effects. */
  readonly effects: AudioClip | undefined;
  /** The linear gain that all stems were given. */
  readonly gain: number;
}

/**
 * Plays a score once and keeps each track apart. No limiter: stems are for mixing, and samples may pass full scale.
 * The sum of all stems is the sound that `renderScore` would scale and limit, up to the rounding of 32-bit sums
 * (a few 2⁻²⁴ of the loudest sample). Memory is stems × length × 8 bytes a frame.
 * Throws `score/invalid`, `argument/invalid`, `audio/limit`, `cancelled`.
 */
export async function renderStems(
  score: Score,
  soundFont: Uint8Array,
  options: StemOptions = {},
): Promise<Stems> {
  const {
    gain = STREAM_GAIN,
    maxSeconds = DEFAULT_MAX_SECONDS,
    maxStemSeconds = 3600,
    onProgress,
    signal,
  } = options;
  if (gain !== 'level' && !isGain(gain)) {
    throw new AttuneError('argument/invalid', `A gain is above 0 or 'level', not ${gain}.`, { gain });
  }
  const { sampleRate, effects, seconds, frames } = planRender(score, options, maxSeconds);
  const count = score.tracks.length + (effects ? 1 : 0);
  if (count * seconds > maxStemSeconds) {
    throw new AttuneError(
      'audio/limit',
      `${count} stems of ${Math.round(seconds)} s are more than ${maxStemSeconds} s together.`,
      { stems: count, seconds, maxStemSeconds },
    );
  }
  throwIfCancelled(signal);
  const newPair = (): StereoPair => [new Float32Array(frames), new Float32Array(frames)];
  const tracks = score.tracks.map(newPair);
  const common = newPair();
  if (countNotes(score) > 0) {
    const player = await openPlayer(score, soundFont, { sampleRate, effects });
    try {
      const block = PLAYER_BLOCK * Math.ceil(sampleRate / PLAYER_BLOCK);
      for (let start = 0; start < frames; start += block) {
        player.split(tracks, common, start, Math.min(block, frames - start));
        onProgress?.({ done: start / sampleRate, total: seconds, stage: 'Rendering' });
        await pause();
        throwIfCancelled(signal);
      }
    } finally {
      player.close();
    }
  }
  onProgress?.({ done: seconds, total: seconds, stage: 'Rendering' });
  const pairs = effects ? [...tracks, common] : tracks;
  pairs.forEach(requireNumbers);
  const factor = gain === 'level' ? levelGain(rmsOfSum(pairs, frames)) : gain;
  if (factor !== 1) for (const pair of pairs) for (const samples of pair) scale(samples, factor);
  const clipOf = (pair: StereoPair): AudioClip => ({ sampleRate, channels: pair });
  return { tracks: tracks.map(clipOf), effects: effects ? clipOf(common) : undefined, gain: factor };
}

/** Root mean square over both channels of the sum of all pairs. */
function rmsOfSum(pairs: readonly StereoPair[], frames: Sample): number {
  let energy = 0;
  for (const side of [0, 1] as const) {
    for (let i = 0; i < frames; i++) {
      let sum = 0;
      for (const pair of pairs) sum += pair[side][i]!;
      energy += sum * sum;
    }
  }
  return frames === 0 ? 0 : Math.sqrt(energy / (2 * frames));
}

function scale(samples: Float32Array, gain: number): void {
  for (let i = 0; i < samples.length; i++) samples[i] = samples[i]! * gain;
}
