import { AttuneError, compileWasm, compileWasmAsync, type WasmModule } from '@attune/core';
import type { TransformerShape } from './config.ts';
import { DECODER_KERNELS_WASM } from './decoder-kernels.wasm.ts';
import { parameterShapes } from './parameter-shapes.ts';
import { WeightImage, type MatrixPlace } from './weight-image.ts';

/** How matrices are held. 'int8': a quarter of the memory and faster, with logits that differ a little. */
export const PRECISIONS = ['float32', 'int8'] as const;
/** One of `PRECISIONS`. */
export type Precision = (typeof PRECISIONS)[number];

/** Values of one parameter, row-major. */
export interface DecoderArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** How the decoder holds its weights, and the kernels that it runs on. */
export interface DecoderWeightsOptions {
  /** Default 'float32'. */
  readonly precision?: Precision;
  /** From `loadDecoderKernels`; default: compiled here, at once. */
  readonly kernels?: WasmModule;
}

/** What a decoder reads; made once, shared by any number of engines. Places are bytes from the image's beginning. */
export interface DecoderWeights {
  readonly shape: TransformerShape;
  readonly precision: Precision;
  readonly kernels: WasmModule;
  readonly image: Uint8Array;
  /** [inputRows, D] */
  readonly embed: number;
  readonly layers: readonly Readonly<Record<'qkv' | 'out' | 'up' | 'down', MatrixPlace>>[];
  readonly headTrunk: MatrixPlace;
  /** One a field. */
  readonly headOut: readonly MatrixPlace[];
  /** [V, F · G] */
  readonly headFields: number;
  /** [F · G] */
  readonly headBias: number;
  /** The fields' biases, each padded to the rows of its matrix. */
  readonly logitBias: number;
}

/** Compiles the kernels off the main thread, for `createDecoderWeights` in a browser that wants it so. */
export function loadDecoderKernels(): Promise<WasmModule> {
  return compileWasmAsync(DECODER_KERNELS_WASM);
}

/** Arranges the parameters of a checkpoint. Throws `checkpoint/mismatch` naming the first that does not fit. */
export function createDecoderWeights(
  shape: TransformerShape,
  parameters: ReadonlyMap<string, DecoderArray>,
  { precision = 'float32', kernels = compileWasm(DECODER_KERNELS_WASM) }: DecoderWeightsOptions = {},
): DecoderWeights {
  const get = checkedParameters(shape, parameters);
  const image = new WeightImage();
  const matrix = (name: string): MatrixPlace => {
    const { shape: size, data } = get(name);
    return image.matrix(data, size[0]!, size[1]!, precision);
  };
  const floats = (name: string): number => image.floats(get(name).data);
  const layer = (i: number): Record<'qkv' | 'out' | 'up' | 'down', MatrixPlace> => ({
    qkv: matrix(`layer${i}.qkv`),
    out: matrix(`layer${i}.out`),
    up: matrix(`layer${i}.up`),
    // In float32 row by row, so that rows whose factor is 0 need not be read.
    down:
      precision === 'int8' ? matrix(`layer${i}.down`) : image.rows(get(`layer${i}.down`).data, shape.width),
  });
  const headOut = shape.fieldSizes.map((_, k) => matrix(`head.out${k}`));
  return {
    shape,
    precision,
    kernels,
    embed: floats('embed'),
    layers: Array.from({ length: shape.layers }, (_, i) => layer(i)),
    headTrunk: matrix('head.trunk'),
    headOut,
    headFields: floats('head.fields'),
    headBias: floats('head.bias'),
    logitBias: image.floats(paddedBiases(headOut, (k) => get(`head.outBias${k}`).data)),
    image: image.bytes(),
  };
}

function checkedParameters(
  shape: TransformerShape,
  parameters: ReadonlyMap<string, DecoderArray>,
): (name: string) => DecoderArray {
  const shapes = parameterShapes(shape);
  for (const [name, size] of shapes) {
    const found = parameters.get(name)?.shape.join(', ') ?? 'none';
    const wanted = size.join(', ');
    if (found !== wanted) {
      throw new AttuneError(
        'checkpoint/mismatch',
        `Parameter ${name} has shape [${found}] in the checkpoint, and the model needs [${wanted}].`,
        { parameter: name, found, wanted },
      );
    }
  }
  for (const name of parameters.keys()) {
    if (!shapes.has(name)) {
      throw new AttuneError(
        'checkpoint/mismatch',
        `The checkpoint has a parameter ${name} that the model has not.`,
        { parameter: name },
      );
    }
  }
  return (name) => parameters.get(name)!;
}

function paddedBiases(
  matrices: readonly MatrixPlace[],
  biasOf: (field: number) => ArrayLike<number>,
): Float32Array {
  const all = new Float32Array(matrices.reduce((sum, { rows }) => sum + rows, 0));
  let at = 0;
  matrices.forEach(({ rows }, k) => {
    all.set(biasOf(k), at);
    at += rows;
  });
  return all;
}
