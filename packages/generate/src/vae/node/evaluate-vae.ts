import { createRng, type Rng } from '@attune/core';
import { readCheckpointFolder } from '@attune/core/node';
import type { FamilyEvaluateOptions, FamilyTable } from '../../family/node/family-tools.ts';
import {
  compareDistributions,
  profileOf,
  type DistributionFeature,
  type DistributionRow,
} from '../../evaluate/distribution.ts';
import { gridWindows, spreadWindows, windowAt, type GridPiece, type GridWindows } from '../grid-windows.ts';
import { trainGridNgram, type GridNgram } from '../grid-ngram.ts';
import { moveLatent } from '../latent-arithmetic.ts';
import { searchLatent } from '../latent-search.ts';
import { blendWay, latentWay, nearestGrid, noteAccuracy, sliderEffects, smoothness } from '../measures.ts';
import type { NoteAccuracy, SliderEffect } from '../measures.ts';
import { drawLatent, readVae, type Posterior, type VaeNetwork } from '../network.ts';
import { GRID_PER_BAR, joinGrids, transposeGrid, type VoiceGrid } from '../voice-grid.ts';
import { scoreOfVoices } from '../voice-lines.ts';
import type { VoiceSet } from '../voice-sets.ts';
import { VOICE_CODES } from '../voices.ts';
import { shippedVaeFolder } from './shipped-vae.ts';
import { readCorpus } from './voice-corpus.ts';

/** How much is measured without a limit. */
const SIZES = {
  phrase: { test: 1024, pairs: 100, sliders: 48, drawn: 128, pool: 20_000 },
  song: { test: 192, pairs: 40, sliders: 0, drawn: 96, pool: 4_000 },
} as const;
type Level = keyof typeof SIZES;

/** Below this limit the n-gram reads every fourth melody, and a quarter of the sliders is tried. */
const QUICK = 100;

/** One level of the network as a plain autoencoder. */
interface Codec {
  readonly level: Level;
  readonly set: VoiceSet;
  readonly steps: number;
  readonly latent: number;
  readonly encode: (grid: VoiceGrid) => Posterior;
  readonly decode: (z: Float32Array) => VoiceGrid;
  readonly force: (z: Float32Array, grid: VoiceGrid) => VoiceGrid;
  readonly nats: (z: Float32Array, grid: VoiceGrid) => number;
}

/** Measures a VAE on the held-out tenth, beside copying, an n-gram and blending. */
export async function evaluateVae(
  set: VoiceSet,
  options: FamilyEvaluateOptions,
): Promise<readonly FamilyTable[]> {
  const { data, log, seed, limit = Infinity } = options;
  const network = readVae(readCheckpointFolder(options.model ?? shippedVaeFolder(set)), set);
  log('Reading the pieces …');
  const train = readCorpus(data, set, 'train').pieces;
  const test = readCorpus(options.test ?? data, set, options.test === undefined ? 'test' : 'all').pieces;
  const taught = train.filter((_, i) => limit >= QUICK || i % 4 === 0); // a quick look has a quick baseline
  log(`The n-gram learns from ${taught.length} pieces …`);
  const ngram = trainGridNgram(
    taught.map(({ grid }) => grid),
    set.voices,
  );
  const tables: FamilyTable[] = [];
  for (const codec of codecsOf(network)) {
    const rng = createRng(seed).fork(codec.level);
    const sizes = Object.fromEntries(
      Object.entries(SIZES[codec.level]).map(([name, size]) => [
        name,
        name === 'pool' ? size : Math.min(limit, size),
      ]),
    ) as Record<keyof (typeof SIZES)[Level], number>;
    const windows = gridWindows(test, set.voices, codec.steps, GRID_PER_BAR);
    const held = spreadWindows(windows, sizes.test).map((index) => windowAt(windows, index));
    const trainWindows = gridWindows(train, set.voices, codec.steps, GRID_PER_BAR);
    const pool = spreadWindows(trainWindows, sizes.pool).map((index) => windowAt(trainWindows, index));
    const title = `${codec.steps / GRID_PER_BAR} bars`;
    log(`Reconstructing ${held.length} windows of ${title} …`);
    tables.push(reconstruction(codec, title, held, pool, ngram, rng));
    tables.push(bySource(codec, title, windows, Math.min(limit, BY_SOURCE), rng.fork('sources')));
    log('Ways between pieces …');
    tables.push(ways(codec, title, network, windows, held, sizes.pairs, ngram, rng));
    if (codec.level === 'phrase') {
      log('Sliders …');
      tables.push(
        sliders(title, network, held.slice(0, Math.ceil(sizes.sliders / (limit < QUICK ? 4 : 1))), rng),
      );
    }
    log('Samples of the prior …');
    tables.push(samples(codec, title, held, sizes.drawn, ngram, rng));
    options.signal?.throwIfAborted();
    await Promise.resolve();
  }
  const others = readCorpus(data, set, 'test', 'other').pieces;
  if (set.name === 'melody') tables.push(otherMeters(network, others, limit, createRng(seed)));
  tables.push(speed(network, createRng(seed)));
  return tables;
}

