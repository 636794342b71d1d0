import { createFeaturePlan, type FeaturePlan } from '@attune/core/features';

/** First mel band of each group, of `MELS`: below 150, 375, 750, 1500, 3300 and 8000 Hz at a rate of 16 kHz. */
const GROUPS = [
  ['kick', 0, 2],
  ['low', 2, 5],
  ['middle', 5, 10],
  ['upper', 10, 18],
  ['high', 18, 28],
  ['cymbals', 28, 40],
] as const;
const MELS = 40;
/** Frames of 32 ms, 100 a second: short enough to tell strokes apart. */
const FRAME = 512;
const FRAMES_A_SECOND = 100;
/** A level that lies farther below the loudest is heard as silence. */
const RANGE_DECIBELS = 35;
/** An onset is a rise over this many frames. */
const RISE_FRAMES = 2;
/** A stroke is a local maximum of the onsets above this share of the largest. */
const STROKE_SHARE = 0.25;
/** Lags in frames, 80 ms to 2 s; the most in half the way to the neighbours is read, since strokes are sharper than the steps. */
const LAGS = [8, 10, 12, 14, 17, 20, 24, 28, 33, 38, 44, 50, 57, 66, 76, 88, 101, 116, 133, 153, 175, 200];
/** A beat is looked for between these lags: 200 to 60 a minute. */
const SHORTEST_BEAT = 30;
const LONGEST_BEAT = 100;
/** Fractions of the beat at which the repetition is read: straight and triplet divisions, and multiples. */
const FRACTIONS = [1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 3 / 2, 2, 3, 4];
const EPSILON = 1e-9;

const GROUP_NAMES = GROUPS.map(([name]) => name);
const PAIRS = GROUPS.flatMap((_, a) => GROUPS.slice(a + 1).map((_group, b) => [a, a + 1 + b] as const));

/** Names of the values of `measureRhythmPattern`, in order. */
export const RHYTHM_PATTERN_NAMES: readonly string[] = [
  ...GROUP_NAMES.flatMap((name) => LAGS.map((lag) => `${name} repeats after ${lag * 10} ms`)),
  ...GROUP_NAMES.flatMap((name) =>
    FRACTIONS.map((fraction) => `${name} repeats after ${fraction.toFixed(2)} beats`),
  ),
  ...GROUP_NAMES.flatMap((name) =>
    ['onset mean', 'onset unevenness', 'strokes a second', 'level', 'fall'].map((what) => `${name} ${what}`),
  ),
  ...PAIRS.map(([a, b]) => `${GROUP_NAMES[a]} with ${GROUP_NAMES[b]}`),
  'beat',
];

/** Mel power alone, in short frames. */
export type RhythmPlan = FeaturePlan<'mel'>;

/** What the features of one rate are measured with. */
export function createRhythmPlan(sampleRate: number): RhythmPlan {
  return createFeaturePlan({
    features: ['mel'],
    sampleRate,
    precision: 'f32',
    frameSize: FRAME,
    hopSize: Math.round(sampleRate / FRAMES_A_SECOND),
    melBands: MELS,
    mfccs: 13,
  });
}

/**
 * How the strokes in six bands of pitch repeat, [RHYTHM_PATTERN_NAMES]: autocorrelation of the onsets of each band at fixed lags
 * and at fractions of the beat (the lag at which all bands together repeat most), how strong, sharp and frequent onsets are, and
 * which bands sound together. After the onset patterns of Pohle et al. (2009) and the autocorrelation of bands of Foote & Uchihashi
 * (2001). Levels are cut off 35 dB below the loudest, so that weak noise changes little. `samples` mono at the rate of the plan;
 * all values are finite, silence included. Throws `feature/invalid` as the plan does.
 */
export function measureRhythmPattern(samples: Float32Array, plan: RhythmPlan): Float64Array {
  const { mel, frames } = plan.extract(samples);
  const powers = GROUPS.map(([, from, to]) => groupPower(mel, frames, from, to));
  const loudest = Math.max(EPSILON, ...powers.map((power) => power.reduce((a, b) => Math.max(a, b), 0)));
  const levels = powers.map((power) => levelOf(power, loudest));
  const onsets = levels.map(onsetsOf);
  const centred = onsets.map(centre);
  const repeats = centred.map(autocorrelation);
  const together = Float64Array.from({ length: LAG_COUNT }, (_, lag) =>
    repeats.reduce((sum, own) => sum + own[lag]!, 0),
  );
  const beat = beatOf(together);
  const values = [
    ...repeats.flatMap((own) => LAGS.map((_, i) => mostAbout(own, i))),
    ...repeats.flatMap((own) => FRACTIONS.map((fraction) => between(own, fraction * beat))),
    ...onsets.flatMap((own, g) => strokesOf(own, levels[g]!)),
    ...PAIRS.map(([a, b]) => likeness(centred[a]!, centred[b]!)),
    beat / FRAMES_A_SECOND,
  ];
  return Float64Array.from(values);
}

