import { AttuneError } from '@attune/core';
import { readCheckpoint, type FileMap, type NamedArray } from '@attune/core/nn';
import { addInPlace, denseLayer, siluInPlace } from '../vae/dense-layer.ts';
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
import { tokenOrder } from './token-order.ts';

/** The trained denoiser on plain arrays: no tensors, the same numbers in Node and browsers. */
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
    velocity: (input) => velocityOf(shape, weights, input),
  };
}

function velocityOf(
  shape: DiffusionShape,
  weights: ReadonlyMap<string, Float32Array>,
  input: DenoiserInput,
): Float32Array {
  const of = (name: string): Float32Array => weights.get(name)!;
  const { latent, split, width, layers, heads, feedForward, letters } = shape;
  const { phrases } = input;
  if (input.rows !== 1 || phrases > shape.phrases || input.noisy.length !== phrases * latent) {
    throw new AttuneError(
      'model/invalid',
      `One melody of at most ${shape.phrases} phrases is denoised, not ${phrases}.`,
      {
        phrases,
      },
    );
  }
  const none = new Float32Array(4 * width + feedForward);
  const condition = siluInPlace(
    denseLayer(input.conditions, of('condition/weight'), of('condition/bias'), width),
  );
  const order = tokenOrder(shape);
  const [count, own] = [phrases * split, latent / split];
  const tokens = new Float32Array(count * (2 * own + 1));
  for (let t = 0; t < count; t++) {
    const [phrase, at] = [Math.floor(t / split), t * (2 * own + 1)];
    for (let d = 0; d < own; d++) {
      const from = phrase * latent + order[(t % split) * own + d]!;
      tokens[at + d] = input.noisy[from]!;
      tokens[at + own + d] = input.given[from]!;
    }
    tokens[at + 2 * own] = input.isGiven[phrase]!;
  }
  const x = denseLayer(tokens, of('input/weight'), none.subarray(0, width), width);
  for (let t = 0; t < count; t++) {
    const letter = Math.min(letters, input.letters[Math.floor(t / split)]!);
    for (let j = 0; j < width; j++) {
      x[t * width + j]! += of('input/letter')[letter * width + j]!;
      x[t * width + j]! += of('input/position')[t * width + j]!;
    }
  }
  for (let i = 0; i < layers; i++) {
    const layer = (name: string): Float32Array => of(`layer${i}/${name}`);
    const told = denseLayer(condition, layer('condition/weight'), layer('condition/bias'), 4 * width);
    const part = (k: number): Float32Array => told.subarray(k * width, (k + 1) * width);
    const qkv = denseLayer(
      modulated(x, width, part(0), part(1)),
      layer('qkv/weight'),
      none.subarray(0, 3 * width),
      3 * width,
    );
    addInPlace(
      x,
      denseLayer(attend(qkv, count, width, heads), layer('out/weight'), none.subarray(0, width), width),
    );
    const up = siluInPlace(
      denseLayer(modulated(x, width, part(2), part(3)), layer('up/weight'), layer('up/bias'), feedForward),
    );
    addInPlace(x, denseLayer(up, layer('down/weight'), none.subarray(0, width), width));
  }
  const unchanged = none.subarray(0, width);
  const out = denseLayer(
    modulated(x, width, unchanged, unchanged),
    of('output/weight'),
    of('output/bias'),
    own,
  );
  const found = new Float32Array(phrases * latent);
  out.forEach((value, i) => (found[Math.floor(i / latent) * latent + order[i % latent]!] = value));
  return found;
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
function attend(qkv: Float32Array, tokens: number, width: number, heads: number): Float32Array {
  const y = new Float32Array(tokens * width);
  const headWidth = width / heads;
  const scores = new Float64Array(tokens);
  for (let head = 0; head < heads; head++) {
    for (let p = 0; p < tokens; p++) {
      const query = p * 3 * width + head * headWidth;
      let highest = -Infinity;
      for (let q = 0; q < tokens; q++) {
        const key = q * 3 * width + width + head * headWidth;
        let score = 0;
        for (let j = 0; j < headWidth; j++) score += qkv[query + j]! * qkv[key + j]!;
        scores[q] = score / Math.sqrt(headWidth);
        highest = Math.max(highest, scores[q]!);
      }
      let total = 0;
      for (let q = 0; q < tokens; q++) total += scores[q] = Math.exp(scores[q]! - highest);
      for (let q = 0; q < tokens; q++) {
        const value = q * 3 * width + 2 * width + head * headWidth;
        const share = scores[q]! / total;
        for (let j = 0; j < headWidth; j++) y[p * width + head * headWidth + j]! += share * qkv[value + j]!;
      }
    }
  }
  return y;
}
