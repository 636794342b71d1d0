import {
  AttuneError,
  createRng,
  createScore,
  isAttuneError,
  throwIfCancelled,
  type Rng,
  type Score,
} from '@attune/core';
import { CONFIG_FILE, readCheckpoint, type Checkpoint, type NamedArray } from '@attune/core/nn';
import { readCheckpointFolder } from '@attune/core/node';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ARRANGED_STYLES } from '../../arrangement/style-rules.ts';
import { STYLE_RULES } from '../../arrangement/styles.ts';
import { DENSE_TOOLS } from '../../dense/node/dense-tools.ts';
import { shippedDenseFolder } from '../../dense/node/shipped-dense.ts';
import { frechetDistance } from '../../evaluate/frechet.ts';
import type { FamilyEvaluateOptions, FamilyTable } from '../../family/node/family-tools.ts';
import { NGRAM_TOOLS } from '../../ngram/node/ngram-tools.ts';
import { shippedNgramFolder } from '../../ngram/node/shipped-ngram.ts';
import { hearBand } from '../band-of-score.ts';
import type { BandPart } from '../../performance/band-parts.ts';
import { CELLS, cellsOfParts, WINDOW_STEPS } from '../band-roll.ts';
import { GAN_KIND, parseGanConfig, type GanConfig } from '../config.ts';
import { decideCells } from '../decide-cells.ts';
import { factsOf } from '../facts.ts';
import { createBandNetworks, type BandNetworks } from '../forward.ts';
import { createGanSampler } from '../gan-sampler.ts';
import { encoderLayers, generatorLayers } from '../layers.ts';
import { bandDistance, bandMeasures, pitchClasses, tonalDistance } from '../measures.ts';
import type { BandWindow } from '../train-gan.ts';
import { windowFeatures } from '../window-features.ts';
import { readRollCorpus } from './roll-corpus.ts';
import { shippedGanFolder } from './shipped-gan.ts';

const PIECES = 150;
const WINDOWS_PER_PIECE = 8;
/** Windows compared pair by pair. */
const PAIRED = 200;
/** Pieces a style that the n-gram and the dense network are heard by. */
const BASELINE_PIECES = 6;
const WRITTEN: readonly BandPart[] = ['comping', 'pad', 'bass', 'drums'];

/**
 * MuseGAN's objective measures, Fréchet distance, variety and fit to the melody of what the model plays to the melodies
 * of held-out windows, beside training windows, held-out ones and the same network untrained; and its speed.
 */
export async function evaluateGan(options: FamilyEvaluateOptions): Promise<readonly FamilyTable[]> {
  if (options.test !== undefined) {
    throw new AttuneError(
      'argument/invalid',
      'The band is judged on arrangements of lead sheets; leave --test out.',
    );
  }
  const checkpoint = readCheckpoint(readCheckpointFolder(options.model ?? shippedGanFolder()), {
    kind: GAN_KIND,
  });
  const config = parseGanConfig(checkpoint.config);
  const limit = options.limit ?? PIECES;
  const rng = createRng(options.seed);
  const read = (split: 'train' | 'test'): readonly BandWindow[] =>
    readRollCorpus(options.data, split, {
      share: 1,
      windowsPerPiece: WINDOWS_PER_PIECE,
      limit,
      rng: rng.fork(split),
    }).windows;
  options.log('Reading the arrangements …');
  const held = rng.fork('order').shuffle([...read('test')]);
  const train = rng.fork('order').shuffle([...read('train')]);
  throwIfCancelled(options.signal);
  options.log(`${held.length} held-out windows, ${train.length} training windows.`);

  const trained = createBandNetworks(config, checkpoint.parameters);
  const untrained = createBandNetworks(config, untrainedParameters(config, rng.fork('untrained')));
  const playAll = (networks: BandNetworks, given: readonly BandPart[], name: string): Uint8Array[] => {
    const own = rng.fork(name);
    return held.map((window) => playTo(networks, config, window, given, own));
  };
  const sets: PlayedSets = {
    train: train.map(({ cells }) => cells),
    held: held.map(({ cells }) => cells),
    accompanied: playAll(trained, ['melody'], 'accompanied'),
    alone: playAll(trained, [], 'alone'),
    untrained: playAll(untrained, ['melody'], 'untrained'),
  };
  return [
    measuresTable(sets),
    frechetTable(sets, await playBaselines(options)),
    varietyTable(sets, held, trained, config, rng.fork('variety')),
    fitTable(sets, rng.fork('shuffle')),
    await speedTable(checkpoint, options.seed),
  ];
}

interface PlayedSets {
  readonly train: readonly Uint8Array[];
  readonly held: readonly Uint8Array[];
  readonly accompanied: readonly Uint8Array[];
  readonly alone: readonly Uint8Array[];
  readonly untrained: readonly Uint8Array[];
}

