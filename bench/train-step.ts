import { selectNodeBackend } from '@attune/core/node';
import {
  causalMask,
  causalSelfAttention,
  createAdamW,
  dense,
  embedding,
  gradientsOf,
  layerNorm,
  normal,
  ones,
  ParameterStore,
  rotaryTables,
  softmaxCrossEntropy,
  zeros,
  type Activation,
  type Backend,
  type BackendName,
  type Tensor,
} from '@attune/core/nn';
import { createRng } from '@attune/core';
import { printModelTable, startTorch } from './train-step/table.ts';
import { VOICE_VAES } from './train-step/voice-vae.ts';

export const summary =
  'training step of a 3.4 M parameter Transformer, or with --models of small models of every family';

export interface TransformerShape {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly length: number;
  readonly batch: number;
  readonly activation: Activation;
}

/** The decoder-only Transformer of 3.4 million parameters that S5 of the targets is measured on. */
export const REFERENCE: TransformerShape = {
  layers: 4,
  width: 256,
  heads: 8,
  hidden: 1024,
  vocabulary: 512,
  length: 256,
  batch: 8,
  activation: 'gelu',
};

/** Name of REFERENCE in train-step.py. */
const TORCH_MODEL = 'reference Transformer';

/** The small Transformer in the table of models. */
const SMALL: TransformerShape = {
  ...REFERENCE,
  layers: 2,
  width: 64,
  heads: 4,
  hidden: 256,
  vocabulary: 128,
  length: 64,
};

/** A training step of a plain pre-norm Transformer on random tokens. */
export function createStep(
  { tf }: Backend,
  shape: TransformerShape,
): { step: () => number; tokens: number; size: number } {
  const { layers, width, heads, hidden, vocabulary, length, batch } = shape;
  const store = new ParameterStore(tf, createRng(1));
  const weight = (name: string, from: number, to: number): Tensor =>
    store.create(name, [from, to], normal(0.02));
  const linear = (name: string, from: number, to: number) => ({
    weight: weight(`${name}/weight`, from, to),
    bias: store.create(`${name}/bias`, [to], zeros),
  });
  const norm = (name: string) => ({
    scale: store.create(`${name}/scale`, [width], ones),
    offset: store.create(`${name}/offset`, [width], zeros),
  });
  const table = weight('embedding', vocabulary, width);
  const blocks = Array.from({ length: layers }, (_, i) => ({
    norm1: norm(`block${i}/norm1`),
    query: linear(`block${i}/query`, width, width),
    key: linear(`block${i}/key`, width, width),
    value: linear(`block${i}/value`, width, width),
    output: linear(`block${i}/output`, width, width),
    norm2: norm(`block${i}/norm2`),
    up: linear(`block${i}/up`, width, hidden),
    down: linear(`block${i}/down`, hidden, width),
  }));
  const last = norm('norm');
  const head = weight('head', width, vocabulary);
  const mask = causalMask(tf, length);
  const rotary = rotaryTables(tf, length, width / heads);
  const rng = createRng(2);
  const ids = (): Int32Array => Int32Array.from({ length: batch * length }, () => rng.integer(vocabulary));
  const input = tf.tensor(ids(), [batch, length], 'int32');
  const labels = tf.tensor(ids(), [batch * length], 'int32');
  const lossOf = (): Tensor => {
    let x = embedding(tf, table, input);
    for (const b of blocks) {
      const n = layerNorm(tf, x, b.norm1.scale, b.norm1.offset);
      const parameters = {
        queryWeight: b.query.weight,
        queryBias: b.query.bias,
        keyWeight: b.key.weight,
        keyBias: b.key.bias,
        valueWeight: b.value.weight,
        valueBias: b.value.bias,
        outputWeight: b.output.weight,
        outputBias: b.output.bias,
      };
      x = tf.add(x, causalSelfAttention(tf, n, parameters, { heads, mask, rotary }));
      const m = layerNorm(tf, x, b.norm2.scale, b.norm2.offset);
      x = tf.add(
        x,
        dense(tf, dense(tf, m, b.up.weight, b.up.bias, shape.activation), b.down.weight, b.down.bias),
      );
    }
    return softmaxCrossEntropy(tf, dense(tf, layerNorm(tf, x, last.scale, last.offset), head), labels);
  };
  const optimiser = createAdamW(tf, store, { clipNorm: 1 });
  return {
    tokens: batch * length,
    size: store.size,
    step() {
      const { loss, gradients } = gradientsOf(tf, store, lossOf);
      optimiser.step(gradients, 1e-4);
      const value = loss.dataSync()[0]!;
      loss.dispose();
      for (const gradient of Object.values(gradients)) gradient.dispose();
      return value;
    },
  };
}

