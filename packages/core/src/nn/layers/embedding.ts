import { AttuneError } from '../../foundation/errors.ts';
import type { Tensor, TensorFlow } from '../tensor-flow.ts';

/**
 * Rows of a table. `table` [vocabulary, width], `ids` int32 [...] → [..., width]. The gradient sums rows of equal
 * id. Ids outside the table are not checked on every backend: check them when the batch is built.
 */
export function embedding(tf: TensorFlow, table: Tensor, ids: Tensor): Tensor {
  if (table.rank !== 2 || ids.dtype !== 'int32') {
    throw new AttuneError(
      'model/invalid',
      `An embedding needs a table of rank 2 and int32 ids, not rank ${table.rank} and ${ids.dtype}.`,
    );
  }
  const [vocabulary, width] = table.shape as [number, number];
  return tf.tidy(() => {
    const op = tf.customGrad((...args) => {
      const [rows, save] = args as unknown as [Tensor, (tensors: Tensor[]) => void];
      const flat = tf.reshape(ids, [-1]);
      save([flat]);
      return {
        value: tf.gather(rows, flat),
        gradFunc: (dy: Tensor, saved: Tensor[]) => tf.unsortedSegmentSum(dy, saved[0] as never, vocabulary),
      };
    });
    return tf.reshape(op(table), [...ids.shape, width]);
  });
}
