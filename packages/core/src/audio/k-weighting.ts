import { AttuneError } from '../foundation/errors.ts';
import type { Hertz } from '../foundation/units.ts';

/** y[n] = b0 x[n] + b1 x[n−1] + b2 x[n−2] − a1 y[n−1] − a2 y[n−2]. */
export interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/** The shelf reaches up to 1.7 kHz: below this rate it does not exist. */
const MIN_RATE: Hertz = 4000;

/**
 * The two filters of ITU-R BS.1770-5, Annex 1: a high shelf for the head, and a high pass. The standard gives their
 * coefficients at 48 kHz alone; these are the analogue filters that the bilinear transform turns into those
 * coefficients, transformed for `sampleRate`. Throws `argument/invalid` below 4 kHz.
 */
export function kWeighting(sampleRate: Hertz): readonly [Biquad, Biquad] {
  if (!(sampleRate >= MIN_RATE)) {
    throw new AttuneError(
      'argument/invalid',
      `Loudness is measured from ${MIN_RATE} Hz on, not at ${sampleRate} Hz.`,
      {
        sampleRate,
      },
    );
  }
  return [highShelf(sampleRate), highPass(sampleRate)];
}

function highShelf(sampleRate: Hertz): Biquad {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const norm = 1 + k / q + k * k;
  return {
    b: [
      (high + (band * k) / q + k * k) / norm,
      (2 * (k * k - high)) / norm,
      (high - (band * k) / q + k * k) / norm,
    ],
    a: [(2 * (k * k - 1)) / norm, (1 - k / q + k * k) / norm],
  };
}

/** The standard leaves the numerator at 1, −2, 1, which makes the pass band of the high pass a little over 0 dB. */
function highPass(sampleRate: Hertz): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const q = 0.5003270373238773;
  const norm = 1 + k / q + k * k;
  return { b: [1, -2, 1], a: [(2 * (k * k - 1)) / norm, (1 - k / q + k * k) / norm] };
}

/**
 * Adds the energy (sum of squares) of the weighted channel, times `weight`, to `energies`: [blocks], of which block k
 * begins at sample `starts[k]`; `starts` has one entry more.
 */
export function addWeightedEnergy(
  channel: Float32Array,
  [shelf, pass]: readonly [Biquad, Biquad],
  weight: number,
  starts: Int32Array,
  energies: Float64Array,
): void {
  const [b0, b1, b2] = shelf.b;
  const [a1, a2] = shelf.a;
  const [c1, c2] = pass.a;
  let [x1, x2, y1, y2, z1, z2] = [0, 0, 0, 0, 0, 0];
  for (let block = 0; block < energies.length; block++) {
    let energy = 0;
    for (let i = starts[block]!; i < starts[block + 1]!; i++) {
      const x = channel[i]!;
      const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
      const z = y - 2 * y1 + y2 - c1 * z1 - c2 * z2;
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      z2 = z1;
      z1 = z;
      energy += z * z;
    }
    energies[block]! += weight * energy;
  }
}
