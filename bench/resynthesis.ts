import { createRng } from '@attune/core';
import { decodeAudio, mixToMono, resample } from '@attune/core/audio';
import { ANALYSIS_RATE, createFeaturePlan, invertLogMel } from '@attune/core/features';
import { findDataDir, openDataSet } from '@attune/core/node';
import {
  griffinLim,
  inverseStft,
  logSpectralDistance,
  magnitudeOf,
  signalToNoise,
  spectralConvergence,
  stft,
  type GriffinLimOptions,
} from '@attune/core/spectral';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export const summary =
  'sound from magnitudes and from log-mel frames, beside librosa (needs python3 with it)';

const ROUNDS = 3;
const CLIP_STEP = 60;
const SETTINGS = { frameSize: 2048, hopSize: 512 } as const;

interface Outcome {
  readonly cpuSeconds: number;
  readonly convergence: number;
  readonly distance?: number;
}
type Contender = readonly [name: string, work: (clip: Clip) => Outcome | Promise<Outcome>];

interface Clip {
  readonly samples: Float32Array;
  readonly file: string;
}

/** `[PYTHON [ROUNDS]]`. All contenders take turns on each clip; CPU time, because other programs do not change it. */
export async function run(args: readonly string[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'attune-resynthesis-'));
  const clips = await openClips(folder);
  if (clips.length === 0) {
    console.log('Not measured: there is no rendered-audio set. Set ATTUNE_DATA_DIR.');
    return;
  }
  const rounds = Number(args[1] ?? ROUNDS);
  const librosa = await openLibrosa(args[0] ?? 'python3', clips[0]!.file);
  console.log(
    `${clips.length} rendered clips of 10 s, 22,050 Hz, 2048/512 Hann, median of ${rounds} rounds; ${librosa.name}\n`,
  );
  const exact = clips.map(({ samples }) =>
    signalToNoise(inverseStft(stft(samples, SETTINGS), samples.length), Float64Array.from(samples)),
  );
  console.log(`Transform and inverse: signal-to-noise ratio at least ${Math.min(...exact).toFixed(0)} dB\n`);
  await compare('Griffin-Lim, momentum 0.99', clips, rounds, [
    ['attune, random start, 32 iterations', lim({ iterations: 32 })],
    ['attune, gradient start, 0 iterations', lim({ iterations: 0, start: 'gradient' })],
    ['attune, gradient start, 8 iterations', lim({ iterations: 8, start: 'gradient' })],
    ['attune, gradient start, 32 iterations', lim({ iterations: 32, start: 'gradient' })],
    ...librosa.contenders([
      ['32 iterations, single precision', 'single'],
      ['32 iterations, double precision', 'double'],
    ]),
  ]);
  await compare('Magnitudes from 128 mel bands', clips, 1, [
    ['attune, 64 updates', melInversion],
    ...librosa.contenders([['mel_to_stft', 'mel']]),
  ]);
  librosa.close();
  rmSync(folder, { recursive: true });
}

async function openClips(folder: string): Promise<Clip[]> {
  const data = findDataDir();
  const source = data && path.join(data, 'rendered-audio');
  if (!source || !existsSync(source)) return [];
  const items = openDataSet(source).items.filter((_, i) => i % CLIP_STEP === 0);
  return Promise.all(
    items.map(async (item) => {
      const samples = resample(mixToMono(await decodeAudio(item.bytes())), ANALYSIS_RATE).channels[0]!;
      const file = path.join(folder, `${item.id}.f32`);
      writeFileSync(file, samples);
      return { samples, file };
    }),
  );
}

function lim(options: Omit<GriffinLimOptions, 'rng'>): (clip: Clip) => Promise<Outcome> {
  return async ({ samples }) => {
    const target = magnitudeOf(stft(samples, SETTINGS));
    const start = process.cpuUsage();
    const found = await griffinLim(target, { ...options, rng: createRng(1), length: samples.length });
    const cpuSeconds = cpuSince(start);
    const { magnitude } = magnitudeOf(stft(found.samples, SETTINGS));
    return {
      cpuSeconds,
      convergence: spectralConvergence(magnitude, target.magnitude),
      distance: logSpectralDistance(magnitude, target.magnitude, target.bins),
    };
  };
}

function melInversion({ samples }: Clip): Outcome {
  const features = createFeaturePlan({ sampleRate: ANALYSIS_RATE }).extract(samples);
  const target = magnitudeOf(stft(samples, SETTINGS));
  const start = process.cpuUsage();
  const found = invertLogMel(features);
  const cpuSeconds = cpuSince(start);
  return {
    cpuSeconds,
    convergence: spectralConvergence(Float64Array.from(found.magnitude), target.magnitude),
  };
}

async function compare(
  title: string,
  clips: readonly Clip[],
  rounds: number,
  contenders: readonly Contender[],
): Promise<void> {
  const outcomes = contenders.map((): Outcome[][] => []); // [contenders, rounds, clips]
  for (let round = 0; round < rounds; round++) {
    for (const of of outcomes) of.push([]);
    for (const clip of clips)
      for (const [i, [, work]] of contenders.entries()) outcomes[i]![round]!.push(await work(clip));
  }
  const secondsOf = (i: number): number[] =>
    outcomes[i]!.map((of) => mean(of.map((outcome) => outcome.cpuSeconds)));
  console.log(
    `| ${title} | spectral convergence | log-spectral distance, dB | CPU s a clip | over the first |`,
  );
  console.log('|---|---|---|---|---|');
  contenders.forEach(([name], i) => {
    const last = outcomes[i]![0]!;
    const distance =
      last[0]!.distance === undefined ? '' : mean(last.map((each) => each.distance!)).toFixed(2);
    const ratio = median(secondsOf(i).map((seconds, round) => seconds / secondsOf(0)[round]!));
    const convergence = mean(last.map((each) => each.convergence)).toFixed(4);
    console.log(
      `| ${name} | ${convergence} | ${distance} | ${median(secondsOf(i)).toFixed(2)} | ${ratio.toFixed(2)} |`,
    );
  });
  console.log();
}

interface Librosa {
  readonly name: string;
  contenders(list: readonly (readonly [name: string, command: string])[]): Contender[];
  close(): void;
}

/** One python process for the whole run, so that it compiles once. */
async function openLibrosa(python: string, warmUp: string): Promise<Librosa> {
  const child = spawn(python, [path.join(import.meta.dirname, 'resynthesis.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.on('error', () => undefined); // seen as the end of its output
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (command: string, file: string): Promise<(Outcome & { version: string }) | undefined> => {
    child.stdin.write(`${command} ${file}\n`);
    const line = await lines.next();
    return line.done === true ? undefined : (JSON.parse(line.value) as Outcome & { version: string });
  };
  const first = await ask('single', warmUp);
  if (!first) return { name: `no librosa under ${python}`, contenders: () => [], close: () => undefined };
  const name = `librosa ${first.version}`;
  return {
    name,
    contenders: (list) =>
      list.map(([what, command]) => [`${name}, ${what}`, async ({ file }) => (await ask(command, file))!]),
    close: () => {
      child.stdin.end();
    },
  };
}

/** CPU seconds of this process, all threads. */
function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
