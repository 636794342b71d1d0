import type { Bpm, Hertz, Sample } from '../foundation/units.ts';
import type { MelNorm, MelScale } from './filter-banks.ts';
import type { TempoEstimate } from './tempo.ts';

/** Settings of the engine; all that its tables depend on. */
export interface FeatureSettings {
  readonly sampleRate: Hertz;
  /** N, a power of two. Default 2048. */
  readonly frameSize: number;
  /** Default 512. */
  readonly hopSize: Sample;
  /** Default 128. */
  readonly melBands: number;
  /** Default 'slaney'. */
  readonly melScale: MelScale;
  /** Default 'area'. */
  readonly melNorm: MelNorm;
  /** Default 20. */
  readonly mfccs: number;
  /** Frame t is centred on sample t × hopSize, with zeros beyond the ends; else it starts there. Default true. */
  readonly centred: boolean;
  /** Range of the mel bank; default 0 to the Nyquist frequency. */
  readonly minFrequency: Hertz;
  readonly maxFrequency: Hertz;
  /** Share of the magnitude below the rolloff frequency. Default 0.85. */
  readonly rolloffShare: number;
  /** Frequency of A4 for chroma. Default 440. */
  readonly tuning: Hertz;
  /**
   * 'f64', the default and reference, computes in double precision in plain JavaScript. 'f32' computes in single
   * precision in WebAssembly with SIMD, several times as fast; frameSize from 64 to 2¹⁸.
   */
  readonly precision: 'f64' | 'f32';
}

/** Settings and extent of a feature extraction. */
export interface FeatureFrames {
  readonly settings: FeatureSettings;
  /** T. */
  readonly frames: number;
  /** Frames a second: sampleRate / hopSize. */
  readonly frameRate: number;
}

/**
 * Features of a mono signal, T frames. X is the unnormalised DFT of the frame under a periodic Hann window;
 * spectral shape weighs the bins 0 … N / 2 by |X|, mel, chroma and flatness by |X|². Silent frames give zeros
 * in place of undefined ratios (flatness and entropy 1: the floor is flat), so every value is finite.
 * `FRAME_FEATURES` says which definition each follows.
 */
export interface FeatureValues {
  /** [T, N / 2 + 1]: |X|². */
  readonly power: Float32Array;
  /** [T, melBands]: mel power. */
  readonly mel: Float32Array;
  /** [T, melBands]: 10 log10(max(1e-10, mel power)), dB. */
  readonly logMel: Float32Array;
  /** [T, mfccs]: orthonormal DCT-II of logMel. */
  readonly mfcc: Float32Array;
  /** [T, 12]: share of the power from 110 Hz to 5 kHz in each pitch class; sums to 1, or 0 in silence. */
  readonly chroma: Float32Array;
  /** [T], Hz: mean frequency. */
  readonly centroid: Float32Array;
  /** [T], Hz: standard deviation around the centroid. */
  readonly spread: Float32Array;
  /** [T]: third central moment over spread³. */
  readonly skewness: Float32Array;
  /** [T]: fourth central moment over spread⁴; 3 for a bell. */
  readonly kurtosis: Float32Array;
  /** [T], Hz: lowest bin at or under which `rolloffShare` of the magnitude lies. */
  readonly rolloff: Float32Array;
  /** [T], 0 … 1: geometric over arithmetic mean of max(1e-10, |X|²). */
  readonly flatness: Float32Array;
  /** [T], 0 … 1: entropy of the shares of max(1e-10, |X|²) over its largest value, ln(N / 2 + 1). */
  readonly entropy: Float32Array;
  /** [T, 7], dB: peak over valley of |X| under 200 Hz and in the six octaves above. */
  readonly contrast: Float32Array;
  /** [T], 0 … 2: squared distance of the magnitudes, scaled to length 1, to those of the frame before. */
  readonly flux: Float32Array;
  /** [T], linear: of the frame without window. */
  readonly rms: Float32Array;
  /** [T], 0 … 1: sign changes a sample; zero counts as positive. */
  readonly zeroCrossings: Float32Array;
  /** [T], dB: mean rise over the mel bands since the frame before, of levels cut 80 dB under the clip's loudest. */
  readonly onsetStrength: Float32Array;
  readonly tempo: TempoEstimate;
}
/** Name of one of the features of `FeatureValues`. */
/** A name of `FeatureValues`. */
export type AudioFeatureName = keyof FeatureValues;

/** What a plan computes that was not told which features are wanted. */
export const DEFAULT_FEATURES = [
  'logMel',
  'mfcc',
  'chroma',
  'centroid',
  'spread',
  'rolloff',
  'flatness',
  'rms',
  'zeroCrossings',
  'onsetStrength',
  'tempo',
] as const satisfies readonly AudioFeatureName[];
/** One of `DEFAULT_FEATURES`. */
/** One of `DEFAULT_FEATURES`. */
export type DefaultFeature = (typeof DEFAULT_FEATURES)[number];

/** The values of the features F. */
export type AudioFeatures<F extends AudioFeatureName = DefaultFeature> = FeatureFrames &
  Pick<FeatureValues, F>;

/** Tempo as a number; 0 where there is none. */
export function tempoOrZero(features: Pick<FeatureValues, 'tempo'>): Bpm {
  return features.tempo.bpm ?? 0;
}
