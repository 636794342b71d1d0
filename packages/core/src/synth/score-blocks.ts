import { pause } from '../foundation/pause.ts';
import { AttuneError, throwIfCancelled } from '../foundation/errors.ts';
import type { Sample, Second } from '../foundation/units.ts';
import { countNotes } from '../score/extent.ts';
import type { Score } from '../score/score.ts';
import { createTempoMap } from '../score/tempo-map.ts';
import { openPlayer, PLAYER_BLOCK } from './player.ts';
import type { StereoPair } from './player.ts';
import type { RenderPlan } from './render-plan.ts';
import { scoreFrom } from './score-from.ts';

export interface BlockOptions {
  /** Length of a block before what is skipped is cut off; rounded up to whole blocks of the player. */
  readonly blockSeconds: Second;
  /** Where in the score to start. */
  readonly from?: Second;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The bare sound of a score (no gain, no limiter) from `from` to its end, block by block; each block is its own
 * memory. However long the blocks, their samples are the same. Gives way to timers between blocks and throws
 * `cancelled` there; leaving the loop early frees the synthesiser.
 */
export async function* scoreBlocks(
  score: Score,
  soundFont: Uint8Array,
  plan: RenderPlan,
  options: BlockOptions,
): AsyncGenerator<StereoPair, void, undefined> {
  const { sampleRate, effects } = plan;
  const { blockSeconds, from = 0, signal } = options;
  throwIfCancelled(signal);
  const first = Math.min(plan.frames, Math.round(from * sampleRate));
  const length = plan.frames - first;
  const block = PLAYER_BLOCK * Math.ceil((blockSeconds * sampleRate) / PLAYER_BLOCK);
  const map = createTempoMap(score);
  // A score starts at a whole tick: what lies between it and `from` is played and thrown away.
  const tick = Math.max(0, Math.floor(map.positionAt(from)));
  const skipped = Math.max(0, Math.round((from - map.secondsAt(tick)) * sampleRate));
  const rest = scoreFrom(score, tick);
  const player =
    countNotes(rest) === 0 ? undefined : await openPlayer(rest, soundFont, { sampleRate, effects });
  try {
    const total = skipped + length;
    for (let start = 0; start < total; start += block) {
      throwIfCancelled(signal);
      const count = Math.min(block, total - start);
      const pair = [new Float32Array(count), new Float32Array(count)] as const;
      player?.mix(pair, 0, count);
      requireNumbers(pair);
      const heard = Math.max(0, skipped - start);
      if (heard < count) yield heard === 0 ? pair : [pair[0].slice(heard), pair[1].slice(heard)];
      await pause();
    }
  } finally {
    player?.close();
  }
}

/** A broken bank can make a filter run away; nothing after it would sound. */
export function requireNumbers(pair: StereoPair): void {
  for (const samples of pair) {
    let sum = 0;
    for (let i: Sample = 0; i < samples.length; i++) sum += samples[i]!;
    if (!Number.isFinite(sum)) {
      throw new AttuneError('argument/invalid', 'The SoundFont is damaged: its sound is not finite.', {});
    }
  }
}
