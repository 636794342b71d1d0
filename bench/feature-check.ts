import { createRng } from '@attune/core';
import { decodeAudio, mixToMono, resample } from '@attune/core/audio';
import {
  ANALYSIS_RATE,
  createFeaturePlan,
  FRAME_FEATURE_NAMES,
  measureDelta,
  powerToDecibels,
} from '@attune/core/features';
import { findDataDir, openDataSet } from '@attune/core/node';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const summary = 'audio features, f64 and f32, against librosa and numpy (needs a Python with both)';

const SECONDS = 10;

/** `[PYTHON]`: dumps our features of two sounds and lets feature-check.py compare them. */
export async function run(args: readonly string[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'attune-features-'));
  const script = path.join(import.meta.dirname, 'feature-check.py');
  process.exitCode = 0;
  for (const [name, samples] of await sounds()) {
    dump(folder, samples);
    console.log(`\n${name}`);
    const { status, error } = spawnSync(args[0] ?? 'python3', [script, folder], { stdio: 'inherit' });
    if (error) console.log(`Not checked: ${error.message}`);
    if (status !== 0) process.exitCode = 1;
  }
  rmSync(folder, { recursive: true });
}

/** `f64.NAME.f32` and `f32.NAME.f32`: arrays of float32, row-major. */
function dump(folder: string, samples: Float32Array): void {
  const write = (name: string, values: Float32Array): void =>
    writeFileSync(path.join(folder, `${name}.f32`), values);
  write('samples', samples);
  for (const precision of ['f64', 'f32'] as const) {
    const options = { sampleRate: ANALYSIS_RATE, precision, centred: false };
    const features = createFeaturePlan({ ...options, features: FRAME_FEATURE_NAMES }).extract(samples);
    for (const name of FRAME_FEATURE_NAMES) write(`${precision}.${name}`, features[name]);
    write(`${precision}.delta`, measureDelta(features.mfcc, 20));
    write(`${precision}.deltaDelta`, measureDelta(features.mfcc, 20, { order: 2 }));
    write(`${precision}.cutDecibels`, powerToDecibels(features.mel, { topDecibels: 80 }));
    const centred = createFeaturePlan({ ...options, centred: true, features: ['logMel', 'rms'] }).extract(
      samples,
    );
    write(`${precision}.centredLogMel`, centred.logMel);
    write(`${precision}.centredRms`, centred.rms);
    for (const melNorm of ['area', 'sum', 'peak'] as const) {
      const htk = { ...options, melScale: 'htk', melNorm, melBands: 64, mfccs: 13 } as const;
      write(
        `${precision}.htk-${melNorm}`,
        createFeaturePlan({ ...htk, features: ['mel'] }).extract(samples).mel,
      );
    }
  }
}

async function sounds(): Promise<[string, Float32Array][]> {
  const found: [string, Float32Array][] = [['gliding tones and noise', glides()]];
  const data = findDataDir();
  const folder = data && path.join(data, 'rendered-audio');
  if (!folder || !existsSync(folder)) {
    console.log('No rendered-audio set, so synthetic sound only: set ATTUNE_DATA_DIR.');
    return found;
  }
  const clip = await decodeAudio(openDataSet(folder).items[0]!.bytes());
  const music = resample(mixToMono(clip), ANALYSIS_RATE).channels[0]!;
  found.push(['rendered music', music.subarray(0, SECONDS * ANALYSIS_RATE)]);
  return found;
}

/** Decaying tones that glide, over noise that swells: every band is used, no frame is like the next. */
function glides(): Float32Array {
  const rng = createRng(11);
  return Float32Array.from({ length: ANALYSIS_RATE * SECONDS }, (_, i) => {
    const t = i / ANALYSIS_RATE;
    const tone = Math.sin(2 * Math.PI * (200 * t + 150 * t * t)) * Math.exp(-3 * (t % 0.5));
    return 0.4 * tone + 0.05 * (1 + Math.sin(t)) * rng.normal();
  });
}
