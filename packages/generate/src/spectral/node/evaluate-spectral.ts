import {
  createRng,
  findKey,
  findKeyOfHistogram,
  keyName,
  throwIfCancelled,
  type KeyResult,
  type Score,
} from '@attune/core';
import {
  clipDuration,
  decodeAudio,
  measureLoudness,
  measurePeak,
  mixToMono,
  resample,
  sliceClip,
  writeWav,
  type AudioClip,
} from '@attune/core/audio';
import { createFeaturePlan, extractAudioFeatures } from '@attune/core/features';
import { readMidiLenient } from '@attune/core/midi';
import { openDataSet, readCheckpointFolder, loadSoundFont, splitOf } from '@attune/core/node';
import { readCheckpoint } from '@attune/core/nn';
import {
  createStft,
  logSpectralDistance,
  magnitudeOf,
  signalToNoise,
  spectralConvergence,
} from '@attune/core/spectral';
import path from 'node:path';
import type { FamilyInput } from '../../family/model-family.ts';
import type { FamilyEvaluateOptions, FamilyTable } from '../../family/node/family-tools.ts';
import { parseSpectralConfig, SPECTRAL_KIND, SPECTRAL_NETWORKS } from '../config.ts';
import {
  BINS,
  FRAME_RATE_HERTZ,
  FRAME_SETTINGS,
  framesOfClip,
  framesOfMagnitudes,
  magnitudesOfFrames,
  type SpectralFrames,
} from '../frames.ts';
import { crossfadeFrames, morphFrames, raiseToPeaks } from '../morph.ts';
import { createSpectralNetwork, type SpectralNetwork } from '../network.ts';
import { readComponents } from '../parameters.ts';
import type { PrincipalComponents } from '../principal-components.ts';
import { CEILING_DB, samplesOfFrames, TARGET_LUFS } from '../sound.ts';
import { createSpectralSampler } from '../spectral-sampler.ts';
import { summariseSpectrum, SPECTRUM_FEATURES, type SpectrumSummary } from '../spectrum-summary.ts';
import type { SoundingTone } from '../tones.ts';
import { clipsOfSplit, tonesOfSplit } from './spectral-data.ts';

export interface EvaluateSpectralOptions extends Omit<FamilyEvaluateOptions, 'model'> {
  readonly folder: string;
}

/** Seconds of each clip that are judged. */
const SECONDS = 4;
const DEFAULT_CLIPS = 24;
const BLENDS = [0, 0.25, 0.5, 0.75, 1];
/** A feature that differs by less than this share between two sounds says nothing of what lies between them. */
const LEAST_DIFFERENCE = 0.05;
/** Scores on which textures are laid. */
const SCORE_SET = 'openewld';
const SCORES = 3;
const SCORE_SECONDS = 12;

/** A way to shorten frames and to get them back: a row of the tables of reconstruction. */
interface Coder {
  readonly name: string;
  rebuild(frames: SpectralFrames): SpectralFrames;
}

/** A checkpoint ready to be judged. */
export interface JudgedSpectral {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly latents: number;
  readonly networks: readonly SpectralNetwork[];
  readonly preferred: SpectralNetwork;
  readonly components: PrincipalComponents;
}

/** Reads a checkpoint folder. Throws `checkpoint/malformed` and `checkpoint/mismatch`. */
export function openSpectral(folder: string): JudgedSpectral {
  const files = readCheckpointFolder(folder);
  const { config: json, parameters } = readCheckpoint(files, { kind: SPECTRAL_KIND });
  const config = parseSpectralConfig(json);
  const networks = SPECTRAL_NETWORKS.map((name) => createSpectralNetwork(config, parameters, name));
  const preferred = networks.find(({ name }) => name === config.preferred)!;
  const components = readComponents(config, parameters);
  return { files, latents: config.shape.latents, networks, preferred, components };
}

/**
 * `attune-generate evaluate --model spectral`: reconstruction beside its bound and its baseline, blends beside a
 * crossfade, and what the sampler makes, all of held-out clips, tones of held-out instruments and held-out scores.
 */
export async function evaluateSpectral(options: EvaluateSpectralOptions): Promise<FamilyTable[]> {
  const judged = openSpectral(options.folder);
  options.log('Rebuilding held-out clips and tones …');
  const rebuilt = await judgeReconstruction(judged, options);
  options.log('Blending pairs of held-out tones …');
  const blended = await judgeBlending(judged, options);
  options.log('Making samples …');
  return [...rebuilt, blended, ...(await judgeSamples(judged, options))];
}

