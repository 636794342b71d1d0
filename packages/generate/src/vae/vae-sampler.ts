import { createRng, throwIfCancelled, type Rng } from '@attune/core';
import type { FamilyName, FamilySampler, FamilySetting, Sample } from '../family/model-family.ts';
import { resolveSettings } from '../family/resolve-settings.ts';
import { interpolateLatents } from './latent-arithmetic.ts';
import { searchLatent } from './latent-search.ts';
import type { Posterior, VaeNetwork } from './network.ts';
import { GRID_PER_BAR, joinGrids, windowOf, type VoiceGrid } from './voice-grid.ts';
import { readVoices, scoreOfVoices, type VoicedPiece } from './voice-lines.ts';
import type { VoiceSet } from './voice-sets.ts';
import type { Voice } from './voices.ts';

/** Longest melody that is read and written, in bars. */
const MOST_BARS = 64;
const DEFAULT_BPM = 110;
/** Who plays a voice that no piece gave: flute, finger bass, the standard kit. */
const PLAYERS: Readonly<Record<Voice, number>> = { melody: 73, bass: 33, drums: 0 };

/** What each set of voices is to the family: its name, one of what it makes, and what it is good for. */
const WORDS: Readonly<
  Record<VoiceSet['name'], { readonly family: FamilyName; readonly one: string; readonly summary: string }>
> = {
  melody: {
    family: 'vae',
    one: 'melody',
    summary:
      'Melodies that turn into each other: morphs between two pieces, variations, and sliders for what is in them.',
  },
  drums: {
    family: 'vae-drums',
    one: 'beat',
    summary:
      'Beats that turn into each other: morphs between the drums of two pieces, variations, and sliders from calm to busy.',
  },
  trio: {
    family: 'vae-trio',
    one: 'trio',
    summary:
      'Melody, bass and drums that turn into each other as one: morphs between two bands, variations, and sliders.',
  },
};

const settingsOf = ({ attributes }: VoiceSet): readonly FamilySetting[] => [
  {
    kind: 'number',
    name: 'bars',
    summary: 'How long the music is.',
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
  ...attributes.map(({ slider: [name, summary] }): FamilySetting => ({
    kind: 'number',
    name,
    summary,
    min: -3,
    max: 3,
    step: 0.25,
    default: 0,
  })),
];

/**
 * What a VAE makes. Without a piece: new music. Of one piece: variations, moved by the sliders. Of two: steps on the way from
 * the first to the second. Of more: the first on its way towards the middle of the others, such as what a listener
 * likes. Pieces are read in bars of four quarters, whatever their meter; one that lacks a voice of the model is refused
 * with `argument/invalid`.
 */
export function createVaeSampler(network: VaeNetwork): FamilySampler {
  const { set } = network;
  const { family: name, one, summary } = WORDS[set.name];
  const inputs = { fewest: 0, most: 16, kind: 'score' } as const;
  const settings = settingsOf(set);
  return {
    name,
    version: network.config.version,
    summary,
    inputs,
    settings,
    async sample(request, hooks = {}) {
      const resolved = resolveSettings({ name, settings, inputs }, request) as Record<string, number>;
      const pieces = request.inputs.map(({ score }) => readVoices(score!, set.voices));
      const rng = createRng(request.seed);
      const samples: Sample[] = [];
      for (let i = 0; i < request.count; i++) {
        throwIfCancelled(hooks.signal);
        samples.push(makeSample(network, pieces, resolved, i, request.count, rng.fork(`sample${i}`)));
        hooks.onProgress?.({ done: i + 1, total: request.count, stage: `writing: ${one}` });
        await new Promise((resolve) => setTimeout(resolve)); // let an abort, or a server, have its turn
      }
      return samples;
    },
  };
}

function makeSample(
  network: VaeNetwork,
  pieces: readonly VoicedPiece[],
  settings: Readonly<Record<string, number>>,
  index: number,
  count: number,
  rng: Rng,
): Sample {
  const { bars, change, towards, temperature } = settings as { [name: string]: number } & Record<
    string,
    number
  >;
  const { set } = network;
  const { voices } = set;
  const chunks = chunksOf(network, bars!);
  const amounts = set.attributes.map(({ slider: [slider] }) => settings[slider]!);
  const decode = { temperature: temperature!, rng: rng.fork('notes') };
  const firstStep = (settings['from']! - 1) * GRID_PER_BAR;
  const encoded = pieces.map(({ grid }) => chunks.encode(grid.subarray(firstStep * voices.length)));
  const share = (index + 1) / (count + 1);
  const [name, latents] = ((): [string, Float32Array[]] => {
    const [first, second, ...others] = encoded;
    const noise = (like: Float32Array): Float32Array => like.map(() => rng.normal());
    if (!first) return [`${WORDS[set.name].one} ${index + 1}`, chunks.noise(rng)];
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
    set,
    encode: (grid: VoiceGrid) => network.encodePhrase(grid).mean,
    decode: network.decodePhrase,
  };
  const fitted = network.directionsOf('phrase');
  const search = rng.fork('search');
  const phrases = latents
    .flatMap((z) => chunks.plan(z))
    .slice(0, Math.ceil((bars! * GRID_PER_BAR) / chunks.phraseSteps));
  const grid = joinGrids(
    phrases.map((z) => network.decodePhrase(searchLatent(codec, fitted, z, amounts, search), decode)),
  );
  const written = {
    grid: grid.subarray(0, bars! * GRID_PER_BAR * voices.length),
    bpm: mixedTempo(pieces, share),
    programs: pieces[0]?.programs ?? voices.map((voice) => PLAYERS[voice]),
  };
  return { name, score: scoreOfVoices(written, voices, name) };
}

/** Music of that many bars as latents of whole songs, or of phrases where it is no longer than one. */
function chunksOf(
  network: VaeNetwork,
  bars: number,
): {
  readonly phraseSteps: number;
  encode(grid: VoiceGrid): Posterior[];
  noise(rng: Rng): Float32Array[];
  /** The latents of the phrases. */
  plan(z: Float32Array): Float32Array[];
} {
  const { voices, phraseSteps, phrase, song } = network.config.shape;
  const isSong = song !== undefined && bars * GRID_PER_BAR > phraseSteps;
  const steps = isSong ? song.patches * phraseSteps : phraseSteps;
  const count = Math.ceil((bars * GRID_PER_BAR) / steps);
  const places = Array.from({ length: count }, (_, c) => c * steps);
  return {
    phraseSteps,
    encode: (grid) =>
      places.map((at) =>
        (isSong ? network.encodeSong : network.encodePhrase)(windowOf(grid, voices, at, steps)),
      ),
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
function mixedTempo(pieces: readonly VoicedPiece[], share: number): number {
  const [first, second] = pieces;
  if (!first) return DEFAULT_BPM;
  if (!second || pieces.length > 2) return first.bpm;
  return first.bpm * (second.bpm / first.bpm) ** share;
}
