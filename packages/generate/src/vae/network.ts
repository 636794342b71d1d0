import { AttuneError, type Rng } from '@attune/core';
import {
  directionShapes,
  parseVaeConfig,
  toldRows,
  vaeParameterShapes,
  type LevelShape,
  type VaeConfig,
} from './config.ts';
import { readCheckpoint, type FileMap, type NamedArray } from '@attune/core/nn';
import type { LatentDirections } from './latent-arithmetic.ts';
import { addInPlace, denseLayer, siluInPlace } from './dense-layer.ts';
import { LOG_VARIANCE_RANGE, LOG_VARIANCE_START } from './model.ts';
import { checkGrid, joinGrids, type VoiceGrid } from './voice-grid.ts';
import { voiceSetOf, type VoiceSet } from './voice-sets.ts';
import { VOICE_CODES } from './voices.ts';

/** Where music lies in the latent space: a Gaussian for each dimension. */
export interface Posterior {
  /** [latent] */
  readonly mean: Float32Array;
  /** Standard deviations [latent]. */
  readonly deviation: Float32Array;
}

/** How the decoder chooses. `temperature` 0 takes the likeliest class of each step. */
export interface DecodeOptions {
  readonly temperature: number;
  /** Needed above temperature 0. */
  readonly rng?: Rng;
}

/** The trained network on plain arrays: no tensors, the same numbers in Node and browsers. */
export interface VaeNetwork {
  readonly config: VaeConfig;
  /** The voices that it reads and writes, and their attributes. */
  readonly set: VoiceSet;
  /** A phrase of `phraseSteps` steps. Throws `model/invalid` for another length or a value that is no class. */
  readonly encodePhrase: (grid: VoiceGrid) => Posterior;
  /** `z` [latent] → a phrase. Throws `model/invalid` for another length or a value that is not finite. */
  readonly decodePhrase: (z: Float32Array, options?: DecodeOptions) => VoiceGrid;
  /** A song of `song.patches` phrases. Throws as `encodePhrase` does, and where songs are not known. */
  readonly encodeSong: (grid: VoiceGrid) => Posterior;
  /** `z` [song latent] → the latents of its phrases [phrases][latent]. */
  readonly planSong: (z: Float32Array) => Float32Array[];
  /** `z` [song latent] → a song. */
  readonly decodeSong: (z: Float32Array, options?: DecodeOptions) => VoiceGrid;
  /** Nats of a phrase given its latent, each step given what was written before. */
  readonly phraseNats: (z: Float32Array, grid: VoiceGrid) => number;
  /** The likeliest class of each step, each given the true steps before it: teacher forcing. */
  readonly forcePhrase: (z: Float32Array, grid: VoiceGrid) => VoiceGrid;
  /** Where the attributes lead in the latent space of a level. */
  readonly directionsOf: (level: 'phrase' | 'song') => LatentDirections;
}

const LIKELIEST: DecodeOptions = { temperature: 0 };

/**
 * Reads a checkpoint of these voices. Throws `checkpoint/malformed` and `checkpoint/mismatch` for one that is broken, of
 * another kind or other voices, or whose parameters do not have the names, shapes or finite values that its configuration
 * asks for.
 */
export function readVae(files: FileMap, set: VoiceSet): VaeNetwork {
  const { config, parameters } = readCheckpoint(files, { kind: set.kind });
  return createVaeNetwork(parseVaeConfig(config, set), parameters);
}

