import type { Rng } from '@attune/core';
import {
  gaussianKl,
  sampleGaussian,
  type DiagonalGaussian,
  type Tensor,
  type TensorFlow,
} from '@attune/core/nn';
import type { VaeShape } from './config.ts';
import {
  decodeLevel,
  encodeLevel,
  encodePhrases,
  phraseBatch,
  phraseNats,
  type Parameters,
  type PhraseBatch,
  type VaeLoss,
} from './model.ts';
import type { VoiceGrid } from './voice-grid.ts';

/** N songs of P phrases: all of them for the encoder, and those that the decoder is charged for. */
export interface SongBatch {
  readonly rows: number;
  /** All phrases, song after song [N · P, T]. */
  readonly read: PhraseBatch;
  /** Phrases that are written and charged [C, T]. */
  readonly written: PhraseBatch;
  /** Which of the N · P phrases these are [C]. */
  readonly which: Int32Array;
}

/** Phrases of a song that training charges: the loss is then scaled up, and costs a fraction. */
const CHARGED = 2;

/** All phrases of each song are read; with `rng`, `CHARGED` phrases of each drawn at random are charged, else all. */
export function songBatch(
  songs: readonly VoiceGrid[],
  { voices, phraseSteps, song }: VaeShape,
  tellOf: () => boolean = () => true,
  rng?: Rng,
): SongBatch {
  const patches = song!.patches;
  const size = phraseSteps * voices.length;
  const phrases = songs.flatMap((grid) =>
    Array.from({ length: patches }, (_, p) => grid.subarray(p * size, (p + 1) * size)),
  );
  const which = songs.flatMap((_, n) => {
    const all = Array.from({ length: patches }, (__, p) => n * patches + p);
    return rng && patches > CHARGED ? rng.shuffle(all).slice(0, CHARGED) : all;
  });
  return {
    rows: songs.length,
    read: phraseBatch(voices, phrases),
    written: phraseBatch(
      voices,
      which.map((i) => phrases[i]!),
      tellOf,
    ),
    which: Int32Array.from(which),
  };
}

/** Mean and ln σ² [N, latent] of songs, from the means [N · P, latent] of their phrases. */
export function encodeSongs(
  tf: TensorFlow,
  { song }: VaeShape,
  parameters: Parameters,
  phraseMeans: Tensor,
): DiagonalGaussian {
  const [rows, latent] = phraseMeans.shape as [number, number];
  const { patches } = song!;
  return encodeLevel(
    tf,
    'song',
    song!,
    parameters,
    tf.reshape(phraseMeans, [rows / patches, patches, latent]),
  );
}

/** Added to a phrase's variances where they weigh the distance to its latent: no dimension counts for ever more. */
const LEAST_VARIANCE = 0.1;

/**
 * Both parts of the negative evidence bound of songs, one draw of z a song: of its charged phrases, scaled to all. With it, as
 * a help in training, how far the planned latents lie from those of all phrases: ½ Σ (μ − ẑ)² / (σ² + 0.1).
 */
export function songLoss(
  tf: TensorFlow,
  shape: VaeShape,
  parameters: Parameters,
  batch: SongBatch,
  rng: Rng,
): VaeLoss {
  const song = shape.song!;
  const phrases = encodePhrases(tf, shape, parameters, batch.read);
  const posterior = encodeSongs(tf, shape, parameters, phrases.mean);
  const latents = decodeLevel(tf, 'song', song, parameters, sampleGaussian(tf, posterior, rng)); // [N, P, latent]
  const flat = tf.reshape(latents, [-1, shape.phrase.latent]);
  const chosen: Tensor = tf.gather(flat, tf.tensor1d(batch.which, 'int32'));
  const nats = phraseNats(tf, shape, parameters, chosen, batch.written);
  const perSong = (batch.rows * song.patches) / batch.which.length;
  return {
    reconstruction: tf.mul(tf.sum(nats), perSong / batch.rows),
    divergence: tf.mean(gaussianKl(tf, posterior)),
    distance: tf.div(
      tf.sum(
        tf.div(tf.square(tf.sub(flat, phrases.mean)), tf.add(tf.exp(phrases.logVariance), LEAST_VARIANCE)),
      ),
      2 * batch.rows,
    ),
  };
}
