/** Softmax of logits / temperature. */
export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  let highest = -Infinity;
  for (let k = 0; k < logits.length; k++) highest = Math.max(highest, logits[k]!);
  const out = Float64Array.from(logits, (logit) => Math.exp((logit - highest) / temperature));
  const total = out.reduce((sum, p) => sum + p, 0);
  return out.map((p) => p / total);
}

/** Mean −ln of the probability of the true class. */
export function logLoss(
  logits: readonly ArrayLike<number>[],
  truth: ArrayLike<number>,
  temperature = 1,
): number {
  let sum = 0;
  logits.forEach((row, i) => (sum -= Math.log(Math.max(1e-300, softmax(row, temperature)[truth[i]!]!))));
  return logits.length === 0 ? 0 : sum / logits.length;
}

/**
 * Temperature scaling (Guo, Pleiss, Sun & Weinberger 2017): the one number that logits are divided by so that the
 * log loss is least. Golden-section search over ln T in ±3; the loss has one minimum in 1 / T.
 */
export function fitTemperature(logits: readonly ArrayLike<number>[], truth: ArrayLike<number>): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  const loss = (x: number): number => logLoss(logits, truth, Math.exp(x));
  let low = -3;
  let high = 3;
  let a = high - ratio * (high - low);
  let b = low + ratio * (high - low);
  let lossA = loss(a);
  let lossB = loss(b);
  for (let step = 0; step < 50; step++) {
    if (lossA <= lossB) {
      [high, b, lossB] = [b, a, lossA];
      a = high - ratio * (high - low);
      lossA = loss(a);
    } else {
      [low, a, lossA] = [a, b, lossB];
      b = low + ratio * (high - low);
      lossB = loss(b);
    }
  }
  return Math.exp((low + high) / 2);
}

/**
 * Expected calibration error (Naeini et al. 2015; Guo et al. 2017): top probabilities in `bins` equal bins of (0, 1];
 * mean over examples of |share right − mean confidence| of the bin.
 */
export function expectedCalibrationError(
  confidences: ArrayLike<number>,
  correct: ArrayLike<boolean>,
  bins = 15,
): number {
  const count = new Float64Array(bins);
  const right = new Float64Array(bins);
  const confidence = new Float64Array(bins);
  for (let i = 0; i < confidences.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidences[i]! * bins) - 1));
    count[bin]!++;
    confidence[bin]! += confidences[i]!;
    if (correct[i]) right[bin]!++;
  }
  let error = 0;
  for (let bin = 0; bin < bins; bin++) error += Math.abs(right[bin]! - confidence[bin]!);
  return confidences.length === 0 ? 0 : error / confidences.length;
}
