import { createRng } from '@attune/core';
import { decodeAudio, mixToMono, resample, type AudioClip } from '@attune/core/audio';
import { ANALYSIS_RATE, createFeaturePlan } from '@attune/core/features';
import { findDataDir, openDataSet } from '@attune/core/node';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export const summary =
  'audio features (mel, MFCC, chroma, shape, flatness, RMS, ZCR): ours beside meyda, interleaved';

const ROUNDS = 7;
const FRAME = 2048;
const HOP = 512;
const SECONDS = 30;
/** What meyda can compute of the same list; its spectral flux always throws. */
const MEYDA_FEATURES = [
  ...[
    'mfcc',
    'chroma',
    'spectralCentroid',
    'spectralSpread',
    'spectralRolloff',
    'spectralFlatness',
    'rms',
    'zcr',
  ],
  'melBands',
];

interface Meyda {
  sampleRate: number;
  bufferSize: number;
  melBands: number;
  numberOfMFCCCoefficients: number;
  extract(features: readonly string[], frame: Float32Array): unknown;
}

/**
 * `[ROUNDS]`: seconds of sound a second of CPU time (median over rounds), and the median of the ratios of each round.
 * CPU time, because it does not count what other programs take.
 */
export async function run(args: readonly string[]): Promise<void> {
  const rounds = Number(args[0] ?? ROUNDS);
  for (const [name, samples] of await sources()) compare(name, samples, rounds);
}

async function sources(): Promise<[string, Float32Array][]> {
  const rng = createRng(1);
  const synthetic = Float32Array.from(
    { length: ANALYSIS_RATE * SECONDS },
    (_, i) => 0.4 * Math.sin(0.06 * i) * Math.exp(-(i % 11_025) / 4000) + 0.02 * rng.normal(),
  );
  const found: [string, Float32Array][] = [[`tones and noise, ${SECONDS} s`, synthetic]];
  const data = findDataDir();
  const folder = data && path.join(data, 'rendered-audio');
  if (!folder || !existsSync(folder)) {
    console.log('No rendered-audio set, so synthetic sound only: set ATTUNE_DATA_DIR.\n');
    return found;
  }
  const clips = await Promise.all(
    openDataSet(folder)
      .items.filter((_, i) => i % 60 === 0)
      .map((item) => decodeAudio(item.bytes())),
  );
  const samples = Float32Array.from(clips.flatMap((clip) => [...monoAt(clip, ANALYSIS_RATE)]));
  found.push([
    `rendered music, ${clips.length} clips, ${Math.round(samples.length / ANALYSIS_RATE)} s`,
    samples,
  ]);
  return found;
}

function monoAt(clip: AudioClip, rate: number): Float32Array {
  return resample(mixToMono(clip), rate).channels[0]!;
}

function compare(name: string, samples: Float32Array, rounds: number): void {
  const plan = createFeaturePlan({
    sampleRate: ANALYSIS_RATE,
    frameSize: FRAME,
    hopSize: HOP,
    centred: false,
  });
  const seconds = samples.length / ANALYSIS_RATE;
  // meyda is so much slower that it gets the first seconds only
  const short = samples.subarray(0, ANALYSIS_RATE * 4);
  const contenders = [
    { label: 'attune, mel 128', seconds, work: () => plan.extract(samples) },
    ...[128, 26].map((bands) => ({
      label: `meyda 5.6.3, mel ${bands}`,
      seconds: 4,
      work: meydaPass(short, bands),
    })),
  ];
  for (const each of contenders) each.work(); // compile
  const speeds = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    contenders.forEach((each, i) => {
      const start = process.cpuUsage();
      each.work();
      const { user, system } = process.cpuUsage(start);
      speeds[i]!.push((each.seconds * 1e6) / (user + system));
    });
  }
  console.log(`${name}; ${FRAME}/${HOP} at ${ANALYSIS_RATE} Hz, median of ${rounds} rounds`);
  contenders.forEach((each, i) => {
    const ratio = median(speeds[i]!.map((speed, round) => speeds[0]![round]! / speed));
    console.log(
      `  ${each.label.padEnd(22)} ${median(speeds[i]!).toFixed(0).padStart(6)} s of sound a CPU second   ours ${ratio.toFixed(1)} × as fast`,
    );
  });
  console.log();
}

function meydaPass(samples: Float32Array, bands: number): () => void {
  const require = createRequire(import.meta.url);
  const file = require.resolve('meyda');
  Reflect.deleteProperty(require.cache, file); // a copy of its own: its caches go stale when settings change
  const meyda = require('meyda') as Meyda;
  Object.assign(meyda, {
    sampleRate: ANALYSIS_RATE,
    bufferSize: FRAME,
    melBands: bands,
    numberOfMFCCCoefficients: 20,
  });
  return () => {
    for (let start = 0; start + FRAME <= samples.length; start += HOP) {
      meyda.extract(MEYDA_FEATURES, samples.subarray(start, start + FRAME));
    }
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
