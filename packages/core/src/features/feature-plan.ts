import type { AudioClip } from '../audio/audio-clip.ts';
import { mixToMono } from '../audio/clip.ts';
import { resample } from '../audio/resample.ts';
import { AttuneError } from '../foundation/errors.ts';
import type { Hertz } from '../foundation/units.ts';
import type { WasmModule } from '../foundation/wasm-module.ts';
import {
  type AudioFeatureName,
  type AudioFeatures,
  DEFAULT_FEATURES,
  type DefaultFeature,
  type FeatureFrames,
  type FeatureSettings,
  type FeatureValues,
} from './audio-features.ts';
import { checkSamples, completeSettings } from './feature-settings.ts';
import { createFrameEngine, frameCount, leadOf, type FrameEngine } from './frame-engine.ts';
import { createFrameArrays, type FrameFeature, isFrameFeature } from './frame-features.ts';
import { measureOnsets } from './onset-strength.ts';
import { estimateTempo } from './tempo.ts';

/** Rate at which `extractAudioFeatures` analyses by default. */
export const ANALYSIS_RATE: Hertz = 22_050;

/** The tables and scratch of one setting and choice of features. Keeps nothing of a call; use one plan per thread. */
export interface FeaturePlan<F extends AudioFeatureName = DefaultFeature> {
  readonly settings: FeatureSettings;
  readonly features: readonly F[];
  /**
   * `samples`: mono at `settings.sampleRate`, at least one. Throws `feature/invalid`, also for a sample that is not
   * finite or beyond ±10¹², with its index.
   */
  extract(samples: Float32Array): AudioFeatures<F>;
}

/** Settings of a plan and the features that it computes. */
/** Settings, of which all but the rate have defaults, and the choice of features F. */
export interface FeaturePlanOptions<F extends AudioFeatureName> extends Partial<FeatureSettings> {
  readonly sampleRate: Hertz;
  /** What to compute; what is left out costs nothing. Default: `DEFAULT_FEATURES`. */
  readonly features?: readonly F[];
  /** Kernels of precision 'f32' from `loadFeatureKernels`; compiled at once where they are not given. */
  readonly kernels?: WasmModule;
}

/** Throws `feature/invalid` for settings that make no sense together, for unknown features and for none. */
export function createFeaturePlan<F extends AudioFeatureName = DefaultFeature>(
  options: FeaturePlanOptions<F>,
): FeaturePlan<F> {
  const settings = completeSettings(options);
  const features = options.features ?? (DEFAULT_FEATURES as readonly AudioFeatureName[] as readonly F[]);
  const wanted = frameFeaturesFor(features);
  return new WholeSignalPlan(
    settings,
    features,
    wanted,
    createFrameEngine(settings, wanted, options.kernels),
  );
}

/** Features of a clip: mixed to mono, resampled to 22,050 Hz unless a plan or rate says otherwise. */
export function extractAudioFeatures(clip: AudioClip): AudioFeatures;
export function extractAudioFeatures<F extends AudioFeatureName>(
  clip: AudioClip,
  plan: FeaturePlan<F>,
): AudioFeatures<F>;
export function extractAudioFeatures(
  clip: AudioClip,
  plan: FeaturePlan<AudioFeatureName> = createFeaturePlan<AudioFeatureName>({ sampleRate: ANALYSIS_RATE }),
): FeatureFrames {
  return plan.extract(resample(mixToMono(clip), plan.settings.sampleRate).channels[0]!);
}

class WholeSignalPlan<F extends AudioFeatureName> implements FeaturePlan<F> {
  readonly settings: FeatureSettings;
  readonly features: readonly F[];
  private readonly wanted: readonly FrameFeature[];
  private readonly engine: FrameEngine;

  constructor(
    settings: FeatureSettings,
    features: readonly F[],
    wanted: readonly FrameFeature[],
    engine: FrameEngine,
  ) {
    this.settings = settings;
    this.features = features;
    this.wanted = wanted;
    this.engine = engine;
  }

  extract(samples: Float32Array): AudioFeatures<F> {
    if (samples.length === 0) throw new AttuneError('feature/invalid', 'An empty signal has no features.');
    checkSamples(samples);
    const { settings } = this;
    const frames = frameCount(samples.length, settings);
    const frameRate = settings.sampleRate / settings.hopSize;
    const values: Partial<FeatureValues> = createFrameArrays(this.wanted, settings, frames);
    this.engine.reset();
    this.engine.analyse(samples, -leadOf(settings), frames, values, 0);
    const found = { ...values, ...this.followRhythm(values.logMel, frames, frameRate) };
    const chosen = this.features.map((name) => [name, found[name]]);
    return { settings, frames, frameRate, ...Object.fromEntries(chosen) } as AudioFeatures<F>;
  }

  private followRhythm(
    logMel: Float32Array | undefined,
    frames: number,
    frameRate: number,
  ): Partial<FeatureValues> {
    const wanted: readonly AudioFeatureName[] = this.features;
    if (!logMel || !(wanted.includes('onsetStrength') || wanted.includes('tempo'))) return {};
    const onsetStrength = measureOnsets(logMel, frames, this.settings.melBands);
    return wanted.includes('tempo')
      ? { onsetStrength, tempo: estimateTempo(onsetStrength, frameRate) }
      : { onsetStrength };
  }
}

/** The frame features that these are or are made of. */
function frameFeaturesFor(features: readonly AudioFeatureName[]): FrameFeature[] {
  if (features.length === 0) throw new AttuneError('feature/invalid', 'A plan needs at least one feature.');
  const wanted = new Set<FrameFeature>();
  for (const name of features) {
    if (isFrameFeature(name)) wanted.add(name);
    else if (name === 'onsetStrength' || name === 'tempo') wanted.add('logMel');
    else
      throw new AttuneError('feature/invalid', `There is no audio feature called ${String(name)}.`, {
        feature: String(name),
      });
  }
  return [...wanted];
}
