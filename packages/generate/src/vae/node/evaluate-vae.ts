import { createRng, type Rng } from '@attune/core';
import { readCheckpointFolder } from '@attune/core/node';
import type { FamilyEvaluateOptions, FamilyTable } from '../../family/node/family-tools.ts';
import { compareDistributions, profileOf } from '../../evaluate/distribution.ts';
import { MELODY_ATTRIBUTES } from '../attributes.ts';
import { trainClassNgram, type ClassNgram } from '../class-ngram.ts';
import { GRID_PER_BAR, HOLD, scoreOfMelody, transposeGrid, type MelodyGrid } from '../melody-grid.ts';
import {
  melodyWindows,
  spreadWindows,
  windowAt,
  type MelodyPiece,
  type MelodyWindows,
} from '../melody-windows.ts';
import { moveLatent } from '../latent-arithmetic.ts';
import { searchLatent } from '../latent-search.ts';
import { blendWay, latentWay, nearestGrid, noteAccuracy, sliderEffects, smoothness } from '../measures.ts';
import type { SliderEffect } from '../measures.ts';
import { drawLatent, readVae, type Posterior, type VaeNetwork } from '../network.ts';
import { readMelodies } from './melody-corpus.ts';
import { SHIPPED_VAE } from './shipped-vae.ts';

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
  readonly steps: number;
  readonly latent: number;
  readonly encode: (grid: MelodyGrid) => Posterior;
  readonly decode: (z: Float32Array) => MelodyGrid;
  readonly force: (z: Float32Array, grid: MelodyGrid) => MelodyGrid;
  readonly nats: (z: Float32Array, grid: MelodyGrid) => number;
}

