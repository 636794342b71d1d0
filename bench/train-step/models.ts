import { createRng, type Rng } from '@attune/core';
import {
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  createAdamW,
  createGru,
  createLstm,
  dense,
  embedding,
  gaussianKl,
  glorotUniform,
  gradientsOf,
  gru,
  layerNorm,
  leakyRelu,
  lstm,
  multiLayerPerceptron,
  normal,
  ones,
  ParameterStore,
  sampleGaussian,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  stopGradient,
  zeros,
  type Tensor,
  type TensorFlow,
} from '@attune/core/nn';

/** Makes a model's parameters in the store and returns its loss on one fixed random batch. */
export type Build = (tf: TensorFlow, store: ParameterStore, rng: Rng) => () => Tensor;

/** Small models of every family, in the sizes of `train-step.py`. */
export const MODELS: Readonly<Record<string, Build>> = { 'MLP': mlp, 'conv VAE': convVae, 'conv1d GAN': convGan, 'GRU': recurrent('gru'), 'LSTM': recurrent('lstm') }; // prettier-ignore

/** One update by AdamW on the batch; returns the loss. */
export function createModelStep(tf: TensorFlow, build: Build): () => number {
  const store = new ParameterStore(tf, createRng(1));
  const lossOf = build(tf, store, createRng(2));
  const optimiser = createAdamW(tf, store, { weightDecay: 0, beta2: 0.999 });
  return () => {
    const { loss, gradients } = gradientsOf(tf, store, lossOf);
    optimiser.step(gradients, 1e-3);
    const value = loss.dataSync()[0]!;
    tf.dispose([loss, gradients]);
    return value;
  };
}

export function randomValues(tf: TensorFlow, shape: number[], rng: Rng): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => rng.normal()),
    shape,
  );
}

export function randomIds(tf: TensorFlow, shape: number[], below: number, rng: Rng): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Int32Array.from({ length: size }, () => rng.integer(below)),
    shape,
    'int32',
  );
}

/** 64 → 128 → 128 → 10, batch 64. */
function mlp(tf: TensorFlow, store: ParameterStore, rng: Rng): () => Tensor {
  const sizes = [64, 128, 128, 10];
  const layers = sizes.slice(1).map((out, i) => ({
    weight: store.create(`${i}/weight`, [sizes[i]!, out], glorotUniform),
    bias: store.create(`${i}/bias`, [out], zeros),
  }));
  const [x, labels] = [randomValues(tf, [64, 64], rng), randomIds(tf, [64], 10, rng)];
  return () => softmaxCrossEntropy(tf, multiLayerPerceptron(tf, x, layers), labels);
}

/** 28 × 28 images, batch 16: two strided convolutions, 16 latent numbers, two transposed convolutions. */
function convVae(tf: TensorFlow, store: ParameterStore, rng: Rng): () => Tensor {
  const weight = (name: string, shape: number[]): Tensor => store.create(name, shape, glorotUniform);
  const [down1, down2] = [weight('down1', [3, 3, 1, 16]), weight('down2', [3, 3, 16, 32])];
  const [mean, logVariance] = [weight('mean', [1568, 16]), weight('logVariance', [1568, 16])];
  const [start, up1, up2] = [
    weight('start', [16, 1568]),
    weight('up1', [3, 3, 16, 32]),
    weight('up2', [3, 3, 1, 16]),
  ];
  const x = tf.sigmoid(randomValues(tf, [16, 28, 28, 1], rng));
  const bySteps = { strides: 2, activation: 'relu' } as const;
  return () => {
    const seen = tf.reshape(conv2d(tf, conv2d(tf, x, down1, bySteps), down2, bySteps), [16, 1568]);
    const code = { mean: dense(tf, seen, mean), logVariance: dense(tf, seen, logVariance) };
    const grown = tf.reshape(
      dense(tf, sampleGaussian(tf, code, rng), start, undefined, 'relu'),
      [16, 7, 7, 32],
    );
    const image = convTranspose2d(tf, convTranspose2d(tf, grown, up1, bySteps), up2, { strides: 2 });
    return tf.add(sigmoidCrossEntropy(tf, image, x), tf.mul(tf.mean(gaussianKl(tf, code)), 0.1 / 16));
  };
}

/** Sequences of 64 steps and 8 channels, batch 16; both networks in one update. */
function convGan(tf: TensorFlow, store: ParameterStore, rng: Rng): () => Tensor {
  const weight = (name: string, shape: number[]): Tensor => store.create(name, shape, glorotUniform);
  const [g0, g1, g2] = [weight('g0', [16, 512]), weight('g1', [5, 16, 32]), weight('g2', [5, 8, 16])];
  const [d1, d2, d3] = [weight('d1', [5, 8, 16]), weight('d2', [5, 16, 32]), weight('d3', [512, 1])];
  const [real, noise] = [randomValues(tf, [16, 64, 8], rng), randomValues(tf, [16, 16], rng)];
  const bySteps = { strides: 2, activation: 'leaky-relu' } as const;
  const generate = (): Tensor => {
    const start = tf.reshape(leakyRelu(tf, dense(tf, noise, g0)), [16, 16, 32]);
    return convTranspose1d(tf, convTranspose1d(tf, start, g1, bySteps), g2, {
      strides: 2,
      activation: 'tanh',
    });
  };
  const judge = (x: Tensor, [a, b, c]: readonly Tensor[]): Tensor => {
    const seen = conv1d(tf, conv1d(tf, x, a!, bySteps), b!, bySteps);
    return dense(tf, tf.reshape(seen, [16, 512]), c!);
  };
  const critic = [d1, d2, d3];
  return () => {
    const fake = generate();
    const fooled = judge(fake, critic.map((w) => stopGradient(tf, w))); // prettier-ignore
    const [onReal, onFake] = [judge(real, critic), judge(stopGradient(tf, fake), critic)];
    return tf.addN([
      sigmoidCrossEntropy(tf, fooled, tf.onesLike(fooled)),
      sigmoidCrossEntropy(tf, onReal, tf.onesLike(onReal)),
      sigmoidCrossEntropy(tf, onFake, tf.zerosLike(onFake)),
    ]);
  };
}

/** 32 steps of 50 symbols, 48 units, batch 16. */
function recurrent(kind: 'gru' | 'lstm'): Build {
  return (tf, store, rng) => {
    const table = store.create('table', [50, 32], normal(0.05));
    const layer = kind === 'gru' ? createGru(store, 'layer', 32, 48) : createLstm(store, 'layer', 32, 48);
    const [scale, offset] = [store.create('scale', [48], ones), store.create('offset', [48], zeros)];
    const [weight, bias] = [
      store.create('weight', [48, 10], glorotUniform),
      store.create('bias', [10], zeros),
    ];
    const [ids, labels] = [randomIds(tf, [16, 32], 50, rng), randomIds(tf, [16], 10, rng)];
    return () => {
      const x = embedding(tf, table, ids);
      const { state } = 'bias' in layer ? lstm(tf, x, layer) : gru(tf, x, layer);
      const last = kind === 'lstm' ? layerNorm(tf, state, scale, offset) : state;
      return softmaxCrossEntropy(tf, dense(tf, last, weight, bias), labels);
    };
  };
}