function codecsOf(network: VaeNetwork): Codec[] {
  const { set } = network;
  const { voices, phraseSteps, phrase, song } = network.config.shape;
  const size = phraseSteps * voices.length;
  const phrases = (grid: VoiceGrid): VoiceGrid[] =>
    Array.from({ length: grid.length / size }, (_, p) => grid.subarray(p * size, (p + 1) * size));
  const lower: Codec = {
    level: 'phrase',
    set,
    steps: phraseSteps,
    latent: phrase.latent,
    encode: network.encodePhrase,
    decode: (z) => network.decodePhrase(z),
    force: network.forcePhrase,
    nats: network.phraseNats,
  };
  if (!song) return [lower];
  const upper: Codec = {
    level: 'song',
    set,
    steps: phraseSteps * song.patches,
    latent: song.latent,
    encode: network.encodeSong,
    decode: (z) => network.decodeSong(z),
    force: (z, grid) => {
      const latents = network.planSong(z);
      return joinGrids(phrases(grid).map((part, p) => network.forcePhrase(latents[p]!, part)));
    },
    nats: (z, grid) => {
      const latents = network.planSong(z);
      return phrases(grid).reduce((sum, part, p) => sum + network.phraseNats(latents[p]!, part), 0);
    },
  };
  return [lower, upper];
}

function reconstruction(
  codec: Codec,
  title: string,
  held: readonly VoiceGrid[],
  pool: readonly VoiceGrid[],
  ngram: GridNgram,
  rng: Rng,
): FamilyTable {
  const posteriors = held.map(codec.encode);
  const drawn = posteriors.map((posterior) => drawLatent(posterior, rng));
  let [nats, divergence] = [0, 0];
  posteriors.forEach((posterior, n) => {
    nats += codec.nats(drawn[n]!, held[n]!) / held.length;
    divergence += klOf(posterior) / held.length;
  });
  const { voices } = codec.set;
  const perStep = (value: number): string => (value / codec.steps).toFixed(3);
  const row = (name: string, made: readonly VoiceGrid[], ...rest: string[]): string[] => [
    name,
    ...accuracyCells(noteAccuracy(held, made, voices)),
    ...(rest.length > 0 ? rest : ['', '', '']),
  ];
  const ngramNats =
    held.reduce((sum, grid) => sum + ngram.nats(grid).reduce((a, b) => a + b, 0), 0) / held.length;
  const bar = (grid: VoiceGrid): VoiceGrid => grid.subarray(0, GRID_PER_BAR * voices.length);
  const published = codec.level === 'song' ? MUSIC_VAE[codec.set.name] : [];
  return {
    title: `Reconstruction of held-out ${title} (${held.length} windows; accuracy of the classes, nats a step)`,
    header: ['', ...accuracyHeader(codec.set), '−ln p(x|z)', 'KL', '−ELBO'],
    rows: [
      row(
        'VAE, z drawn, teacher forcing',
        drawn.map((z, n) => codec.force(z, held[n]!)),
        perStep(nats),
        perStep(divergence),
        perStep(nats + divergence),
      ),
      row('VAE, z drawn, sampled', drawn.map(codec.decode)),
      row(
        'VAE, z the mean, sampled',
        posteriors.map(({ mean }) => codec.decode(mean)),
      ),
      row(
        'n-gram, teacher forcing (no latent)',
        held.map((grid) => ngram.force(grid)),
        '',
        '',
        perStep(ngramNats),
      ),
      row(
        'n-gram, going on from the first bar',
        held.map((grid) => ngram.write(bar(grid), codec.steps)),
      ),
      row(
        'the first bar again and again',
        held.map((grid) => grid.map((_, i) => bar(grid)[i % bar(grid).length]!)),
      ),
      row(
        'nearest training window',
        held.map((grid) => nearestGrid(grid, pool)),
      ),
      row(
        'the commonest class always',
        held.map((grid) => grid.map((_, i) => VOICE_CODES[voices[i % voices.length]!].commonest)),
      ),
      ...published.map(([name, steps]) => [name, steps]),
    ],
  };
}

