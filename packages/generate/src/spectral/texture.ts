import { AttuneError, throwIfCancelled, type OnProgress, type Rng } from '@attune/core';
import { BINS, FRAMES_PER_SECOND, SILENT_DB, type SpectralFrames } from './frames.ts';
import type { HarmonySpan } from './harmony.ts';
import { addPower, raiseToPeaks, shapeOfPower } from './morph.ts';
import type { SpectralNetwork } from './network.ts';

/** How a texture sounds and moves. */
export interface TextureSettings {
  /** 0: one timbre throughout; 1: another one every two seconds. */
  readonly motion: number;
  /** How far from the middle of all instruments timbres are drawn, in standard deviations. */
  readonly variety: number;
}

export interface TextureHooks {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Seconds in which a chord comes and goes; the next one comes while it goes. */
const FADE = 0.6;
/** Codes are decoded for every fourth frame, and shapes between them interpolated. */
const STEP = 4;
const SLOWEST = 16; // seconds from one timbre to the next at motion 0
const FASTEST = 2; // and at motion 1
/** The tones above the bass are this much softer, dB. */
const UPPER_DB = -3;
const STEPS_PER_PAUSE = 32;

/**
 * New sound for a harmony: for each of its pitches, codes are drawn around those of instruments that play this pitch, on
 * a slow random path shared by all pitches, and decoded; the powers of the pitches are added. [count] frames.
 * Throws `argument/invalid` for a pitch that the network does not know, `cancelled`.
 */
export async function textureFrames(
  network: SpectralNetwork,
  harmony: readonly HarmonySpan[],
  count: number,
  rng: Rng,
  { motion, variety }: TextureSettings,
  { onProgress, signal }: TextureHooks = {},
): Promise<SpectralFrames> {
  const known = new Set(harmony.flatMap(({ pitches }) => pitches));
  const { lowest, highest } = network.pitches;
  for (const pitch of known) {
    if (pitch >= lowest && pitch <= highest) continue;
    throw new AttuneError(
      'argument/invalid',
      `Sounds are known for the pitches ${lowest} to ${highest}, not for ${pitch}.`,
      {
        pitch,
      },
    );
  }
  const period = SLOWEST * (FASTEST / SLOWEST) ** motion;
  const path = createPath(network.latents, count / FRAMES_PER_SECOND / period, rng.fork('timbre'));
  const level = new Float32Array(count).fill(SILENT_DB);
  const shape = new Float32Array(count * BINS);
  const steps = Math.ceil((count - 1) / STEP) + 1;
  let before: ReadonlyMap<number, SpectralFrames> = new Map();
  const power = new Float64Array(BINS);
  for (let step = 0; step < steps; step++) {
    const t = step * STEP;
    const sounding = voicesAt(harmony, t / FRAMES_PER_SECOND, STEP / FRAMES_PER_SECOND);
    const offset = path(t / FRAMES_PER_SECOND / period);
    const now = new Map(
      [...sounding].map((pitch) => [pitch, decodePitch(network, pitch, offset, variety)] as const),
    );
    for (let frame = Math.max(0, t - STEP + 1); frame <= Math.min(t, count - 1); frame++) {
      const share = (t - frame) / STEP;
      power.fill(0);
      for (const { pitch, gain } of gainsAt(harmony, frame / FRAMES_PER_SECOND)) {
        const later = now.get(pitch) ?? before.get(pitch);
        const earlier = before.get(pitch) ?? later;
        if (later === undefined || earlier === undefined) continue;
        addPower(power, later, 0, gain * (1 - share));
        if (share > 0) addPower(power, earlier, 0, gain * share);
      }
      level[frame] = shapeOfPower(power, shape.subarray(frame * BINS, (frame + 1) * BINS));
    }
    before = now;
    if ((step + 1) % STEPS_PER_PAUSE !== 0) continue;
    onProgress?.({ done: step + 1, total: steps, stage: 'Drawing sounds' });
    await new Promise((resolve) => setTimeout(resolve));
    throwIfCancelled(signal);
  }
  return { count, level, shape };
}

/** One frame of a pitch, its timbre `offset` [latents] standard deviations from the middle of its instruments. */
function decodePitch(
  network: SpectralNetwork,
  pitch: number,
  offset: Float64Array,
  variety: number,
): SpectralFrames {
  const start = (pitch - network.pitches.lowest) * network.latents;
  const codes = new Float32Array(network.latents);
  for (let c = 0; c < codes.length; c++) {
    codes[c] = network.pitchMeans[start + c]! + variety * offset[c]! * network.pitchDeviations[start + c]!;
  }
  const shape = network.decode(codes);
  raiseToPeaks(shape);
  return { count: 1, level: new Float32Array(1), shape };
}

/** Power gains of the pitches that sound at a time, each between 0 and 1. */
function gainsAt(harmony: readonly HarmonySpan[], seconds: number): { pitch: number; gain: number }[] {
  const gains: { pitch: number; gain: number }[] = [];
  harmony.forEach(({ start, end, pitches }, i) => {
    // the first chord is there at once, if softly; the last one has gone at the end
    const from = i === 0 ? start - FADE / 2 : start - FADE / 2;
    const to = i === harmony.length - 1 ? end : end + FADE / 2;
    if (seconds < from || seconds > to) return;
    const rise = Math.min(1, (seconds - from) / FADE);
    const fall = Math.min(1, (to - seconds) / FADE);
    const gain = Math.sin((Math.PI / 2) * Math.min(rise, fall)) ** 2;
    pitches.forEach((pitch, voice) => {
      gains.push({ pitch, gain: (gain * (voice === 0 ? 1 : 10 ** (UPPER_DB / 10))) / pitches.length });
    });
  });
  return gains;
}

function voicesAt(harmony: readonly HarmonySpan[], seconds: number, reach: number): Set<number> {
  const near = harmony.filter(
    ({ start, end }) => seconds + reach >= start - FADE && seconds - reach <= end + FADE,
  );
  return new Set(near.flatMap(({ pitches }) => pitches));
}

/** A smooth random path of [size] normal numbers: independent points at whole positions, cosine arcs between them. */
function createPath(size: number, length: number, rng: Rng): (position: number) => Float64Array {
  const points = Array.from({ length: Math.ceil(length) + 2 }, () =>
    Float64Array.from({ length: size }, () => rng.normal()),
  );
  return (position) => {
    const index = Math.min(points.length - 2, Math.floor(position));
    const angle = (Math.PI / 2) * (position - index);
    const [a, b] = [points[index]!, points[index + 1]!];
    return a.map((value, c) => Math.cos(angle) * value + Math.sin(angle) * b[c]!); // variance stays 1
  };
}
