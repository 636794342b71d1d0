import { mixToMono } from '../audio/clip.ts';
import type { AudioClip } from '../audio/audio-clip.ts';
import { resample } from '../audio/resample.ts';
import { AttuneError } from '../foundation/errors.ts';
import type { Hertz } from '../foundation/units.ts';
import type { AudioFeatures, FeatureSettings } from './audio-features.ts';
import {
  applyFilterBank,
  type ChromaMap,
  createChromaMap,
  createDct,
  createMelBank,
  type FilterBank,
} from './filter-banks.ts';
import { FrameSpectrum } from '../spectral/frame-spectrum.ts';
import { estimateTempo } from './tempo.ts';
import { measureTime } from './time-domain.ts';

/** Rate at which `extractAudioFeatures` analyses by default. */
export const ANALYSIS_RATE: Hertz = 22_050;
/** Floor of power before a logarithm. */
const MIN_POWER = 1e-10;
const CHROMA_LOW: Hertz = 110;
const CHROMA_HIGH: Hertz = 5000;
/** Levels further under the clip's loudest mel band than this do not count as onsets. */
const ONSET_RANGE_DB = 80;
const DB_PER_NEPER = 10 / Math.LN10;

/** The tables and scratch of one setting. Holds no state between calls; use one plan per thread. */
export interface FeaturePlan {
  readonly settings: FeatureSettings;
  /** `samples`: mono at `settings.sampleRate`, at least one. Throws `feature/invalid`. */
  extract(samples: Float32Array): AudioFeatures;
}

/** Throws `feature/invalid` for settings that make no sense together. */
export function createFeaturePlan(
  options: Partial<FeatureSettings> & { readonly sampleRate: Hertz },
): FeaturePlan {
  const settings: FeatureSettings = {
    frameSize: 2048,
    hopSize: 512,
    melBands: 128,
    mfccs: 20,
    centred: true,
    minFrequency: 0,
    maxFrequency: options.sampleRate / 2,
    rolloffShare: 0.85,
    tuning: 440,
    ...options,
  };
  validateSettings(settings);
  return new SpectralPlan(settings);
}

/** Features of a clip: mixed to mono, resampled to 22,050 Hz unless a plan or rate says otherwise. */
export function extractAudioFeatures(
  clip: AudioClip,
  plan: FeaturePlan = createFeaturePlan({ sampleRate: ANALYSIS_RATE }),
): AudioFeatures {
  return plan.extract(resample(mixToMono(clip), plan.settings.sampleRate).channels[0]!);
}

class SpectralPlan implements FeaturePlan {
  readonly settings: FeatureSettings;
  private readonly spectrum: FrameSpectrum;
  private readonly mel: FilterBank;
  /** [rows, melBands] and [rows]: mfccs rounded up to whole fours. */
  private readonly dct: Float64Array;
  private readonly cepstrum: Float64Array;
  private readonly chroma: ChromaMap;
  /** [melBands]. */
  private readonly levels: Float64Array;
  /** [13]: the pitch classes, and the C above them. */
  private readonly classes = new Float64Array(13);

  constructor(settings: FeatureSettings) {
    const { frameSize, sampleRate, melBands } = settings;
    this.settings = settings;
    this.spectrum = new FrameSpectrum(frameSize);
    this.mel = createMelBank(melBands, frameSize, sampleRate, settings.minFrequency, settings.maxFrequency);
    this.cepstrum = new Float64Array(Math.ceil(settings.mfccs / 4) * 4);
    this.dct = createDct(this.cepstrum.length, melBands);
    this.chroma = createChromaMap(frameSize, sampleRate, CHROMA_LOW, CHROMA_HIGH, settings.tuning);
    this.levels = new Float64Array(melBands);
  }

