import { createRng } from '@attune/core';
import type { AudioClip } from '@attune/core/audio';
import { createWindowPlan, hearWindows } from '../audio-windows.ts';
import { measureMel, type MelWindow } from './mel-window.ts';

const RATE = 16_000;
const SECONDS = 8;
/** Poles of the one-pole filters that colour the noise: white, then redder and redder. */
const POLES = [0, 0, 0.4, 0.7, 0.9, 0.97];

/** Mel windows of noises that a net learns to hear through, always the same. */
export function noiseWindows(): MelWindow[] {
  const plan = createWindowPlan();
  return POLES.flatMap((pole, i) => {
    const rng = createRng(i + 1).fork('noises');
    let last = 0;
    const samples = Float32Array.from(
      { length: RATE * SECONDS },
      () => (last = pole * last + 0.1 * rng.normal()),
    );
    const clip: AudioClip = { sampleRate: RATE, channels: [samples] };
    return hearWindows(clip).map((heard) => measureMel(heard, plan.mel));
  });
}
