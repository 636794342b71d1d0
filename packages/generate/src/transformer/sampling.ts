import { throwIfCancelled, type Score } from '@attune/core';
import type { Conditioning } from '@attune/core/style';
import type { GenerationHooks, GenerationRequest } from '../generator.ts';
import type { Composer, ComposerOptions } from './composer.ts';
import type { TransformerConfig } from './config.ts';

/** Of models whose configuration says nothing else; catalogues name pieces by seed, so that these must not change. */
const DEFAULT_SAMPLING = { temperature: 1, topP: 0.98, guidance: 1, stresses: 'wishes' } as const;

/** How a request wants its notes drawn, as the model likes where it does not say. */
export function samplingOf(
  request: GenerationRequest,
  { sampling }: Pick<TransformerConfig, 'sampling'>,
): Pick<ComposerOptions, 'temperature' | 'topP' | 'guidance' | 'stresses' | 'steering'> {
  const own = { ...DEFAULT_SAMPLING, ...sampling };
  return {
    temperature: request.temperature ?? own.temperature,
    topP: request.topP ?? own.topP,
    guidance: request.guidance ?? own.guidance,
    stresses: own.stresses,
    ...(sampling?.steering && { steering: sampling.steering }),
  };
}

/**
 * Draws notes until the composer ends; tells each bar after the first `from`, counted from 1, when it is complete.
 * Throws `cancelled` when the signal fires.
 */
export async function drawNotes(
  composer: Composer,
  hooks: Pick<GenerationHooks, 'signal'>,
  onBar: (bar: number) => void,
  from = 0,
): Promise<void> {
  let told = from;
  while (!composer.ended) {
    composer.next();
    const complete = composer.ended ? composer.bars : composer.bar;
    for (; told < complete; told++) onBar(told + 1);
    throwIfCancelled(hooks.signal);
    await composer.pause();
  }
}

/** Writes the key into the score, where there is one and the score names none. */
export function withKey(score: Score, { tonic, mode }: Conditioning): Score {
  if (tonic === undefined || mode === undefined || score.keys.length > 0) return score;
  return { ...score, keys: [{ tick: 0, fifths: fifthsOf(tonic, mode), mode }] };
}

/** Sharps (> 0) or flats (< 0) of a key, −6 … 6 (five flats rather than seven sharps). */
export function fifthsOf(tonic: number, mode: 'major' | 'minor'): number {
  const major = mode === 'major' ? tonic : (tonic + 3) % 12;
  const fifths = (major * 7) % 12;
  return fifths > 6 ? fifths - 12 : fifths;
}
