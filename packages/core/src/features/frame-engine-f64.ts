import { FrameSpectrum } from '../spectral/frame-spectrum.ts';
import type { FeatureSettings } from './audio-features.ts';
import { melBankOptions } from './feature-settings.ts';
import {
  applyFilterBank,
  CHROMA_HIGH,
  CHROMA_LOW,
  type ChromaMap,
  createChromaMap,
  createDct,
  createMelBank,
  type FilterBank,
} from './filter-banks.ts';
import type { FrameEngine } from './frame-engine.ts';
import type { FrameArrays, FrameFeature } from './frame-features.ts';
import { contrastRanges, type ContrastRange, measureContrast } from './spectral-contrast.ts';
import { MIN_POWER } from './silence.ts';
import { measureEntropy, measureFlatness, measureFlux, vectorLength } from './spectral-shape.ts';
import { measureTime } from './time-domain.ts';

const DB_PER_NEPER = 10 / Math.LN10;

/** The reference in double precision. What is not wanted is neither computed nor are its tables made. */
export class ReferenceEngine implements FrameEngine {
  private readonly settings: FeatureSettings;
  private readonly wanted: ReadonlySet<FrameFeature>;
  private readonly spectrum: FrameSpectrum;
  private readonly mel: FilterBank | undefined;
  /** [rows, melBands] and [rows]: mfccs rounded up to whole fours. */
  private readonly dct: Float64Array;
  private readonly cepstrum: Float64Array;
  private readonly chroma: ChromaMap | undefined;
  private readonly contrasts: readonly ContrastRange[];
  /** [melBands]. */
  private readonly levels: Float64Array;
  /** [13]: the pitch classes, and the C above them. */
  private readonly classes = new Float64Array(13);
  /** [N / 2 + 1]: |X| of the frame before, and its length √Σ|X|²; undefined where there is none. */
  private readonly previous: Float64Array;
  private previousLength: number | undefined;

  constructor(settings: FeatureSettings, wanted: readonly FrameFeature[]) {
    const { frameSize, sampleRate, melBands } = settings;
    this.settings = settings;
    this.wanted = new Set(wanted);
    this.spectrum = new FrameSpectrum(frameSize);
    if (this.wants('mel', 'logMel', 'mfcc')) this.mel = createMelBank(melBankOptions(settings));
    this.cepstrum = new Float64Array(Math.ceil(settings.mfccs / 4) * 4);
    this.dct = createDct(this.wants('mfcc') ? this.cepstrum.length : 0, melBands);
    if (this.wants('chroma'))
      this.chroma = createChromaMap(frameSize, sampleRate, CHROMA_LOW, CHROMA_HIGH, settings.tuning);
    this.contrasts = this.wants('contrast') ? contrastRanges(frameSize, sampleRate) : [];
    this.levels = new Float64Array(melBands);
    this.previous = new Float64Array(frameSize / 2 + 1);
  }

  reset(): void {
    this.previousLength = undefined;
  }

  analyse(samples: Float32Array, start: number, count: number, out: Partial<FrameArrays>, row: number): void {
    if (this.wants('rms', 'zeroCrossings')) {
      const time = measureTime(samples, start, count, this.settings);
      out.rms?.set(time.rms, row);
      out.zeroCrossings?.set(time.zeroCrossings, row);
    }
    const byMagnitude = this.wants(
      'centroid',
      'spread',
      'skewness',
      'kurtosis',
      'rolloff',
      'contrast',
      'flux',
    );
    if (!byMagnitude && !this.wants('power', 'mel', 'logMel', 'mfcc', 'chroma', 'flatness', 'entropy'))
      return;
    for (let t = 0; t < count; t++) {
      this.spectrum.readPower(samples, start + t * this.settings.hopSize);
      if (byMagnitude) this.spectrum.updateMagnitude();
      this.writeFrame(out, row + t);
    }
  }

  private wants(...names: FrameFeature[]): boolean {
    return names.some((name) => this.wanted.has(name));
  }

  private writeFrame(out: Partial<FrameArrays>, t: number): void {
    const { power, magnitude } = this.spectrum;
    out.power?.set(power, t * power.length);
    if (this.mel) this.writeCepstrum(this.mel, out, t);
    if (this.chroma && out.chroma) this.writeChroma(this.chroma, out.chroma, t);
    if (this.wants('centroid', 'spread', 'skewness', 'kurtosis', 'rolloff')) this.writeShape(out, t);
    if (out.flatness) out.flatness[t] = measureFlatness(power);
    if (out.entropy) out.entropy[t] = measureEntropy(power);
    this.contrasts.forEach((range, i) => {
      out.contrast![t * this.contrasts.length + i] = measureContrast(magnitude, range);
    });
    if (out.flux) this.writeFlux(out.flux, t);
  }

