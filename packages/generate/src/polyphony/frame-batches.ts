import { AttuneError, createRng, type Rng, type RngState } from '@attune/core';
import type { BatchSource } from '@attune/core/nn';
import type { TransformerShape } from '../transformer/config.ts';
import type { TransformerBatch } from '../transformer/model.ts';
import type { FrameCoding, FramePiece } from './frame-coding.ts';

/** Frames `from` up to `to` of a piece; those before `chargedFrom` are context. */
export interface FrameExcerpt {
  readonly piece: FramePiece;
  readonly from: number;
  readonly to: number;
  readonly chargedFrom: number;
  readonly shift: number;
}

/** Periods of the rotation pairs of a head, in frames; powers of two first, since that is how metre nests. */
const PERIODS = [4, 16, 2, 8, 64, 32, 128, 256, 12, 24, 48, 96, 3, 6, 512, 1024];

/** One excerpt a row, at most `steps` frames each. */
export function createFrameBatch(
  coding: FrameCoding,
  shape: TransformerShape,
  excerpts: readonly FrameExcerpt[],
  steps: number,
): TransformerBatch {
  const rows = excerpts.length;
  const n = rows * steps;
  const values = coding.fieldSizes.reduce((a, b) => a + b, 0);
  const pairs = shape.width / shape.heads / 2;
  const batch = {
    rows,
    steps,
    inputs: new Float32Array(n * coding.inputRows),
    targets: new Float32Array(n * values),
    weights: new Float32Array(n * coding.fieldSizes.length),
    segments: new Int32Array(n),
    angles: new Float32Array(n * pairs),
  };
  excerpts.forEach(({ piece, from, to, chargedFrom, shift }, row) => {
    for (let index = from; index < to; index++) {
      const i = row * steps + index - from;
      batch.segments[i] = row + 1;
      for (const active of coding.inputsOf(piece, index, shift))
        batch.inputs[i * coding.inputRows + active] = 1;
      for (let p = 0; p < pairs; p++) {
        const period = PERIODS[p % PERIODS.length]!;
        batch.angles[i * pairs + p] = 2 * Math.PI * ((index / period) % 1);
      }
      let first = i * values;
      coding.fieldsOf(piece[index]!, shift).forEach((value, field) => {
        if (value >= 0) {
          batch.targets[first + value] = 1;
          if (index >= chargedFrom) batch.weights[i * coding.fieldSizes.length + field] = 1;
        }
        first += coding.fieldSizes[field]!;
      });
    }
  });
  return batch;
}

/** Random excerpts of random pieces (by their length) in random keys; the cursor is the state of the generator. */
export function randomFrameBatches(
  coding: FrameCoding,
  shape: TransformerShape,
  pieces: readonly FramePiece[],
  rows: number,
  seed: Rng,
): BatchSource<TransformerBatch> {
  let rng = seed;
  let total = 0;
  const ends = pieces.map((piece) => (total += piece.length));
  const draw = (): FrameExcerpt => {
    const at = rng.integer(total);
    const piece = pieces[ends.findIndex((end) => at < end)]!;
    const shift = playableShift(coding, piece, rng);
    // Starts beyond either end, cut to the piece, so that first and last frames are seen as often as others.
    const start = rng.integer(piece.length + shape.window) - shape.window + 1;
    const from = Math.max(0, Math.min(start, piece.length - MIN_FRAMES));
    return {
      piece,
      from,
      to: Math.min(piece.length, Math.max(start, 0) + shape.window),
      chargedFrom: from,
      shift,
    };
  };
  return {
    next: () => createFrameBatch(coding, shape, Array.from({ length: rows }, draw), shape.window),
    cursor: () => [...rng.state()],
    restore(cursor) {
      if (!Array.isArray(cursor) || cursor.length !== 4) {
        throw new AttuneError('checkpoint/mismatch', 'The data cursor is no state of a random generator.');
      }
      rng = createRng(cursor as unknown as RngState);
    },
  };
}
const MIN_FRAMES = 16;

/** A shift that keeps every pitch of the piece within the coding's range. */
function playableShift(coding: FrameCoding, piece: FramePiece, rng: Rng): number {
  const shift = coding.shifts[rng.integer(coding.shifts.length)]!;
  return fitsKey(coding, piece, shift) ? shift : 0;
}

/** Whether every pitch of the piece, moved by `shift`, is within the coding's range. */
export function fitsKey(coding: FrameCoding, piece: FramePiece, shift: number): boolean {
  try {
    for (const frame of piece) coding.fieldsOf(frame, shift);
    return true;
  } catch {
    return false;
  }
}

/** Windows that overlap by half; each frame is charged once, all but the first ones with context. */
export function wholePieceFrames(piece: FramePiece, window: number): FrameExcerpt[] {
  const excerpts: FrameExcerpt[] = [];
  for (let charged = 0; charged < piece.length;) {
    const from = charged === 0 ? 0 : Math.max(0, charged - (window >> 1));
    const to = Math.min(piece.length, from + window);
    excerpts.push({ piece, from, to, chargedFrom: charged, shift: 0 });
    charged = to;
  }
  return excerpts;
}
