import type { Tensor, TensorFlow } from '../tensor-flow.ts';

/** Cosines and sines of the rotation angles, both [length, headWidth]; make them once and keep them. */
export interface RotaryTables {
  readonly cos: Tensor;
  readonly sin: Tensor;
}

/**
 * Rotary position embedding (Su et al. 2021), the variant that pairs channel i with i + headWidth / 2 (GPT-NeoX,
 * Llama): angle of pair i at position p is p · base^(−2i / headWidth). Positions start at `offset`.
 */
export function rotaryTables(
  tf: TensorFlow,
  length: number,
  headWidth: number,
  { base = 10_000, offset = 0 }: { base?: number; offset?: number } = {},
): RotaryTables {
  const half = headWidth / 2;
  const cos = new Float32Array(length * headWidth);
  const sin = new Float32Array(length * headWidth);
  for (let p = 0; p < length; p++) {
    for (let i = 0; i < headWidth; i++) {
      const angle = (p + offset) * base ** ((-2 * (i % half)) / headWidth);
      cos[p * headWidth + i] = Math.cos(angle);
      sin[p * headWidth + i] = i < half ? -Math.sin(angle) : Math.sin(angle); // the sign of the swapped half
    }
  }
  return { cos: tf.tensor2d(cos, [length, headWidth]), sin: tf.tensor2d(sin, [length, headWidth]) };
}

/** Rotates `x` [..., length, headWidth]; with `inverse` by the negative angles, which is the transposed map. */
export function rotate(tf: TensorFlow, x: Tensor, { cos, sin }: RotaryTables, inverse = false): Tensor {
  return tf.tidy(() => {
    const half = x.shape.at(-1)! / 2;
    const [low, high] = tf.split(x, 2, -1) as [Tensor, Tensor];
    if (low.shape.at(-1) !== half) throw new RangeError('The head width must be even.');
    const turned = tf.mul(tf.concat([high, low], -1), sin);
    return inverse ? tf.sub(tf.mul(x, cos), turned) : tf.add(tf.mul(x, cos), turned);
  });
}
