import type { FeatureSettings } from './audio-features.ts';
import { createSimdEngine } from './frame-engine-f32.ts';
import { ReferenceEngine } from './frame-engine-f64.ts';
import type { FrameArrays, FrameFeature } from './frame-features.ts';
import type { WasmModule } from '../foundation/wasm-module.ts';

/** Computes frame features. Owns its tables and scratch, so one engine serves one thread and one signal at a time. */
export interface FrameEngine {
  /** Forgets the frame before, which flux compares with. */
  reset(): void;
  /**
   * Frames 0 … count − 1 begin at sample `start` + t × hopSize, which may lie before 0; samples outside are zero.
   * Their values go to rows `row` … of `out`, which hold zeros.
   */
  analyse(samples: Float32Array, start: number, count: number, out: Partial<FrameArrays>, row: number): void;
}

/** `kernels`: the compiled kernels of the f32 engine, where they were loaded beforehand. */
export function createFrameEngine(
  settings: FeatureSettings,
  wanted: readonly FrameFeature[],
  kernels?: WasmModule,
): FrameEngine {
  return settings.precision === 'f32'
    ? createSimdEngine(settings, wanted, kernels)
    : new ReferenceEngine(settings, wanted);
}

/** T: centred frames reach as far as the signal; others begin where they are full, and there is at least one. */
export function frameCount(length: number, { frameSize, hopSize, centred }: FeatureSettings): number {
  if (centred) return 1 + Math.floor(length / hopSize);
  return length < frameSize ? 1 : 1 + Math.floor((length - frameSize) / hopSize);
}

/** Place of frame 0's first sample is minus this. */
export function leadOf({ frameSize, centred }: FeatureSettings): number {
  return centred ? frameSize / 2 : 0;
}