/** Clips, and tones, through both networks, beside principal components and the true magnitudes. */
export async function judgeReconstruction(
  { latents, networks, components }: JudgedSpectral,
  options: EvaluateSpectralOptions,
): Promise<FamilyTable[]> {
  const coders: Coder[] = [
    { name: 'true magnitudes (bound)', rebuild: (frames) => frames },
    { name: `${latents} principal components (baseline)`, rebuild: (frames) => project(components, frames) },
    ...networks.map((network) => ({
      name: `${network.name} network, ${latents} latents`,
      rebuild: (frames: SpectralFrames) => through(network, frames),
    })),
  ];
  const clips = await readClips(options);
  const tones = (await readTones(options)).slice(0, options.limit ?? DEFAULT_CLIPS).map(({ clip }) => clip);
  return [
    await rebuild(`Reconstruction of ${clips.length} held-out clips of ${SECONDS} s`, coders, clips, options),
    await rebuild(`Reconstruction of ${tones.length} tones of held-out instruments`, coders, tones, options),
  ];
}

/** Morphs of tones beside their crossfades. */
export async function judgeBlending(
  { preferred }: JudgedSpectral,
  options: EvaluateSpectralOptions,
): Promise<FamilyTable> {
  return compareBlends(preferred, pairsOf(await readTones(options), options.limit ?? DEFAULT_CLIPS));
}

/** One sound of each kind through a WAV file, and the keys of textures. */
export async function judgeSamples(
  { files }: JudgedSpectral,
  options: EvaluateSpectralOptions,
): Promise<FamilyTable[]> {
  return makeSamples(files, options, await readClips({ ...options, limit: 2 }));
}

async function readClips({
  data,
  test,
  limit = DEFAULT_CLIPS,
}: EvaluateSpectralOptions): Promise<AudioClip[]> {
  const clips: AudioClip[] = [];
  for await (const { clip } of clipsOfSplit(data, 'test', {
    most: limit,
    ...(test !== undefined && { test }),
  })) {
    if (measurePeak(clip) > 0) clips.push(sliceClip(clip, 0, SECONDS));
  }
  return clips;
}

/** Tones of held-out instruments that can be heard, in an order drawn by chance. */
async function readTones({ seed }: EvaluateSpectralOptions): Promise<SoundingTone[]> {
  const tones = (await tonesOfSplit('test')).filter(({ clip }) => measurePeak(clip) > 1e-3);
  return createRng(seed).fork('tones').shuffle(tones);
}

function through(network: SpectralNetwork, frames: SpectralFrames): SpectralFrames {
  const shape = network.decode(network.encode(frames.shape));
  raiseToPeaks(shape);
  return { ...frames, shape };
}

function project(
  { mean, directions, deviations }: PrincipalComponents,
  frames: SpectralFrames,
): SpectralFrames {
  const shape = new Float32Array(frames.shape.length);
  for (let t = 0; t < frames.count; t++) {
    const row = Float64Array.from(mean);
    for (let c = 0; c < deviations.length; c++) {
      let along = 0;
      for (let k = 0; k < BINS; k++)
        along += (frames.shape[t * BINS + k]! - mean[k]!) * directions[c * BINS + k]!;
      for (let k = 0; k < BINS; k++) row[k]! += along * directions[c * BINS + k]!;
    }
    for (let k = 0; k < BINS; k++) shape[t * BINS + k] = Math.min(1, Math.max(0, row[k]!));
  }
  raiseToPeaks(shape);
  return { ...frames, shape };
}

/** Frames as they are rebuilt, and the sound made of them with phases of their own, both against the original. */
async function rebuild(
  title: string,
  coders: readonly Coder[],
  clips: readonly AudioClip[],
  { seed, signal }: EvaluateSpectralOptions,
): Promise<FamilyTable> {
  const sums = coders.map(() => new Float64Array(5));
  let count = 0;
  for (const clip of clips) {
    if (measurePeak(clip) === 0) continue;
    throwIfCancelled(signal);
    const { samples, magnitude, frames } = readReference(clip);
    count++;
    for (const [i, coder] of coders.entries()) {
      const rebuilt = coder.rebuild(frames);
      const found = magnitudesOfFrames(rebuilt).magnitude;
      const sound = await samplesOfFrames(rebuilt, { rng: createRng(seed).fork('phase') });
      const heard = magnitudeOf(createStft(FRAME_SETTINGS).analyse(sound)).magnitude;
      [
        logSpectralDistance(found, magnitude, BINS + 1),
        spectralConvergence(found, magnitude),
        logSpectralDistance(heard, magnitude, BINS + 1),
        spectralConvergence(heard, magnitude),
        signalToNoise(sound, samples.subarray(0, sound.length)),
      ].forEach((value, column) => (sums[i]![column]! += value));
    }
  }
  const digits = [2, 3, 2, 3, 1];
  return {
    title,
    header: [
      'code',
      'frames: log-spectral distance, dB',
      'frames: spectral convergence',
      'sound: log-spectral distance, dB',
      'sound: spectral convergence',
      'sound: signal to noise, dB',
    ],
    rows: coders.map(({ name }, i) => [
      name,
      ...Array.from(sums[i]!, (sum, column) => (sum / count).toFixed(digits[column])),
    ]),
  };
}