/** Lags 0 to four of the longest beats. */
const LAG_COUNT = 4 * LONGEST_BEAT + 2;

function groupPower(mel: Float32Array, frames: number, from: number, to: number): Float64Array {
  return Float64Array.from({ length: frames }, (_, t) => {
    let sum = 0;
    for (let band = from; band < to; band++) sum += mel[t * MELS + band]!;
    return sum;
  });
}

/** dB above the floor: 0 … about RANGE_DECIBELS. */
function levelOf(power: Float64Array, loudest: number): Float64Array {
  const own = power.reduce((a, b) => Math.max(a, b), 0);
  const floor = Math.max(own, loudest * 1e-3) * 10 ** (-RANGE_DECIBELS / 10);
  return power.map((value) => 10 * Math.log10(Math.max(value, floor) / floor));
}

function onsetsOf(level: Float64Array): Float64Array {
  return level.map((value, t) => Math.max(0, value - (level[t - RISE_FRAMES] ?? value)));
}

function centre(values: Float64Array): Float64Array {
  const mean = meanOf(values);
  return values.map((value) => value - mean);
}

/** [LAG_COUNT], as a share of the energy; 0 beyond the end and in silence. */
function autocorrelation(values: Float64Array): Float64Array {
  let energy = EPSILON;
  for (const value of values) energy += value * value;
  return Float64Array.from({ length: LAG_COUNT }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < values.length; t++) sum += values[t]! * values[t - lag]!;
    const overlap = Math.max(1, values.length - lag) / Math.max(1, values.length); // what the end cuts off is made up for
    return sum / energy / Math.max(0.25, overlap);
  });
}

/** The lag of a beat that, with its half and its double, repeats most. */
function beatOf(together: Float64Array): number {
  let best = SHORTEST_BEAT;
  let most = -Infinity;
  for (let lag = SHORTEST_BEAT; lag <= LONGEST_BEAT; lag++) {
    const score = together[lag]! + 0.5 * together[2 * lag]! + 0.25 * together[4 * lag]!;
    if (score > most) [best, most] = [lag, score];
  }
  return best;
}

/** The largest value from half way to the lag before `LAGS[i]` to half way to the next. */
function mostAbout(values: Float64Array, i: number): number {
  const lag = LAGS[i]!;
  const from = Math.ceil((lag + (LAGS[i - 1] ?? lag - 1)) / 2);
  const to = Math.ceil((lag + (LAGS[i + 1] ?? lag + 1)) / 2);
  return values.subarray(from, to).reduce((a, b) => Math.max(a, b), -1);
}

/** The largest value within a frame of the place: what repeats a little early or late still does. */
function between(values: Float64Array, place: number): number {
  const at = Math.round(place);
  return Math.max(values[at - 1] ?? 0, values[at] ?? 0, values[at + 1] ?? 0);
}

/** In the order of the names: mean onset, deviation over mean, strokes a second, mean level, mean fall a frame. */
function strokesOf(onsets: Float64Array, level: Float64Array): number[] {
  const mean = meanOf(onsets);
  const largest = onsets.reduce((a, b) => Math.max(a, b), 0);
  const spread = Math.sqrt(meanOf(onsets.map((value) => (value - mean) ** 2)));
  let strokes = 0;
  for (let t = 1; t < onsets.length - 1; t++) {
    if (onsets[t]! > STROKE_SHARE * largest && onsets[t]! >= onsets[t - 1]! && onsets[t]! > onsets[t + 1]!)
      strokes++;
  }
  const fall = meanOf(level.map((value, t) => Math.max(0, (level[t - 1] ?? value) - value)));
  return [
    mean,
    spread / Math.max(EPSILON, mean),
    (strokes * FRAMES_A_SECOND) / Math.max(1, onsets.length),
    meanOf(level),
    fall,
  ];
}

function likeness(a: Float64Array, b: Float64Array): number {
  let [product, squareA, squareB] = [0, EPSILON, EPSILON];
  for (let t = 0; t < a.length; t++) {
    product += a[t]! * b[t]!;
    squareA += a[t]! ** 2;
    squareB += b[t]! ** 2;
  }
  return product / Math.sqrt(squareA * squareB);
}

function meanOf(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}
