import { createFeaturePlan, type FeaturePlan } from '@attune/core/features';

/** Bands of a mel window: enough to tell instruments apart, few enough for a small net. */
export const MEL_BANDS = 40;
/** 20 ms a frame, 64 ms long: strokes stay apart, and so do low notes. */
const FRAMES_A_SECOND = 50;
const FRAME = 1024;

/** Mel power of a stretch of sound. */
export interface MelWindow {
  readonly frames: number;
  /** [frames, MEL_BANDS], power. */
  readonly power: Float32Array;
}

/** Mel power alone. */
export type MelPlan = FeaturePlan<'mel'>;

/** What the mel windows of one rate are measured with. */
export function createMelPlan(sampleRate: number): MelPlan {
  return createFeaturePlan({
    features: ['mel'],
    sampleRate,
    precision: 'f32',
    frameSize: FRAME,
    hopSize: Math.round(sampleRate / FRAMES_A_SECOND),
    melBands: MEL_BANDS,
    mfccs: 13,
  });
}

/** `samples` mono at the rate of the plan. Throws `feature/invalid` as the plan does. */
export function measureMel(samples: Float32Array, plan: MelPlan): MelWindow {
  const { mel, frames } = plan.extract(samples);
  return { frames, power: Float32Array.from(mel) };
}

/** Below this, −90 dB of the loudest band of a window at the level that windows are brought to, lies rounding. */
const LEAST_POWER = 1e-9;

/** ln of the power, as nets read it. */
export function logPower(power: number): number {
  return Math.log(power + LEAST_POWER);
}
