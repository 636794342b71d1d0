import { AttuneError } from '../../foundation/errors.ts';
import type { Hertz } from '../../foundation/units.ts';
import { FrameSpectrum } from '../../spectral/frame-spectrum.ts';

/** How far a clip's notes lie from the equal temperament on 440 Hz. */
export interface TuningEstimate {
  /** −50 … 50. */
  readonly cents: number;
  /** Frequency of A4: 440 × 2^(cents / 1200). */
  readonly tuning: Hertz;
}

const FRAME = 4096;
const LOWEST: Hertz = 110;
const HIGHEST: Hertz = 4000;
/** Peaks further under the clip's loudest do not count: 40 dB. */
const LEAST_SHARE = 1e-4;
/** Standard deviation that the histogram is smoothed with, cents. */
const WIDTH = 3;

/**
 * Tuning by the histogram of how far spectral peaks (110 Hz to 4 kHz) lie from the nearest pitch, in cents, weighted by
 * magnitude: the top of the histogram after smoothing, and the mean deviation around it. Peaks are placed between bins by a
 * parabola through the log-magnitudes. `samples`: mono. Undefined where there are no peaks. Throws `feature/invalid`
 * for a sample rate at which there can be none.
 */
export function estimateTuning(samples: Float32Array, sampleRate: Hertz): TuningEstimate | undefined {
  if (!(sampleRate >= 2 * LOWEST) || sampleRate === Infinity)
    throw new AttuneError(
      'feature/invalid',
      `Tuning needs a sample rate from ${2 * LOWEST} Hz, not ${sampleRate}.`,
      {
        sampleRate,
      },
    );
  const peaks = findPeaks(samples, sampleRate);
  const loudest = peaks.reduce((most, { power }) => Math.max(most, power), 0);
  const histogram = new Float64Array(100);
  const deviations = peaks
    .filter(({ power }) => power >= LEAST_SHARE * loudest && power > 0)
    .map(({ frequency, power }) => ({ cents: deviationOf(frequency), weight: Math.sqrt(power) }));
  if (deviations.length === 0) return undefined;
  for (const { cents, weight } of deviations)
    for (let bin = 0; bin < 100; bin++)
      histogram[bin]! += weight * Math.exp(-0.5 * (wrap(cents - (bin - 50)) / WIDTH) ** 2);
  const top = histogram.indexOf(Math.max(...histogram)) - 50;
  let sum = 0;
  let total = 0;
  for (const { cents, weight } of deviations) {
    const off = wrap(cents - top);
    if (Math.abs(off) > 3 * WIDTH) continue;
    sum += weight * off;
    total += weight;
  }
  const cents = wrap(top + (total > 0 ? sum / total : 0));
  return { cents, tuning: 440 * 2 ** (cents / 1200) };
}

function findPeaks(samples: Float32Array, sampleRate: Hertz): { frequency: Hertz; power: number }[] {
  const spectrum = new FrameSpectrum(FRAME);
  const { power } = spectrum;
  const low = Math.max(1, Math.ceil((LOWEST * FRAME) / sampleRate));
  const high = Math.min(FRAME / 2 - 1, Math.floor((HIGHEST * FRAME) / sampleRate));
  const peaks: { frequency: Hertz; power: number }[] = [];
  for (let start = 0; start === 0 || start + FRAME <= samples.length; start += FRAME / 2) {
    spectrum.read(samples, start);
    for (let k = low; k <= high; k++) {
      const [below, here, above] = [power[k - 1]!, power[k]!, power[k + 1]!];
      if (!(here > below && here >= above && below > 0 && above > 0)) continue;
      const [b, h, a] = [Math.log(below), Math.log(here), Math.log(above)];
      const shift = (b - a) / (2 * (b - 2 * h + a));
      peaks.push({ frequency: ((k + shift) * sampleRate) / FRAME, power: here });
    }
  }
  return peaks;
}

/** Cents from the nearest pitch of the equal temperament on 440 Hz. */
function deviationOf(frequency: Hertz): number {
  return wrap(1200 * Math.log2(frequency / 440));
}

/** Into [−50, 50). */
function wrap(cents: number): number {
  return cents - 100 * Math.floor((cents + 50) / 100);
}
