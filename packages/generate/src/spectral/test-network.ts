import { createRng } from '@attune/core';
import type { AudioClip } from '@attune/core/audio';
import { writeCheckpoint, type JsonObject, type NamedArray } from '@attune/core/nn';
import { SPECTRAL_KIND, SPECTRAL_NETWORKS, type SpectralConfig } from './config.ts';
import { BINS, DEPTH_DB, FRAME_RATE_HERTZ, FRAME_SETTINGS } from './frames.ts';
import type { SpectralNetwork } from './network.ts';
import { parametersOf, pitchParameterNames, writeComponents } from './parameters.ts';

/** For tests: sizes that cost next to nothing. */
export const TINY_SPECTRAL: SpectralConfig = {
  version: 'test',
  shape: { latents: 3, hidden: [5, 4], channels: [2, 3], taps: 9, stride: 4 },
  pitches: { lowest: 36, highest: 84 },
  preferred: 'dense',
  training: {},
};

/** For tests: parameters drawn by chance, none of them 0 for good. */
export function tinyParameters(config: SpectralConfig = TINY_SPECTRAL, seed = 1): Map<string, NamedArray> {
  const rng = createRng(seed);
  const draw = (shape: readonly number[], scale: number): NamedArray => ({
    shape: [...shape],
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => scale * rng.normal()),
  });
  const parameters = new Map<string, NamedArray>();
  for (const { name, shape } of parametersOf(config.shape)) parameters.set(name, draw(shape, 0.05));
  const size = [config.pitches.highest - config.pitches.lowest + 1, config.shape.latents];
  for (const network of SPECTRAL_NETWORKS) {
    for (const name of Object.values(pitchParameterNames(network))) parameters.set(name, draw(size, 1));
  }
  const { latents } = config.shape;
  const components = {
    mean: new Float64Array(BINS),
    directions: new Float64Array(latents * BINS),
    deviations: new Float64Array(latents),
  };
  return new Map([...parameters, ...writeComponents(components)]);
}

/** For tests: a checkpoint's files. */
export function tinySpectralFiles(config: SpectralConfig = TINY_SPECTRAL): Record<string, Uint8Array> {
  return writeCheckpoint({
    kind: SPECTRAL_KIND,
    config: config as unknown as JsonObject,
    parameters: tinyParameters(config),
  });
}

/**
 * For tests: codes of one number, a pitch; decoded, a line at its fundamental and at its octave, 20 dB lower. What
 * frames say is not looked at: every frame is of the pitch 60.
 */
export function lineNetwork(): SpectralNetwork {
  const pitches = { lowest: 36, highest: 84 };
  return {
    name: 'dense',
    latents: 1,
    pitches,
    pitchMeans: Float32Array.from({ length: 49 }, (_, i) => 36 + i),
    pitchDeviations: new Float32Array(49),
    encode: (shape) => new Float32Array(shape.length / BINS).fill(60),
    decode: (codes) => {
      const shape = new Float32Array(codes.length * BINS);
      codes.forEach((pitch, t) => {
        const bin = Math.round(
          (440 * 2 ** ((pitch - 69) / 12) * FRAME_SETTINGS.frameSize) / FRAME_RATE_HERTZ,
        );
        shape[t * BINS + bin] = 1;
        shape[t * BINS + 2 * bin] = 1 - 20 / DEPTH_DB;
      });
      return shape;
    },
  };
}

/** For tests: sines, mono; equally loud. */
export function sineClip(
  hertz: readonly number[],
  seconds: number,
  sampleRate = FRAME_RATE_HERTZ,
): AudioClip {
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) =>
    hertz.reduce((sum, f) => sum + (0.5 / hertz.length) * Math.sin((2 * Math.PI * f * i) / sampleRate), 0),
  );
  return { sampleRate, channels: [samples] };
}
