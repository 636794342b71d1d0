import { AttuneError, createRng, type Rng } from '@attune/core';
import {
  train,
  warmupCosineSchedule,
  type BatchSource,
  type ParameterStore,
  type TensorFlow,
} from '@attune/core/nn';
import { findDataDir, selectNodeBackend } from '@attune/core/node';
import { FIELD_SIZES, REMI_VOCABULARY_SIZE } from '@attune/core/tokens';
import { createConditionSpace } from '../condition-space.ts';
import { OPEN } from '../conditions.ts';
import type { TransformerShape } from '../config.ts';
import { createInputLayout } from '../input-layout.ts';
import { batchTensors, noteNats, type Parameters, type TransformerBatch } from '../model.ts';
import { createMuon } from '../muon.ts';
import type { Piece } from '../piece.ts';
import {
  createFlatBatch,
  drawFlatExcerpt,
  flatPieceOf,
  FLAT_INPUT_ROWS,
  wholeFlatExcerpts,
  type FlatPiece,
} from '../remi-rows.ts';
import { createParameters, excerptBatches, excerptNats, natsOfBatch } from '../train.ts';
import { ExcerptSampler, pieceWeights, wholePieceExcerpts } from '../windows.ts';
import { readCorpus } from './corpus.ts';

export const TOKENIZER_NAMES = ['compound', 'REMI'] as const;
export type TokenizerName = (typeof TOKENIZER_NAMES)[number];

export interface CompareTokenizersOptions {
  /** CPU minutes of training for each encoding. */
  readonly cpuMinutes: number;
  readonly seed?: number;
  /** Default: both. */
  readonly tokenizers?: readonly TokenizerName[];
  readonly data?: string;
  readonly log?: (line: string) => void;
}

export interface TokenizerResult {
  readonly tokenizer: TokenizerName;
  readonly parameters: number;
  readonly cpuMinutes: number;
  readonly updates: number;
  /** Notes seen in training. */
  readonly notesSeen: number;
  /** Held-out (validation) nats a note, END charged. */
  readonly natsPerNote: number;
}

const TRUNK = { width: 128, layers: 4, heads: 4, feedForward: 512, headWidth: 128, window: 256 } as const;
const ROWS = 8;
const RATE = 2e-3;
/** Validation pieces: at most this many a style, none longer than this. */
const PIECES_A_STYLE = 6;
const LONGEST = 800;

/**
 * `attune-generate compare-tokenizers`: the same small trunk trained on compound and on REMI sequences of the same
 * pieces for the same CPU time, then charged on the same validation pieces. Neither is told anything but notes.
 */
export async function compareTokenizersCommand(
  options: CompareTokenizersOptions,
): Promise<TokenizerResult[]> {
  const log = options.log ?? console.log;
  const data = options.data ?? findDataDir();
  if (data === undefined) {
    throw new AttuneError(
      'dataset/missing',
      'No data folder was found; set ATTUNE_DATA_DIR or give --data PATH.',
    );
  }
  const { tf } = await selectNodeBackend({ log });
  const { pieces } = readCorpus(data, 'train');
  const held = heldPieces(readCorpus(data, 'validation').pieces);
  const { weights } = pieceWeights(pieces, 0.6);
  const rng = createRng(options.seed ?? 1);
  const results: TokenizerResult[] = [];
  for (const name of options.tokenizers ?? TOKENIZER_NAMES) {
    const run = (name === 'compound' ? compoundRun : flatRun)(tf, pieces, weights, held);
    log(`Training on ${run.tokenizer} sequences …`);
    const result = await runFor(tf, run, options.cpuMinutes, rng, log);
    log(JSON.stringify(result));
    results.push(result);
  }
  return results;
}

interface Run {
  readonly tokenizer: TokenizerName;
  readonly shape: TransformerShape;
  batches(rng: Rng): BatchSource<TransformerBatch>;
  /** Notes that a batch predicts. */
  notesOf(batch: TransformerBatch): number;
  natsPerNote(parameters: Parameters): number;
}

function compoundRun(
  tf: TensorFlow,
  pieces: readonly Piece[],
  weights: readonly number[],
  held: readonly Piece[],
): Run {
  const space = createConditionSpace(pieces);
  const layout = createInputLayout(space);
  const shape = { ...TRUNK, fieldSizes: FIELD_SIZES, inputRows: layout.rows };
  const sampler = new ExcerptSampler(pieces, weights, space, { dropWish: 1, fromStart: 0.4, lastBars: 0 });
  const excerpts = held.flatMap((piece) => wholePieceExcerpts(piece, shape.window, OPEN, false));
  return {
    tokenizer: 'compound',
    shape,
    batches: (rng) => excerptBatches(sampler, ROWS, shape, layout, rng),
    notesOf: (batch) => charged(batch, FIELD_SIZES.length),
    natsPerNote: (parameters) => excerptNats(tf, shape, parameters, layout, excerpts, ROWS).all,
  };
}

