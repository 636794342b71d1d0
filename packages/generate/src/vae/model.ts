import { crossEntropyPerRow, dense, embedding, gaussianKl, sampleGaussian, silu } from '@attune/core/nn';
import type { DiagonalGaussian, Tensor, Tensor2D, TensorFlow } from '@attune/core/nn';
import type { Rng } from '@attune/core';
import { START, UNTOLD, type LevelShape, type VaeShape } from './config.ts';
import { HOLD, type MelodyGrid } from './melody-grid.ts';

/** Parameters by name. */
export type Parameters = ReadonlyMap<string, Tensor>;

/** ln σ² of a posterior starts here: nearly certain, so that the decoder learns from the first step on. */
export const LOG_VARIANCE_START = -4;

/** Bounds of ln σ², so that no step of training makes a variance that float32 cannot hold. */
export const LOG_VARIANCE_RANGE = [-12, 4] as const;

/**
 * One level of the encoder: patches through one shared layer with a bias for each place, then dense layers over all of
 * them for the global part of the latent; the local parts come from each patch alone, through weights that all share. `x`
 * [N, patches, from] → mean and ln σ² [N, latent].
 */
export function encodeLevel(
  tf: TensorFlow,
  name: string,
  level: LevelShape,
  parameters: Parameters,
  x: Tensor,
): DiagonalGaussian {
  const of = (part: string): Tensor => parameters.get(`${name}/encoder/${part}`)!;
  const { patches, patchWidth, latent, local } = level;
  const global = latent - patches * local;
  const patch = silu(tf, tf.add(dense(tf, x, of('patch/weight')), of('patch/bias'))); // [N, patches, patchWidth]
  const mixed = silu(
    tf,
    dense(tf, tf.reshape(patch, [-1, patches * patchWidth]), of('mix/weight'), of('mix/bias')),
  );
  const deep = tf.add(mixed, silu(tf, dense(tf, mixed, of('deep/weight'), of('deep/bias'))));
  const halves = (both: Tensor, width: number): [Tensor, Tensor] =>
    tf.split(both, [width, width], both.rank - 1) as [Tensor, Tensor];
  const [mean, raw] = halves(dense(tf, deep, of('global/weight'), of('global/bias')), global);
  const [meanHere, rawHere] = halves(dense(tf, patch, of('local/weight'), of('local/bias')), local);
  const shortcut = parameters.get(`${name}/encoder/shortcut/weight`);
  const localMean = shortcut ? tf.add(meanHere, dense(tf, x, shortcut)) : meanHere;
  const flat = (values: Tensor): Tensor => tf.reshape(values, [-1, patches * local]);
  return {
    mean: tf.concat([mean, flat(localMean)], 1),
    logVariance: tf.clipByValue(
      tf.add(tf.concat([raw, flat(rawHere)], 1), LOG_VARIANCE_START),
      ...LOG_VARIANCE_RANGE,
    ),
  };
}

/** The mirror image: dense layers read all of the latent, and each patch its own part besides. `z` [N, latent] → [N, patches, to]. */
export function decodeLevel(
  tf: TensorFlow,
  name: string,
  level: LevelShape,
  parameters: Parameters,
  z: Tensor,
): Tensor {
  const of = (part: string): Tensor => parameters.get(`${name}/decoder/${part}`)!;
  const { patches, patchWidth, latent, local } = level;
  const own = tf.reshape(tf.slice(z as Tensor2D, [0, latent - patches * local], [-1, patches * local]), [
    -1,
    patches,
    local,
  ]);
  const open = silu(tf, dense(tf, z, of('open/weight'), of('open/bias')));
  const deep = tf.add(open, silu(tf, dense(tf, open, of('deep/weight'), of('deep/bias'))));
  const mixed = tf.reshape(dense(tf, deep, of('mix/weight'), of('mix/bias')), [-1, patches, patchWidth]);
  const patch = silu(tf, tf.add(mixed, dense(tf, own, of('local/weight'))));
  const out = tf.add(dense(tf, patch, of('patch/weight')), of('patch/bias'));
  const shortcut = parameters.get(`${name}/decoder/shortcut/weight`);
  return shortcut ? tf.add(out, dense(tf, own, shortcut)) : out;
}

