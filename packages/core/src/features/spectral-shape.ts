import { MIN_POWER } from './silence.ts';

/** Geometric over arithmetic mean of max(1e-10, power). `power`: [bins]. */
export function measureFlatness(power: Float64Array): number {
  // Logarithms of products of eight powers: an eighth of the logarithms, and no product leaves a double's range.
  const bins = power.length;
  let logSum = 0;
  let even = 0; // two chains: one alone would wait for each step
  let odd = 0;
  let start = 0;
  for (; start + 8 <= bins; start += 8) {
    let evenProduct = 1;
    let oddProduct = 1;
    for (let k = start; k < start + 8; k += 2) {
      const first = power[k]! > MIN_POWER ? power[k]! : MIN_POWER;
      const second = power[k + 1]! > MIN_POWER ? power[k + 1]! : MIN_POWER;
      even += first;
      odd += second;
      evenProduct *= first;
      oddProduct *= second;
    }
    logSum += Math.log(evenProduct * oddProduct);
  }
  for (; start < bins; start++) {
    const value = Math.max(MIN_POWER, power[start]!);
    even += value;
    logSum += Math.log(value);
  }
  return (Math.exp(logSum / bins) * bins) / (even + odd);
}

/** Entropy of the shares p of max(1e-10, power), −Σ p ln p / ln(bins). `power`: [bins]. */
export function measureEntropy(power: Float64Array): number {
  let total = 0;
  let sum = 0;
  for (let k = 0; k < power.length; k++) {
    const value = Math.max(MIN_POWER, power[k]!);
    total += value;
    sum += value * Math.log(value);
  }
  return (Math.log(total) - sum / total) / Math.log(power.length);
}

/** √Σ power, the length of the magnitudes as a vector; 0 in silence. */
export function vectorLength(power: Float64Array): number {
  let total = 0;
  for (let k = 0; k < power.length; k++) total += power[k]!;
  return total <= MIN_POWER ? 0 : Math.sqrt(total);
}

/** Squared distance of two magnitude spectra, each over its length; a spectrum of length 0 counts as zeros. */
export function measureFlux(
  now: Float64Array,
  length: number,
  before: Float64Array,
  lengthBefore: number,
): number {
  const a = length > 0 ? 1 / length : 0;
  const b = lengthBefore > 0 ? 1 / lengthBefore : 0;
  let sum = 0;
  for (let k = 0; k < now.length; k++) sum += (a * now[k]! - b * before[k]!) ** 2;
  return sum;
}