/** 16 bars, sampled, as the paper has them: from memory. */
const MUSIC_VAE: Readonly<Record<VoiceSet['name'], readonly (readonly [string, string])[]>> = {
  melody: [
    ['MusicVAE hierarchical, 16 bars (paper, from memory)', '0.812'],
    ['MusicVAE flat, 16 bars (paper, from memory)', '0.620'],
  ],
  drums: [],
  trio: [],
};

function accuracyHeader({ voices }: VoiceSet): string[] {
  return ['all steps', 'onsets', ...(voices.length > 1 ? voices : [])];
}

function accuracyCells({ steps, onsets, voices }: NoteAccuracy): string[] {
  return [steps, onsets, ...(voices.length > 1 ? voices : [])].map((share) => share.toFixed(4));
}

/** Windows of each set of the held-out pieces. */
const BY_SOURCE = 256;

/** Reconstruction by where the pieces are from: z drawn, sampled. */
function bySource(codec: Codec, title: string, windows: GridWindows, count: number, rng: Rng): FamilyTable {
  const sources = [...new Set(windows.pieces.map(({ set }) => set))];
  const rows = sources.flatMap((source) => {
    const own = [...windows.piece.keys()].filter((i) => windows.pieces[windows.piece[i]!]!.set === source);
    if (own.length === 0) return [];
    const grids = Array.from({ length: Math.min(count, own.length) }, (_, i) =>
      windowAt(windows, own[Math.floor((i * own.length) / Math.min(count, own.length))]!),
    );
    const made = grids.map((grid) => codec.decode(drawLatent(codec.encode(grid), rng)));
    return [[source, String(grids.length), ...accuracyCells(noteAccuracy(grids, made, codec.set.voices))]];
  });
  return {
    title: `Reconstruction of held-out ${title} by source (z drawn, sampled)`,
    header: ['', 'windows', ...accuracyHeader(codec.set)],
    rows,
  };
}

/** KL(q ‖ N(0, 1)) in nats. */
function klOf({ mean, deviation }: Posterior): number {
  return mean.reduce((sum, m, d) => {
    const variance = deviation[d]! ** 2;
    return sum + (variance + m * m - 1 - Math.log(variance)) / 2;
  }, 0);
}

function ways(
  codec: Codec,
  title: string,
  network: VaeNetwork,
  windows: GridWindows,
  held: readonly VoiceGrid[],
  count: number,
  ngram: GridNgram,
  rng: Rng,
): FamilyTable {
  const pairs = Array.from({ length: Math.min(count, held.length) }, () => {
    const [a, b] = [0, 0].map(() => windowAt(windows, rng.integer(windows.piece.length))) as [
      VoiceGrid,
      VoiceGrid,
    ];
    return [a, b] as const;
  });
  const { deviations } = network.directionsOf(codec.level);
  const latent = smoothness(
    pairs,
    latentWay((grid) => codec.encode(grid).mean, codec.decode),
    ngram,
    codec.set,
    deviations,
  );
  const blend = smoothness(pairs, blendWay(7, codec.set), ngram, codec.set, deviations);
  const ends = pairs.flatMap((pair) =>
    pair.map((grid) => ngram.nats(grid).reduce((a, b) => a + b, 0) / codec.steps),
  );
  const cells = ({ nats, bend, largestJump }: typeof latent): string[] =>
    [nats, bend, largestJump].map((value) => value.toFixed(3));
  return {
    title: `Ways between ${pairs.length} pairs of held-out ${title}, nine steps between`,
    header: ['', 'n-gram nats a step', 'bend of attributes', 'largest jump'],
    rows: [
      ['latent space', ...cells(latent)],
      ['blend of the steps', ...cells(blend)],
      ['the pieces themselves', (ends.reduce((a, b) => a + b, 0) / ends.length).toFixed(3), '0', ''],
    ],
  };
}

function sliders(title: string, network: VaeNetwork, held: readonly VoiceGrid[], rng: Rng): FamilyTable {
  const latents = held.map((grid) => network.encodePhrase(grid).mean);
  const fitted = network.directionsOf('phrase');
  const { set } = network;
  const codec = {
    set,
    encode: (grid: VoiceGrid) => network.encodePhrase(grid).mean,
    decode: network.decodePhrase,
  };
  const search = sliderEffects(
    latents,
    (z, amounts) => network.decodePhrase(searchLatent(codec, fitted, z, amounts, rng.fork('search'))),
    set,
    fitted.deviations,
  );
  const line = sliderEffects(
    latents,
    (z, amounts) => network.decodePhrase(moveLatent(z, fitted.directions, amounts)),
    set,
    fitted.deviations,
  );
  const cells = ({ monotone, change, others }: SliderEffect): string[] => [
    monotone.toFixed(3),
    change.toFixed(2),
    others.toFixed(2),
  ];
  return {
    title: `Sliders on ${held.length} held-out windows of ${title}, from −2 to 2 deviations`,
    header: [
      'attribute',
      'search: monotone',
      'change',
      'others',
      'straight line: monotone',
      'change',
      'others',
    ],
    rows: search.map((effect, k) => [set.attributes[k]!.name, ...cells(effect), ...cells(line[k]!)]),
  };
}

