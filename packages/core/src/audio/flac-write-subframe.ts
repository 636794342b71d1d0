import type { BitWriter } from './bit-writer.ts';
import {
  COEFFICIENT_BITS,
  designPredictor,
  fixedResiduals,
  type Predictor,
  predictResidual,
} from './flac-predict.ts';
import { planRice, type RicePlan, writeResidual } from './flac-rice.ts';

/** One channel of one block, as it will be written (RFC 9639, 9.2). */
export interface Subframe {
  readonly kind: 'constant' | 'verbatim' | 'predicted';
  /** [length], without the wasted bits. */
  readonly samples: Int32Array;
  readonly sampleBits: number;
  /** Low bits that are zero in every sample and are left out. */
  readonly wasted: number;
  readonly prediction?: Prediction;
  /** Close estimate of its size. */
  readonly bits: number;
}

interface Prediction {
  readonly order: number;
  /** Undefined: the fixed predictor of this order. */
  readonly predictor?: Predictor;
  /** [length], of which the first `order` are the samples themselves. */
  readonly residual: Int32Array;
  readonly rice: RicePlan;
  readonly bits: number;
}

const MAX_LPC_ORDER = 8;

/** The smallest of constant, verbatim, fixed and linear prediction. `window`: [length]. */
export function planSubframe(block: Int32Array, sampleBits: number, window: Float64Array): Subframe {
  if (block.every((sample) => sample === block[0]))
    return { kind: 'constant', samples: block, sampleBits, wasted: 0, bits: 8 + sampleBits };
  const wasted = Math.min(sampleBits - 1, trailingZeros(block.reduce((bits, sample) => bits | sample, 0)));
  const samples = wasted === 0 ? block : block.map((sample) => sample >> wasted);
  const width = sampleBits - wasted;
  const verbatim = 8 + wasted + width * samples.length;
  const prediction = bestPrediction(samples, width, window);
  const bits = 8 + wasted + prediction.bits;
  if (bits >= verbatim) return { kind: 'verbatim', samples, sampleBits: width, wasted, bits: verbatim };
  return { kind: 'predicted', samples, sampleBits: width, wasted, prediction, bits };
}

export function writeSubframe(writer: BitWriter, subframe: Subframe): void {
  const { kind, samples, sampleBits, wasted, prediction } = subframe;
  writer.write(typeCode(subframe), 7);
  writer.write(wasted > 0 ? 1 : 0, 1);
  if (wasted > 0) writer.writeUnary(wasted - 1);
  if (prediction === undefined) {
    const count = kind === 'constant' ? 1 : samples.length;
    for (let i = 0; i < count; i++) writer.write(samples[i]!, sampleBits);
    return;
  }
  const { order, predictor, residual, rice } = prediction;
  for (let i = 0; i < order; i++) writer.write(samples[i]!, sampleBits);
  if (predictor !== undefined) {
    writer.write(COEFFICIENT_BITS - 1, 4);
    writer.write(predictor.shift, 5);
    for (const coefficient of predictor.coefficients) writer.write(coefficient, COEFFICIENT_BITS);
  }
  writeResidual(writer, residual, order, rice);
}

function typeCode({ kind, prediction }: Subframe): number {
  if (kind === 'constant') return 0;
  if (prediction === undefined) return 1;
  return prediction.predictor === undefined ? 8 + prediction.order : 31 + prediction.order;
}

function bestPrediction(samples: Int32Array, sampleBits: number, window: Float64Array): Prediction {
  const fixed = fixedPrediction(samples, sampleBits);
  if (samples.length <= 4 * MAX_LPC_ORDER) return fixed;
  const predictor = designPredictor(samples, window, MAX_LPC_ORDER, sampleBits);
  const residual = predictor && predictResidual(samples, predictor);
  if (predictor === undefined || residual === undefined) return fixed;
  const order = predictor.coefficients.length;
  const rice = planRice(residual, order);
  const bits = order * (sampleBits + COEFFICIENT_BITS) + 9 + rice.bits;
  return bits < fixed.bits ? { order, predictor, residual, rice, bits } : fixed;
}

/** The order whose residual has the smallest sum. */
function fixedPrediction(samples: Int32Array, sampleBits: number): Prediction {
  const residuals = fixedResiduals(samples).slice(0, samples.length);
  const sums = residuals.map((residual) => {
    let sum = 0;
    for (let i = Math.min(4, samples.length - 1); i < residual.length; i++) sum += Math.abs(residual[i]!);
    return sum;
  });
  const order = sums.indexOf(Math.min(...sums));
  const rice = planRice(residuals[order]!, order);
  return { order, residual: residuals[order]!, rice, bits: order * sampleBits + rice.bits };
}

function trailingZeros(value: number): number {
  return 31 - Math.clz32(value & -value);
}
