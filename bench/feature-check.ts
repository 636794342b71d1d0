import { createRng } from '@attune/core';
import { ANALYSIS_RATE, createFeaturePlan } from '@attune/core/features';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const summary = 'audio features against numpy and aubio (needs python3 with both)';

/** `[PYTHON]`: dumps our features of ten seconds of sound and lets feature-check.py compare them. */
export function run(args: readonly string[]): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'attune-features-'));
  const samples = sound();
  const features = createFeaturePlan({ sampleRate: ANALYSIS_RATE, centred: false }).extract(samples);
  const { logMel, mfcc, centroid, spread, rolloff, flatness, rms, zeroCrossings } = features;
  const arrays = { samples, logMel, mfcc, centroid, spread, rolloff, flatness, rms, zeroCrossings };
  for (const [name, values] of Object.entries(arrays))
    writeFileSync(path.join(folder, `${name}.f32`), values);
  const script = path.join(import.meta.dirname, 'feature-check.py');
  const { status, error } = spawnSync(args[0] ?? 'python3', [script, folder], { stdio: 'inherit' });
  rmSync(folder, { recursive: true });
  if (error) console.log(`Not checked: ${error.message}`);
  process.exitCode = status ?? 1;
}

/** Decaying tones that glide, over noise that swells: every band is used, no frame is like the next. */
function sound(): Float32Array {
  const rng = createRng(11);
  return Float32Array.from({ length: ANALYSIS_RATE * 10 }, (_, i) => {
    const t = i / ANALYSIS_RATE;
    const tone = Math.sin(2 * Math.PI * (200 * t + 150 * t * t)) * Math.exp(-3 * (t % 0.5));
    return 0.4 * tone + 0.05 * (1 + Math.sin(t)) * rng.normal();
  });
}