function measuresTable(sets: PlayedSets): FamilyTable {
  const [train, held, accompanied, alone, untrained] = [
    sets.train,
    sets.held,
    sets.accompanied,
    sets.alone,
    sets.untrained,
  ].map(bandMeasures);
  const rows = [...held!].map(([name, real]) => {
    const made = accompanied!.get(name)!;
    return [
      name,
      show(train!.get(name)!),
      show(real),
      show(made),
      show(Math.max(made, real) / Math.min(made, real), 2),
      show(alone!.get(name)!),
      show(untrained!.get(name)!),
    ];
  });
  return {
    title:
      'Objective measures after MuseGAN (EB silent bars, UPC pitch classes a bar, QN notes of an eighth or more, DP strokes on eighths, TD tonal distance)',
    header: [
      'measure',
      'training data',
      'held-out data',
      'gan to the melody',
      'ratio to held-out',
      'gan alone',
      'untrained',
    ],
    rows,
  };
}

function frechetTable(
  { train, held, accompanied, alone, untrained }: PlayedSets,
  baselines: readonly (readonly [name: string, windows: readonly Uint8Array[]])[],
): FamilyTable {
  const real = held.map(windowFeatures);
  const even = real.filter((_, i) => i % 2 === 0);
  const odd = real.filter((_, i) => i % 2 === 1);
  const row = (name: string, set: readonly Uint8Array[]): string[] => [
    name,
    show(frechetDistance(real, set.map(windowFeatures))),
  ];
  return {
    title: 'Fréchet distance of 36 features of a window to held-out windows (0: alike)',
    header: ['windows', 'distance'],
    rows: [
      ['held-out, one half to the other', show(frechetDistance(even, odd))],
      row('training data', train),
      row('gan to the melody', accompanied),
      row('gan alone', alone),
      ...baselines.map(([name, windows]) => row(`${name}, parts told apart by instrument`, windows)),
      row('untrained generator', untrained),
    ],
  };
}

/** Windows of what the shipped n-gram and dense network write in the same styles; those that are absent are left out. */
async function playBaselines({ seed, limit, log }: FamilyEvaluateOptions): Promise<[string, Uint8Array[]][]> {
  const played: [string, Uint8Array[]][] = [];
  for (const [name, folder, tools] of [
    ['n-gram', shippedNgramFolder(), NGRAM_TOOLS],
    ['dense network', shippedDenseFolder(), DENSE_TOOLS],
  ] as const) {
    if (!existsSync(path.join(folder, CONFIG_FILE))) continue;
    log(`Drawing notes with the ${name} …`);
    const sampler = await tools.load();
    const windows: Uint8Array[] = [];
    for (const style of ARRANGED_STYLES) {
      const count = Math.max(1, Math.min(BASELINE_PIECES, limit ?? BASELINE_PIECES));
      const samples = await sampler.sample({ seed, count, inputs: [], settings: { style, bars: 8 } });
      for (const { score } of samples)
        windows.push(...heardWindows(score!, STYLE_RULES[style].swings ?? false));
    }
    if (windows.length > 1) played.push([name, windows]);
  }
  return played;
}

/** None for a piece in another meter, or without notes. */
function heardWindows(score: Score, swings: boolean): Uint8Array[] {
  try {
    const { cells } = hearBand(score).rollOf(swings);
    const size = WINDOW_STEPS * CELLS;
    return Array.from({ length: cells.length / size }, (_, i) => cells.slice(i * size, (i + 1) * size));
  } catch (error) {
    if (isAttuneError(error, 'argument/invalid')) return [];
    throw error;
  }
}

function varietyTable(
  sets: PlayedSets,
  held: readonly BandWindow[],
  networks: BandNetworks,
  config: GanConfig,
  rng: Rng,
): FamilyTable {
  const mask = cellsOfParts(WRITTEN);
  const pairs = (set: readonly Uint8Array[]): number => {
    const some = set.slice(0, PAIRED);
    return meanOf(some.flatMap((a, i) => some.slice(0, i).map((b) => bandDistance(a, b, mask))));
  };
  const toTraining = (set: readonly Uint8Array[]): number =>
    meanOf(
      set
        .slice(0, PAIRED / 2)
        .map((a) => sets.train.reduce((nearest, b) => Math.min(nearest, bandDistance(a, b, mask)), 1)),
    );
  const eight = held
    .slice(0, 25)
    .map((window) =>
      pairs(Array.from({ length: 8 }, () => playTo(networks, config, window, ['melody'], rng))),
    );
  const row = (name: string, set: readonly Uint8Array[]): string[] => [
    name,
    show(pairs(set)),
    show(toTraining(set)),
  ];
  return {
    title: 'Variety: mean Jaccard distance of the written parts (0: the same cells, 1: none in common)',
    header: ['windows', 'between two of them', 'to the nearest of the training windows'],
    rows: [
      row('held-out data', sets.held),
      row('gan to the melody', sets.accompanied),
      row('untrained generator', sets.untrained),
      ['gan, 8 grooves for one melody in one style', show(meanOf(eight)), ''],
      ['… the least different of 25 melodies', show(Math.min(...eight)), ''],
    ],
  };
}

