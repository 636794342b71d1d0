import { AttuneError, createRng, type Rng, type RngState } from '@attune/core';
import type { BatchSource, TensorFlow } from '@attune/core/nn';
import { melodyAttributesOf, MELODY_ATTRIBUTES } from '../vae/attributes.ts';
import type { VaeShape } from '../vae/config.ts';
import { encodePhrases, phraseBatch, type Parameters } from '../vae/model.ts';
import { joinGrids, transposeGrid, type VoiceGrid } from '../vae/voice-grid.ts';
import { MELODY } from '../vae/voice-sets.ts';
import { conditionRow, type MelodyWish } from './condition.ts';
import type { DiffusionConfig } from './config.ts';
import type { DenoiserInput } from './model.ts';
import { keyOfMelody } from './melody-key.ts';
import { noiseAt } from './noise-schedule.ts';
import { lettersOfPhrases } from './plan-letters.ts';

/** A melody as latents of its phrases. */
export interface LatentSong {
  readonly style: string | undefined;
  readonly phrases: readonly VoiceGrid[];
  /** Means and deviations of the latents, each [P, latent]. */
  readonly means: Float32Array;
  readonly deviations: Float32Array;
  /** Letters of the plan [P]. */
  readonly letters: Int32Array;
}

/** Phrases encoded at once. */
const ENCODED = 512;

/** Melodies as latents; phrases at the end that are not whole are left out, as are melodies of fewer than `least` phrases. */
export function encodeMelodies(
  tf: TensorFlow,
  shape: VaeShape,
  parameters: Parameters,
  melodies: readonly { readonly grid: VoiceGrid; readonly style?: string | undefined }[],
  least: number,
): LatentSong[] {
  const { phraseSteps, phrase } = shape;
  const songs = melodies.flatMap(({ grid, style }) => {
    const count = Math.floor(grid.length / phraseSteps);
    if (count < least) return [];
    const phrases = Array.from({ length: count }, (_, p) =>
      grid.slice(p * phraseSteps, (p + 1) * phraseSteps),
    );
    const size = count * phrase.latent;
    return [
      {
        style,
        phrases,
        means: new Float32Array(size),
        deviations: new Float32Array(size),
        letters: lettersOfPhrases(phrases),
      },
    ];
  });
  const all = songs.flatMap((song) => song.phrases.map((_, p) => ({ song, p })));
  for (let from = 0; from < all.length; from += ENCODED) {
    const some = all.slice(from, from + ENCODED);
    const [means, variances] = tf.tidy(() => {
      const found = encodePhrases(
        tf,
        shape,
        parameters,
        phraseBatch(
          shape.voices,
          some.map(({ song, p }) => song.phrases[p]!),
        ),
      );
      return [found.mean.dataSync(), found.logVariance.dataSync()];
    }) as unknown as [Float32Array, Float32Array];
    some.forEach(({ song, p }, n) => {
      for (let d = 0; d < phrase.latent; d++) {
        song.means[p * phrase.latent + d] = means[n * phrase.latent + d]!;
        song.deviations[p * phrase.latent + d] = Math.exp(variances[n * phrase.latent + d]! / 2);
      }
    });
  }
  return songs;
}

/** The melodies moved by up to half an octave, each by another interval. */
export function transposedMelodies<T extends { readonly grid: VoiceGrid }>(
  melodies: readonly T[],
  rng: Rng,
): T[] {
  return melodies.map((melody) => ({
    ...melody,
    grid: transposeGrid(melody.grid, MELODY.voices, rng.integer(12) - 5),
  }));
}

/** Mean and deviation of each dimension over all phrases: [2, latent]. Throws `dataset/malformed` without any. */
export function latentScale(songs: readonly LatentSong[], latent: number): Float32Array {
  const scale = new Float32Array(2 * latent);
  let count = 0;
  const [sums, squares] = [new Float64Array(latent), new Float64Array(latent)];
  for (const { means, deviations } of songs) {
    count += means.length / latent;
    means.forEach((value, i) => {
      sums[i % latent]! += value;
      squares[i % latent]! += value * value + deviations[i]! ** 2;
    });
  }
  if (count === 0) throw new AttuneError('dataset/malformed', 'There are no melodies to learn from.');
  for (let d = 0; d < latent; d++) {
    const mean = sums[d]! / count;
    scale[d] = mean;
    scale[latent + d] = Math.sqrt(Math.max(1e-6, squares[d]! / count - mean * mean));
  }
  return scale;
}

/** A batch with what the network is to find. */
export interface DiffusionBatch extends DenoiserInput {
  /** signal · ε − noise · x [N, P, latent]. */
  readonly velocity: Float32Array;
  /** 0 where a phrase is given, else 1 [N, P]. */
  readonly weights: Float32Array;
}

/** Lengths of the excerpts in phrases, and shares of what is left out, so that each can also be asked for alone. */
export interface ExcerptPlan {
  readonly lengths: readonly number[];
  /** Phrases of a batch, all rows together. */
  readonly tokens: number;
  /** Shares of excerpts without a style, without each attribute, a key, a plan, and with given phrases. */
  readonly withoutStyle: number;
  readonly withoutAttribute: number;
  readonly withoutKey: number;
  readonly withoutPlan: number;
  readonly withGiven: number;
}

