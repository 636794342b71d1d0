import type { Backend, Tensor } from '@attune/core/nn';
import type { TransformerShape } from '../../packages/generate/src/transformer/config.ts';
import { stepInputs, type BenchNote, type Engine, type Parameters } from './engines.ts';

/** Of longer contexts the cache is filled with repetitions, so that logits are no longer those of the notes. */
export const EXACT_NOTES = 16;

/** The step in tfjs operations, all heads in one call, with keys and values cached as tensors. */
export function createTensorEngine(
  backend: Backend,
  shape: TransformerShape,
  parameters: Parameters,
  batch: number,
): Engine {
  const { tf, name } = backend;
  const { width, heads, layers, fieldSizes, headWidth } = shape;
  const size = width / heads;
  const pairs = size / 2;
  const weights = new Map<string, Tensor>(
    [...parameters].map(([key, { shape: dims, data }]) => [
      key,
      tf.tensor(Float32Array.from(data), [...dims]),
    ]),
  );
  const weight = (key: string): Tensor => weights.get(key)!;
  const normalised = (x: Tensor): Tensor => tf.div(x, tf.sqrt(tf.add(tf.mean(tf.square(x), -1, true), 1e-6)));
  const squaredRelu = (x: Tensor): Tensor => tf.square(tf.relu(x));
  /** [B, H, 1, S] each of keys and values of the notes before; undefined: none. */
  let cache: (readonly [keys: Tensor, values: Tensor])[] | undefined;

  const step = (note: BenchNote, at: number): Tensor[] => {
    const inputs = stepInputs(shape, parameters, note, at, batch);
    const [cos, sin] = [inputs.cosines, inputs.sines].map((a) => tf.tensor(a, [1, 1, pairs])) as [
      Tensor,
      Tensor,
    ];
    const turned = (a: Tensor, b: Tensor): Tensor => {
      const [u, v] = [tf.reshape(a, [batch, heads, pairs]), tf.reshape(b, [batch, heads, pairs])];
      const first = tf.sub(tf.mul(u, cos), tf.mul(v, sin));
      const second = tf.add(tf.mul(u, sin), tf.mul(v, cos));
      return tf.reshape(tf.concat([first, second], 2), [batch, heads, 1, size]);
    };
    const kept: Tensor[] = [];
    let x: Tensor = tf.tensor(inputs.embedded, [batch, width]);
    for (let l = 0; l < layers; l++) {
      const qkv = tf.matMul(normalised(x), weight(`layer${l}.qkv`));
      const half = width / 2;
      const [q1, k1, q2, k2, v] = tf.split(qkv, [half, half, half, half, width], 1) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const query = tf.mul(turned(q1, q2), size ** -0.5);
      const [key, value] = [turned(k1, k2), tf.reshape(v, [batch, heads, 1, size])];
      const keys = cache ? tf.concat([cache[l]![0], key], 2) : key;
      const values = cache ? tf.concat([cache[l]![1], value], 2) : value;
      kept.push(keys, values);
      const shares = tf.softmax(tf.matMul(query, keys, false, true));
      const mixed = tf.reshape(tf.matMul(shares, values), [batch, width]);
      x = tf.add(x, tf.matMul(mixed, weight(`layer${l}.out`)));
      const up = squaredRelu(tf.matMul(normalised(x), weight(`layer${l}.up`)));
      x = tf.add(x, tf.matMul(up, weight(`layer${l}.down`)));
    }
    const told = tf.tensor(inputs.told, [batch, fieldSizes.length * headWidth]);
    const hidden = squaredRelu(tf.add(tf.matMul(normalised(x), weight('head.trunk')), told));
    const logits = tf
      .split(hidden, fieldSizes.length, 1)
      .map((part, k) => tf.add(tf.matMul(part, weight(`head.out${k}`)), weight(`head.outBias${k}`)));
    return [tf.concat(logits, 1), ...kept];
  };
  const forget = (): void => {
    if (cache) tf.dispose(cache as unknown as Tensor[]);
    cache = undefined;
  };
  let length = 0;
  return {
    name: `tfjs ${name}`,
    async fill(notes) {
      await backend.activate();
      forget();
      length = 0;
      // Taking hundreds of notes so takes minutes: the first ones, then their keys and values again.
      for (const note of notes.slice(0, EXACT_NOTES)) {
        const [, ...kept] = tf.tidy(() => step(note, length));
        const before = cache;
        cache = Array.from({ length: layers }, (_, l) => [kept[2 * l]!, kept[2 * l + 1]!] as const);
        if (before) tf.dispose(before as unknown as Tensor[]);
        length++;
      }
      const times = notes.length / length;
      if (times > 1) {
        const short = cache!;
        cache = short.map(([keys, values]) => [
          tf.tile(keys, [1, 1, times, 1]),
          tf.tile(values, [1, 1, times, 1]),
        ]);
        tf.dispose(short as unknown as Tensor[]);
        length = notes.length;
      }
    },
    async take(note) {
      await backend.activate();
      const logits = tf.tidy(() => step(note, length)[0]!);
      const data = logits.dataSync() as Float32Array;
      logits.dispose();
      return data.slice(data.length - fieldSizes.reduce((a, b) => a + b, 0));
    },
    async dispose() {
      await backend.activate();
      forget();
      for (const tensor of weights.values()) tensor.dispose();
    },
  };
}
