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
  let left = rng.uniform();
  if (topP < 1) {
    // The likeliest first, from a heap, since few are kept of many; of equal ones the lower value.
    makeHeap(order, legal, probabilities);
    const enough = topP * sum;
    let kept = 0;
    sum = 0;
    while (kept < legal && sum < enough) sum += probabilities[popHeap(order, legal - kept++, probabilities)]!;
    left *= sum;
    for (let i = 1; i < kept; i++) {
      left -= probabilities[order[legal - i]!]!;
      if (left < 0) return order[legal - i]!;
    }
    return order[legal - kept]!;
  }
  left *= sum;
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

/** Orders the first `count` values so that none is likelier than its parent: of i, (i − 1) >> 1. */
function makeHeap(order: Int32Array, count: number, probabilities: Float64Array): void {
  for (let i = (count >> 1) - 1; i >= 0; i--) sink(order, i, count, probabilities);
}

/** Moves the likeliest of a heap of `count` values to its end and gives it; what is before is a heap again. */
function popHeap(order: Int32Array, count: number, probabilities: Float64Array): number {
  const top = order[0]!;
  order[0] = order[count - 1]!;
  order[count - 1] = top;
  sink(order, 0, count - 1, probabilities);
  return top;
}

function sink(order: Int32Array, from: number, count: number, probabilities: Float64Array): void {
  const value = order[from]!;
  const p = probabilities[value]!;
  let at = from;
  for (let child = 2 * at + 1; child < count; child = 2 * at + 1) {
    let next = order[child]!;
    if (child + 1 < count) {
      const other = order[child + 1]!;
      const [a, b] = [probabilities[next]!, probabilities[other]!];
      if (b > a || (b === a && other < next)) {
        next = other;
        child++;
      }
    }
    const q = probabilities[next]!;
    if (q < p || (q === p && next > value)) break;
    order[at] = next;
    at = child;
  }
  order[at] = value;
}
