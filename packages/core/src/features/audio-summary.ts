import { AttuneError } from '../foundation/errors.ts';
import { type AudioFeatures, tempoOrZero } from './audio-features.ts';

const MFCCS = 20;
const MEL_BANDS = 128;
/** Neighbouring mel bands are averaged into this many levels. */
const MEL_GROUPS = 16;
const PITCHES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];
const MIN_RMS = 1e-5; // −100 dBFS
/** An onset is a local maximum of the onset curve this far over its mean, in deviations. */
const ONSET_THRESHOLD = 1;

const CURVES = ['centroid', 'spread', 'rolloff', 'flatness', 'zeroCrossings', 'level', 'onset'] as const;

/**
 * Names of the values of `summariseAudioFeatures`, in order (148). Units: MFCC, mel and level in dB, centroid,
 * spread and rolloff in kHz, onsets in dB, tempo in bpm (0: none), onset rate in Hz, the rest without unit.
 */
export const AUDIO_SUMMARY_NAMES: readonly string[] = [
  ...numbered('mfcc', MFCCS, 'mean'),
  ...numbered('mfcc', MFCCS, 'deviation'),
  ...numbered('mfcc', MFCCS, 'movement'),
  ...numbered('mel', MEL_GROUPS, 'mean'),
  ...numbered('mel', MEL_GROUPS, 'deviation'),
  ...PITCHES.map((pitch) => `chroma ${pitch} mean`),
  ...PITCHES.map((pitch) => `chroma ${pitch} deviation`),
  ...numbered('chroma interval', 12, 'mean'),
  ...CURVES.flatMap((curve) => [`${curve} mean`, `${curve} deviation`]),
  'chroma movement',
  'chroma peak',
  'quiet share',
  'onset rate',
  'tempo',
  'tempo clarity',
];

/**
 * A clip as one vector of fixed length, for classifiers and taste: mean and standard deviation over time of each
 * feature, mean absolute frame-to-frame change ("movement") of MFCC and chroma, and rhythm. "Chroma interval" i
 * is the mean over frames of Σ chroma[p] chroma[p + i]: harmony without key. All values are finite, silence
 * included. Needs 128 mel bands and 20 MFCC, else `feature/invalid`.
 */
export function summariseAudioFeatures(features: AudioFeatures): Float64Array {
  const { melBands, mfccs } = features.settings;
  if (melBands !== MEL_BANDS || mfccs !== MFCCS) {
    throw new AttuneError(
      'feature/invalid',
      `A summary needs ${MEL_BANDS} mel bands and ${MFCCS} MFCC, not ${melBands} and ${mfccs}.`,
      { melBands, mfccs },
    );
  }
  const mfcc = columns(features.mfcc, MFCCS);
  const mel = columns(groupBands(features.logMel), MEL_GROUPS);
  const chroma = columns(features.chroma, 12);
  const values = [
    ...mfcc.map(mean),
    ...mfcc.map(deviation),
    ...mfcc.map(movement),
    ...mel.map(mean),
    ...mel.map(deviation),
    ...chroma.map(mean),
    ...chroma.map(deviation),
    ...chromaIntervals(features.chroma),
    ...curves(features).flatMap((curve) => [mean(curve), deviation(curve)]),
    chroma.reduce((sum, column) => sum + movement(column), 0),
    mean(chromaPeaks(features.chroma)),
    quietShare(features.rms),
    onsetRate(features),
    tempoOrZero(features),
    features.tempo.clarity,
  ];
  return Float64Array.from(values);
}

/** In the order of CURVES, [T] each. */
function curves(features: AudioFeatures): ArrayLike<number>[] {
  return [
    Float64Array.from(features.centroid, (hertz) => hertz / 1000),
    Float64Array.from(features.spread, (hertz) => hertz / 1000),
    Float64Array.from(features.rolloff, (hertz) => hertz / 1000),
    features.flatness,
    features.zeroCrossings,
    Float64Array.from(features.rms, (rms) => 20 * Math.log10(Math.max(MIN_RMS, rms))),
    features.onsetStrength,
  ];
}

/** [T, width] row-major to width columns of T. */
function columns(matrix: Float32Array, width: number): Float64Array[] {
  return Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: matrix.length / width }, (_row, t) => matrix[t * width + column]!),
  );
}

/** [T, 128] to [T, 16] by means of neighbours. */
function groupBands(logMel: Float32Array): Float32Array {
  const size = MEL_BANDS / MEL_GROUPS;
  const out = new Float32Array(logMel.length / size);
  for (let i = 0; i < logMel.length; i++) out[Math.floor(i / size)]! += logMel[i]! / size;
  return out;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
}

/** Population standard deviation. */
function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return values.length === 0 ? 0 : Math.sqrt(sum / values.length);
}

/** Mean absolute change from one frame to the next; 0 for a single frame. */
function movement(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += Math.abs(values[i]! - values[i - 1]!);
  return values.length < 2 ? 0 : sum / (values.length - 1);
}

/** [12]: mean over frames of the circular autocorrelation of chroma. */
function chromaIntervals(chroma: Float32Array): number[] {
  const frames = chroma.length / 12;
  const out = new Array<number>(12).fill(0);
  for (let t = 0; t < frames; t++) {
    for (let interval = 0; interval < 12; interval++) {
      for (let p = 0; p < 12; p++)
        out[interval]! += (chroma[t * 12 + p]! * chroma[t * 12 + ((p + interval) % 12)]!) / frames;
    }
  }
  return out;
}

/** [T]: largest share of one pitch class. */
function chromaPeaks(chroma: Float32Array): Float64Array {
  return Float64Array.from({ length: chroma.length / 12 }, (_, t) =>
    Math.max(...chroma.subarray(t * 12, t * 12 + 12)),
  );
}

/** Share of frames quieter than half the mean level (Tzanetakis & Cook 2002: "low energy"). */
function quietShare(rms: Float32Array): number {
  const threshold = mean(rms) / 2;
  return rms.filter((level) => level < threshold).length / rms.length;
}

/** Local maxima of the onset curve well over its mean, a second. */
function onsetRate({ onsetStrength: onsets, frames, frameRate }: AudioFeatures): number {
  const threshold = mean(onsets) + ONSET_THRESHOLD * deviation(onsets);
  let count = 0;
  for (let t = 1; t < frames - 1; t++) {
    if (onsets[t]! > threshold && onsets[t]! >= onsets[t - 1]! && onsets[t]! > onsets[t + 1]!) count++;
  }
  return (count * frameRate) / frames;
}

function numbered(name: string, count: number, statistic: string): string[] {
  return Array.from({ length: count }, (_, i) => `${name} ${i} ${statistic}`);
}
