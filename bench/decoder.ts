import { createRng } from '@attune/core';
import { readCheckpoint, type Backend } from '@attune/core/nn';
import { findDataDir, readCheckpointFolder, selectNodeBackend } from '@attune/core/node';
import { FIELD_COUNT } from '@attune/core/tokens';
import { createGenerator, type Generator } from '@attune/generate';
import { shippedCheckpointFolder } from '@attune/generate/node';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  parseTransformerConfig,
  type TransformerConfig,
} from '../packages/generate/src/transformer/config.ts';
import { DecoderEngine } from '../packages/generate/src/transformer/decoder-engine.ts';
import {
  createDecoders,
  createDecoderWeights,
  Decoder,
  PRECISIONS,
  type Precision,
} from '../packages/generate/src/transformer/decoder.ts';
import { natsOf } from '../packages/generate/src/transformer/draw.ts';
import { createInputLayout, MAX_ACTIVE_ROWS } from '../packages/generate/src/transformer/input-layout.ts';
import { readCorpus } from '../packages/generate/src/transformer/node/corpus.ts';
import { binsOfPiece, stepCount, type Piece } from '../packages/generate/src/transformer/piece.ts';
import type { BenchNote, Engine, Parameters } from './decoder/engines.ts';
import { createOnnxEngine, loadOrt } from './decoder/onnx-engine.ts';
import { createTensorEngine, EXACT_NOTES } from './decoder/tensor-engine.ts';
import { createTorchEngine } from './decoder/torch-engine.ts';

export const summary =
  'steps of the shipped Transformer: our decoder, tfjs, onnxruntime, PyTorch; what int8 costs; seconds to a piece';

const STEPS = 24;

