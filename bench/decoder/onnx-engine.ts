import { createRequire } from 'node:module';
import path from 'node:path';
import type { TransformerShape } from '../../packages/generate/src/transformer/config.ts';
import { stepInputs, type BenchNote, type Engine, type Parameters } from './engines.ts';
import { OnnxGraph, type OnnxValue } from './onnx-file.ts';

interface OrtTensor {
  readonly data: Float32Array;
}
interface OrtSession {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}
interface Ort {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<OrtSession> };
}

/** onnxruntime-node as installed under `folder`; undefined where it is not. */
export function loadOrt(folder: string): Ort | undefined {
  try {
    return createRequire(path.join(path.resolve(folder), 'x.js'))('onnxruntime-node') as Ort;
  } catch {
    return undefined;
  }
}

/**
 * The step as one ONNX graph on one thread, all heads in one call, over a cache of `context` notes that stays in our
 * memory; a mask hides what is not there yet.
 */
export async function createOnnxEngine(
  ort: Ort,
  shape: TransformerShape,
  parameters: Parameters,
  batch: number,
  context: number,
): Promise<Engine> {
  const { width, heads, layers, fieldSizes, headWidth } = shape;
  const size = width / heads;
  const session = await ort.InferenceSession.create(graphOf(shape, parameters, batch, context), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  const cacheOf = (): Float32Array[] =>
    Array.from({ length: layers }, () => new Float32Array(batch * width * context));
  const [keys, values] = [cacheOf(), cacheOf()]; // [B, H, S, C] and [B, H, C, S]
  const mask = new Float32Array(context);
  const run = (note: BenchNote, at: number): Promise<Record<string, OrtTensor>> => {
    const { embedded, cosines, sines, told } = stepInputs(shape, parameters, note, at, batch);
    const tensor = (data: Float32Array, dims: readonly number[]): OrtTensor =>
      new ort.Tensor('float32', data, dims);
    const feeds: Record<string, OrtTensor> = {
      x: tensor(embedded, [batch, width]),
      cos: tensor(cosines, [1, 1, size / 2]),
      sin: tensor(sines, [1, 1, size / 2]),
      told: tensor(told, [batch, fieldSizes.length * headWidth]),
      mask: tensor(mask, [1, 1, 1, context]),
    };
    for (let l = 0; l < layers; l++) {
      feeds[`keys${l}`] = tensor(keys[l]!, [batch, heads, size, context]);
      feeds[`values${l}`] = tensor(values[l]!, [batch, heads, context, size]);
    }
    return session.run(feeds);
  };
  const remember = (result: Record<string, OrtTensor>, at: number): void => {
    mask[at] = 0;
    for (let l = 0; l < layers; l++) {
      const [key, value] = [result[`key${l}`]!.data, result[`value${l}`]!.data]; // [B, H, 1, S]
      for (let row = 0; row < batch * heads; row++) {
        for (let i = 0; i < size; i++) keys[l]![(row * size + i) * context + at] = key[row * size + i]!;
        values[l]!.set(value.subarray(row * size, (row + 1) * size), (row * context + at) * size);
      }
    }
  };
  return {
    name: 'onnxruntime-node, float32, 1 thread',
    async fill(notes) {
      mask.fill(-1e9);
      for (let t = 0; t < context; t++) remember(await run(notes[t]!, t), t);
    },
    async take(note) {
      const { data } = (await run(note, context)).logits!;
      return data.slice(data.length - fieldSizes.reduce((a, b) => a + b, 0));
    },
    dispose: () => session.release(),
  };
}

function graphOf(
  shape: TransformerShape,
  parameters: Parameters,
  batch: number,
  context: number,
): Uint8Array {
  const { width, heads, layers, fieldSizes, headWidth } = shape;
  const size = width / heads;
  const pairs = size / 2;
  const graph = new OnnxGraph();
  const one = (operator: string, inputs: readonly string[], attributes = {}): string =>
    graph.add(operator, inputs, attributes)[0]!;
  const integers = (name: string, values: readonly number[]): string =>
    graph.constant(name, [values.length], BigInt64Array.from(values, BigInt));
  const scalar = (name: string, value: number): string => graph.constant(name, [], Float32Array.of(value));
  const weight = (name: string): string => {
    const { shape: dims, data } = parameters.get(name)!;
    return graph.constant(name, dims, Float32Array.from(data));
  };
  const [epsilon, scale, zero] = [scalar('epsilon', 1e-6), scalar('scale', size ** -0.5), scalar('zero', 0)];
  const parts = integers('parts', [width / 2, width / 2, width / 2, width / 2, width]);
  const pairShape = integers('pairShape', [batch, heads, pairs]);
  const headShape = integers('headShape', [batch, heads, 1, size]);
  const rowShape = integers('rowShape', [batch, width]);
  const last = integers('last', [-1]);
  const cacheAndOne = integers('cacheAndOne', [context, 1]);
  const normalised = (x: string): string => {
    const mean = one('ReduceMean', [one('Mul', [x, x])], { axes: [-1], keepdims: 1 });
    return one('Div', [x, one('Sqrt', [one('Add', [mean, epsilon])])]);
  };
  const squaredRelu = (x: string): string => {
    const positive = one('Max', [x, zero]);
    return one('Mul', [positive, positive]);
  };
  const turned = (a: string, b: string): string => {
    const [u, v] = [one('Reshape', [a, pairShape]), one('Reshape', [b, pairShape])];
    const first = one('Sub', [one('Mul', [u, 'cos']), one('Mul', [v, 'sin'])]);
    const second = one('Add', [one('Mul', [u, 'sin']), one('Mul', [v, 'cos'])]);
    return one('Reshape', [one('Concat', [first, second], { axis: 2 }), headShape]);
  };
  const inputs: OnnxValue[] = [
    { name: 'x', dims: [batch, width] },
    { name: 'cos', dims: [1, 1, pairs] },
    { name: 'sin', dims: [1, 1, pairs] },
    { name: 'told', dims: [batch, fieldSizes.length * headWidth] },
    { name: 'mask', dims: [1, 1, 1, context] },
  ];
  const outputs: OnnxValue[] = [{ name: 'logits', dims: [batch, fieldSizes.reduce((a, b) => a + b, 0)] }];
  let x = 'x';
  for (let l = 0; l < layers; l++) {
    inputs.push({ name: `keys${l}`, dims: [batch, heads, size, context] });
    inputs.push({ name: `values${l}`, dims: [batch, heads, context, size] });
    for (const name of [`key${l}`, `value${l}`]) outputs.push({ name, dims: [batch, heads, 1, size] });
    const qkv = one('MatMul', [normalised(x), weight(`layer${l}.qkv`)]);
    const [q1, k1, q2, k2, v] = graph.add('Split', [qkv, parts], { axis: 1 }, 5) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const query = one('Mul', [turned(q1, q2), scale]);
    graph.named('Identity', [turned(k1, k2)], [`key${l}`]);
    graph.named('Reshape', [v, headShape], [`value${l}`]);
    const before = one('Add', [one('MatMul', [query, `keys${l}`]), 'mask']);
    const own = one('ReduceSum', [one('Mul', [query, `key${l}`]), last], { keepdims: 1 });
    const shares = one('Softmax', [one('Concat', [before, own], { axis: 3 })], { axis: 3 });
    const [old, fresh] = graph.add('Split', [shares, cacheAndOne], { axis: 3 }, 2) as [string, string];
    const mixed = one('Add', [one('MatMul', [old, `values${l}`]), one('Mul', [fresh, `value${l}`])]);
    x = one('Add', [x, one('MatMul', [one('Reshape', [mixed, rowShape]), weight(`layer${l}.out`)])]);
    const up = squaredRelu(one('MatMul', [normalised(x), weight(`layer${l}.up`)]));
    x = one('Add', [x, one('MatMul', [up, weight(`layer${l}.down`)])]);
  }
  const hidden = squaredRelu(one('Add', [one('MatMul', [normalised(x), weight('head.trunk')]), 'told']));
  const ofFields = graph.add(
    'Split',
    [
      hidden,
      integers(
        'fields',
        fieldSizes.map(() => headWidth),
      ),
    ],
    { axis: 1 },
    fieldSizes.length,
  );
  const logits = ofFields.map((part, k) =>
    one('Add', [one('MatMul', [part, weight(`head.out${k}`)]), weight(`head.outBias${k}`)]),
  );
  graph.named('Concat', logits, ['logits'], { axis: 1 });
  return graph.file(inputs, outputs);
}
