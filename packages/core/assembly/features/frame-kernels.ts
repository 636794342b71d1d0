// Features of a batch of frames in single precision, four values at a time. The plan (src/features/frame-engine-f32.ts)
// lays out memory and fills the tables; nothing is allocated here.
import { writeCepstrum, writeChroma, writeLevels, writeMel } from './_bands';
import { writeContrast } from './_contrast';
import {
  CENTROID,
  CHROMA,
  CONTRAST,
  ENTROPY,
  FLATNESS,
  FLUX,
  KURTOSIS,
  LOG_MEL,
  MEL,
  MFCC,
  POWER,
  RMS,
  ROLLOFF,
  SKEWNESS,
  SPREAD,
  ZERO_CROSSINGS,
} from './_features';
import { transform } from './_fft';
import {
  frameSize,
  hopSize,
  magnitude,
  melBands,
  mfccs,
  outChroma,
  outContrast,
  contrastBands,
  outEntropy,
  outFlatness,
  outFlux,
  outLogMel,
  outMel,
  outMfcc,
  outPower,
  power,
  previous,
  samples,
  wanted,
} from './_plan';
import { entropy, flatness, flux, inverseLength, writeMagnitude, writeShape } from './_shape';
import { writeTime } from './_time';

export * from './_plan';

const SHAPE = CENTROID | SPREAD | SKEWNESS | KURTOSIS | ROLLOFF;
const BY_MAGNITUDE = SHAPE | CONTRAST | FLUX;

/** 1 / √Σ |X|² of the frame before; −1 where there is none. */
let previousLength: f64 = -1;

/** Forgets the frame before. */
export function reset(): void {
  previousLength = -1;
}

/** Features of frames 0 … count − 1 of the batch: frame t begins at samples[1 + t × hopSize]. Output rows hold zeros. */
export function analyse(count: i32): void {
  if (wanted & (RMS | ZERO_CROSSINGS)) writeTime(count);
  if (!(wanted & ~(RMS | ZERO_CROSSINGS))) return;
  for (let t = 0; t < count; t++) analyseFrame(t, samples + 4 + ((<usize>(t * hopSize)) << 2));
}

function analyseFrame(t: usize, frame: usize): void {
  const bins = (frameSize >> 1) + 1;
  const row = t << 2;
  transform(frame);
  if (wanted & POWER) memory.copy(outPower + row * bins, power, bins << 2);
  if (wanted & (MEL | LOG_MEL | MFCC)) writeMel(wanted & MEL ? outMel + row * melBands : 0);
  if (wanted & (LOG_MEL | MFCC)) writeLevels(wanted & LOG_MEL ? outLogMel + row * melBands : 0);
  if (wanted & MFCC) writeCepstrum(outMfcc + row * mfccs);
  if (wanted & CHROMA) writeChroma(outChroma + row * 12);
  if (wanted & BY_MAGNITUDE) writeMagnitude();
  if (wanted & SHAPE) writeShape(row);
  if (wanted & FLATNESS) store<f32>(outFlatness + row, flatness());
  if (wanted & ENTROPY) store<f32>(outEntropy + row, entropy());
  if (wanted & CONTRAST) writeContrast(outContrast + row * contrastBands);
  if (wanted & FLUX) {
    const length = inverseLength();
    if (previousLength >= 0) store<f32>(outFlux + row, flux(length, previousLength));
    previousLength = length;
    memory.copy(previous, magnitude, bins << 2);
  }
}

/** First byte of memory that is free for the plan's tables. */
export function freeFrom(): usize {
  return __heap_base;
}
