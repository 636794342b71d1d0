import { AttuneError } from '@attune/core';
import { BINS, DEPTH_DB, SILENT_DB, type SpectralFrames } from './frames.ts';
import type { SpectralNetwork } from './network.ts';

/** How two sounds become one. */
export interface MorphSettings {
  /** 0: the first sound, 1: the second. */
  readonly blend: number;
  /** Share, 0 to 1, of what the network cannot say of each sound that is blended beside its codes. */
  readonly detail: number;
}

/** A frame this far under the loudest one takes no part in a blend, and one of `PRESENT_DB` takes full part. */
const ABSENT_DB = -70;
const PRESENT_DB = -50;

/**
 * Frame by frame between two sounds of as many frames: their codes are blended and decoded, and `detail` of what the
 * decoder misses of each is blended and added, so that with detail 1 a blend of 0 or 1 is the sound itself. Levels are
 * blended by power. Where one sound is silent, the other alone says how a frame sounds. Throws `argument/invalid`.
 */
export function morphFrames(
  network: SpectralNetwork,
  a: SpectralFrames,
  b: SpectralFrames,
  { blend, detail }: MorphSettings,
): SpectralFrames {
  if (a.count !== b.count) {
    throw new AttuneError(
      'argument/invalid',
      `Sounds of ${a.count} and ${b.count} frames cannot be blended.`,
      {
        first: a.count,
        second: b.count,
      },
    );
  }
  const { count } = a;
  const [codesA, codesB] = [network.encode(a.shape), network.encode(b.shape)];
  const codes = new Float32Array(codesA.length);
  const shares = Float64Array.from({ length: count }, (_, t) =>
    shareOfSecond(a.level[t]!, b.level[t]!, blend),
  );
  const { latents } = network;
  for (let i = 0; i < codes.length; i++) {
    const share = shares[Math.floor(i / latents)]!;
    codes[i] = (1 - share) * codesA[i]! + share * codesB[i]!;
  }
  const shape = network.decode(codes);
  if (detail > 0) {
    const [knownA, knownB] = [network.decode(codesA), network.decode(codesB)];
    for (let i = 0; i < shape.length; i++) {
      const share = shares[Math.floor(i / BINS)]!;
      const missed = (1 - share) * (a.shape[i]! - knownA[i]!) + share * (b.shape[i]! - knownB[i]!);
      shape[i] = Math.min(1, Math.max(0, shape[i]! + detail * missed));
    }
  }
  const level = new Float32Array(count);
  for (let t = 0; t < count; t++) level[t] = blendLevels(a.level[t]!, b.level[t]!, blend);
  raiseToPeaks(shape);
  return { count, level, shape };
}

/** Both sounds at once: powers added by their shares. What a morph is measured against. */
export function crossfadeFrames(a: SpectralFrames, b: SpectralFrames, blend: number): SpectralFrames {
  const { count } = a;
  const level = new Float32Array(count);
  const shape = new Float32Array(count * BINS);
  const power = new Float64Array(BINS);
  for (let t = 0; t < count; t++) {
    power.fill(0);
    addPower(power, a, t, 1 - blend);
    addPower(power, b, t, blend);
    level[t] = shapeOfPower(power, shape.subarray(t * BINS, (t + 1) * BINS));
  }
  return { count, level, shape };
}

/** Adds the power of one frame, times `gain`, to [BINS]. */
export function addPower(power: Float64Array, frames: SpectralFrames, t: number, gain: number): void {
  const level = frames.level[t]!;
  if (level <= SILENT_DB) return;
  for (let k = 0; k < BINS; k++) {
    const value = frames.shape[t * BINS + k]!;
    if (value > 0) power[k]! += gain * 10 ** ((level + DEPTH_DB * (value - 1)) / 10);
  }
}

/** Writes the shape of a power spectrum [BINS] into `shape` [BINS] and returns its level, dB. */
export function shapeOfPower(power: Float64Array, shape: Float32Array): number {
  let peak = 0;
  for (let k = 0; k < BINS; k++) if (power[k]! > peak) peak = power[k]!;
  const level = 10 * Math.log10(peak);
  if (!(level > SILENT_DB)) {
    shape.fill(0);
    return SILENT_DB;
  }
  for (let k = 0; k < BINS; k++) shape[k] = Math.max(0, 1 + (10 * Math.log10(power[k]! / peak)) / DEPTH_DB);
  return level;
}

/** Lifts each frame of [count, BINS] so that its loudest bin is at 1 again, as it is in every frame of a sound. */
export function raiseToPeaks(shape: Float32Array): void {
  for (let start = 0; start < shape.length; start += BINS) {
    let peak = 0;
    for (let i = start; i < start + BINS; i++) if (shape[i]! > peak) peak = shape[i]!;
    if (peak === 0 || peak === 1) continue;
    for (let i = start; i < start + BINS; i++) if (shape[i]! > 0) shape[i]! += 1 - peak;
  }
}

function shareOfSecond(levelA: number, levelB: number, blend: number): number {
  const [a, b] = [(1 - blend) * presence(levelA), blend * presence(levelB)];
  return a + b === 0 ? blend : b / (a + b);
}

function presence(level: number): number {
  return Math.min(1, Math.max(0, (level - ABSENT_DB) / (PRESENT_DB - ABSENT_DB)));
}

function blendLevels(a: number, b: number, blend: number): number {
  const powerOf = (level: number): number => (level <= SILENT_DB ? 0 : 10 ** (level / 10));
  return Math.max(SILENT_DB, 10 * Math.log10((1 - blend) * powerOf(a) + blend * powerOf(b)));
}
