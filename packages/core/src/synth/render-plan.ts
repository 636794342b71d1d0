import { AttuneError } from '../foundation/errors.ts';
import type { Hertz, Sample, Second } from '../foundation/units.ts';
import { scoreDuration } from '../score/extent.ts';
import type { Score } from '../score/score.ts';

/** What every way of rendering a score may be told. */
export interface RenderSettings {
  /** 8,000–192,000; default 44,100 Hz. */
  readonly sampleRate?: Hertz;
  /** How long the last notes may ring after the end of the score, 0–60 s. Default 2.5 s. */
  readonly tailSeconds?: Second;
  /** Reverb and chorus. Default true. */
  readonly effects?: boolean;
  /** Checked about once a second of music; throws `cancelled`. */
  readonly signal?: AbortSignal;
}

export interface RenderPlan {
  readonly sampleRate: Hertz;
  readonly effects: boolean;
  /** Score and tail. */
  readonly seconds: Second;
  /** ceil(seconds × sampleRate) */
  readonly frames: Sample;
}

/** Throws `argument/invalid` for settings out of range, and `audio/limit` for a score of more than `maxSeconds`. */
export function planRender(score: Score, settings: RenderSettings, maxSeconds: Second): RenderPlan {
  const { sampleRate = 44_100, tailSeconds = 2.5, effects = true } = settings;
  if (!(sampleRate >= 8000 && sampleRate <= 192_000) || !(tailSeconds >= 0 && tailSeconds <= 60)) {
    throw new AttuneError('argument/invalid', 'Rendering needs 8,000–192,000 Hz and a tail of 0–60 s.', {
      sampleRate,
      tailSeconds,
    });
  }
  const seconds = scoreDuration(score) + tailSeconds;
  if (!(seconds <= maxSeconds)) {
    throw new AttuneError(
      'audio/limit',
      `The score lasts ${Math.round(seconds)} s; at most ${maxSeconds} s are rendered.`,
      { seconds, maxSeconds },
    );
  }
  return { sampleRate, effects, seconds, frames: Math.ceil(seconds * sampleRate) };
}
