import type { FeatureSettings } from './audio-features.ts';

/** One audio feature of a frame: what it is, so that a page or a table can say so. */
export interface FrameFeatureDefinition {
  /** Values a frame. */
  readonly width: (settings: FeatureSettings) => number;
  readonly unit: string;
  readonly description: string;
  /** Paper or toolkit whose definition this is or follows. */
  readonly source: string;
}

const CHROMA_CLASSES = 12;
/** Bands of spectral contrast. */
export const CONTRAST_BANDS = 7;
const one = (): number => 1;

/** Features that are computed frame by frame. The SIMD kernels know them by their place in this order. */
export const FRAME_FEATURES = {
  power: {
    width: ({ frameSize }) => frameSize / 2 + 1,
    unit: 'squared amplitude sum',
    description: '|X|² of the bins 0 … N / 2.',
    source: 'periodogram, not normalised (librosa: stft)',
  },
  mel: {
    width: ({ melBands }) => melBands,
    unit: 'power',
    description: 'Power in the bands of the mel bank.',
    source: 'Slaney 1998 or Young et al. 2002 (HTK), by `melScale`',
  },
  logMel: {
    width: ({ melBands }) => melBands,
    unit: 'dB',
    description: '10 log₁₀ max(10⁻¹⁰, mel).',
    source: 'librosa: power_to_db(melspectrogram, top_db=None)',
  },
  mfcc: {
    width: ({ mfccs }) => mfccs,
    unit: 'dB',
    description: 'Orthonormal DCT-II of logMel.',
    source: 'Davis & Mermelstein 1980; librosa: mfcc, dct_type 2, norm ortho, no lifter',
  },
  chroma: {
    width: () => CHROMA_CLASSES,
    unit: 'share',
    description:
      'Share of the power from 110 Hz to 5 kHz in each pitch class, bins split linearly in semitones.',
    source: 'own, after Fujishima 1999',
  },
  centroid: {
    width: one,
    unit: 'Hz',
    description: 'Mean frequency, weighted by |X|.',
    source: 'Peeters 2004; librosa: spectral_centroid',
  },
  spread: {
    width: one,
    unit: 'Hz',
    description: 'Standard deviation around the centroid, weighted by |X|.',
    source: 'Peeters 2004; librosa: spectral_bandwidth, p 2',
  },
  skewness: {
    width: one,
    unit: 'ratio',
    description:
      'Third central moment of frequency, weighted by |X|, over spread³; 0 where there is no spread.',
    source: 'Peeters 2004',
  },
  kurtosis: {
    width: one,
    unit: 'ratio',
    description: 'Fourth central moment over spread⁴ (3 for a bell, not 0); 0 where there is no spread.',
    source: 'Peeters 2004',
  },
  rolloff: {
    width: one,
    unit: 'Hz',
    description: 'Lowest bin at or under which the share `rolloffShare` of Σ|X| lies.',
    source: 'Scheirer & Slaney 1997; librosa: spectral_rolloff',
  },
  flatness: {
    width: one,
    unit: 'ratio, 0 … 1',
    description: 'Geometric over arithmetic mean of max(10⁻¹⁰, |X|²).',
    source: 'Johnston 1988; librosa: spectral_flatness',
  },
  entropy: {
    width: one,
    unit: 'ratio, 0 … 1',
    description: 'Entropy of the shares of max(10⁻¹⁰, |X|²), over that of as many equal shares.',
    source: 'Shen et al. 1998',
  },
  contrast: {
    width: () => CONTRAST_BANDS,
    unit: 'dB',
    description:
      'Of 0–200 Hz and six octaves above: 10 log₁₀ of the mean of the largest 2 % of |X| over that of the smallest 2 %.',
    source: 'Jiang et al. 2002, in the variant of librosa: spectral_contrast, on |X|, without its top_db',
  },
  flux: {
    width: one,
    unit: 'squared distance, 0 … 2',
    description:
      'Σ (a − b)² of |X| and |X| of the frame before, each scaled to length 1 (silence: 0). 0 in the first frame.',
    source: 'Tzanetakis & Cook 2002, normalised by Euclidean length; rises and falls both count',
  },
  rms: {
    width: one,
    unit: 'amplitude',
    description: 'Root mean square of the frame without window.',
    source: 'librosa: rms',
  },
  zeroCrossings: {
    width: one,
    unit: 'share, 0 … 1',
    description: 'Sign changes a sample; zero counts as positive.',
    source: 'Kedem 1986; librosa: zero_crossing_rate, but without its pad',
  },
} as const satisfies Record<string, FrameFeatureDefinition>;

/** A feature that each frame has by itself, or with the frame before: what streams can compute. */
/** A name of `FRAME_FEATURES`. */
export type FrameFeature = keyof typeof FRAME_FEATURES;
/** The keys of `FRAME_FEATURES`, in order. */
/** The names of `FRAME_FEATURES`, in order. */
export const FRAME_FEATURE_NAMES = Object.keys(FRAME_FEATURES) as readonly FrameFeature[];

/** [T, width] each, row-major. */
export type FrameArrays<F extends FrameFeature = FrameFeature> = { readonly [name in F]: Float32Array };

export function isFrameFeature(name: string): name is FrameFeature {
  return Object.hasOwn(FRAME_FEATURES, name);
}

export function createFrameArrays<F extends FrameFeature>(
  features: readonly F[],
  settings: FeatureSettings,
  frames: number,
): FrameArrays<F> {
  return Object.fromEntries(
    features.map((name) => [name, new Float32Array(frames * FRAME_FEATURES[name].width(settings))]),
  ) as FrameArrays<F>;
}
