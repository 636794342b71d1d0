import { createRng, throwIfCancelled, type Rng } from '@attune/core';
import type { FamilySampler, FamilySetting, Sample } from '../family/model-family.ts';
import { resolveSettings } from '../family/resolve-settings.ts';
import { MELODY_ATTRIBUTES, type MelodyAttribute } from './attributes.ts';
import { interpolateLatents } from './latent-arithmetic.ts';
import { searchLatent } from './latent-search.ts';
import {
  GRID_PER_BAR,
  melodyOfScore,
  scoreOfMelody,
  windowOf,
  type Melody,
  type MelodyGrid,
} from './melody-grid.ts';
import { joinPhrases, type Posterior, type VaeNetwork } from './network.ts';

/** Longest melody that is read and written, in bars. */
const MOST_BARS = 64;
const DEFAULT_BPM = 110;
const FLUTE = 73;

/** Words of the sliders for each attribute. */
const SLIDERS: Readonly<Record<MelodyAttribute, readonly [name: string, summary: string]>> = {
  density: ['denser', 'More notes, or fewer below 0.'],
  height: ['higher', 'Higher notes, or lower ones below 0.'],
  syncopation: ['syncopated', 'More notes off the beat, or fewer below 0.'],
  leaps: ['leaps', 'Wider intervals, or smaller ones below 0.'],
};

const SETTINGS: readonly FamilySetting[] = [
  {
    kind: 'number',
    name: 'bars',
    summary: 'How long the melody is.',
    min: 2,
    max: MOST_BARS,
    step: 2,
    default: 16,
  },
  {
    kind: 'number',
    name: 'from',
    summary: 'The first bar of the pieces that is read.',
    min: 1,
    max: 999,
    step: 1,
    default: 1,
  },
  {
    kind: 'number',
    name: 'change',
    summary: 'How far a variation lies from its piece.',
    min: 0,
    max: 1,
    step: 0.05,
    default: 0.3,
  },
  {
    kind: 'number',
    name: 'towards',
    summary: 'How far the first piece goes towards what the others have in common, given three or more.',
    min: 0,
    max: 1,
    step: 0.05,
    default: 0.5,
  },
  {
    kind: 'number',
    name: 'temperature',
    summary: 'How boldly notes are chosen; 0 takes the likeliest.',
    min: 0,
    max: 1.5,
    step: 0.1,
    default: 0,
  },
  ...MELODY_ATTRIBUTES.map((attribute): FamilySetting => ({
    kind: 'number',
    name: SLIDERS[attribute][0],
    summary: SLIDERS[attribute][1],
    min: -3,
    max: 3,
    step: 0.25,
    default: 0,
  })),
];

/**
 * What the melody VAE makes. Without a piece: new melodies. Of one piece: variations, moved by the sliders. Of two: steps
 * on the way from the first to the second. Of more: the first on its way towards the middle of the others, such as what
 * a listener likes. Pieces are read as melodies in bars of four quarters, whatever their meter.
 */
export function createVaeSampler(network: VaeNetwork): FamilySampler {
  const inputs = { fewest: 0, most: 16, kind: 'score' } as const;
  const name = 'vae';
  return {
    name,
    version: network.config.version,
    summary:
      'Melodies that turn into each other: morphs between two pieces, variations, and sliders for what is in them.',
    inputs,
    settings: SETTINGS,
    async sample(request, hooks = {}) {
      const settings = resolveSettings({ name, settings: SETTINGS, inputs }, request) as Record<
        string,
        number
      >;
      const melodies = request.inputs.map(({ score }) => melodyOfScore(score!));
      const rng = createRng(request.seed);
      const samples: Sample[] = [];
      for (let i = 0; i < request.count; i++) {
        throwIfCancelled(hooks.signal);
        samples.push(makeSample(network, melodies, settings, i, request.count, rng.fork(`sample${i}`)));
        hooks.onProgress?.({ done: i + 1, total: request.count, stage: 'writing melodies' });
        await new Promise((resolve) => setTimeout(resolve)); // let an abort, or a server, have its turn
      }
      return samples;
    },
  };
}