/** The network of a configuration and its parameters. Throws as `readVae` does. */
export function createVaeNetwork(config: VaeConfig, parameters: ReadonlyMap<string, NamedArray>): VaeNetwork {
  const { shape } = config;
  const weights = checkedWeights([...vaeParameterShapes(shape), ...directionShapes(shape)], parameters);
  const of = (name: string): Float32Array => weights.get(name)!;
  const { voices, phraseSteps, phrase, song, embedding, headWidth } = shape;
  const phraseSize = phraseSteps * voices.length;
  const set = voiceSetOf(voices);
  const songLevel = (): LevelShape => {
    if (song) return song;
    throw new AttuneError('model/invalid', `${config.version} knows phrases alone, and no songs.`);
  };

  const encodePhrase = (grid: VoiceGrid): Posterior => {
    checkGrid(grid, voices, phraseSteps);
    const tables = voices.map((voice) => of(`phrase/${voice}/embedding`));
    const x = new Float32Array(phraseSize * embedding);
    grid.forEach((value, i) =>
      x.set(tables[i % voices.length]!.subarray(value * embedding, (value + 1) * embedding), i * embedding),
    );
    return encodeLevel(weights, 'phrase', phrase, x);
  };
  const writers = voices.map((voice, v) => {
    const own = (name: string): Float32Array => of(`phrase/${voice}/${name}`);
    return {
      ...VOICE_CODES[voice],
      ...toldRows(voice),
      histories: [own('history/class'), own('history/onset')] as const,
      beside: voices.slice(0, v).map((other) => own(`beside/${other}`)),
      weight: own('head/weight'),
      bias: own('head/bias'),
    };
  });
  /** Walks through the steps of a phrase and the voices of each; `choose` is given the logits and the place in the grid. */
  const walk = (z: Float32Array, choose: (logits: Float32Array, at: number) => number): VoiceGrid => {
    checkLatent(z, phrase.latent);
    const steps = decodeLevel(weights, 'phrase', phrase, z); // [T, voices, headWidth]
    const grid = new Uint16Array(phraseSize);
    const last = writers.map(({ start }) => start);
    const begun = [...last];
    for (let at = 0; at < phraseSize; at++) {
      const v = at % voices.length;
      const { classes, isOnset, histories, beside, weight, bias } = writers[v]!;
      const hidden = steps.slice(at * headWidth, (at + 1) * headWidth);
      for (let j = 0; j < headWidth; j++) {
        // What is told is added up first, as in training.
        let told = Math.fround(
          histories[0][last[v]! * headWidth + j]! + histories[1][begun[v]! * headWidth + j]!,
        );
        for (let u = 0; u < v; u++) told = Math.fround(told + beside[u]![last[u]! * headWidth + j]!);
        hidden[j]! += told;
      }
      const value = choose(denseLayer(siluInPlace(hidden), weight, bias, classes), at);
      grid[at] = last[v] = value;
      if (isOnset(value)) begun[v] = value;
    }
    return grid;
  };
  const decodePhrase = (z: Float32Array, options: DecodeOptions = LIKELIEST): VoiceGrid =>
    walk(z, (logits) => chooseClass(logits, options));
  const planSong = (z: Float32Array): Float32Array[] => {
    const level = songLevel();
    checkLatent(z, level.latent);
    const flat = decodeLevel(weights, 'song', level, z);
    return Array.from({ length: level.patches }, (_, p) =>
      flat.slice(p * phrase.latent, (p + 1) * phrase.latent),
    );
  };

  return {
    config,
    set,
    encodePhrase,
    decodePhrase,
    encodeSong(grid) {
      const level = songLevel();
      checkGrid(grid, voices, level.patches * phraseSteps);
      const means = new Float32Array(level.patches * phrase.latent);
      for (let p = 0; p < level.patches; p++) {
        means.set(encodePhrase(grid.subarray(p * phraseSize, (p + 1) * phraseSize)).mean, p * phrase.latent);
      }
      return encodeLevel(weights, 'song', level, means);
    },
    planSong,
    decodeSong(z, options = LIKELIEST) {
      return joinGrids(planSong(z).map((latent) => decodePhrase(latent, options)));
    },
    phraseNats(z, grid) {
      checkGrid(grid, voices, phraseSteps);
      let nats = 0;
      walk(z, (logits, at) => {
        nats += negativeLogSoftmax(logits, grid[at]!);
        return grid[at]!;
      });
      return nats;
    },
    forcePhrase(z, grid) {
      checkGrid(grid, voices, phraseSteps);
      const likeliest = new Uint16Array(phraseSize);
      walk(z, (logits, at) => {
        likeliest[at] = argMax(logits);
        return grid[at]!;
      });
      return likeliest;
    },
    directionsOf(level) {
      if (level === 'song') songLevel();
      const [flat, numbers] = [of(`${level}/directions`), of(`${level}/attributes`)];
      const count = set.attributes.length;
      const latent = flat.length / count;
      return {
        means: Float64Array.from(numbers.subarray(0, count)),
        deviations: Float64Array.from(numbers.subarray(count)),
        directions: set.attributes.map((_, k) => flat.slice(k * latent, (k + 1) * latent)),
      };
    },
  };
}

/** Directions as they stand in a checkpoint, under the names of `directionShapes`. */
export function directionParameters(
  level: 'phrase' | 'song',
  fitted: LatentDirections,
): [string, NamedArray][] {
  const { means, deviations, directions } = fitted;
  const [count, latent] = [directions.length, directions[0]!.length];
  return [
    [
      `${level}/directions`,
      { shape: [count, latent], data: Float32Array.from(directions.flatMap((d) => [...d])) },
    ],
    [`${level}/attributes`, { shape: [2, count], data: Float32Array.from([...means, ...deviations]) }],
  ];
}

/** Directions that lead nowhere, of a network that is still in training. */
export function noDirections(shape: VaeConfig['shape']): [string, NamedArray][] {
  return directionShapes(shape).map(([name, size]) => [
    name,
    { shape: size, data: new Float32Array(size[0]! * size[1]!) },
  ]);
}

/** mean + deviation · noise. */
export function drawLatent({ mean, deviation }: Posterior, rng: Rng): Float32Array {
  return mean.map((value, i) => value + deviation[i]! * rng.normal());
}

