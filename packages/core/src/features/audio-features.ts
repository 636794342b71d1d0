import type { Bpm, Hertz, Sample } from '../foundation/units.ts';
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
}

/**
 * Features of a mono signal, T frames. X is the unnormalised DFT of the frame under a periodic Hann window;
 * spectral shape weighs the bins 0 … N / 2 by |X|, mel, chroma and flatness by |X|². Silent frames give zeros
 * in place of undefined ratios (flatness 1: the floor is flat), so every value is finite.
 */
export interface AudioFeatures {
  readonly settings: FeatureSettings;
  /** T. */
  readonly frames: number;
  /** Frames a second: sampleRate / hopSize. */
  readonly frameRate: number;
  /** [T, melBands]: 10 log10(max(1e-10, mel power)), dB; Slaney mel, area norm. */
  readonly logMel: Float32Array;
  /** [T, mfccs]: orthonormal DCT-II of logMel. */
  readonly mfcc: Float32Array;
  /** [T, 12]: share of the power from 110 Hz to 5 kHz in each pitch class; sums to 1, or 0 in silence. */
  readonly chroma: Float32Array;
  /** [T], Hz: mean frequency. */
  readonly centroid: Float32Array;
  /** [T], Hz: standard deviation around the centroid. */
  readonly spread: Float32Array;
  /** [T], Hz: lowest bin at or under which `rolloffShare` of the magnitude lies. */
  readonly rolloff: Float32Array;
  /** [T], 0 … 1: geometric over arithmetic mean of max(1e-10, |X|²). */
  readonly flatness: Float32Array;
  /** [T], linear: of the frame without window. */
  readonly rms: Float32Array;
  /** [T], 0 … 1: sign changes a sample; zero counts as positive. */
  readonly zeroCrossings: Float32Array;
  /** [T], dB: mean rise over the mel bands since the frame before, of levels cut 80 dB under the clip's loudest. */
  readonly onsetStrength: Float32Array;
  readonly tempo: TempoEstimate;
}

/** Tempo as a number; 0 where there is none. */
export function tempoOrZero(features: AudioFeatures): Bpm {
  return features.tempo.bpm ?? 0;
}