/** What drums do not have. */
const OF_PITCHES: readonly DistributionFeature[] = ['pitchClassEntropy', 'scaleConsistency', 'intervals'];

function samples(
  codec: Codec,
  title: string,
  held: readonly VoiceGrid[],
  count: number,
  ngram: GridNgram,
  rng: Rng,
): FamilyTable {
  const { voices } = codec.set;
  const isPitched = voices.some((voice) => VOICE_CODES[voice].isPitched);
  const real = rng.shuffle([...held]).slice(0, 2 * count);
  const prior = Array.from({ length: count }, () =>
    codec.decode(Float32Array.from({ length: codec.latent }, () => rng.normal())),
  );
  const written = Array.from({ length: count }, () => ngram.write(new Uint16Array(0), codec.steps, rng));
  const profiles = (grids: readonly VoiceGrid[]): ReturnType<typeof profileOf>[] =>
    grids
      .map((grid) => scoreOfVoices({ grid, bpm: 120, programs: voices.map(() => 0) }, voices))
      .filter(({ tracks }) => tracks.every(({ notes }) => notes.length > 2))
      .map(profileOf);
  const truth = profiles(real);
  const isHeard = ({ feature }: DistributionRow): boolean => isPitched || !OF_PITCHES.includes(feature);
  const [byVae, byNgram] = [prior, written].map((grids) =>
    compareDistributions(truth, profiles(grids)).filter(isHeard),
  ) as [DistributionRow[], DistributionRow[]];
  return {
    title: `Samples of the prior, ${title}: overlap with held-out pieces (Yang & Lerch 2018; 1 is the same)`,
    header: ['feature', 'VAE', 'n-gram', 'two halves of the real ones', 'VAE ÷ floor of 1 − overlap'],
    rows: byVae.map(({ feature, generated, floor, ratio }, i) => [
      feature,
      generated.overlap.toFixed(3),
      byNgram[i]!.generated.overlap.toFixed(3),
      floor.overlap.toFixed(3),
      ratio.toFixed(2),
    ]),
  };
}

/** Pieces in threes and sixes, read straight through as sixteenths: what the model was not trained on. */
function otherMeters(
  network: VaeNetwork,
  pieces: readonly GridPiece[],
  limit: number,
  rng: Rng,
): FamilyTable {
  const { voices } = network.set;
  const rows = codecsOf(network).map((codec) => {
    const windows = gridWindows(pieces, voices, codec.steps, GRID_PER_BAR);
    const held = spreadWindows(windows, Math.min(limit, SIZES[codec.level].test)).map((i) =>
      windowAt(windows, i),
    );
    const accuracy = (grids: readonly VoiceGrid[]): string =>
      noteAccuracy(
        grids,
        grids.map((grid) => codec.decode(drawLatent(codec.encode(grid), rng))),
        voices,
      ).steps.toFixed(4);
    const away = held.map((grid) => transposeGrid(grid, voices, 7));
    return [`${codec.steps} sixteenths`, String(held.length), accuracy(held), accuracy(away)];
  });
  return {
    title: 'Other meters, read straight through (z drawn, sampled; all steps)',
    header: ['', 'windows', 'as they are', 'a fifth higher'],
    rows,
  };
}

function speed(network: VaeNetwork, rng: Rng): FamilyTable {
  const rows = codecsOf(network).map((codec) => {
    const latents = Array.from({ length: 24 }, () =>
      Float32Array.from({ length: codec.latent }, () => rng.normal()),
    );
    codec.decode(latents[0]!);
    const start = process.cpuUsage();
    const made = latents.map(codec.decode);
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1e6 / made.length;
    return [`${codec.steps / GRID_PER_BAR} bars`, (1000 * seconds).toFixed(1), (1 / seconds).toFixed(0)];
  });
  return {
    title: 'Speed of writing, plain arrays, one core',
    header: ['', 'processor ms', 'a second'],
    rows,
  };
}
