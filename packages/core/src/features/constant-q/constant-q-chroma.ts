import type { ConstantQSpectrogram } from './constant-q.ts';

/** Power a frame must have in all to be more than silence. */
const MIN_TOTAL = 1e-10;

/**
 * Chroma of a constant-Q transform, [frames, 12], pitch class 0 is C: share of the power in the bins around each pitch,
 * over all octaves; sums to 1, or 0 in silence. Bins between two pitches (24 an octave) count to the upper one. Power,
 * because under a Hann window half of a tone's magnitude, but a quarter of its power, shows in each neighbouring bin.
 */
export function cqtChroma({ settings, frames, bins, re, im }: ConstantQSpectrogram): Float32Array {
  const binsPerClass = settings.binsPerOctave / 12;
  const classes = Uint8Array.from(
    { length: bins },
    (_, k) =>
      (Math.round(settings.lowestPitch) + Math.floor((k + Math.floor(binsPerClass / 2)) / binsPerClass)) % 12,
  );
  const chroma = new Float32Array(frames * 12);
  for (let t = 0; t < frames; t++) {
    const row = chroma.subarray(t * 12, t * 12 + 12);
    let total = 0;
    for (let k = 0, i = t * bins; k < bins; k++, i++) {
      const power = re[i]! * re[i]! + im[i]! * im[i]!;
      row[classes[k]!]! += power;
      total += power;
    }
    const scale = total > MIN_TOTAL ? 1 / total : 0;
    for (let c = 0; c < 12; c++) row[c]! *= scale;
  }
  return chroma;
}
