import { createRng } from '@attune/core';
import { decodeAudio, mixToMono, resample, type AudioClip } from '@attune/core/audio';
import { ANALYSIS_RATE, createFeaturePlan, type FeaturePlan } from '@attune/core/features';
import { findDataDir, openDataSet } from '@attune/core/node';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export const summary =
  'audio features (mel, MFCC, chroma, shape, flatness, RMS, ZCR): ours in f64 and f32 beside meyda and librosa';

const ROUNDS = 7;
const FRAME = 2048;
const HOP = 512;
const SECONDS = 30;
const FEATURES = [
  'logMel',
  'mfcc',
  'chroma',
  'centroid',
  'spread',
  'rolloff',
  'flatness',
  'rms',
  'zeroCrossings',
] as const;
/** What meyda can compute of the same list; its spectral flux always throws. */
const MEYDA_FEATURES = [
  'mfcc',
  'chroma',
  'spectralCentroid',
  'spectralSpread',
  'spectralRolloff',
  'spectralFlatness',
  'rms',
  'zcr',
  'melBands',
];

interface Meyda {
  sampleRate: number;
  bufferSize: number;
  melBands: number;
  numberOfMFCCCoefficients: number;
  extract(features: readonly string[], frame: Float32Array): unknown;
}

interface Contender {
  readonly label: string;
  /** Length of the sound that it works on. */
  readonly seconds: number;
  /** Does the work once and says how many seconds of CPU time it took. */
  measure(): Promise<number> | number;
  close?(): void;
}

/**
 * `[ROUNDS [PYTHON]]`: seconds of sound a second of CPU time (median over rounds), and the median of the ratios of each
 * round. CPU time, because it does not count what other programs take; the contenders take turns in each round. With
 * a Python that has librosa, librosa is one of them, in a process of its own with one thread.
 */
export async function run(args: readonly string[]): Promise<void> {
  const rounds = Number(args[0] ?? ROUNDS);
  for (const [name, samples] of await sources()) await compare(name, samples, rounds, args[1]);
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

async function compare(name: string, samples: Float32Array, rounds: number, python?: string): Promise<void> {
  const seconds = samples.length / ANALYSIS_RATE;
  const short = samples.subarray(0, ANALYSIS_RATE * 4);
  const options = { sampleRate: ANALYSIS_RATE, frameSize: FRAME, hopSize: HOP, features: FEATURES };
  const contenders: Contender[] = [
    ours('attune f32', createFeaturePlan({ ...options, precision: 'f32' }), samples),
    ours('attune f64', createFeaturePlan(options), samples),
    ...[128, 26].map((bands) => timed(`meyda 5.6.3, mel ${bands}`, 4, meydaPass(short, bands))),
  ];
  if (python !== undefined) contenders.push(await librosa(python, samples, seconds));
  for (const each of contenders) for (let i = 0; i < 3; i++) await each.measure(); // compile
  const speeds = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, each] of contenders.entries()) speeds[i]!.push(each.seconds / (await each.measure()));
  }
  for (const each of contenders) each.close?.();
  console.log(`${name}; ${FRAME}/${HOP} at ${ANALYSIS_RATE} Hz, median of ${rounds} rounds`);
  console.log(`  ${'s of sound a CPU second'.padStart(46)}  f32 is faster  f64 is faster`);
  contenders.forEach((each, i) => {
    const ratio = (reference: number): string =>
      `${median(speeds[i]!.map((speed, round) => speeds[reference]![round]! / speed)).toFixed(1)} ×`.padStart(
        13,
      );
    console.log(
      `  ${each.label.padEnd(22)} ${median(speeds[i]!).toFixed(0).padStart(23)}  ${ratio(0)}  ${ratio(1)}`,
    );
  });
  console.log();
}

function ours(label: string, plan: FeaturePlan<(typeof FEATURES)[number]>, samples: Float32Array): Contender {
  return timed(label, samples.length / ANALYSIS_RATE, () => plan.extract(samples));
}

function timed(label: string, seconds: number, work: () => unknown): Contender {
  return {
    label,
    seconds,
    measure: () => {
      const start = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6;
    },
  };
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

/** A process that extracts once for each line it is sent and answers with its own CPU time. */
async function librosa(python: string, samples: Float32Array, seconds: number): Promise<Contender> {
  const folder = mkdtempSync(path.join(tmpdir(), 'attune-features-'));
  const file = path.join(folder, 'samples.f32');
  writeFileSync(file, samples);
  const child = spawn(python, [path.join(import.meta.dirname, 'features.py'), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line: IteratorResult<string, undefined> = await lines.next();
    if (line.done) throw new Error(`${python} ended before it answered.`);
    return line.value;
  };
  return {
    label: await next(),
    seconds,
    measure: async () => {
      child.stdin.write('go\n');
      return Number(await next());
    },
    close: () => {
      child.stdin.end();
      rmSync(folder, { recursive: true });
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