/** Samples and magnitudes so scaled that the loudest bin is at 1, as `magnitudesOfFrames` has it. */
function readReference(clip: AudioClip): {
  samples: Float64Array;
  magnitude: Float64Array;
  frames: SpectralFrames;
} {
  const [mono] = resample(mixToMono(clip), FRAME_RATE_HERTZ).channels;
  const { magnitude, frames: count } = magnitudeOf(createStft(FRAME_SETTINGS).analyse(mono!));
  let loudest = 0;
  for (let i = 0; i < magnitude.length; i++)
    if (i % (BINS + 1) < BINS) loudest = Math.max(loudest, magnitude[i]!);
  const frames = framesOfMagnitudes(magnitude, count);
  return {
    samples: Float64Array.from(mono!, (value) => value / loudest),
    magnitude: magnitude.map((value) => value / loudest),
    frames,
  };
}

type Pair = readonly [SoundingTone, SoundingTone];

/** Pairs of one pitch by two instruments, and as many of any two pitches. */
function pairsOf(tones: readonly SoundingTone[], count: number): { same: Pair[]; other: Pair[] } {
  const same: Pair[] = [];
  const other: Pair[] = [];
  for (const [i, a] of tones.entries()) {
    for (const b of tones.slice(i + 1)) {
      if (a.program === b.program) continue;
      const list = a.pitch === b.pitch ? same : other;
      if (list.length < count && list.filter(([first]) => first === a).length < 2) list.push([a, b]);
    }
  }
  return { same, other };
}

function compareBlends(network: SpectralNetwork, pairs: { same: Pair[]; other: Pair[] }): FamilyTable {
  const ways = [
    {
      name: 'morph',
      blend: (a: SpectralFrames, b: SpectralFrames, blend: number) =>
        morphFrames(network, a, b, { blend, detail: 1 }),
    },
    {
      name: 'morph of the codes alone (detail 0)',
      blend: (a: SpectralFrames, b: SpectralFrames, blend: number) =>
        morphFrames(network, a, b, { blend, detail: 0 }),
    },
    { name: 'crossfade (baseline)', blend: crossfadeFrames },
  ];
  return {
    title: `Blends 0, ¼, ½, ¾, 1 of tones of held-out instruments, ${network.name} network; ${SPECTRUM_FEATURES.join(', ')}`,
    header: ['pairs', 'way', 'monotone', 'off the straight line', 'peaks at ½ over those of the ends'],
    rows: Object.entries(pairs).flatMap(([kind, list]) =>
      (list.length > 0 ? ways : []).map(({ name, blend }) => {
        const series = list.map(([a, b]) => {
          const [first, second] = [framesOfClip(a.clip), framesOfClip(b.clip)];
          return BLENDS.map((share) => summariseSpectrum(blend(first, second, share)));
        });
        const { monotone, deviation, peaks } = judgeBlends(series);
        return [
          kind === 'same' ? `${list.length} of one pitch` : `${list.length} of two pitches`,
          name,
          `${(100 * monotone).toFixed(0)} %`,
          `${(100 * deviation).toFixed(0)} %`,
          peaks.toFixed(2),
        ];
      }),
    ),
  };
}

/** `series` [pairs][blends]. Only features that differ between the two ends count. */
function judgeBlends(series: readonly (readonly SpectrumSummary[])[]): {
  monotone: number;
  deviation: number;
  peaks: number;
} {
  let monotone = 0;
  let deviation = 0;
  let judged = 0;
  let peaks = 0;
  for (const steps of series) {
    const [first, last] = [steps[0]!, steps.at(-1)!];
    peaks +=
      steps[Math.floor(steps.length / 2)]!.peaks /
      Math.max(1, (first.peaks + last.peaks) / 2) /
      series.length;
    for (const feature of SPECTRUM_FEATURES) {
      const range = last[feature] - first[feature];
      if (Math.abs(range) < (LEAST_DIFFERENCE * Math.abs(last[feature] + first[feature])) / 2) continue;
      judged++;
      const places = steps.map((step) => (step[feature] - first[feature]) / range);
      if (places.every((place, i) => i === 0 || place >= places[i - 1]!)) monotone++;
      deviation += places.reduce((sum, place, i) => sum + Math.abs(place - BLENDS[i]!), 0) / places.length;
    }
  }
  return { monotone: monotone / judged, deviation: deviation / judged, peaks };
}

