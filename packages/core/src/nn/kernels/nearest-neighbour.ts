/** [batch, height, width, channels] */
export type ImageShape = readonly [number, number, number, number];

/**
 * Gradient of nearest-neighbour resizing: each output pixel's gradient is added to the pixel it was copied from.
 * `imagesShape` is the shape before resizing and of `out`, `dyShape` the one after. The pixel that output i copies is
 * floor(i · in / out), or with `alignCorners` round(i · (in − 1) / (out − 1)), as in TensorFlow.
 */
export function nearestNeighbourGradient(
  dy: Float32Array,
  dyShape: ImageShape,
  out: Float32Array,
  imagesShape: ImageShape,
  alignCorners: boolean,
): void {
  const [batch, rows, columns, channels] = imagesShape;
  const [, outRows, outColumns] = dyShape;
  const sourceOf = (i: number, inputs: number, outputs: number): number =>
    alignCorners && outputs > 1
      ? Math.min(inputs - 1, Math.round((i * (inputs - 1)) / (outputs - 1)))
      : Math.min(inputs - 1, Math.floor((i * inputs) / outputs));
  out.fill(0);
  let from = 0;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outRows; i++) {
      const y = sourceOf(i, rows, outRows);
      for (let j = 0; j < outColumns; j++) {
        let to = ((n * rows + y) * columns + sourceOf(j, columns, outColumns)) * channels;
        for (let c = 0; c < channels; c++) out[to++]! += dy[from++]!;
      }
    }
  }
}
