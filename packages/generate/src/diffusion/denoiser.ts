import { AttuneError } from '@attune/core';
import { readCheckpoint, type FileMap, type NamedArray } from '@attune/core/nn';
import { addInPlace, siluInPlace } from '../vae/dense-layer.ts';
import { checkedWeights } from '../vae/network.ts';
import {
  DIFFUSION_KIND,
  denoiserParameterShapes,
  latentScaleShape,
  parseDiffusionConfig,
  type DiffusionConfig,
  type DiffusionShape,
} from './config.ts';
import type { DenoiserInput } from './model.ts';
import { createMatrixProducts, type MatrixProducts } from './matrix-product.ts';
import { tokenOrder } from './token-order.ts';

/** The trained denoiser without tensors: the same numbers in Node and browsers. */
export interface Denoiser {
  readonly config: DiffusionConfig;
  /** Means and deviations of the latents, each [latent]. */
  readonly scale: { readonly means: Float32Array; readonly deviations: Float32Array };
  /** The velocity [P, latent] of one melody; `input.rows` is 1. */
  velocity(input: DenoiserInput): Float32Array;
}

const EPSILON = 1e-5;

/** Reads a checkpoint; throws as `readVae` does. */
export function readDenoiser(files: FileMap): Denoiser {
  const { config, parameters } = readCheckpoint(files, { kind: DIFFUSION_KIND });
  return createDenoiser(parseDiffusionConfig(config), parameters);
}

/** The denoiser of a configuration and its parameters. Throws as `readVae` does. */
export function createDenoiser(
  config: DiffusionConfig,
  parameters: ReadonlyMap<string, NamedArray>,
): Denoiser {
  const { shape, styles } = config;
  const weights = checkedWeights(
    [...denoiserParameterShapes(shape, styles.length), latentScaleShape(shape)],
    parameters,
  );
  const scale = weights.get('latent/scale')!;
  return {
    config,
    scale: { means: scale.slice(0, shape.latent), deviations: scale.slice(shape.latent) },
    velocity: createVelocity(shape, weights),
  };
}

/** Layers and tables by name, laid out once. */
function createVelocity(
  shape: DiffusionShape,
  weights: ReadonlyMap<string, Float32Array>,
): (input: DenoiserInput) => Float32Array {
  const { latent, split, width, layers, heads, feedForward, letters } = shape;
  const products = createMatrixProducts();
  const of = (name: string): Float32Array => weights.get(name)!;
  const layer = (name: string, outputs: number): ((x: Float32Array) => Float32Array) =>
    products.layer(of(`${name}/weight`), outputs, weights.get(`${name}/bias`));
  const own = latent / split;
  const [tell, enter, leave] = [layer('condition', width), layer('input', width), layer('output', own)];
  const blocks = Array.from({ length: layers }, (_, i) => ({
    tell: layer(`layer${i}/condition`, 4 * width),
    qkv: layer(`layer${i}/qkv`, 3 * width),
    out: layer(`layer${i}/out`, width),
    up: layer(`layer${i}/up`, feedForward),
    down: layer(`layer${i}/down`, width),
  }));
  const order = tokenOrder(shape);
  const unchanged = new Float32Array(width);

  return (input) => {
    const { phrases } = input;
    if (input.rows !== 1 || phrases > shape.phrases || input.noisy.length !== phrases * latent) {
      throw new AttuneError(
        'model/invalid',
        `One melody of at most ${shape.phrases} phrases is denoised, not ${phrases}.`,
        { phrases },
      );
    }
    const condition = siluInPlace(tell(input.conditions));
    const count = phrases * split;
    const x = enter(tokensOf(input, order, split, own));
    for (let t = 0; t < count; t++) {
      const letter = Math.min(letters, input.letters[Math.floor(t / split)]!);
      for (let j = 0; j < width; j++) {
        x[t * width + j]! += of('input/letter')[letter * width + j]!;
        x[t * width + j]! += of('input/position')[t * width + j]!;
      }
    }
    for (const block of blocks) {
      const told = block.tell(condition);
      const part = (k: number): Float32Array => told.subarray(k * width, (k + 1) * width);
      const qkv = block.qkv(modulated(x, width, part(0), part(1)));
      addInPlace(x, block.out(attend(products, qkv, count, width, heads)));
      addInPlace(x, block.down(siluInPlace(block.up(modulated(x, width, part(2), part(3))))));
    }
    const out = leave(modulated(x, width, unchanged, unchanged));
    const found = new Float32Array(phrases * latent);
    out.forEach((value, i) => (found[Math.floor(i / latent) * latent + order[i % latent]!] = value));
    return found;
  };
}

