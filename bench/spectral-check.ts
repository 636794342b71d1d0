import { createRng } from '@attune/core';
import { decodeAudio, mixToMono, resample } from '@attune/core/audio';
import {
  ANALYSIS_RATE,
  autocorrelationTempogram,
  cqt,
  cqtChroma,
  createConstantQ,
  estimateTuning,
  fourierTempogram,
} from '@attune/core/features';
import { findDataDir, openDataSet } from '@attune/core/node';
import { inverseStft, stft } from '@attune/core/spectral';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const summary =
  'spectrograms, tempograms and constant-Q transforms against librosa (needs python3 with it)';

const CLIP_STEP = 30;
const HOP = 512;

/** `[PYTHON]`: dumps our arrays of noise and of every 30th rendered clip, and lets spectral-check.py compare them. */
export async function run(args: readonly string[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'attune-spectral-'));
  const dump = (name: string, values: ArrayLike<number>): void => {
    writeFileSync(path.join(folder, `${name}.f64`), Float64Array.from(values));
  };
  dumpTransforms(dump);
  dumpTempograms(dump);
  await dumpClips(dump);
  const script = path.join(import.meta.dirname, 'spectral-check.py');
  const { status, error } = spawnSync(args[0] ?? 'python3', [script, folder], { stdio: 'inherit' });
  rmSync(folder, { recursive: true });
  if (error) console.log(`Not checked: ${error.message}`);
  process.exitCode = status ?? 1;
}

type Dump = (name: string, values: ArrayLike<number>) => void;

function dumpTransforms(dump: Dump): void {
  const rng = createRng(3);
  const samples = Float64Array.from({ length: 20_000 }, () => rng.normal());
  dump('samples', samples);
  for (const window of ['hann', 'hamming', 'blackman', 'rectangular'] as const) {
    for (const padding of ['zero', 'reflect', 'none'] as const) {
      const { re, im } = stft(samples, { frameSize: 1024, hopSize: 256, window, padding });
      dump(`stft-${window}-${padding}-re`, re);
      dump(`stft-${window}-${padding}-im`, im);
    }
  }
  const changed = stft(samples, { frameSize: 1024, hopSize: 256 });
  for (let i = 0; i < changed.re.length; i++) changed.re[i]! *= 1 + rng.uniform();
  dump('changed-re', changed.re);
  dump('changed-im', changed.im);
  dump('istft', inverseStft(changed, samples.length));
}

/** Of a curve of pulses that slow down, over noise. */
function dumpTempograms(dump: Dump): void {
  const rng = createRng(4);
  const frameRate = ANALYSIS_RATE / HOP;
  const onsets = Float32Array.from({ length: 1200 }, (_, t) => {
    const phase = (t / 21) * (1 - t / 8000);
    return Math.max(0, 1 - 5 * (phase - Math.floor(phase))) + 0.1 * rng.uniform();
  });
  const tempi = Array.from({ length: 193 }, (_, k) => (60 * frameRate * k) / 384);
  dump('onsets', onsets);
  dump('tempogram', autocorrelationTempogram(onsets, 384).values);
  dump('fourier-tempogram', fourierTempogram(onsets, frameRate, tempi, 384).magnitude);
}

async function dumpClips(dump: Dump): Promise<void> {
  const data = findDataDir();
  const folder = data && path.join(data, 'rendered-audio');
  const items =
    folder && existsSync(folder) ? openDataSet(folder).items.filter((_, i) => i % CLIP_STEP === 0) : [];
  if (items.length === 0)
    console.log('No rendered-audio set, so no constant-Q comparison: set ATTUNE_DATA_DIR.\n');
  const coarse = createConstantQ({ sampleRate: ANALYSIS_RATE, hopSize: HOP });
  dump('clip-count', [items.length]);
  for (const [i, item] of items.entries()) {
    const clip = mixToMono(await decodeAudio(item.bytes()));
    const samples = resample(clip, ANALYSIS_RATE).channels[0]!;
    dump(`clip-${i}`, samples);
    const { re, im } = coarse.analyse(samples);
    dump(
      `cqt-${i}`,
      re.map((real, k) => Math.hypot(real, im[k]!)),
    );
    dump(`tuning-${i}`, [estimateTuning(samples, ANALYSIS_RATE)?.cents ?? NaN]);
    dump(
      `cqt-chroma-${i}`,
      cqtChroma(cqt(samples, { sampleRate: ANALYSIS_RATE, hopSize: HOP, binsPerOctave: 36 })),
    );
  }
}
