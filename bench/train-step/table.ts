import { type Backend, type BackendName } from '@attune/core/nn';
import { selectNodeBackend } from '@attune/core/node';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createModelStep, MODELS } from './models.ts';
import { createStockStep, STOCK_MODELS } from './stock.ts';

/** One side of the comparison of one model: runs a step and says its CPU milliseconds. */
interface Side {
  readonly name: string;
  readonly step: () => Promise<number>;
  readonly times: number[];
}
/** Which models and backends are timed; all, by default. */
export interface ModelChoice {
  /** A part of the names of the models. */
  readonly only?: string | undefined;
  readonly backends?: readonly BackendName[] | undefined;
}
/** Further models, made for a backend. */
export type MoreModels = Readonly<Record<string, (backend: Backend) => () => number>>;

/**
 * Times a training step of every model on every backend, one step of each in turn, beside the same model by plain tfjs
 * and by PyTorch where `python` (a program with torch) is given. Prints the median CPU milliseconds a step.
 */
export async function printModelTable(
  rounds: number,
  python: string | undefined,
  more: MoreModels,
  { only = '', backends: names = ['node', 'wasm', 'cpu'] }: ModelChoice = {},
): Promise<void> {
  const backends = await startBackends(names);
  const torch = python === undefined ? undefined : startTorch(python);
  const rows = new Map<string, Side[]>();
  for (const name of [...Object.keys(MODELS), ...Object.keys(more)].filter((each) => each.includes(only))) {
    const sides: Side[] = [];
    for (const backend of backends) {
      const { tf } = backend;
      await backend.activate();
      const build = MODELS[name];
      add(sides, backend.name, backend, build ? createModelStep(tf, build) : more[name]!(backend));
      const stock = STOCK_MODELS[name];
      if (stock) add(sides, `${backend.name}, plain tfjs`, backend, createStockStep(tf, stock));
    }
    if (torch) sides.push({ name: 'PyTorch', times: [], step: () => torch.step(name) });
    for (const side of sides) for (let i = 0; i < 2; i++) await side.step(); // warm-up
    rows.set(name, sides);
  }
  for (let round = 0; round < rounds; round++) {
    for (const sides of rows.values()) for (const side of sides) side.times.push(await side.step());
  }
  torch?.stop();
  const sideNames = [...new Set([...rows.values()].flatMap((sides) => sides.map((side) => side.name)))];
  console.log(`Median CPU ms a step of ${rounds} rounds, all sides in turn.`);
  console.log(`| model | ${sideNames.join(' | ')} |\n|---|${sideNames.map(() => '---:|').join('')}`);
  for (const [model, sides] of rows) {
    const cells = sideNames.map((name) => {
      const side = sides.find((each) => each.name === name);
      return side ? medianOf(side.times).toPrecision(3) : '';
    });
    console.log(`| ${model} | ${cells.join(' | ')} |`);
  }
}

async function startBackends(names: readonly BackendName[]): Promise<Backend[]> {
  const started: Backend[] = [];
  for (const name of names) {
    try {
      started.push(await selectNodeBackend({ env: { ATTUNE_BACKEND: name } }));
    } catch (error) {
      console.log(`${name}: ${(error as Error).message}`);
    }
  }
  return started;
}

function add(sides: Side[], name: string, backend: Backend, run: () => number): void {
  const step = async (): Promise<number> => {
    await backend.activate();
    const start = process.cpuUsage();
    const loss = run();
    const { user, system } = process.cpuUsage(start);
    if (!Number.isFinite(loss)) throw new Error(`The loss of ${name} is ${loss}.`);
    return (user + system) / 1000;
  };
  sides.push({ name, step, times: [] });
}

/** A PyTorch process that takes a model's name a line and answers with the CPU milliseconds of one step. */
export function startTorch(python: string): { step: (model: string) => Promise<number>; stop: () => void } {
  const child: ChildProcessWithoutNullStreams = spawn(python, [
    path.join(import.meta.dirname, 'train-step.py'),
  ]);
  child.stderr.on('data', (data: Buffer) => void process.stderr.write(data));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async step(model) {
      child.stdin.write(`${model}\n`);
      const answer: IteratorResult<string, unknown> = await lines.next();
      if (answer.done) throw new Error('PyTorch ended early.');
      return Number(answer.value);
    },
    stop: () => void child.stdin.end(),
  };
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