function makeSample(
  network: VaeNetwork,
  melodies: readonly Melody[],
  settings: Readonly<Record<string, number>>,
  index: number,
  count: number,
  rng: Rng,
): Sample {
  const { bars, change, towards, temperature } = settings as { [name: string]: number } & Record<
    string,
    number
  >;
  const chunks = chunksOf(network, bars!);
  const amounts = MELODY_ATTRIBUTES.map((attribute) => settings[SLIDERS[attribute][0]]!);
  const decode = { temperature: temperature!, rng: rng.fork('notes') };
  const firstStep = (settings['from']! - 1) * GRID_PER_BAR;
  const encoded = melodies.map(({ grid }) => chunks.encode(grid.subarray(firstStep)));
  const share = (index + 1) / (count + 1);
  const [name, latents] = ((): [string, Float32Array[]] => {
    const [first, second, ...others] = encoded;
    const noise = (like: Float32Array): Float32Array => like.map(() => rng.normal());
    if (!first) return [`melody ${index + 1}`, chunks.noise(rng)];
    if (!second) {
      return [`variation ${index + 1}`, first.map(({ mean }) => blend(mean, noise(mean), change!))];
    }
    if (others.length === 0) {
      return [
        `morph ${Math.round(100 * share)} %`,
        first.map(({ mean }, c) => interpolateLatents(mean, second[c]!.mean, share)),
      ];
    }
    const way = (towards! * (index + 1)) / count;
    const liked = encoded.slice(1);
    return [
      `towards ${Math.round(100 * way)} %`,
      first.map(({ mean }, c) => {
        const middle = mean.map(
          (_, d) => liked.reduce((sum, one) => sum + one[c]!.mean[d]!, 0) / liked.length,
        );
        return interpolateLatents(mean, middle, way);
      }),
    ];
  })();
  const codec = {
    encode: (grid: MelodyGrid) => network.encodePhrase(grid).mean,
    decode: network.decodePhrase,
  };
  const fitted = network.directionsOf('phrase');
  const search = rng.fork('search');
  const phrases = latents
    .flatMap((z) => chunks.plan(z))
    .slice(0, Math.ceil((bars! * GRID_PER_BAR) / chunks.phraseSteps));
  const grid = joinPhrases(
    phrases.map((z) => network.decodePhrase(searchLatent(codec, fitted, z, amounts, search), decode)),
  );
  const tempo = mixedTempo(melodies, share);
  const program = melodies[0]?.program ?? FLUTE;
  return {
    name,
    score: scoreOfMelody({ grid: grid.subarray(0, bars! * GRID_PER_BAR), bpm: tempo, program }, name),
  };
}

/** A melody of that many bars as latents of whole songs, or of phrases where it is no longer than one. */
function chunksOf(
  network: VaeNetwork,
  bars: number,
): {
  readonly phraseSteps: number;
  encode(grid: MelodyGrid): Posterior[];
  noise(rng: Rng): Float32Array[];
  /** The latents of the phrases. */
  plan(z: Float32Array): Float32Array[];
} {
  const { phraseSteps, phrase, song } = network.config.shape;
  const isSong = song !== undefined && bars * GRID_PER_BAR > phraseSteps;
  const steps = isSong ? song.patches * phraseSteps : phraseSteps;
  const count = Math.ceil((bars * GRID_PER_BAR) / steps);
  const places = Array.from({ length: count }, (_, c) => c * steps);
  return {
    phraseSteps,
    encode: (grid) =>
      places.map((at) => (isSong ? network.encodeSong : network.encodePhrase)(windowOf(grid, at, steps))),
    noise: (rng) =>
      places.map(() => Float32Array.from({ length: (isSong ? song : phrase).latent }, () => rng.normal())),
    plan: isSong ? network.planSong : (z) => [z],
  };
}

/** A Gaussian stays one: √(1 − share²) · z + share · noise. */
function blend(z: Float32Array, noise: Float32Array, share: number): Float32Array {
  return z.map((value, d) => Math.sqrt(1 - share * share) * value + share * noise[d]!);
}

/** Tempos are mixed on a logarithmic scale, as they are heard. */
function mixedTempo(melodies: readonly Melody[], share: number): number {
  const [first, second] = melodies;
  if (!first) return DEFAULT_BPM;
  if (!second || melodies.length > 2) return first.bpm;
  return first.bpm * (second.bpm / first.bpm) ** share;
}
