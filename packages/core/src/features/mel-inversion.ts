import { AttuneError } from '../foundation/errors.ts';
import type { MagnitudeSpectrogram } from '../spectral/spectrogram.ts';
import { completeStftSettings } from '../spectral/stft-settings.ts';
import type { AudioFeatures } from './audio-features.ts';
import { applyFilterBank, createMelBank, type FilterBank } from './filter-banks.ts';
import { melBankOptions } from './feature-settings.ts';

/** How long `invertLogMel` looks. */
export interface MelInversionOptions {
  /** Default 64. */
  readonly iterations?: number;
}

/**
 * A magnitude spectrogram whose mel levels are the given ones, so that log-mel frames can be made audible by
 * `griffinLim`. Frame by frame, powers p ≥ 0 whose bands A p have the least generalised Kullback-Leibler divergence from the
 * mel powers m, by multiplicative updates (Lee & Seung 2001; Richardson-Lucy), from the smooth answer that spreads each
 * band's power over its bins. Not least squares: a band 40 dB under the loudest would not count there. There are fewer
 * bands than bins, so many answers fit; this one stays near the smooth one, and fine structure (single harmonics
 * above some kHz) is lost. Bins that no band covers are 0.
 * `logMel`: [frames, melBands], dB, as `AudioFeatures` has it. Throws `feature/invalid` for other shapes or values.
 */
export function invertLogMel(
  { logMel, frames, settings }: Pick<AudioFeatures, 'logMel' | 'frames' | 'settings'>,
  { iterations = 64 }: MelInversionOptions = {},
): MagnitudeSpectrogram {
  const { frameSize, hopSize, centred, melBands } = settings;
  if (logMel.length !== frames * melBands || !(frames >= 1))
    throw new AttuneError(
      'feature/invalid',
      `${frames} frames of ${melBands} bands are not ${logMel.length} levels.`,
      {
        frames,
        melBands,
      },
    );
  if (!Number.isInteger(iterations) || iterations < 0)
    throw new AttuneError('feature/invalid', `Iterations are a whole number, not ${iterations}.`, {
      iterations,
    });
  const bins = frameSize / 2 + 1;
  const solver = new MelSolver(createMelBank(melBankOptions(settings)), bins);
  const magnitude = new Float64Array(frames * bins);
  const mel = new Float64Array(melBands);
  for (let t = 0; t < frames; t++) {
    for (let band = 0; band < melBands; band++) {
      const level = logMel[t * melBands + band]!;
      if (!(level < 1000)) {
        const place = { frame: t, band };
        throw new AttuneError(
          'feature/invalid',
          `A mel level is a finite number of dB, not ${level}.`,
          place,
        );
      }
      mel[band] = 10 ** (level / 10);
    }
    const power = solver.solve(mel, iterations);
    for (let k = 0; k < bins; k++) magnitude[t * bins + k] = Math.sqrt(power[k]!);
  }
  const stft = completeStftSettings({
    frameSize,
    hopSize,
    window: 'hann',
    padding: centred ? 'zero' : 'none',
  });
  return { settings: stft, frames, bins, magnitude };
}

/** Non-negative powers for the bands of one bank; owns its buffers. */
class MelSolver {
  private readonly bank: FilterBank;
  /** [bins]: p, its factor of an update, Aᵀ 1 and Aᵀ A 1. */
  private readonly power: Float64Array;
  private readonly factors: Float64Array;
  private readonly reach: Float64Array;
  private readonly flat: Float64Array;
  /** [bands]. */
  private readonly bands: Float64Array;

  constructor(bank: FilterBank, bins: number) {
    this.bank = bank;
    this.bands = new Float64Array(bank.starts.length);
    this.power = new Float64Array(bins).fill(1);
    this.factors = new Float64Array(bins);
    this.reach = new Float64Array(bins);
    this.flat = new Float64Array(bins);
    applyFilterBank(bank, this.power, this.bands);
    this.spread(this.bands, this.flat);
    this.spread(this.bands.fill(1), this.reach);
  }

  /** Powers, [bins], overwritten by the next call. */
  solve(mel: Float64Array, iterations: number): Float64Array {
    const { power, factors, reach, flat, bands, bank } = this;
    this.spread(mel, factors);
    for (let k = 0; k < power.length; k++) power[k] = flat[k]! > 0 ? factors[k]! / flat[k]! : 0;
    for (let i = 0; i < iterations; i++) {
      applyFilterBank(bank, power, bands);
      for (let band = 0; band < bands.length; band++)
        bands[band] = bands[band]! > 0 ? mel[band]! / bands[band]! : 0;
      this.spread(bands, factors);
      for (let k = 0; k < power.length; k++) if (reach[k]! > 0) power[k]! *= factors[k]! / reach[k]!;
    }
    return power;
  }

  /** `out` = Aᵀ bands. */
  private spread(bands: Float64Array, out: Float64Array): void {
    const { starts, offsets, weights } = this.bank;
    out.fill(0);
    for (let band = 0; band < bands.length; band++) {
      let bin = starts[band]!;
      for (let i = offsets[band]!; i < offsets[band + 1]!; i++, bin++)
        out[bin]! += weights[i]! * bands[band]!;
    }
  }
}
