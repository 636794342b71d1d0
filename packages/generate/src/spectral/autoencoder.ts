import { type Rng } from '@attune/core';
import {
  conv1d,
  convTranspose1d,
  dense,
  leakyRelu,
  ParameterStore,
  type Tensor,
  type TensorFlow,
} from '@attune/core/nn';
import type { SpectralNetworkName, SpectralShape } from './config.ts';
import { BINS } from './frames.ts';
import { binsOfLayers, parametersOf } from './parameters.ts';
import type { PrincipalComponents } from './principal-components.ts';

/** Both networks in one store, to be trained together; see `parametersOf`. */
export function createSpectralStore(
  tf: TensorFlow,
  shape: SpectralShape,
  rng: Rng,
  start?: PrincipalComponents,
): ParameterStore {
  const store = new ParameterStore(tf, rng);
  for (const { name, shape: size, initialise } of parametersOf(shape, start))
    store.create(name, size, initialise);
  return store;
}

/** `x` [N, BINS] → latents [N, latents]. */
export function encodeFrames(
  tf: TensorFlow,
  shape: SpectralShape,
  store: ParameterStore,
  network: SpectralNetworkName,
  x: Tensor,
): Tensor {
  const get = (name: string): Tensor => store.get(`${network}/${name}`);
  const linear = dense(tf, x, get('encode/weight'), get('encode/bias'));
  if (network === 'dense') return tf.add(linear, layers(tf, store, 'encoder', shape.hidden.length + 1, x));
  let y: Tensor = tf.reshape(x, [-1, BINS, 1]); // [N, bins, channels]
  shape.channels.forEach((_, i) => {
    const options = {
      strides: shape.stride,
      bias: get(`encoder${i}/bias`),
      activation: 'leaky-relu',
    } as const;
    y = conv1d(tf, y, get(`encoder${i}/kernel`), options);
  });
  return tf.add(linear, dense(tf, tf.reshape(y, [x.shape[0], -1]), get('flat/weight')));
}

/** `z` [N, latents] → frames [N, BINS], not cut to 0 … 1. */
export function decodeFrames(
  tf: TensorFlow,
  shape: SpectralShape,
  store: ParameterStore,
  network: SpectralNetworkName,
  z: Tensor,
): Tensor {
  const get = (name: string): Tensor => store.get(`${network}/${name}`);
  const linear = dense(tf, z, get('decode/weight'), get('decode/bias'));
  if (network === 'dense') return tf.add(linear, layers(tf, store, 'decoder', shape.hidden.length + 1, z));
  const bins = binsOfLayers(shape).at(-1)!;
  let y: Tensor = dense(tf, z, get('unflat/weight'), get('unflat/bias'), 'leaky-relu');
  y = tf.reshape(y, [-1, bins, shape.channels.at(-1)!]);
  for (let i = shape.channels.length - 1; i >= 0; i--) {
    y = convTranspose1d(tf, y, get(`decoder${i}/kernel`), {
      strides: shape.stride,
      bias: get(`decoder${i}/bias`),
    });
    if (i > 0) y = leakyRelu(tf, y);
  }
  return tf.add(linear, tf.reshape(y, [-1, BINS]));
}

/**
 * Mean over bins of (x̂ − x)², each bin weighted by `quietWeight` + x: what it counts in silence, and by how loud it is.
 * A scalar.
 */
export function frameLoss(tf: TensorFlow, found: Tensor, x: Tensor, quietWeight: number): Tensor {
  return tf.tidy(() => tf.mean(tf.mul(tf.add(x, quietWeight), tf.square(tf.sub(found, x)))));
}

/** Log-spectral distance of each frame, as a share of the depth of frames, summed over frames. A scalar. */
export function frameDistance(tf: TensorFlow, found: Tensor, x: Tensor): Tensor {
  return tf.tidy(() => {
    const apart = tf.square(tf.sub(tf.clipByValue(found, 0, 1), x));
    return tf.sum(tf.sqrt(tf.mean(apart, 1)));
  });
}

function layers(tf: TensorFlow, store: ParameterStore, path: string, count: number, x: Tensor): Tensor {
  let y = x;
  for (let i = 0; i < count; i++) {
    const [weight, bias] = [store.get(`dense/${path}${i}/weight`), store.get(`dense/${path}${i}/bias`)];
    y = dense(tf, y, weight, bias, i < count - 1 ? 'leaky-relu' : undefined);
  }
  return y;
}