/** Classes as the network reads them, N phrases of T steps. */
export interface PhraseBatch {
  readonly rows: number;
  /** Classes [N, T]. */
  readonly classes: Int32Array;
  /** What was written in the step before [N, T]. */
  readonly before: Int32Array;
  /** The pitch that began last [N, T]. */
  readonly pitch: Int32Array;
}

/** Classes and histories of phrases; `tellOf` says for each step whether its history is told (all, by default). */
export function phraseBatch(phrases: readonly MelodyGrid[], tellOf: () => boolean = () => true): PhraseBatch {
  const rows = phrases.length;
  const steps = phrases[0]!.length;
  const [classes, before, pitch] = [0, 0, 0].map(() => new Int32Array(rows * steps)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  phrases.forEach((phrase, n) => {
    let [last, sounding] = [START, START];
    for (let t = 0; t < steps; t++) {
      const told = tellOf();
      const at = n * steps + t;
      before[at] = told ? last : UNTOLD;
      pitch[at] = told ? sounding : UNTOLD;
      classes[at] = last = phrase[t]!;
      if (last < HOLD) sounding = last;
    }
  });
  return { rows, classes, before, pitch };
}

/** Mean and ln σ² [N, latent] of phrases. */
export function encodePhrases(
  tf: TensorFlow,
  { phraseSteps, phrase, embedding: width }: VaeShape,
  parameters: Parameters,
  { rows, classes }: Pick<PhraseBatch, 'rows' | 'classes'>,
): DiagonalGaussian {
  const perPatch = phraseSteps / phrase.patches;
  const embedded = embedding(tf, parameters.get('phrase/embedding')!, tf.tensor1d(classes, 'int32'));
  return encodeLevel(
    tf,
    'phrase',
    phrase,
    parameters,
    tf.reshape(embedded, [rows, phrase.patches, perPatch * width]),
  );
}

/** Nats of each step [N · T] of phrases decoded from `z` [N, latent], each step given its history. */
export function phraseNats(
  tf: TensorFlow,
  shape: VaeShape,
  parameters: Parameters,
  z: Tensor,
  batch: PhraseBatch,
): Tensor {
  return crossEntropyPerRow(
    tf,
    phraseLogits(tf, shape, parameters, z, batch),
    tf.tensor1d(batch.classes, 'int32'),
  );
}

/** Logits [N · T, classes] of phrases decoded from `z` [N, latent], each step given its history. */
export function phraseLogits(
  tf: TensorFlow,
  { headWidth, phrase }: VaeShape,
  parameters: Parameters,
  z: Tensor,
  { before, pitch }: PhraseBatch,
): Tensor {
  const of = (name: string): Tensor => parameters.get(`phrase/${name}`)!;
  const steps = tf.reshape(decodeLevel(tf, 'phrase', phrase, parameters, z), [-1, headWidth]);
  const history = tf.add(
    embedding(tf, of('history/class'), tf.tensor1d(before, 'int32')),
    embedding(tf, of('history/pitch'), tf.tensor1d(pitch, 'int32')),
  );
  return dense(tf, silu(tf, tf.add(steps, history)), of('head/weight'), of('head/bias'));
}

/** What a loss is made of, in nats: means over the rows. */
export interface VaeLoss {
  /** −ln p(x | z) of a whole row, z drawn from its posterior. */
  readonly reconstruction: Tensor;
  /** KL(q(z | x) ‖ N(0, 1)). */
  readonly divergence: Tensor;
  /** Of songs: how far the planned latents lie from those of the phrases. */
  readonly distance?: Tensor;
}

/** Both parts of the negative evidence bound of phrases (Kingma & Welling 2014), one draw of z a row. */
export function phraseLoss(
  tf: TensorFlow,
  shape: VaeShape,
  parameters: Parameters,
  batch: PhraseBatch,
  rng: Rng,
): VaeLoss {
  const posterior = encodePhrases(tf, shape, parameters, batch);
  const nats = phraseNats(tf, shape, parameters, sampleGaussian(tf, posterior, rng), batch);
  return {
    reconstruction: tf.div(tf.sum(nats), batch.rows),
    divergence: tf.mean(gaussianKl(tf, posterior)),
  };
}
