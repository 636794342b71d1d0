import type { Tensor, TensorFlow } from '../tensor-flow.ts';

/**
 * Convolution at stride 1 whose taps lie `dilation` apart (van den Oord et al. 2016, WaveNet), as one product of the
 * kernel with a slice of the input for each tap: tfjs has wrong gradients for its own. Shapes as for `conv2d`.
 */
export function dilatedConv2d(
  tf: TensorFlow,
  x: Tensor,
  kernel: Tensor,
  dilation: number,
  padding: 'same' | 'valid',
): Tensor {
  const [tapsY, tapsX, inputs, outputs] = kernel.shape as [number, number, number, number];
  const around = (taps: number): [number, number] => {
    const total = padding === 'same' ? (taps - 1) * dilation : 0;
    return [total >> 1, total - (total >> 1)];
  };
  const padded = tf.pad(x, [[0, 0], around(tapsY), around(tapsX), [0, 0]]);
  const [count, height, width] = padded.shape as [number, number, number];
  const [rows, columns] = [height - (tapsY - 1) * dilation, width - (tapsX - 1) * dilation];
  const slices: Tensor[] = [];
  for (let a = 0; a < tapsY; a++) {
    for (let b = 0; b < tapsX; b++) {
      slices.push(tf.slice(padded, [0, a * dilation, b * dilation, 0], [count, rows, columns, inputs]));
    }
  }
  const unfolded = tf.reshape(tf.concat(slices, 3), [-1, tapsY * tapsX * inputs]); // [positions, taps · in]
  const product = tf.matMul(unfolded, tf.reshape(kernel, [tapsY * tapsX * inputs, outputs]));
  return tf.reshape(product, [count, rows, columns, outputs]);
}
