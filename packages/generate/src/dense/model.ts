import {
  crossEntropyPerRow,
  dense,
  embedding,
  glorotUniform,
  heNormal,
  leakyRelu,
  normal,
  zeros,
  type ParameterStore,
  type Tensor,
  type TensorFlow,
} from '@attune/core/nn';
import { COMPOUND_FIELDS, FIELD_COUNT, FIELD_SIZES } from '@attune/core/tokens';
import type { DenseShape } from './config.ts';
import { FACTS, NOTE_WIDTH, SEEN_SIZES, SEEN_WIDTHS, type NoteBatch } from './note-window.ts';

const STYLE_WIDTH = 8;

/** Shape of every parameter by name. */
export function denseShapes(
  { notes, width, headWidth }: DenseShape,
  styles: number,
): Record<string, readonly number[]> {
  const shapes: Record<string, readonly number[]> = { 'style/table': [styles + 1, STYLE_WIDTH] };
  COMPOUND_FIELDS.forEach((field, i) => (shapes[`seen/${field}/table`] = [SEEN_SIZES[i]!, SEEN_WIDTHS[i]!]));
  const inputs = notes * NOTE_WIDTH + STYLE_WIDTH + FACTS;
  Object.assign(shapes, {
    'first/weight': [inputs, width],
    'first/bias': [width],
    'second/weight': [width, width],
    'second/bias': [width],
  });
  COMPOUND_FIELDS.forEach((field, i) => {
    shapes[`head/${field}/weight`] = [width, headWidth];
    shapes[`head/${field}/bias`] = [headWidth];
    shapes[`values/${field}/weight`] = [headWidth, FIELD_SIZES[i]!];
    shapes[`values/${field}/bias`] = [FIELD_SIZES[i]!];
    // what the fields after it are told of this one
    if (i < FIELD_COUNT - 1) shapes[`told/${field}/table`] = [FIELD_SIZES[i]!, headWidth];
  });
  return shapes;
}

/** Creates the parameters. */
export function createDense(store: ParameterStore, shape: DenseShape, styles: number): void {
  for (const [name, size] of Object.entries(denseShapes(shape, styles))) {
    const initialise = name.endsWith('bias')
      ? zeros
      : name.endsWith('table')
        ? normal(name.startsWith('told') ? 0.1 : 0.5)
        : name.startsWith('values')
          ? glorotUniform
          : heNormal;
    store.create(name, size, initialise);
  }
}

/**
 * Nats of each field of the next note: [rows, FIELD_COUNT]. The notes before, the style and the facts go through two
 * dense layers; each field is predicted from the result and from the fields before it in its note.
 */
export function fieldNats(tf: TensorFlow, store: ParameterStore, batch: NoteBatch): Tensor {
  const p = (name: string): Tensor => store.get(name);
  return tf.tidy(() => {
    const rows = batch.styles.length;
    const notes = batch.seen.length / (rows * FIELD_COUNT);
    const column = (values: Int32Array, field: number): Int32Array =>
      Int32Array.from({ length: values.length / FIELD_COUNT }, (_, i) => values[i * FIELD_COUNT + field]!);
    const seen = COMPOUND_FIELDS.map((name, field) =>
      embedding(tf, p(`seen/${name}/table`), tf.tensor(column(batch.seen, field), [rows, notes], 'int32')),
    );
    const style = embedding(tf, p('style/table'), tf.tensor(batch.styles, [rows], 'int32'));
    const input = tf.concat(
      [tf.reshape(tf.concat(seen, 2), [rows, -1]), style, tf.tensor(batch.facts, [rows, FACTS])],
      1,
    );
    const first = leakyRelu(tf, dense(tf, input, p('first/weight'), p('first/bias')));
    const trunk = leakyRelu(tf, dense(tf, first, p('second/weight'), p('second/bias')));
    let told: Tensor | undefined;
    const nats = COMPOUND_FIELDS.map((name, field) => {
      const own = dense(tf, trunk, p(`head/${name}/weight`), p(`head/${name}/bias`));
      const head = leakyRelu(tf, told ? tf.add(own, told) : own);
      const logits = dense(tf, head, p(`values/${name}/weight`), p(`values/${name}/bias`));
      const ids = tf.tensor(column(batch.next, field), [rows], 'int32');
      if (field < FIELD_COUNT - 1) {
        const row = embedding(tf, p(`told/${name}/table`), ids);
        told = told ? tf.add(told, row) : row;
      }
      return tf.reshape(crossEntropyPerRow(tf, logits, ids), [rows, 1]);
    });
    return tf.concat(nats, 1);
  });
}