function flatRun(
  tf: TensorFlow,
  pieces: readonly Piece[],
  weights: readonly number[],
  held: readonly Piece[],
): Run {
  const shape = { ...TRUNK, fieldSizes: [REMI_VOCABULARY_SIZE], inputRows: FLAT_INPUT_ROWS };
  const flat = pieces.map(flatPieceOf);
  const perNote =
    flat.reduce((sum, { tokens }) => sum + tokens.length, 0) /
    flat.reduce((sum, { notes }) => sum + notes, 0);
  return {
    tokenizer: 'REMI',
    shape,
    batches: (rng) => flatBatches(flat, weights, shape, rng),
    notesOf: (batch) => charged(batch, 1) / perNote,
    natsPerNote(parameters) {
      let nats = 0;
      let notes = 0;
      for (const piece of held.map(flatPieceOf)) {
        notes += piece.notes;
        for (const excerpt of wholeFlatExcerpts(piece, shape.window)) {
          const values = natsOfBatch(
            tf,
            shape,
            parameters,
            createFlatBatch([{ excerpt, row: 0, at: 0 }], 1, shape),
          );
          for (const value of values) nats += value;
        }
      }
      return nats / notes;
    },
  };
}

async function runFor(
  tf: TensorFlow,
  run: Run,
  cpuMinutes: number,
  seed: Rng,
  log: (line: string) => void,
): Promise<TokenizerResult> {
  const { shape } = run;
  const store: ParameterStore = createParameters(tf, shape, seed.fork('parameters'));
  const parameters: Parameters = new Map(store.entries());
  const layers = Array.from({ length: shape.layers }, (_, i) => i);
  const groups = ['qkv', 'out', 'up', 'down'].map((kind) => layers.map((i) => `layer${i}.${kind}`));
  const started = process.cpuUsage();
  const cpu = (): number => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 6e7;
  };
  const timeUp = new AbortController();
  const byTime = warmupCosineSchedule({ peak: RATE, warmupSteps: 30, totalSteps: 1000, final: RATE / 50 });
  let notesSeen = 0;
  const { step } = await train<TransformerBatch>({
    tf,
    store,
    optimiser: createMuon(tf, store, { beta2: 0.98, weightDecay: 0.05, clipNorm: 1, groups }),
    batches: run.batches(seed.fork('batches')),
    rng: seed.fork('loss'),
    lossOf: (batch) =>
      tf.div(tf.sum(noteNats(tf, shape, parameters, batchTensors(tf, batch))), run.notesOf(batch)),
    schedule: (index) => byTime(Math.min(index, 30) + Math.floor((970 * cpu()) / cpuMinutes)),
    steps: Number.MAX_SAFE_INTEGER,
    tokensOf: (batch) => {
      notesSeen += run.notesOf(batch);
      return 0;
    },
    onProgress: ({ step: done, loss }) => {
      if (done % 50 === 0)
        log(`${done} updates, ${cpu().toFixed(2)} CPU minutes: ${loss.toFixed(3)} nats a note`);
      if (cpu() >= cpuMinutes) timeUp.abort();
    },
    signal: timeUp.signal,
  });
  const spent = cpu();
  const result = {
    tokenizer: run.tokenizer,
    parameters: store.size,
    cpuMinutes: Number(spent.toFixed(2)),
    updates: step,
    notesSeen: Math.round(notesSeen),
    natsPerNote: Number(run.natsPerNote(parameters).toFixed(4)),
  };
  store.dispose();
  return result;
}

function flatBatches(
  pieces: readonly FlatPiece[],
  weights: readonly number[],
  shape: TransformerShape,
  seed: Rng,
): BatchSource<TransformerBatch> {
  const rng = seed;
  const refuse = (): never => {
    throw new AttuneError('argument/invalid', 'A comparison is not resumed.');
  };
  return {
    next() {
      const placed: { excerpt: ReturnType<typeof drawFlatExcerpt>; row: number; at: number }[] = [];
      for (let row = 0; row < ROWS; row++) {
        for (let at = 0; shape.window - at >= 24;) {
          const excerpt = drawFlatExcerpt(pieces[rng.categorical(weights)]!, shape.window - at, rng);
          placed.push({ excerpt, row, at });
          at += excerpt.to - excerpt.from;
        }
      }
      return createFlatBatch(placed, ROWS, shape);
    },
    cursor: () => [],
    restore: refuse,
  };
}

function heldPieces(pieces: readonly Piece[]): Piece[] {
  const counts = new Map<string, number>();
  return pieces.filter((piece) => {
    const name = piece.style ?? 'other';
    const count = counts.get(name) ?? 0;
    if (piece.barOf.length > LONGEST || count >= PIECES_A_STYLE) return false;
    counts.set(name, count + 1);
    return true;
  });
}

function charged(batch: TransformerBatch, fields: number): number {
  let count = 0;
  for (let i = 0; i < batch.weights.length; i += fields) count += batch.weights[i]!;
  return Math.max(1, count);
}