  extract(samples: Float32Array): AudioFeatures {
    if (samples.length === 0) throw new AttuneError('feature/invalid', 'An empty signal has no features.');
    const { settings } = this;
    const frames = frameCount(samples.length, settings);
    const lead = settings.centred ? settings.frameSize / 2 : 0;
    const features = {
      logMel: new Float32Array(frames * settings.melBands),
      mfcc: new Float32Array(frames * settings.mfccs),
      chroma: new Float32Array(frames * 12),
      centroid: new Float32Array(frames),
      spread: new Float32Array(frames),
      rolloff: new Float32Array(frames),
      flatness: new Float32Array(frames),
    };
    for (let t = 0; t < frames; t++) {
      this.spectrum.read(samples, t * settings.hopSize - lead);
      this.writeCepstrum(features.logMel, features.mfcc, t);
      this.writeChroma(features.chroma, t);
      this.writeShape(features.centroid, features.spread, features.rolloff, t);
      features.flatness[t] = this.measureFlatness();
    }
    const onsetStrength = measureOnsets(features.logMel, frames, settings.melBands);
    const frameRate = settings.sampleRate / settings.hopSize;
    return {
      settings,
      frames,
      frameRate,
      ...features,
      ...measureTime(samples, frames, settings),
      onsetStrength,
      tempo: estimateTempo(onsetStrength, frameRate),
    };
  }

  private writeCepstrum(logMel: Float32Array, mfcc: Float32Array, t: number): void {
    const { levels, dct } = this;
    const { melBands, mfccs } = this.settings;
    applyFilterBank(this.mel, this.spectrum.power, levels);
    for (let band = 0; band < melBands; band++) {
      const level = DB_PER_NEPER * Math.log(Math.max(MIN_POWER, levels[band]!));
      levels[band] = level;
      logMel[t * melBands + band] = level;
    }
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
    for (let k = 0; k < mfccs; k++) mfcc[t * mfccs + k] = this.cepstrum[k]!;
  }

  private writeChroma(chroma: Float32Array, t: number): void {
    const { classes } = this;
    const { power } = this.spectrum;
    const map = this.chroma;
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

  private writeShape(centroid: Float32Array, spread: Float32Array, rolloff: Float32Array, t: number): void {
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
    centroid[t] = mean * hertzPerBin;
    spread[t] = Math.sqrt(Math.max(0, second / total - mean * mean)) * hertzPerBin;
    const threshold = this.settings.rolloffShare * total;
    let bin = 0;
    for (let sum = magnitude[0]!; sum < threshold && bin < magnitude.length - 1;) sum += magnitude[++bin]!;
    rolloff[t] = bin * hertzPerBin;
  }

  /** Logarithms of products of eight powers: an eighth of the logarithms, and no product leaves a double's range. */
  private measureFlatness(): number {
    const { power } = this.spectrum;
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
}

function frameCount(length: number, { frameSize, hopSize, centred }: FeatureSettings): number {
  if (centred) return 1 + Math.floor(length / hopSize);
  return length < frameSize ? 1 : 1 + Math.floor((length - frameSize) / hopSize);
}

/** [T], dB; the first frame has none. */
function measureOnsets(logMel: Float32Array, frames: number, bands: number): Float32Array {
  const onsets = new Float32Array(frames);
  let loudest = -Infinity;
  for (let i = 0; i < logMel.length; i++) if (logMel[i]! > loudest) loudest = logMel[i]!;
  const floor = loudest - ONSET_RANGE_DB;
  for (let t = 1; t < frames; t++) {
    let rise = 0;
    for (let i = t * bands, end = i + bands; i < end; i++) {
      const change = Math.max(floor, logMel[i]!) - Math.max(floor, logMel[i - bands]!);
      if (change > 0) rise += change;
    }
    onsets[t] = rise / bands;
  }
  return onsets;
}

function validateSettings(settings: FeatureSettings): void {
  const { sampleRate, hopSize, melBands, mfccs, rolloffShare, tuning } = settings;
  const fault = (name: string, value: number): never => {
    throw new AttuneError('feature/invalid', `The feature setting ${name} makes no sense as ${value}.`, {
      [name]: value,
    });
  };
  if (!Number.isInteger(sampleRate) || sampleRate < 1) fault('sampleRate', sampleRate);
  if (!Number.isInteger(hopSize) || hopSize < 1) fault('hopSize', hopSize);
  if (!Number.isInteger(melBands) || melBands < 1) fault('melBands', melBands);
  if (!Number.isInteger(mfccs) || mfccs < 1 || mfccs > melBands) fault('mfccs', mfccs);
  if (!(rolloffShare > 0 && rolloffShare < 1)) fault('rolloffShare', rolloffShare);
  if (!(tuning > 0) || !Number.isFinite(tuning)) fault('tuning', tuning);
}
