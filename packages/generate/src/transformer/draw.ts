import type { Rng } from '@attune/core';

/**
 * Draws a value from `logits` among those with `mask` 1: softmax at `temperature`, then only the likeliest values
 * that together reach `topP` (Holtzman et al. 2020). The order of equal values is their own.
 */
export function drawValue(
  logits: Float32Array,
  mask: Uint8Array,
  temperature: number,
  topP: number,
  rng: Rng,
  scratch: DrawScratch,
): number {
  const { probabilities, order } = scratch;
  let highest = -Infinity;
  let legal = 0;
  for (let v = 0; v < logits.length; v++) {
    if (mask[v] !== 1) continue;
    order[legal++] = v;
    if (logits[v]! > highest) highest = logits[v]!;
  }
  let sum = 0;
  for (let i = 0; i < legal; i++) {
    const v = order[i]!;
    sum += probabilities[v] = Math.exp((logits[v]! - highest) / temperature);
  }
  if (topP < 1) {
    const sorted = order.subarray(0, legal).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
    let reached = 0;
    let kept = 0;
    while (kept < legal && reached < topP * sum) reached += probabilities[sorted[kept++]!]!;
    legal = Math.max(1, kept);
    sum = 0;
    for (let i = 0; i < legal; i++) sum += probabilities[order[i]!]!;
  }
  let left = rng.uniform() * sum;
  for (let i = 0; i < legal; i++) {
    left -= probabilities[order[i]!]!;
    if (left < 0) return order[i]!;
  }
  return order[legal - 1]!;
}

export interface DrawScratch {
  readonly probabilities: Float64Array;
  readonly order: Int32Array;
}
export function createDrawScratch(size: number): DrawScratch {
  return { probabilities: new Float64Array(size), order: new Int32Array(size) };
}

/** −ln softmax(logits)[value]. */
export function natsOf(logits: Float32Array, value: number): number {
  let highest = -Infinity;
  for (let v = 0; v < logits.length; v++) if (logits[v]! > highest) highest = logits[v]!;
  let sum = 0;
  for (let v = 0; v < logits.length; v++) sum += Math.exp(logits[v]! - highest);
  return Math.log(sum) + highest - logits[value]!;
}