/**
 * `[speed | loss | pieces …] [--rounds 5] [--ort FOLDER] [--python PROGRAM] [--before FOLDER] [--limit 8]`; default: all three.
 * `--contexts` (multiples of 16), `--batches` and `--no-tensors` (without tfjs) choose rows of the speed table.
 * FOLDER: where onnxruntime-node is installed; a checkout with an older decoder. PROGRAM: a Python with torch. `--limit`: held-out pieces a set.
 * CPU time throughout: other programs and other threads of ours do not shorten it.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      ort: { type: 'string', default: '.' },
      python: { type: 'string' },
      before: { type: 'string' },
      limit: { type: 'string', default: '8' },
      contexts: { type: 'string', default: '16,256,480' },
      batches: { type: 'string', default: '1,8' },
      'no-tensors': { type: 'boolean', default: false },
    },
  });
  const files = readCheckpointFolder(shippedCheckpointFolder());
  const { config: raw, parameters } = readCheckpoint(files);
  const config = parseTransformerConfig(raw);
  const wants = (part: string): boolean => positionals.length === 0 || positionals.includes(part);
  if (wants('speed')) {
    await printSpeed(config, parameters, {
      rounds: Number(values.rounds),
      ortFolder: values.ort,
      python: values.python,
      before: values.before,
      contexts: values.contexts.split(',').map(Number),
      batches: values.batches.split(',').map(Number),
      withTensors: !values['no-tensors'],
    });
  }
  if (wants('loss')) printLoss(config, parameters, Number(values.limit));
  if (wants('pieces')) {
    const generators = PRECISIONS.map((precision) => createGenerator(files, { precision }));
    await printPieces(generators, Number(values.rounds));
  }
}

// Speed of a step -------------------------------------------------------------------------------------------------

interface SpeedOptions {
  readonly rounds: number;
  readonly ortFolder: string;
  readonly python: string | undefined;
  readonly before: string | undefined;
  readonly contexts: readonly number[];
  readonly batches: readonly number[];
  readonly withTensors: boolean;
}

async function printSpeed(
  config: TransformerConfig,
  parameters: Parameters,
  { rounds, ortFolder, python, before, contexts, batches, withTensors }: SpeedOptions,
): Promise<void> {
  const { shape } = config;
  const notes = randomNotes(config, Math.max(...contexts) + STEPS);
  const ort = loadOrt(ortFolder);
  if (!ort) console.log(`onnxruntime-node is not installed under ${ortFolder} (--ort): left out.\n`);
  const backends = withTensors ? await tensorBackends() : [];
  console.log(
    `Notes a CPU second, medians of ${rounds} rounds in turn: a step and the logits of all six fields.\n`,
  );
  console.log('| context | batch | engine | notes/s | largest difference of a logit |');
  console.log('|---:|---:|---|---:|---:|');
  for (const context of contexts) {
    for (const batch of batches) {
      const engines = [
        ...(before === undefined || batch > 1 ? [] : [await createOlder(before, config, parameters)]),
        ...PRECISIONS.map((precision) => createOwn(config, parameters, batch, precision)),
        ...(ort ? [await createOnnxEngine(ort, shape, parameters, batch, context)] : []),
        ...(python === undefined
          ? []
          : [createTorchEngine(python, shape, parameters, batch, context + STEPS)]),
        ...backends.map((backend) => createTensorEngine(backend, shape, parameters, batch)),
      ];
      await printEngines(engines, notes, context, batch, rounds);
      for (const engine of engines) await engine.dispose?.();
    }
  }
  printBound(config, parameters, rounds);
}

async function printEngines(
  engines: readonly Engine[],
  notes: readonly BenchNote[],
  context: number,
  batch: number,
  rounds: number,
): Promise<void> {
  const speeds = engines.map((): number[] => []);
  const logits: Float32Array[] = [];
  for (const [i, engine] of engines.entries()) {
    await engine.fill(notes.slice(0, context));
    logits[i] = await engine.take(notes[context]!);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, engine] of engines.entries()) {
      if (engine instanceof OwnEngine) engine.fill(notes.slice(0, context));
      const begin = cpuOf(engine);
      for (let t = 0; t < STEPS; t++) await engine.take(notes[context + t]!);
      speeds[i]!.push((STEPS * batch) / (cpuOf(engine) - begin));
    }
  }
  const exact = logits[engines.findIndex(({ name }) => name.includes('float32'))]!;
  engines.forEach(({ name }, i) => {
    const difference = exact.reduce((most, x, v) => Math.max(most, Math.abs(x - logits[i]![v]!)), 0);
    const shown = name.startsWith('tfjs') && context > EXACT_NOTES ? '' : difference.toExponential(1);
    console.log(`| ${context} | ${batch} | ${name} | ${median(speeds[i]!).toFixed(0)} | ${shown} |`);
  });
}

/** CPU seconds of the engine's process so far. */
function cpuOf(engine: Engine): number {
  if (engine.cpuSeconds) return engine.cpuSeconds();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Our decoder: `batch` lanes of one engine. */
class OwnEngine implements Engine {
  readonly name: string;
  private readonly decoders: readonly Decoder[];

  constructor(name: string, decoders: readonly Decoder[]) {
    this.name = name;
    this.decoders = decoders;
  }

  fill(notes: readonly BenchNote[]): void {
    for (const decoder of this.decoders) {
      decoder.reset();
      for (const { rows, time } of notes) decoder.step(rows, rows.length, time, false);
    }
  }

  take({ rows, time, values }: BenchNote): Float32Array {
    for (const decoder of this.decoders) decoder.step(rows, rows.length, time);
    const all: number[] = [];
    for (const decoder of this.decoders) {
      values.forEach((value, field) => {
        const logits = decoder.fieldLogits(field);
        if (decoder === this.decoders.at(-1)) all.push(...logits);
        decoder.setField(field, value);
      });
    }
    return Float32Array.from(all);
  }
}

function createOwn(
  { shape }: TransformerConfig,
  parameters: Parameters,
  batch: number,
  precision: Precision,
): Engine {
  const weights = createDecoderWeights(shape, parameters, { precision });
  return new OwnEngine(`ours, ${precision}`, createDecoders(weights, batch));
}

/** The decoder of another checkout, which has the same interface. */
async function createOlder(
  folder: string,
  { shape }: TransformerConfig,
  parameters: Parameters,
): Promise<Engine> {
  const file = path.resolve(folder, 'packages/generate/src/transformer/decoder.ts');
  const older = (await import(file)) as {
    createDecoderWeights(...args: unknown[]): unknown;
    readonly Decoder: new (weights: unknown) => Decoder;
  };
  return new OwnEngine('ours before', [new older.Decoder(older.createDecoderWeights(shape, parameters))]);
}

async function tensorBackends(): Promise<Backend[]> {
  const found: Backend[] = [];
  for (const name of ['wasm', 'node'] as const) {
    try {
      found.push(await selectNodeBackend({ env: { ATTUNE_BACKEND: name } }));
    } catch (error) {
      console.log(`tfjs ${name} is left out: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  return found;
}

/** How fast the weights can be read at all, on one core: no step is faster that reads each of them once. */
function printBound({ shape }: TransformerConfig, parameters: Parameters, rounds: number): void {
  console.log('\n| weights | bytes read a step | read at, GB/s | bound, notes/s |');
  console.log('|---|---:|---:|---:|');
  for (const precision of PRECISIONS) {
    const weights = createDecoderWeights(shape, parameters, { precision });
    const engine = new DecoderEngine(weights, 1);
    const matrices = [
      ...weights.layers.flatMap((layer) => Object.values(layer)),
      weights.headTrunk,
      ...weights.headOut,
    ];
    const bytes = matrices.reduce(
      (sum, { rows, columns }) => sum + rows * columns * (precision === 'int8' ? 1 : 4),
      0,
    );
    const speeds = Array.from({ length: 4 * rounds }, () => {
      const begin = process.cpuUsage();
      let read = 0;
      for (let i = 0; i < 5; i++) read += engine.readWeights();
      return read / cpuSince(begin);
    });
    const speed = median(speeds);
    console.log(
      `| ${precision} | ${(bytes / 1e6).toFixed(2)} MB | ${(speed / 1e9).toFixed(1)} | ${(speed / bytes).toFixed(0)} |`,
    );
  }
}

function randomNotes({ shape }: TransformerConfig, count: number): BenchNote[] {
  const rng = createRng(1);
  return Array.from({ length: count }, (_, t) => ({
    rows: Int32Array.from({ length: 22 }, () => rng.integer(shape.inputRows)),
    time: t / 9,
    values: shape.fieldSizes.map((size) => rng.integer(size)),
  }));
}

// What eight bits cost --------------------------------------------------------------------------------------------

/** Nats a note of held-out pieces, told all wishes; the first window of each, every field and the end charged. */
function printLoss(config: TransformerConfig, parameters: Parameters, limit: number): void {
  const folder = findDataDir();
  if (!folder) {
    console.log('\nNo data folder: set ATTUNE_DATA_DIR to measure the loss of int8.');
    return;
  }
  const all = readCorpus(folder, 'test').pieces;
  const seen = new Map<string, number>();
  const pieces = all.filter(({ id, style }) => {
    if (style === undefined || !config.conditions.styles.includes(style)) return false;
    const set = id.split('/')[0]!;
    seen.set(set, (seen.get(set) ?? 0) + 1);
    return seen.get(set)! <= limit;
  });
  const [exact, whole] = PRECISIONS.map((precision) => {
    const weights = createDecoderWeights(config.shape, parameters, { precision });
    const decoder = new Decoder(weights);
    return pieces.map((piece) => natsOfPiece(config, decoder, piece));
  }) as [PieceNats[], PieceNats[]];
  const notes = exact.reduce((sum, piece) => sum + piece.notes, 0);
  const perNote = (results: readonly PieceNats[]): number =>
    results.reduce((sum, { nats }) => sum + nats, 0) / notes;
  const changes = exact.map(({ nats, notes: own }, i) => (whole[i]!.nats - nats) / own);
  console.log(`\n${pieces.length} held-out pieces, ${notes} notes.\n`);
  console.log('| weights | nats a note |\n|---|---:|');
  console.log(`| float32 | ${perNote(exact).toFixed(4)} |`);
  console.log(`| int8 | ${perNote(whole).toFixed(4)} |`);
  console.log(
    `\nA piece changes by ${Math.min(...changes).toFixed(4)} to ${Math.max(...changes).toFixed(4)} nats a note; ` +
      `${changes.filter((change) => change > 0).length} of ${changes.length} get worse.`,
  );
  printLogitErrors(exact, whole);
}

interface PieceNats {
  readonly nats: number;
  readonly notes: number;
  /** All logits of every tenth step. */
  readonly logits: readonly Float32Array[];
}

function natsOfPiece(config: TransformerConfig, decoder: Decoder, piece: Piece): PieceNats {
  const layout = createInputLayout(config.conditions, config.abilities);
  const rows = new Int32Array(MAX_ACTIVE_ROWS);
  const bins = binsOfPiece(config.conditions, piece);
  const steps = Math.min(stepCount(piece), decoder.window);
  const logits: Float32Array[] = [];
  let nats = 0;
  decoder.reset();
  for (let t = 0; t < steps; t++) {
    const bar = t === 0 ? 0 : piece.barOf[t - 1]!;
    const position = t === 0 ? 0 : piece.steps[(t - 1) * FIELD_COUNT + 1]!;
    let count =
      t === 0 ? layout.start('start', rows, 0) : layout.note(piece.steps, (t - 1) * FIELD_COUNT, rows, 0);
    count = layout.metre(bar, piece.bars - 1 - bar, rows, count);
    count = layout.conditions(bins, rows, count);
    decoder.step(rows, count, bar + position / piece.barSteps);
    const fields = t === stepCount(piece) - 1 ? 1 : FIELD_COUNT; // of the closing step the bar alone
    for (let field = 0; field < fields; field++) {
      const value = piece.steps[t * FIELD_COUNT + field]!;
      const own = decoder.fieldLogits(field);
      if (t % 10 === 0) logits.push(own.slice());
      nats += natsOf(own, value);
      decoder.setField(field, value);
    }
  }
  return { nats, notes: steps, logits };
}

function printLogitErrors(exact: readonly PieceNats[], whole: readonly PieceNats[]): void {
  let [squares, size, count, most] = [0, 0, 0, 0];
  exact.forEach(({ logits }, i) =>
    logits.forEach((values, k) =>
      values.forEach((value, v) => {
        const error = Math.abs(value - whole[i]!.logits[k]![v]!);
        squares += error ** 2;
        size += value ** 2;
        most = Math.max(most, error);
        count++;
      }),
    ),
  );
  console.log(
    `Error of a logit: rms ${Math.sqrt(squares / count).toFixed(3)}, largest ${most.toFixed(2)}, ` +
      `where logits have rms ${Math.sqrt(size / count).toFixed(2)}.`,
  );
}

// Seconds to a piece ----------------------------------------------------------------------------------------------

async function printPieces(generators: readonly Generator[], rounds: number): Promise<void> {
  console.log(
    '\n32 bars for four instruments from request to score, CPU seconds on one core; then candidates.\n',
  );
  console.log('| composer | notes | first bar | all 32 | notes/s | four pieces in turn | four at once |');
  console.log('|---|---:|---:|---:|---:|---:|---:|');
  const results = generators.map((): Timing[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, generator] of generators.entries()) results[i]!.push(await timePieces(generator, round));
  generators.forEach(({ info }, i) => {
    const of = (name: keyof Timing): number => median(results[i]!.map((timing) => timing[name]));
    console.log(
      `| ${info.version} | ${of('notes')} | ${of('first').toFixed(3)} | ${of('all').toFixed(2)} | ` +
        `${of('speed').toFixed(0)} | ${of('inTurn').toFixed(2)} | ${of('atOnce').toFixed(2)} |`,
    );
  });
}

interface Timing {
  readonly notes: number;
  readonly first: number;
  readonly all: number;
  readonly speed: number;
  readonly inTurn: number;
  readonly atOnce: number;
}

async function timePieces(generator: Generator, round: number): Promise<Timing> {
  const request = (seed: number) => ({
    conditioning: { style: 'string-quartet' as const, instruments: [40, 41, 42, 48] },
    bars: 32,
    seed,
  });
  let first = 0;
  const begin = process.cpuUsage();
  const { score } = await generator.generate(request(round), { onBar: () => (first ||= cpuSince(begin)) });
  const all = cpuSince(begin);
  const notes = score.tracks.reduce((sum, track) => sum + track.notes.length, 0);
  const seeds = [1, 2, 3, 4].map((i) => 100 * round + i);
  const turn = process.cpuUsage();
  for (const seed of seeds) await generator.generate(request(seed));
  const inTurn = cpuSince(turn);
  const once = process.cpuUsage();
  await Promise.all(seeds.map((seed) => generator.generate(request(seed))));
  return { notes, first, all, speed: notes / all, inTurn, atOnce: cpuSince(once) };
}

function cpuSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