/**
 * Times a training step on every backend at hand, one step of each in turn. With `--models` a table of small models (`--only PART` of
 * a name, `--backends node,wasm`); with `--python PROGRAM` (a Python with torch) beside PyTorch.
 */
export async function run(args: readonly string[]): Promise<void> {
  if (args.includes('--models')) {
    const python = optionOf(args, '--python');
    const rounds = Number(optionOf(args, '--rounds') ?? 7);
    const models = { Transformer: (backend: Backend) => createStep(backend, SMALL).step, ...VOICE_VAES };
    const backends = optionOf(args, '--backends')?.split(',') as BackendName[] | undefined;
    return printModelTable(rounds, python, models, { only: optionOf(args, '--only'), backends });
  }
  const rounds = Number(optionOf(args, '--rounds') ?? 5);
  const names = (optionOf(args, '--backends') ?? 'node,wasm').split(',') as BackendName[];
  const activation = (optionOf(args, '--activation') ?? REFERENCE.activation) as Activation;
  const sides: { backend: Backend; step: () => number; tokens: number; all: number[]; cpu: number[] }[] = [];
  for (const name of names) {
    try {
      const backend = await selectNodeBackend({
        env: { ATTUNE_BACKEND: name },
        log: (line) => console.log(line),
      });
      const made = createStep(backend, { ...REFERENCE, activation });
      console.log(
        `${made.size} parameters, ${made.tokens} tokens a step, first loss ${made.step().toFixed(4)}`,
      );
      sides.push({ backend, ...made, all: [], cpu: [] });
    } catch (error) {
      console.log(`${name}: ${(error as Error).message}`);
    }
  }
  const python = optionOf(args, '--python');
  const torch = python === undefined ? undefined : startTorch(python);
  const torchTimes: number[] = [];
  await torch?.step(TORCH_MODEL); // warm-up
  for (let round = 0; round < rounds; round++) {
    if (torch) torchTimes.push(await torch.step(TORCH_MODEL));
    for (const side of sides) {
      await side.backend.activate();
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      side.step();
      side.all.push(performance.now() - start);
      const { user, system } = process.cpuUsage(cpu);
      side.cpu.push((user + system) / 1000);
    }
  }
  torch?.stop();
  console.log('backend   best ms  median ms  tokens/s at best  median CPU ms  tokens per CPU second');
  for (const { backend, all, cpu, tokens } of sides) {
    const [best, median, work] = [Math.min(...all), medianOf(all), medianOf(cpu)];
    const cells = [best, median, (tokens / best) * 1000, work, (tokens / work) * 1000].map((x) =>
      x.toFixed(0),
    );
    const widths = [9, 11, 18, 15, 23];
    console.log(backend.name.padEnd(8) + cells.map((cell, i) => cell.padStart(widths[i]!)).join(''));
  }
  if (torch && sides[0]) {
    const work = medianOf(torchTimes);
    const perSecond = ((sides[0].tokens / work) * 1000).toFixed(0);
    console.log(`PyTorch, one thread: ${work.toFixed(0)} CPU ms, ${perSecond} tokens per CPU second`);
  }
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}
