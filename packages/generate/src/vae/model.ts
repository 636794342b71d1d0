import { crossEntropyPerRow, dense, embedding, gaussianKl, sampleGaussian, silu } from '@attune/core/nn';
import type { DiagonalGaussian, Tensor, Tensor2D, TensorFlow } from '@attune/core/nn';
import type { Rng } from '@attune/core';
import { toldRows, type LevelShape, type VaeShape } from './config.ts';
import type { VoiceGrid } from './voice-grid.ts';
import { VOICE_CODES, type Voice } from './voices.ts';

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

/** One voice of N phrases of T steps, as the network reads and writes it. */
export interface VoiceBatch {
  readonly voice: Voice;
  /** Classes [N, T]. */
  readonly classes: Int32Array;
  /** What was written in the step before [N, T]. */
  readonly before: Int32Array;
  /** The class that began last [N, T]. */
  readonly onset: Int32Array;
  /** What the earlier voices have in the same step, each [N, T]. */
  readonly beside: readonly (readonly [Voice, Int32Array])[];
}

/** N phrases, in the order of the voices. */
export interface PhraseBatch {
  readonly rows: number;
  readonly voices: readonly VoiceBatch[];
}

/** Classes and histories of phrases; `tellOf` says for each step and voice whether what it is told is told (all, by default). */
export function phraseBatch(
  voices: readonly Voice[],
  phrases: readonly VoiceGrid[],
  tellOf: () => boolean = () => true,
): PhraseBatch {
  const rows = phrases.length;
  const steps = phrases[0]!.length / voices.length;
  const empty = (): Int32Array => new Int32Array(rows * steps);
  const batches = voices.map((voice, v) => ({
    voice,
    classes: empty(),
    before: empty(),
    onset: empty(),
    beside: voices.slice(0, v).map((other): [Voice, Int32Array] => [other, empty()]),
  }));
  phrases.forEach((phrase, n) => {
    const starts = voices.map((voice) => toldRows(voice).start);
    const [last, begun] = [[...starts], [...starts]];
    for (let t = 0; t < steps; t++) {
      batches.forEach(({ voice, classes, before, onset, beside }, v) => {
        const told = tellOf();
        const { untold } = toldRows(voice);
        const at = n * steps + t;
        before[at] = told ? last[v]! : untold;
        onset[at] = told ? begun[v]! : untold;
        beside.forEach(([other, values], u) => (values[at] = told ? last[u]! : toldRows(other).untold));
        const value = (classes[at] = last[v] = phrase[t * voices.length + v]!);
        if (VOICE_CODES[voice].isOnset(value)) begun[v] = value;
      });
    }
  });
  return { rows, voices: batches };
}

/** Mean and ln σ² [N, latent] of phrases. */
export function encodePhrases(
  tf: TensorFlow,
  { phrase }: VaeShape,
  parameters: Parameters,
  { rows, voices }: PhraseBatch,
): DiagonalGaussian {
  const embedded = voices.map(({ voice, classes }) =>
    embedding(tf, parameters.get(`phrase/${voice}/embedding`)!, tf.tensor1d(classes, 'int32')),
  ); // each [N · T, embedding]
  return encodeLevel(
    tf,
    'phrase',
    phrase,
    parameters,
    tf.reshape(tf.concat(embedded, 1), [rows, phrase.patches, -1]),
  );
}

/** Nats of each step [N · T], all voices together, of phrases decoded from `z` [N, latent], each step given its history. */
export function phraseNats(
  tf: TensorFlow,
  { voices, headWidth, phrase }: VaeShape,
  parameters: Parameters,
  z: Tensor,
  batch: PhraseBatch,
): Tensor {
  const decoded = decodeLevel(tf, 'phrase', phrase, parameters, z);
  const steps = tf.reshape(decoded, [-1, voices.length, headWidth]); // [N · T, voices, headWidth]
  const stepsOf = (v: number): Tensor =>
    tf.reshape(tf.slice(steps, [0, v, 0], [-1, 1, headWidth]), [-1, headWidth]);
  return tf.addN(
    batch.voices.map((own, v) =>
      crossEntropyPerRow(tf, voiceLogits(tf, parameters, stepsOf(v), own), tf.tensor1d(own.classes, 'int32')),
    ),
  );
}

/** Logits [N · T, classes] of one voice from the decoded steps [N · T, headWidth] and what each is told. */
function voiceLogits(
  tf: TensorFlow,
  parameters: Parameters,
  steps: Tensor,
  { voice, before, onset, beside }: VoiceBatch,
): Tensor {
  const of = (name: string): Tensor => parameters.get(`phrase/${voice}/${name}`)!;
  const told = (name: string, values: Int32Array): Tensor =>
    embedding(tf, of(name), tf.tensor1d(values, 'int32'));
  const history = [
    told('history/class', before),
    told('history/onset', onset),
    ...beside.map(([other, values]) => told(`beside/${other}`, values)),
  ].reduce((sum, one) => tf.add(sum, one));
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