/** Excerpts drawn at random, at random times; the cursor is the state of the generator. */
export function excerptBatches(
  songs: readonly LatentSong[],
  config: Pick<DiffusionConfig, 'shape' | 'styles' | 'attributes'>,
  scale: Float32Array,
  plan: ExcerptPlan,
  seed: Rng,
): BatchSource<DiffusionBatch> {
  let rng = seed;
  const byLength = plan.lengths.map((length) => {
    const fitting = songs.filter(({ phrases }) => phrases.length >= length);
    return { length, fitting };
  });
  const usable = byLength.filter(({ fitting }) => fitting.length > 0);
  if (usable.length === 0) {
    throw new AttuneError('dataset/malformed', `No melody has ${Math.min(...plan.lengths)} phrases.`);
  }
  return {
    next() {
      const { length, fitting } = usable[rng.integer(usable.length)]!;
      return drawBatch(fitting, length, config, scale, plan, rng);
    },
    cursor: () => [...rng.state()],
    restore(cursor) {
      if (!Array.isArray(cursor) || cursor.length !== 4) {
        throw new AttuneError('checkpoint/mismatch', 'The data cursor is no state of a random generator.');
      }
      rng = createRng(cursor as unknown as RngState);
    },
  };
}

function drawBatch(
  songs: readonly LatentSong[],
  length: number,
  config: Pick<DiffusionConfig, 'shape' | 'styles' | 'attributes'>,
  scale: Float32Array,
  plan: ExcerptPlan,
  rng: Rng,
): DiffusionBatch {
  const { latent, letters: letterCount } = config.shape;
  const rows = Math.max(1, Math.floor(plan.tokens / length));
  const size = rows * length;
  const [noisy, given, velocity] = [0, 0, 0].map(() => new Float32Array(size * latent)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [isGiven, weights] = [new Float32Array(size), new Float32Array(size).fill(1)];
  const letters = new Int32Array(size);
  const conditions: Float32Array[] = [];
  for (let n = 0; n < rows; n++) {
    const song = songs[rng.integer(songs.length)]!;
    const free = song.phrases.length - length;
    const from = rng.uniform() < 0.3 ? 0 : rng.integer(free + 1);
    const time = rng.uniform();
    const { signal, noise } = noiseAt(time);
    if (rng.uniform() < plan.withGiven) markGiven(isGiven, n * length, length, rng);
    const planned = rng.uniform() >= plan.withoutPlan;
    const names = new Map<number, number>();
    for (let p = 0; p < length; p++) {
      const at = n * length + p;
      const letter = song.letters[from + p]!;
      if (!names.has(letter)) names.set(letter, names.size);
      letters[at] = planned ? Math.min(letterCount - 1, names.get(letter)!) : letterCount;
      if (isGiven[at]) weights[at] = 0;
      for (let d = 0; d < latent; d++) {
        const source = (from + p) * latent + d;
        const value = song.means[source]! + song.deviations[source]! * rng.normal();
        const x = (value - scale[d]!) / scale[latent + d]!;
        const e = rng.normal();
        const i = at * latent + d;
        noisy[i] = signal * x + noise * e;
        velocity[i] = signal * e - noise * x;
        if (isGiven[at]) given[i] = x;
      }
    }
    conditions.push(conditionRow(config, time, drawWish(song, from, length, config, plan, rng)));
  }
  const flat = new Float32Array(rows * conditions[0]!.length);
  conditions.forEach((row, n) => flat.set(row, n * row.length));
  return { rows, phrases: length, noisy, given, isGiven, letters, conditions: flat, velocity, weights };
}

/** All but one stretch is given, or only the beginning is. */
function markGiven(isGiven: Float32Array, at: number, length: number, rng: Rng): void {
  const hole = 1 + rng.integer(Math.max(1, Math.floor(length / 2)));
  const from = rng.uniform() < 0.3 ? length - hole : rng.integer(length - hole + 1);
  isGiven.fill(1, at, at + length);
  isGiven.fill(0, at + from, at + from + hole);
}

function drawWish(
  { style, phrases }: LatentSong,
  from: number,
  length: number,
  { styles }: Pick<DiffusionConfig, 'styles'>,
  plan: ExcerptPlan,
  rng: Rng,
): MelodyWish {
  const grid = joinGrids(phrases.slice(from, from + length));
  const values = melodyAttributesOf(grid);
  const key = rng.uniform() < plan.withoutKey ? undefined : keyOfMelody(grid);
  const attributes = Object.fromEntries(
    MELODY_ATTRIBUTES.flatMap((name, k) =>
      rng.uniform() < plan.withoutAttribute ? [] : [[name, values[k]!]],
    ),
  );
  const tellsStyle = rng.uniform() >= plan.withoutStyle && style !== undefined && styles.includes(style);
  return { attributes, ...(key && { key }), ...(tellsStyle && { style }) };
}
