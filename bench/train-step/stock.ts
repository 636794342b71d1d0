import { createRng } from '@attune/core';
import type { Tensor, TensorFlow } from '@attune/core/nn';
import { randomIds, randomValues } from './models.ts';

type Loss = (tf: TensorFlow, variables: Tensor[]) => () => Tensor;

/** The models of `models.ts` as one writes them with tfjs alone, trained by `tf.train.adam`: the rival in the table. */
export const STOCK_MODELS: Readonly<Record<string, Loss>> = {
  'MLP': (tf, variables) => {
    const weight = weights(tf, variables);
    const [w1, w2, w3] = [weight([64, 128]), weight([128, 128]), weight([128, 10])];
    const [b1, b2, b3] = [weight([128]), weight([128]), weight([10])];
    const [x, y] = [values(tf, [64, 64]), oneHot(tf, 64)];
    const gelu = (t: Tensor): Tensor => tf.mul(tf.mul(t, 0.5), tf.add(1, tf.erf(tf.div(t, Math.SQRT2))));
    const layer = (t: Tensor, w: Tensor, b: Tensor): Tensor => tf.add(tf.matMul(t, w), b);
    return () =>
      tf.losses.softmaxCrossEntropy(y, layer(gelu(layer(gelu(layer(x, w1, b1)), w2, b2)), w3, b3));
  },
  'conv VAE': (tf, variables) => {
    const weight = weights(tf, variables);
    const [c1, c2, t1, t2] = [[3, 3, 1, 16], [3, 3, 16, 32], [3, 3, 16, 32], [3, 3, 1, 16]].map(weight) as never[]; // prettier-ignore
    const [wm, wv, wd] = [weight([1568, 16]), weight([1568, 16]), weight([16, 1568])];
    const [x, noise] = [tf.sigmoid(values(tf, [16, 28, 28, 1])), values(tf, [16, 16])];
    return () => {
      const seen = tf.relu(tf.conv2d(tf.relu(tf.conv2d(x as never, c1!, 2, 'same')), c2!, 2, 'same'));
      const flat = tf.reshape(seen, [16, -1]);
      const [mean, logVariance] = [tf.matMul(flat, wm), tf.matMul(flat, wv)];
      const code = tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise));
      const grown = tf.reshape(tf.relu(tf.matMul(code, wd)), [16, 7, 7, 32]);
      const half = tf.relu(tf.conv2dTranspose(grown as never, t1!, [16, 14, 14, 16], 2, 'same'));
      const image = tf.conv2dTranspose(half, t2!, [16, 28, 28, 1], 2, 'same');
      const kl = tf.mean(tf.sub(tf.sub(tf.add(1, logVariance), tf.square(mean)), tf.exp(logVariance)));
      return tf.add(tf.losses.sigmoidCrossEntropy(x, image), tf.mul(kl, -0.05));
    };
  },
  'GRU': recurrent('gru'),
  'LSTM': recurrent('lstm'),
}; // prettier-ignore

/** One update by `tf.train.adam`; returns the loss. */
export function createStockStep(tf: TensorFlow, make: Loss): () => number {
  const variables: Tensor[] = [];
  const lossOf = make(tf, variables);
  const optimiser = tf.train.adam(1e-3);
  return () => {
    const loss = optimiser.minimize(lossOf as () => never, true, variables as never[])!;
    const value = loss.dataSync()[0]!;
    loss.dispose();
    return value;
  };
}

function recurrent(kind: 'gru' | 'lstm'): Loss {
  return (tf, variables) => {
    const layer = kind === 'gru' ? tf.layers.gru({ units: 48 }) : tf.layers.lstm({ units: 48 });
    const norm = kind === 'lstm' ? [tf.layers.layerNormalization({})] : [];
    const first = tf.layers.embedding({ inputDim: 50, outputDim: 32, inputLength: 32 });
    const model = tf.sequential({ layers: [first, layer, ...norm, tf.layers.dense({ units: 10 })] });
    variables.push(...model.trainableWeights.map((each) => (each as unknown as { val: Tensor }).val));
    const ids = tf.cast(randomIds(tf, [16, 32], 50, createRng(2)), 'float32');
    const y = oneHot(tf, 16);
    return () => tf.losses.softmaxCrossEntropy(y, model.apply(ids, { training: true }) as Tensor);
  };
}

function weights(tf: TensorFlow, variables: Tensor[]): (shape: number[]) => Tensor {
  return (shape) => {
    const variable = tf.variable(tf.mul<Tensor>(randomValues(tf, shape, createRng(1)), 0.05));
    variables.push(variable);
    return variable;
  };
}

function values(tf: TensorFlow, shape: number[]): Tensor {
  return randomValues(tf, shape, createRng(2));
}

function oneHot(tf: TensorFlow, rows: number): Tensor {
  return tf.cast(tf.oneHot(randomIds(tf, [rows], 10, createRng(3)) as never, 10), 'float32');
}
