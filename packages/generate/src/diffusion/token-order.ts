import type { DiffusionShape } from './config.ts';

/**
 * A phrase is `split` tokens: each takes a part of the dimensions that belong to the whole phrase, which stand first, and those of
 * its own beats. [latent]: dimensions of the latent in the order of the tokens, each [latent / split].
 */
export function tokenOrder({
  latent,
  whole,
  split,
}: Pick<DiffusionShape, 'latent' | 'whole' | 'split'>): Int32Array {
  const [shared, own] = [whole / split, (latent - whole) / split];
  return Int32Array.from({ length: latent }, (_, i) => {
    const [token, place] = [Math.floor(i / (shared + own)), i % (shared + own)];
    return place < shared ? token * shared + place : whole + token * own + place - shared;
  });
}

/** Where each dimension of the latent stands in `order`. */
export function inverseOrder(order: Int32Array): Int32Array {
  const inverse = new Int32Array(order.length);
  order.forEach((dimension, place) => (inverse[dimension] = place));
  return inverse;
}
