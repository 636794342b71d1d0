import { describe, expect, it } from 'vitest';
import { createRng } from '../foundation/rng.ts';
import type { FeatureSettings } from './audio-features.ts';
import { createFeaturePlan } from './feature-plan.ts';
import { loadFeatureKernels } from './frame-engine-f32.ts';
import { FRAME_FEATURE_NAMES, type FrameFeature } from './frame-features.ts';

const RATE = 22_050;
const rng = createRng(7);

/** Gliding tones that decay, over noise that swells; and noise alone. */
const SIGNALS = {
  music: Float32Array.from({ length: 2 * RATE }, (_, i) => {
    const t = i / RATE;
    const tone = Math.sin(2 * Math.PI * (200 * t + 150 * t * t)) * Math.exp(-3 * (t % 0.5));
    return 0.4 * tone + 0.01 * (1 + Math.sin(t)) * rng.normal();
  }),
  noise: Float32Array.from({ length: RATE + 77 }, () => 0.3 * rng.normal()),
  'a part in silence': Float32Array.from({ length: RATE }, (_, i) => (i < RATE / 2 ? 0 : 0.1 * rng.normal())),
};

/** Largest difference from the reference, by feature; values in decibels and hertz where the feature is. */
const LIMITS: Record<Exclude<FrameFeature, 'power' | 'mel' | 'logMel'>, number> = {
  mfcc: 1e-3,
  chroma: 2e-6,
  centroid: 0.01,
  spread: 0.05,
  skewness: 1e-3,
  kurtosis: 1e-2,
  rolloff: 0,
  flatness: 1e-5,
  entropy: 1e-5,
  contrast: 5e-3,
  flux: 1e-5,
  rms: 1e-6,
  zeroCrossings: 0,
};

/** Largest difference of levels at most 80 dB under their frame's loudest: further down lies the rounding. */
function worstLevel(reference: Float32Array, fast: Float32Array, bands: number): number {
  let worst = 0;
  for (let start = 0; start < reference.length; start += bands) {
    const row = reference.subarray(start, start + bands);
    const floor = Math.max(...row) - 80;
    row.forEach((level, band) => {
      if (level >= floor) worst = Math.max(worst, Math.abs(level - fast[start + band]!));
    });
  }
  return worst;
}

describe('single precision', () => {
  const settings: [string, Partial<FeatureSettings>][] = [
    ['2048/512', {}],
    ['1024/256 plain', { frameSize: 1024, hopSize: 256, centred: false }],
    [
      '4096/1000, HTK',
      { frameSize: 4096, hopSize: 1000, melScale: 'htk', melNorm: 'peak', melBands: 41, mfccs: 13 },
    ],
    ['512/2000', { frameSize: 512, hopSize: 2000, melBands: 30 }],
  ];
  const cases = settings.flatMap(([name, some]) =>
    Object.entries(SIGNALS).map(
      ([signal, samples]): [string, string, Partial<FeatureSettings>, Float32Array] => [
        name,
        signal,
        some,
        samples,
      ],
    ),
  );

  it.each(cases)('%s, %s: agrees with the reference', (_name, _signal, some, samples) => {
    const options = { sampleRate: RATE, ...some, features: FRAME_FEATURE_NAMES };
    const reference = createFeaturePlan(options).extract(samples);
    const fast = createFeaturePlan({ ...options, precision: 'f32' }).extract(samples);
    for (const [name, limit] of Object.entries(LIMITS) as [keyof typeof LIMITS, number][]) {
      const worst = reference[name].reduce(
        (most, value, i) => Math.max(most, Math.abs(value - fast[name][i]!)),
        0,
      );
      expect(worst, name).toBeLessThanOrEqual(limit);
    }
    expect(worstLevel(reference.logMel, fast.logMel, reference.settings.melBands)).toBeLessThan(1e-3);
  });

  it('has the same bits every time, whatever the plan saw between and however large the batch', () => {
    const plan = createFeaturePlan({ sampleRate: RATE, precision: 'f32', features: FRAME_FEATURE_NAMES });
    const first = plan.extract(SIGNALS.noise);
    plan.extract(SIGNALS.music);
    expect(plan.extract(SIGNALS.noise)).toEqual(first);
    const start = plan.extract(SIGNALS.noise.subarray(0, 5000));
    expect(start.centroid.subarray(0, 7)).toEqual(first.centroid.subarray(0, 7));
  });

  it('takes kernels that were loaded beforehand', async () => {
    const kernels = await loadFeatureKernels();
    const options = { sampleRate: RATE, precision: 'f32' } as const;
    expect(createFeaturePlan({ ...options, kernels }).extract(SIGNALS.noise)).toEqual(
      createFeaturePlan(options).extract(SIGNALS.noise),
    );
  });
});