/** One of each kind through a WAV file; textures against the keys of their scores; time. */
async function makeSamples(
  files: Readonly<Record<string, Uint8Array>>,
  { data, seed, signal, limit }: EvaluateSpectralOptions,
  clips: readonly AudioClip[],
): Promise<FamilyTable[]> {
  const sampler = createSpectralSampler(files, { soundFont: loadSoundFont });
  const scores = readHeldOutScores(data, Math.min(SCORES, limit ?? SCORES));
  const made: string[][] = [];
  const make = async (
    kind: string,
    inputs: readonly FamilyInput[],
    settings: Record<string, number>,
  ): Promise<AudioClip> => {
    const start = process.cpuUsage();
    const [sample] = await sampler.sample(
      { seed, count: 1, inputs, settings },
      { ...(signal && { signal }) },
    );
    const { user, system } = process.cpuUsage(start);
    const clip = await decodeAudio(writeWav(sample!.clip!));
    const { integratedLufs, truePeakDb } = measureLoudness(clip);
    const seconds = clipDuration(clip);
    made.push([
      kind,
      seconds.toFixed(1),
      integratedLufs.toFixed(1),
      truePeakDb.toFixed(2),
      ((user + system) / 1e6).toFixed(2),
      (seconds / ((user + system) / 1e6)).toFixed(1),
    ]);
    return clip;
  };
  await make('texture of 2 s', [], { seconds: 2 });
  const free = await make('texture', [], {});
  const laid: AudioClip[] = [];
  for (const [i, score] of scores.entries()) {
    laid.push(await make(`texture on score ${i + 1}`, [{ score }], { seconds: SCORE_SECONDS }));
  }
  await make('texture on a clip', [{ clip: clips[0]! }], {});
  await make('morph of two clips', [{ clip: clips[0]! }, { clip: clips.at(-1)! }], {});
  if (scores.length > 0)
    await make('morph of a score and a clip', [{ score: scores[0]! }, { clip: clips[0]! }], {
      seconds: SECONDS,
    });
  return [
    {
      title: `Samples, written as WAV and read back; asked for: ${TARGET_LUFS} LUFS, true peak at most ${CEILING_DB} dB`,
      header: ['kind', 'seconds', 'loudness, LUFS', 'true peak, dB', 'processor time, s', '× real time'],
      rows: made,
    },
    keyTable(scores, laid, free),
  ];
}

/** Do textures keep to the key of what they lie under? Beside them one that follows nothing. */
function keyTable(scores: readonly Score[], laid: readonly AudioClip[], free: AudioClip): FamilyTable {
  const unguided = chromaOf(free);
  return {
    title: `Textures on held-out scores (${SCORE_SECONDS} s): key of the score, key found in the sound, share of the chroma within the scale`,
    header: [
      'score',
      'its key',
      'key of the texture',
      'in its scale',
      'in its scale, of a texture without input',
    ],
    rows: scores.map((score, i) => {
      const key = findKey(score);
      const chroma = chromaOf(laid[i]!);
      return [
        String(i + 1),
        nameOfKey(key),
        nameOfKey(findKeyOfHistogram(chroma)),
        key ? `${(100 * shareInScale(chroma, key)).toFixed(0)} %` : '–',
        key ? `${(100 * shareInScale(unguided, key)).toFixed(0)} %` : '–',
      ];
    }),
  };
}

function chromaOf(clip: AudioClip): Float64Array {
  const plan = createFeaturePlan({ sampleRate: FRAME_RATE_HERTZ, features: ['chroma'] });
  const { chroma, frames } = extractAudioFeatures(clip, plan);
  const sum = new Float64Array(12);
  for (let i = 0; i < frames * 12; i++) sum[i % 12]! += chroma[i]!;
  return sum;
}

/** Of the seven tones of the key, the minor scale being the natural one. */
function shareInScale(chroma: Float64Array, { tonic, mode }: Pick<KeyResult, 'tonic' | 'mode'>): number {
  const steps = mode === 'major' ? [0, 2, 4, 5, 7, 9, 11] : [0, 2, 3, 5, 7, 8, 10];
  const total = chroma.reduce((a, b) => a + b, 0);
  return steps.reduce((sum, step) => sum + chroma[(tonic + step) % 12]!, 0) / total;
}

function nameOfKey(key: Pick<KeyResult, 'tonic' | 'mode'> | undefined): string {
  return key ? keyName(key) : 'none';
}

function readHeldOutScores(data: string, count: number): Score[] {
  const { items } = openDataSet(path.join(data, SCORE_SET));
  const held = items.filter(({ group }) => splitOf(group) === 'test');
  return held.slice(0, count).map((item) => readMidiLenient(item.bytes()).score);
}