function encodeLevel(
  weights: ReadonlyMap<string, Float32Array>,
  name: string,
  { patches, patchWidth, hidden, latent, local }: LevelShape,
  x: Float32Array,
): Posterior {
  const of = (part: string): Float32Array => weights.get(`${name}/encoder/${part}`)!;
  const global = latent - patches * local;
  const patch = siluInPlace(denseLayer(x, of('patch/weight'), of('patch/bias'), patchWidth)); // [patches, patchWidth]
  const mixed = siluInPlace(denseLayer(patch, of('mix/weight'), of('mix/bias'), hidden));
  const deep = addInPlace(siluInPlace(denseLayer(mixed, of('deep/weight'), of('deep/bias'), hidden)), mixed);
  const whole = denseLayer(deep, of('global/weight'), of('global/bias'), 2 * global);
  const own = denseLayer(patch, of('local/weight'), of('local/bias'), 2 * local); // [patches, 2 · local]
  const shortcut = weights.get(`${name}/encoder/shortcut/weight`);
  const direct = shortcut && denseLayer(x, shortcut, new Float32Array(local), local); // [patches, local]
  const [mean, deviation] = [new Float32Array(latent), new Float32Array(latent)];
  const [low, high] = LOG_VARIANCE_RANGE;
  const set = (d: number, value: number, raw: number): void => {
    mean[d] = value;
    deviation[d] = Math.exp(Math.min(high, Math.max(low, raw + LOG_VARIANCE_START)) / 2);
  };
  for (let d = 0; d < global; d++) set(d, whole[d]!, whole[global + d]!);
  for (let p = 0; p < patches; p++) {
    for (let j = 0; j < local; j++) {
      const at = 2 * p * local + j;
      set(global + p * local + j, own[at]! + (direct ? direct[p * local + j]! : 0), own[at + local]!);
    }
  }
  return { mean, deviation };
}

function decodeLevel(
  weights: ReadonlyMap<string, Float32Array>,
  name: string,
  { patches, patchWidth, hidden, latent, local }: LevelShape,
  z: Float32Array,
): Float32Array {
  const of = (part: string): Float32Array => weights.get(`${name}/decoder/${part}`)!;
  const own = z.subarray(latent - patches * local); // [patches, local]
  const open = siluInPlace(denseLayer(z, of('open/weight'), of('open/bias'), hidden));
  const deep = addInPlace(siluInPlace(denseLayer(open, of('deep/weight'), of('deep/bias'), hidden)), open);
  const mixed = denseLayer(deep, of('mix/weight'), of('mix/bias'), patches * patchWidth);
  const none = new Float32Array(Math.max(patchWidth, of('patch/bias').length / patches));
  const patch = siluInPlace(
    addInPlace(mixed, denseLayer(own, of('local/weight'), none.subarray(0, patchWidth), patchWidth)),
  );
  const to = of('patch/bias').length / patches;
  const out = denseLayer(patch, of('patch/weight'), of('patch/bias'), to);
  const shortcut = weights.get(`${name}/decoder/shortcut/weight`);
  return shortcut ? addInPlace(out, denseLayer(own, shortcut, none.subarray(0, to), to)) : out;
}

function chooseClass(logits: Float32Array, { temperature, rng }: DecodeOptions): number {
  if (temperature === 0) return argMax(logits);
  if (!rng || !(temperature > 0)) {
    throw new AttuneError(
      'argument/invalid',
      `A temperature is from 0, and above it needs an Rng; this is ${temperature}.`,
    );
  }
  const highest = logits.reduce((max, x) => Math.max(max, x), -Infinity);
  return rng.categorical(logits.map((x) => Math.exp((x - highest) / temperature)));
}

function argMax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

function negativeLogSoftmax(logits: Float32Array, index: number): number {
  const highest = logits.reduce((max, x) => Math.max(max, x), -Infinity);
  let total = 0;
  for (const x of logits) total += Math.exp(x - highest);
  return Math.log(total) - (logits[index]! - highest);
}

function checkLatent(z: Float32Array, latent: number): void {
  if (z.length !== latent) {
    throw new AttuneError('model/invalid', `A latent has ${latent} dimensions, not ${z.length}.`, {
      dimensions: z.length,
    });
  }
  const at = z.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new AttuneError('model/invalid', `Dimension ${at} of the latent is ${z[at]}.`, { dimension: at });
}

/** The parameters of these names and shapes as plain arrays. */
export function checkedWeights(
  shapes: readonly (readonly [string, readonly number[]])[],
  parameters: ReadonlyMap<string, NamedArray>,
): Map<string, Float32Array> {
  const wanted = new Set(shapes.map(([name]) => name));
  for (const name of parameters.keys()) {
    if (wanted.has(name)) continue;
    throw new AttuneError(
      'checkpoint/mismatch',
      `The checkpoint has a parameter ${name} that the model has not.`,
      {
        parameter: name,
      },
    );
  }
  return new Map(
    shapes.map(([name, shape]) => {
      const found = parameters.get(name);
      const [is, should] = [found?.shape.join(', '), shape.join(', ')];
      if (!found || is !== should) {
        const reason = found ? `has shape [${is}], and [${should}] is needed` : 'is missing';
        throw new AttuneError('checkpoint/mismatch', `Parameter ${name} ${reason}.`, { parameter: name });
      }
      const data = Float32Array.from(found.data);
      const at = data.findIndex((value) => !Number.isFinite(value));
      if (at >= 0) {
        throw new AttuneError('checkpoint/malformed', `Parameter ${name} holds ${data[at]} at ${at}.`, {
          parameter: name,
        });
      }
      return [name, data];
    }),
  );
}
