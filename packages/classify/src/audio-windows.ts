import { AttuneError, createRng } from '@attune/core';
import { mixToMono, resample, type AudioClip } from '@attune/core/audio';
import {
  AUDIO_SUMMARY_NAMES,
  createFeaturePlan,
  summariseAudioFeatures,
  type FeaturePlan,
} from '@attune/core/features';
import { createMelPlan, measureMel, type MelPlan, type MelWindow } from './sound/mel-window.ts';
import { netLogits } from './sound/sound-net.ts';
import { featureIndices, measuredFeatures, type StyleModel } from './model/style-model.ts';
import {
  createRhythmPlan,
  measureRhythmPattern,
  RHYTHM_PATTERN_NAMES,
  type RhythmPlan,
} from './sound/rhythm-pattern.ts';

/** Length of a window, as the clips that the model learned from. */
export const WINDOW_SECONDS = 10;
/** Of longer clips at most this many windows are judged, spread evenly: the cost is bounded. */
const MOST_WINDOWS = 12;
/** What lies above 8 kHz differs more between codecs than between styles: it is left out. */
const HEARD_RATE = 16_000;
/** White noise this far below the window's level is mixed in, so that weaker noise in the recording changes little. */
const MASK = 10 ** (-25 / 20);
const MASK_SEED = 1;
/** Loudness that every window is brought to, so that the answer does not hang on the volume. */
const TARGET_RMS = 0.1;
/** Below this (−80 dBFS) a window is silence and is left as it is. */
const LEAST_RMS = 1e-4;

/** Names of the values of a window, in order: core's summary, then the rhythm of six bands. */
export const AUDIO_STYLE_FEATURES: readonly string[] = [...AUDIO_SUMMARY_NAMES, ...RHYTHM_PATTERN_NAMES];

/** The feature plans of one rate: build once for many clips. */
export interface WindowPlan {
  readonly summary: FeaturePlan;
  readonly rhythm: RhythmPlan;
  readonly mel: MelPlan;
}

/** The plans of windows at 16 kHz, of whatever rate the clips are. */
export function createWindowPlan(): WindowPlan {
  return {
    summary: createFeaturePlan({ sampleRate: HEARD_RATE }),
    rhythm: createRhythmPlan(HEARD_RATE),
    mel: createMelPlan(HEARD_RATE),
  };
}

/**
 * The windows of a clip as samples: one of a clip up to 15 s, else whole windows of 10 s spread evenly from the start to the end. Each is heard at
 * 16 kHz, levelled to the same RMS and masked with a little noise, the same each time. Throws `feature/invalid` for an empty clip.
 */
export function hearWindows(clip: AudioClip): Float32Array[] {
  const samples = resample(mixToMono(clip), HEARD_RATE).channels[0];
  if (!samples || samples.length === 0)
    throw new AttuneError('feature/invalid', 'An empty clip has no style.');
  return windowsOf(samples, WINDOW_SECONDS * HEARD_RATE).map(masked);
}

/** [AUDIO_STYLE_FEATURES] of a window of `hearWindows`. */
export function summariseWindow(heard: Float32Array, plan: WindowPlan): Float64Array {
  return Float64Array.from([
    ...summariseAudioFeatures(plan.summary.extract(heard)),
    ...measureRhythmPattern(heard, plan.rhythm),
  ]);
}

/** [windows][AUDIO_STYLE_FEATURES] of the windows of a clip. Throws as `hearWindows` does. */
export function summariseWindows(clip: AudioClip, plan: WindowPlan = createWindowPlan()): Float64Array[] {
  return hearWindows(clip).map((heard) => summariseWindow(heard, plan));
}

/**
 * Views of `samples`, not copies: the whole where it is shorter than 1.5 × `size`, else windows of `size` samples, at most 12, spread evenly from
 * the start to the end.
 */
export function windowsOf(samples: Float32Array, size: number): Float32Array[] {
  if (samples.length < 1.5 * size) return [samples];
  const count = Math.min(MOST_WINDOWS, Math.floor(samples.length / size));
  const hop = count === 1 ? 0 : (samples.length - size) / (count - 1);
  return Array.from({ length: count }, (_, i) =>
    samples.subarray(Math.floor(i * hop), Math.floor(i * hop) + size),
  );
}

function masked(window: Float32Array): Float32Array {
  let square = 0;
  for (const x of window) square += x * x;
  const rms = Math.sqrt(square / window.length);
  const gain = rms < LEAST_RMS ? 1 : TARGET_RMS / rms;
  const rng = createRng(MASK_SEED);
  return window.map((x) => gain * x + MASK * TARGET_RMS * rng.normal());
}

/** What models read of a window. */
export interface ReadWindow {
  /** [AUDIO_STYLE_FEATURES]. */
  readonly features: Float64Array;
  readonly mel: MelWindow;
}

/** The windows of a clip as models read them. Throws as `hearWindows` does. */
export function readWindows(clip: AudioClip, plan: WindowPlan = createWindowPlan()): ReadWindow[] {
  return hearWindows(clip).map((heard) => ({
    features: summariseWindow(heard, plan),
    mel: measureMel(heard, plan.mel),
  }));
}

/** Reads rows of a model from windows: [model.features], its measured features and what its net says. Throws `checkpoint/mismatch` for features that are not known here. */
export function windowReader(
  model: Pick<StyleModel, 'name' | 'features' | 'net'>,
): (window: ReadWindow) => Float64Array {
  const { net } = model;
  const indices = featureIndices(
    { name: model.name, features: model.features.slice(0, measuredFeatures(model)) },
    AUDIO_STYLE_FEATURES,
  );
  return ({ features, mel }) =>
    Float64Array.from([...indices.map((index) => features[index]!), ...(net ? netLogits(net, mel) : [])]);
}

/** Names of the features that a net adds, one a class. */
export function heardNames(labels: readonly string[], rejects: boolean): string[] {
  return [...labels, ...(rejects ? ['no music'] : [])].map((label) => `heard ${label}`);
}