function fitTable(sets: PlayedSets, rng: Rng): FamilyTable {
  const order = rng.shuffle(Array.from({ length: sets.held.length }, (_, i) => i));
  const rows = (['comping', 'bass'] as const).flatMap((part) =>
    (
      [
        ['held-out data', sets.held],
        ['gan to the melody', sets.accompanied],
        ['untrained generator', sets.untrained],
      ] as const
    ).map(([name, set]) => {
      const own = set.map((cells, i) => fit(sets.held[i]!, cells, part));
      const others = set.map((_, i) => fit(sets.held[i]!, set[order[i]!]!, part));
      return [
        `${name}: melody and ${part}`,
        show(meanOf(own)),
        show(meanOf(others)),
        show(meanOf(others) - meanOf(own)),
      ];
    }),
  );
  return {
    title:
      'Fit to the melody: tonal distance over two bars (lower is closer), with the melody and with that of another window',
    header: ['windows', 'own melody', 'melody of another window', 'gained'],
    rows,
  };
}

function fit(melody: Uint8Array, band: Uint8Array, part: 'comping' | 'bass'): number {
  const [a, b] = [pitchClasses(melody, 'melody'), pitchClasses(band, part)];
  return a.some((n) => n > 0) && b.some((n) => n > 0) ? tonalDistance(a, b) : NaN;
}

async function speedTable(checkpoint: Checkpoint, seed: number): Promise<FamilyTable> {
  const started = performance.now();
  const sampler = createGanSampler(checkpoint);
  const loaded = performance.now();
  const melody = Array.from({ length: 64 }, (_, i) => ({
    start: i * 480,
    duration: 480,
    pitch: 60 + [0, 4, 7, 5, 9, 7, 4, 2][i % 8]!,
    velocity: 90,
  }));
  const input = { score: createScore({ tracks: [{ program: 73, notes: melody }] }) };
  const request = { seed, inputs: [input], settings: {} };
  const timed = async (count: number): Promise<number> => {
    const from = performance.now();
    await sampler.sample({ ...request, count });
    return performance.now() - from;
  };
  const first = await timed(1);
  const eight = await timed(8);
  return {
    title: 'Speed on one core: a melody of 16 bars',
    header: ['what', 'milliseconds', 'bars a second'],
    rows: [
      ['from weights in memory to a sampler', show(loaded - started, 0), ''],
      ['first groove, nothing warm', show(first, 0), show(16_000 / first, 0)],
      ['eight grooves', show(eight, 0), show((8 * 16_000) / eight, 0)],
    ],
  };
}

/** One window by random numbers from the prior; the given parts as they are. */
function playTo(
  networks: BandNetworks,
  config: GanConfig,
  window: BandWindow,
  given: readonly BandPart[],
  rng: Rng,
): Uint8Array {
  const mask = cellsOfParts(given);
  const kept = window.cells.map((cell, i) => cell * mask[i % CELLS]!);
  const z = Float32Array.from({ length: config.shape.latent }, () => rng.normal());
  const scores = networks.generate(
    z,
    kept,
    window.chords,
    factsOf([window.style], config.styles.length, [given]),
  );
  return decideCells(scores, kept, given);
}

/** Weights as training starts from: normal with variance 2 / inputs, biases 0. */
function untrainedParameters({ shape, styles }: GanConfig, rng: Rng): Map<string, NamedArray> {
  const parameters = new Map<string, NamedArray>();
  for (const [name, [inputs, outputs]] of Object.entries({
    ...generatorLayers(shape, styles.length),
    ...encoderLayers(shape),
  })) {
    const weight = Float32Array.from(
      { length: inputs * outputs },
      () => rng.normal() * Math.sqrt(2 / inputs),
    );
    parameters.set(`${name}/weight`, { shape: [inputs, outputs], data: weight });
    parameters.set(`${name}/bias`, {
      shape: [outputs],
      data: new Float32Array(outputs).fill(name === 'generator/cells' ? -2 : 0),
    });
  }
  return parameters;
}

function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function show(value: number, digits = 3): string {
  return Number.isFinite(value) ? value.toFixed(digits) : 'none';
}