/** Of each token the noisy latent, the given one, and whether it is given: [T, 2 · own + 1]. */
function tokensOf(
  { noisy, given, isGiven, phrases }: DenoiserInput,
  order: Int32Array,
  split: number,
  own: number,
): Float32Array {
  const latent = split * own;
  const tokens = new Float32Array(phrases * split * (2 * own + 1));
  for (let t = 0; t < phrases * split; t++) {
    const [phrase, at] = [Math.floor(t / split), t * (2 * own + 1)];
    for (let d = 0; d < own; d++) {
      const from = phrase * latent + order[(t % split) * own + d]!;
      tokens[at + d] = noisy[from]!;
      tokens[at + own + d] = given[from]!;
    }
    tokens[at + 2 * own] = isGiven[phrase]!;
  }
  return tokens;
}

/** x / √(mean(x²) + ε) · (1 + scale) + shift for each row of `width`. */
function modulated(x: Float32Array, width: number, scale: Float32Array, shift: Float32Array): Float32Array {
  const y = new Float32Array(x.length);
  for (let at = 0; at < x.length; at += width) {
    let squares = 0;
    for (let j = 0; j < width; j++) squares += x[at + j]! * x[at + j]!;
    const factor = 1 / Math.sqrt(squares / width + EPSILON);
    for (let j = 0; j < width; j++) y[at + j] = x[at + j]! * factor * (1 + scale[j]!) + shift[j]!;
  }
  return y;
}

/** Self-attention over T tokens; queries, keys and values lie side by side in `qkv` [T, 3 · width] → [T, width]. */
function attend(
  products: MatrixProducts,
  qkv: Float32Array,
  tokens: number,
  width: number,
  heads: number,
): Float32Array {
  const y = new Float32Array(tokens * width);
  const size = width / heads;
  const [queries, keys, values] = [0, 0, 0].map(() => new Float32Array(tokens * size)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let head = 0; head < heads; head++) {
    for (let t = 0; t < tokens; t++) {
      const at = t * 3 * width + head * size;
      for (let j = 0; j < size; j++) {
        queries[t * size + j] = qkv[at + j]! / Math.sqrt(size);
        keys[j * tokens + t] = qkv[at + width + j]!; // [size, T]
        values[t * size + j] = qkv[at + 2 * width + j]!;
      }
    }
    const shares = softmaxRows(products.multiply(queries, keys, tokens), tokens);
    const mixed = products.multiply(shares, values, size);
    for (let t = 0; t < tokens; t++) {
      y.set(mixed.subarray(t * size, (t + 1) * size), t * width + head * size);
    }
  }
  return y;
}

/** exp(x − max) / Σ of each row [columns], in place. */
function softmaxRows(x: Float32Array, columns: number): Float32Array {
  for (let at = 0; at < x.length; at += columns) {
    let [highest, total] = [-Infinity, 0];
    for (let i = at; i < at + columns; i++) highest = Math.max(highest, x[i]!);
    for (let i = at; i < at + columns; i++) total += x[i] = Math.exp(x[i]! - highest);
    for (let i = at; i < at + columns; i++) x[i]! /= total;
  }
  return x;
}
