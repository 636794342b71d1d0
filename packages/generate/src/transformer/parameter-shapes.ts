import type { TransformerShape } from './config.ts';

/** Names and shapes of all parameters, in the order of the checkpoint. */
export function parameterShapes(shape: TransformerShape): Map<string, readonly number[]> {
  const { width, layers, feedForward, headWidth, fieldSizes, inputRows } = shape;
  const values = fieldSizes.reduce((a, b) => a + b, 0);
  const shapes = new Map<string, readonly number[]>([['embed', [inputRows, width]]]);
  for (let i = 0; i < layers; i++) {
    shapes.set(`layer${i}.qkv`, [width, 3 * width]);
    shapes.set(`layer${i}.out`, [width, width]);
    shapes.set(`layer${i}.up`, [width, feedForward]);
    shapes.set(`layer${i}.down`, [feedForward, width]);
  }
  shapes.set('head.trunk', [width, fieldSizes.length * headWidth]);
  shapes.set('head.fields', [values, fieldSizes.length * headWidth]);
  shapes.set('head.bias', [fieldSizes.length * headWidth]);
  fieldSizes.forEach((size, k) => {
    shapes.set(`head.out${k}`, [headWidth, size]);
    shapes.set(`head.outBias${k}`, [size]);
  });
  return shapes;
}