/** Measures a melody VAE on the held-out tenth, beside copying, an n-gram and blending. */
export async function evaluateVae(options: FamilyEvaluateOptions): Promise<readonly FamilyTable[]> {
  const { data, log, seed, limit = Infinity } = options;
  const network = readVae(readCheckpointFolder(options.model ?? SHIPPED_VAE));
  log('Reading the melodies …');
  const train = readMelodies(data, 'train').pieces;
  const test = readMelodies(options.test ?? data, options.test === undefined ? 'test' : 'all').pieces;
  const taught = train.filter((_, i) => limit >= QUICK || i % 4 === 0); // a quick look has a quick baseline
  log(`The n-gram learns from ${taught.length} melodies …`);
  const ngram = trainClassNgram(taught.map(({ grid }) => grid));
  const tables: FamilyTable[] = [];
  for (const codec of codecsOf(network)) {
    const rng = createRng(seed).fork(codec.level);
    const sizes = Object.fromEntries(
      Object.entries(SIZES[codec.level]).map(([name, size]) => [
        name,
        name === 'pool' ? size : Math.min(limit, size),
      ]),
    ) as Record<keyof (typeof SIZES)[Level], number>;
    const windows = melodyWindows(test, codec.steps, GRID_PER_BAR);
    const held = spreadWindows(windows, sizes.test).map((index) => windowAt(windows, index));
    const trainWindows = melodyWindows(train, codec.steps, GRID_PER_BAR);
    const pool = spreadWindows(trainWindows, sizes.pool).map((index) => windowAt(trainWindows, index));
    const title = `${codec.steps / GRID_PER_BAR} bars`;
    log(`Reconstructing ${held.length} windows of ${title} …`);
    tables.push(reconstruction(codec, title, held, pool, ngram, rng));
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
  tables.push(
    otherMeters(network, readMelodies(data, 'test', { meter: 'other' }).pieces, limit, createRng(seed)),
  );
  tables.push(speed(network, createRng(seed)));
  return tables;
}

function codecsOf(network: VaeNetwork): Codec[] {
  const { phraseSteps, phrase, song } = network.config.shape;
  const phrases = (grid: MelodyGrid): MelodyGrid[] =>
    Array.from({ length: grid.length / phraseSteps }, (_, p) =>
      grid.subarray(p * phraseSteps, (p + 1) * phraseSteps),
    );
  const lower: Codec = {
    level: 'phrase',
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
    steps: phraseSteps * song.patches,
    latent: song.latent,
    encode: network.encodeSong,
    decode: (z) => network.decodeSong(z),
    force: (z, grid) => {
      const latents = network.planSong(z);
      return Uint8Array.from(phrases(grid).flatMap((part, p) => [...network.forcePhrase(latents[p]!, part)]));
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
  held: readonly MelodyGrid[],
  pool: readonly MelodyGrid[],
  ngram: ClassNgram,
  rng: Rng,
): FamilyTable {
  const posteriors = held.map(codec.encode);
  const drawn = posteriors.map((posterior) => drawLatent(posterior, rng));
  let [nats, divergence] = [0, 0];
  posteriors.forEach((posterior, n) => {
    nats += codec.nats(drawn[n]!, held[n]!) / held.length;
    divergence += klOf(posterior) / held.length;
  });
  const perStep = (value: number): string => (value / codec.steps).toFixed(3);
  const row = (name: string, made: readonly MelodyGrid[], ...rest: string[]): string[] => {
    const { steps, onsets } = noteAccuracy(held, made);
    return [name, steps.toFixed(4), onsets.toFixed(4), ...(rest.length > 0 ? rest : ['', '', ''])];
  };
  const ngramNats =
    held.reduce((sum, grid) => sum + ngram.nats(grid).reduce((a, b) => a + b, 0), 0) / held.length;
  const bar = (grid: MelodyGrid): MelodyGrid => grid.subarray(0, GRID_PER_BAR);
  return {
    title: `Reconstruction of held-out ${title} (${held.length} windows; accuracy of the 130 classes, nats a step)`,
    header: ['', 'all steps', 'onsets', '−ln p(x|z)', 'KL', '−ELBO'],
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
        held.map((grid) => ngram.write(bar(grid), grid.length)),
      ),
      row(
        'nearest training window',
        held.map((grid) => nearestGrid(grid, pool)),
      ),
      row(
        'hold always',
        held.map((grid) => new Uint8Array(grid.length).fill(HOLD)),
      ),
      ...(codec.level === 'song'
        ? [
            ['MusicVAE hierarchical, 16 bars (paper, from memory)', '0.812', '', '', '', ''],
            ['MusicVAE flat, 16 bars (paper, from memory)', '0.620', '', '', '', ''],
          ]
        : []),
    ],
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
  windows: MelodyWindows,
  held: readonly MelodyGrid[],
  count: number,
  ngram: ClassNgram,
  rng: Rng,
): FamilyTable {
  const pairs = Array.from({ length: Math.min(count, held.length) }, () => {
    const [a, b] = [0, 0].map(() => windowAt(windows, rng.integer(windows.piece.length))) as [
      MelodyGrid,
      MelodyGrid,
    ];
    return [a, b] as const;
  });
  const { deviations } = network.directionsOf(codec.level);
  const latent = smoothness(
    pairs,
    latentWay((grid) => codec.encode(grid).mean, codec.decode),
    ngram,
    deviations,
  );
  const blend = smoothness(pairs, blendWay(7), ngram, deviations);
  const ends = pairs.flatMap((pair) =>
    pair.map((grid) => ngram.nats(grid).reduce((a, b) => a + b, 0) / grid.length),
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

function sliders(title: string, network: VaeNetwork, held: readonly MelodyGrid[], rng: Rng): FamilyTable {
  const latents = held.map((grid) => network.encodePhrase(grid).mean);
  const fitted = network.directionsOf('phrase');
  const codec = {
    encode: (grid: MelodyGrid) => network.encodePhrase(grid).mean,
    decode: network.decodePhrase,
  };
  const search = sliderEffects(
    latents,
    (z, amounts) => network.decodePhrase(searchLatent(codec, fitted, z, amounts, rng.fork('search'))),
    fitted.deviations,
  );
  const line = sliderEffects(
    latents,
    (z, amounts) => network.decodePhrase(moveLatent(z, fitted.directions, amounts)),
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
    rows: search.map((effect, k) => [MELODY_ATTRIBUTES[k]!, ...cells(effect), ...cells(line[k]!)]),
  };
}

function samples(
  codec: Codec,
  title: string,
  held: readonly MelodyGrid[],
  count: number,
  ngram: ClassNgram,
  rng: Rng,
): FamilyTable {
  const real = rng.shuffle([...held]).slice(0, 2 * count);
  const prior = Array.from({ length: count }, () =>
    codec.decode(Float32Array.from({ length: codec.latent }, () => rng.normal())),
  );
  const written = Array.from({ length: count }, () => ngram.write(new Uint8Array(0), codec.steps, rng));
  const profiles = (grids: readonly MelodyGrid[]): ReturnType<typeof profileOf>[] =>
    grids
      .filter((grid) => grid.filter((value) => value < HOLD).length > 2)
      .map((grid) => profileOf(scoreOfMelody({ grid, bpm: 120, program: 0 })));
  const truth = profiles(real);
  const [byVae, byNgram] = [
    compareDistributions(truth, profiles(prior)),
    compareDistributions(truth, profiles(written)),
  ];
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
  pieces: readonly MelodyPiece[],
  limit: number,
  rng: Rng,
): FamilyTable {
  const rows = codecsOf(network).map((codec) => {
    const windows = melodyWindows(pieces, codec.steps, GRID_PER_BAR);
    const held = spreadWindows(windows, Math.min(limit, SIZES[codec.level].test)).map((i) =>
      windowAt(windows, i),
    );
    const accuracy = (grids: readonly MelodyGrid[]): string =>
      noteAccuracy(
        grids,
        grids.map((grid) => codec.decode(drawLatent(codec.encode(grid), rng))),
      ).steps.toFixed(4);
    const away = held.map((grid) => transposeGrid(grid, 7));
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
