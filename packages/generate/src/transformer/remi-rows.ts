import type { Rng } from '@attune/core';
import {
  decodeCompound,
  encodeRemi,
  REMI_OFFSETS,
  REMI_VOCABULARY_SIZE,
  remiToken,
} from '@attune/core/tokens';
import type { TransformerShape } from './config.ts';
import { rotationPeriods, writeAngles } from './input-layout.ts';
import type { TransformerBatch } from './model.ts';
import type { Piece } from './piece.ts';

/**
 * The same pieces as flat REMI tokens for the same network, to compare the two encodings: one field with the whole
 * vocabulary, the token before as input, and the same musical time for the rotation.
 */
export interface FlatPiece {
  readonly style: string | undefined;
  /** [tokens], closed by `end`. */
  readonly tokens: Int16Array;
  /** Musical time of each token in bars. */
  readonly times: Float64Array;
  readonly notes: number;
}

const BAR_CYCLE = 16;
/** Rows: the token before, two kinds of start, the bar modulo 16. */
export const FLAT_INPUT_ROWS = REMI_VOCABULARY_SIZE + 2 + BAR_CYCLE;

export function flatPieceOf(piece: Piece): FlatPiece {
  const score = decodeCompound({ steps: piece.steps, meter: piece.meter, shift: 0 });
  const { tokens } = encodeRemi(score);
  const times = new Float64Array(tokens.length);
  let bar = 0;
  let position = 0;
  tokens.forEach((token, i) => {
    const { block, value } = remiToken(token);
    if (block === 'bar') {
      if (i > 0) bar++;
      position = 0;
    } else if (block === 'position') position = value;
    times[i] = bar + position / piece.barSteps;
  });
  return { style: piece.style, tokens, times, notes: piece.barOf.length - 1 };
}

/** A run of tokens of one piece; those before `chargedFrom` are context. */
export interface FlatExcerpt {
  readonly piece: FlatPiece;
  readonly from: number;
  readonly to: number;
  readonly chargedFrom: number;
}

/** As `wholePieceExcerpts`: windows that overlap by half, each token charged once. */
export function wholeFlatExcerpts(piece: FlatPiece, window: number): FlatExcerpt[] {
  const count = piece.tokens.length;
  const excerpts: FlatExcerpt[] = [{ piece, from: 0, to: Math.min(count, window), chargedFrom: 0 }];
  for (let charged = Math.min(count, window); charged < count;) {
    const from = charged - (window >> 1);
    const to = Math.min(count, from + window);
    excerpts.push({ piece, from, to, chargedFrom: charged });
    charged = to;
  }
  return excerpts;
}

/** A run that begins at a bar token: the piece's first, or any other. */
export function drawFlatExcerpt(piece: FlatPiece, room: number, rng: Rng): FlatExcerpt {
  const count = piece.tokens.length;
  let from = count <= room || rng.uniform() < 0.4 ? 0 : rng.integer(count - 24);
  while (from > 0 && piece.tokens[from] !== REMI_OFFSETS.bar) from--;
  return { piece, from, to: Math.min(count, from + room), chargedFrom: from === 0 ? 0 : from + 1 };
}

export function createFlatBatch(
  placed: readonly { readonly excerpt: FlatExcerpt; readonly row: number; readonly at: number }[],
  rows: number,
  shape: TransformerShape,
): TransformerBatch {
  const steps = shape.window;
  const n = rows * steps;
  const pairs = shape.width / shape.heads / 2;
  const periods = rotationPeriods(pairs);
  const batch = {
    rows,
    steps,
    inputs: new Float32Array(n * FLAT_INPUT_ROWS),
    targets: new Float32Array(n * REMI_VOCABULARY_SIZE),
    weights: new Float32Array(n),
    segments: new Int32Array(n),
    angles: new Float32Array(n * pairs),
  };
  placed.forEach(({ excerpt: { piece, from, to, chargedFrom }, row, at }, number) => {
    for (let token = from; token < to; token++) {
      const i = row * steps + at + token - from;
      const time = token === 0 ? 0 : piece.times[Math.max(from, token - 1)]!;
      const input = token > from ? piece.tokens[token - 1]! : REMI_VOCABULARY_SIZE + (from === 0 ? 0 : 1);
      batch.segments[i] = number + 1;
      batch.inputs[i * FLAT_INPUT_ROWS + input] = 1;
      batch.inputs[i * FLAT_INPUT_ROWS + REMI_VOCABULARY_SIZE + 2 + (Math.floor(time) % BAR_CYCLE)] = 1;
      batch.targets[i * REMI_VOCABULARY_SIZE + piece.tokens[token]!] = 1;
      batch.weights[i] = token >= chargedFrom ? 1 : 0;
      writeAngles(periods, time, token - from, batch.angles, i * pairs);
    }
  });
  return batch;
}