  private writeCepstrum(bank: FilterBank, out: Partial<FrameArrays>, t: number): void {
    const { levels, dct } = this;
    const { melBands, mfccs } = this.settings;
    applyFilterBank(bank, this.spectrum.power, levels);
    out.mel?.set(levels, t * melBands);
    if (!out.logMel && !out.mfcc) return;
    for (let band = 0; band < melBands; band++)
      levels[band] = DB_PER_NEPER * Math.log(Math.max(MIN_POWER, levels[band]!));
    out.logMel?.set(levels, t * melBands);
    if (!out.mfcc) return;
    // four sums at a time: one alone would wait for each addition
    for (let k = 0; k < mfccs; k += 4) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let band = 0, row = k * melBands; band < melBands; band++, row++) {
        const level = levels[band]!;
        a += dct[row]! * level;
        b += dct[row + melBands]! * level;
        c += dct[row + 2 * melBands]! * level;
        d += dct[row + 3 * melBands]! * level;
      }
      this.cepstrum[k] = a;
      this.cepstrum[k + 1] = b;
      this.cepstrum[k + 2] = c;
      this.cepstrum[k + 3] = d;
    }
    for (let k = 0; k < mfccs; k++) out.mfcc[t * mfccs + k] = this.cepstrum[k]!;
  }

  private writeChroma(map: ChromaMap, chroma: Float32Array, t: number): void {
    const { classes } = this;
    const { power } = this.spectrum;
    classes.fill(0);
    let total = 0;
    for (let bin = map.first; bin < map.end; bin++) {
      const lower = map.classes[bin]!;
      const upper = power[bin]! * map.shares[bin]!;
      classes[lower + 1]! += upper;
      classes[lower]! += power[bin]! - upper;
      total += power[bin]!;
    }
    if (total <= MIN_POWER) return;
    classes[0]! += classes[12]!;
    for (let i = 0; i < 12; i++) chroma[t * 12 + i] = classes[i]! / total;
  }

  private writeShape(out: Partial<FrameArrays>, t: number): void {
    const { magnitude } = this.spectrum;
    const hertzPerBin = this.settings.sampleRate / this.settings.frameSize;
    let total = 0;
    let first = 0;
    let second = 0;
    for (let k = 0; k < magnitude.length; k++) {
      const weight = magnitude[k]!;
      total += weight;
      first += weight * k;
      second += weight * k * k;
    }
    if (total * total <= MIN_POWER) return;
    const mean = first / total;
    if (out.centroid) out.centroid[t] = mean * hertzPerBin;
    if (out.spread) out.spread[t] = Math.sqrt(Math.max(0, second / total - mean * mean)) * hertzPerBin;
    if (out.skewness || out.kurtosis) this.writeHigherMoments(out, t, total, mean);
    if (!out.rolloff) return;
    const threshold = this.settings.rolloffShare * total;
    let bin = 0;
    for (let sum = magnitude[0]!; sum < threshold && bin < magnitude.length - 1;) sum += magnitude[++bin]!;
    out.rolloff[t] = bin * hertzPerBin;
  }

  private writeHigherMoments(out: Partial<FrameArrays>, t: number, total: number, mean: number): void {
    const { magnitude } = this.spectrum;
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let k = 0; k < magnitude.length; k++) {
      const distance = k - mean;
      const weighted = magnitude[k]! * distance * distance;
      second += weighted;
      third += weighted * distance;
      fourth += weighted * distance * distance;
    }
    const variance = second / total;
    if (variance <= 0) return;
    if (out.skewness) out.skewness[t] = third / total / variance ** 1.5;
    if (out.kurtosis) out.kurtosis[t] = fourth / total / variance ** 2;
  }

  private writeFlux(flux: Float32Array, t: number): void {
    const { magnitude, power } = this.spectrum;
    const length = vectorLength(power);
    if (this.previousLength !== undefined)
      flux[t] = measureFlux(magnitude, length, this.previous, this.previousLength);
    this.previousLength = length;
    this.previous.set(magnitude);
  }
}
