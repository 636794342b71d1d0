import { AttuneError } from '../foundation/errors.ts';
import type { BitReader } from './bit-reader.ts';

/** [order]: the coefficients of FLAC's fixed predictors, latest sample first. */
const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

/**
 * One channel of a frame (RFC 9639, 9.2): [length] whole numbers. Doubles hold them exactly, as they do every sum of
 * 32 products of 33-bit samples and 15-bit coefficients. Throws `audio/malformed` with a byte offset.
 */
export function readSubframe(reader: BitReader, length: number, sampleBits: number): Float64Array {
  if (reader.read(1) !== 0) throw malformed('a subframe without its leading zero', reader);
  const type = reader.read(6);
  const wasted = reader.read(1) === 1 ? reader.readUnary() + 1 : 0;
  const bits = sampleBits - wasted;
  if (bits < 1) throw malformed('a subframe of no bits', reader);
  const samples = new Float64Array(length);
  if (type === 0) samples.fill(reader.readSigned(bits));
  else if (type === 1) for (let i = 0; i < length; i++) samples[i] = reader.readSigned(bits);
  else if (type >= 8 && type <= 12) readPredicted(reader, samples, bits, type - 8, FIXED[type - 8]);
  else if (type >= 32) readPredicted(reader, samples, bits, type - 31);
  else throw malformed(`a subframe of the reserved type ${type}`, reader);
  if (wasted > 0) for (let i = 0; i < length; i++) samples[i]! *= 2 ** wasted;
  return samples;
}

/** The first samples, the predictor unless it is a fixed one, and the residual. */
function readPredicted(
  reader: BitReader,
  samples: Float64Array,
  bits: number,
  order: number,
  fixed?: readonly number[],
): void {
  if (order > samples.length)
    throw malformed(`a predictor of order ${order} for ${samples.length} samples`, reader);
  for (let i = 0; i < order; i++) samples[i] = reader.readSigned(bits);
  let coefficients = Float64Array.from(fixed ?? []);
  let scale = 1;
  if (fixed === undefined) {
    const precision = reader.read(4) + 1;
    const shift = reader.readSigned(5);
    if (precision === 16 || shift < 0) throw malformed('a forbidden predictor', reader);
    coefficients = Float64Array.from({ length: order }, () => reader.readSigned(precision));
    scale = 2 ** -shift;
  }
  readResidual(reader, samples, order);
  for (let i = order; i < samples.length; i++) {
    let sum = 0;
    for (let k = 0; k < order; k++) sum += coefficients[k]! * samples[i - 1 - k]!;
    samples[i]! += Math.floor(sum * scale);
  }
}

/** Rice-coded numbers into samples[order …]. */
function readResidual(reader: BitReader, samples: Float64Array, order: number): void {
  const method = reader.read(2);
  if (method > 1) throw malformed('a reserved residual coding', reader);
  const parameterBits = 4 + method;
  const partitionOrder = reader.read(4);
  const size = samples.length >> partitionOrder;
  if (size << partitionOrder !== samples.length || size < order)
    throw malformed(`${2 ** partitionOrder} partitions of ${samples.length} samples`, reader);
  for (let partition = 0; partition < 1 << partitionOrder; partition++) {
    const from = partition === 0 ? order : partition * size;
    const to = (partition + 1) * size;
    const parameter = reader.read(parameterBits);
    if (parameter === 2 ** parameterBits - 1) {
      const width = reader.read(5);
      for (let i = from; i < to; i++) samples[i] = reader.readSigned(width);
      continue;
    }
    const step = 2 ** parameter;
    for (let i = from; i < to; i++) {
      const folded = reader.readUnary() * step + reader.read(parameter);
      samples[i] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    }
  }
}

function malformed(what: string, reader: BitReader): AttuneError {
  return new AttuneError('audio/malformed', `The FLAC frame holds ${what} near byte ${reader.offset}.`, {
    offset: reader.offset,
  });
}
