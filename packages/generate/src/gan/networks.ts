import {
  createSpectralVector,
  dense,
  glorotUniform,
  heNormal,
  leakyRelu,
  spectralNorm,
  zeros,
  type DiagonalGaussian,
  type Initialiser,
  type ParameterStore,
  type Tensor,
  type TensorFlow,
} from '@attune/core/nn';
import { BAND_PARTS } from '../performance/band-parts.ts';
import {
  CELLS,
  CHORD_VALUES,
  PART_CELLS,
  STEPS_PER_QUARTER,
  WINDOW_QUARTERS,
  WINDOW_STEPS,
} from './band-roll.ts';
import type { GanShape } from './config.ts';
import {
  encoderLayers,
  generatorLayers,
  LATENT_CHANNELS,
  NEIGHBOURS,
  PROFILE_CHANNELS,
  QUARTER_CELLS,
} from './layers.ts';

/** What is told of B windows: chords [B, quarters, CHORD_VALUES], style and given parts as [B, styles + parts]. */
export interface Told {
  readonly chords: Tensor;
  readonly facts: Tensor;
}

/** Creates the parameters of generator and encoder. */
export function createGenerator(store: ParameterStore, shape: GanShape, styles: number): void {
  for (const [name, size] of Object.entries({ ...generatorLayers(shape, styles), ...encoderLayers(shape) })) {
    const isLast = name === 'generator/cells' || name === 'encoder/latent';
    store.create(`${name}/weight`, size, isLast ? glorotUniform : heNormal);
    // most cells of a roll are empty: start there, and not with every second cell sounding
    const start: Initialiser = name === 'generator/cells' ? ([n]) => new Float32Array(n!).fill(-2) : zeros;
    store.create(`${name}/bias`, [size[1]], start);
  }
}

/**
 * Scores of the cells before the threshold. `latent` [B, latent]; `given` [B, steps, CELLS] holds the given parts and
 * zeros elsewhere → [B, steps, CELLS]. A row of quarters, each seen with its neighbours, pitches as channels.
 */
export function generate(
  tf: TensorFlow,
  store: ParameterStore,
  latent: Tensor,
  given: Tensor,
  told: Told,
): Tensor {
  const layer = (x: Tensor, name: string): Tensor =>
    dense(tf, x, store.get(`generator/${name}/weight`), store.get(`generator/${name}/bias`));
  return tf.tidy(() => {
    const rows = latent.shape[0];
    const noise = layer(tf.concat([latent, told.facts], 1), 'latent');
    const heard = leakyRelu(tf, layer(byQuarter(tf, given), 'heard'));
    const entry = tf.concat(
      [tf.reshape(noise, [rows, WINDOW_QUARTERS, LATENT_CHANNELS]), told.chords, heard],
      2,
    );
    let x: Tensor = leakyRelu(tf, layer(withNeighbours(tf, entry), 'enter'));
    x = tf.add(x, leakyRelu(tf, layer(withNeighbours(tf, x), 'first')));
    x = tf.add(x, leakyRelu(tf, layer(withNeighbours(tf, x), 'second')));
    return tf.reshape(layer(x, 'cells'), [rows, WINDOW_STEPS, CELLS]);
  });
}

/** The random numbers that a window looks played by. `cells` [B, steps, CELLS] → means and log variances [B, latent]. */
export function encode(
  tf: TensorFlow,
  store: ParameterStore,
  cells: Tensor,
  chords: Tensor,
): DiagonalGaussian {
  const layer = (x: Tensor, name: string): Tensor =>
    dense(tf, x, store.get(`encoder/${name}/weight`), store.get(`encoder/${name}/bias`));
  const rows = cells.shape[0];
  const heard = leakyRelu(tf, layer(byQuarter(tf, cells), 'heard'));
  const whole = leakyRelu(tf, layer(tf.reshape(tf.concat([heard, chords], 2), [rows, -1]), 'whole'));
  const [mean, logVariance] = tf.split(layer(whole, 'latent'), 2, 1) as [Tensor, Tensor];
  return { mean, logVariance };
}

function byQuarter(tf: TensorFlow, cells: Tensor): Tensor {
  return tf.reshape(cells, [cells.shape[0], WINDOW_QUARTERS, QUARTER_CELLS]);
}

/** [B, quarters, C] → [B, quarters, 3 C]: the quarter before, itself, the one after; zeros beyond the window. */
function withNeighbours(tf: TensorFlow, x: Tensor): Tensor {
  const [rows, quarters, channels] = x.shape as [number, number, number];
  const edge = tf.zeros([rows, 1, channels]);
  const before = tf.concat([edge, tf.slice(x, [0, 0, 0], [rows, quarters - 1, channels])], 1);
  const after = tf.concat([tf.slice(x, [0, 1, 0], [rows, quarters - 1, channels]), edge], 1);
  return tf.concat([before, x, after], 2);
}

/**
 * 1 where the score is above 0, else 0. The gradient is that of the sigmoid: the straight-through estimator
 * (Bengio et al. 2013) in the sigmoid-adjusted form of Dong & Yang 2018.
 */
export function threshold(tf: TensorFlow, scores: Tensor): Tensor {
  const op = tf.customGrad((input, save) => {
    const x = input as Tensor;
    (save as (tensors: Tensor[]) => void)([x]);
    return {
      value: tf.cast(tf.greater(x, 0), 'float32'),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const s = tf.sigmoid(saved[0]!);
        return tf.mul(dy, tf.mul(s, tf.sub(1, s)));
      },
    };
  });
  return op(scores);
}

/** Creates the parameters of the discriminator and the vectors of its spectral normalisation. */
export function createDiscriminator(
  store: ParameterStore,
  { judgeWidth: w }: GanShape,
  styles: number,
): void {
  const layers: Record<string, readonly [number, number]> = {
    heard: [QUARTER_CELLS, w],
    mixed: [NEIGHBOURS * (w + CHORD_VALUES + PROFILE_CHANNELS), w],
    whole: [WINDOW_QUARTERS * w + 1, w],
    facts: [styles + BAND_PARTS.length, w],
    verdict: [w, 1],
  };
  for (const [name, shape] of Object.entries(layers)) {
    store.create(
      `discriminator/${name}/weight`,
      shape,
      name === 'verdict' || name === 'facts' ? glorotUniform : heNormal,
    );
    if (name !== 'facts') store.create(`discriminator/${name}/bias`, [shape[1]], zeros);
    createSpectralVector(store, `discriminator/${name}/vector`, shape[1]);
  }
}

/**
 * How real windows look: [B, 1]. Every layer is spectrally normalised (Miyato et al. 2018), style and given parts
 * enter by projection (Miyato & Koyama 2018). Beside the roll it sees the pitch classes of each quarter, as the critic
 * of MuseGAN's later version does, and how much the windows of its batch differ (Karras et al. 2018), which keeps the
 * generator from making one thing again and again. `turns` of the power iteration: 1 while it learns, 0 while it judges.
 */
export function discriminate(
  tf: TensorFlow,
  store: ParameterStore,
  cells: Tensor,
  told: Told,
  turns: number,
): Tensor {
  const weight = (name: string): Tensor =>
    spectralNorm(tf, store.get(`discriminator/${name}/weight`), store.get(`discriminator/${name}/vector`), {
      iterations: turns,
    });
  const layer = (x: Tensor, name: string): Tensor =>
    dense(tf, x, weight(name), store.get(`discriminator/${name}/bias`));
  const rows = cells.shape[0];
  const heard = leakyRelu(tf, layer(byQuarter(tf, cells), 'heard'));
  const mixed = leakyRelu(
    tf,
    layer(withNeighbours(tf, tf.concat([heard, told.chords, profiles(tf, cells)], 2)), 'mixed'),
  );
  const flat = tf.reshape(mixed, [rows, -1]);
  const spread = tf.mean(tf.sqrt(tf.add(tf.mean(tf.square(tf.sub(flat, tf.mean(flat, 0, true))), 0), 1e-8)));
  const seen = tf.concat([flat, tf.tile(tf.reshape(spread, [1, 1]), [rows, 1])], 1);
  const last = leakyRelu(tf, layer(seen, 'whole'));
  const projection = tf.sum(tf.mul(dense(tf, told.facts, weight('facts')), last), 1, true);
  return tf.add(layer(last, 'verdict'), projection);
}

/** Share of each quarter in which a pitch class sounds, for melody, comping with pad, and bass: [B, quarters, 36]. */
function profiles(tf: TensorFlow, cells: Tensor): Tensor {
  const matrix = new Float32Array(QUARTER_CELLS * PROFILE_CHANNELS);
  (['melody', 'comping', 'pad', 'bass'] as const).forEach((part) => {
    const { from, count, low } = PART_CELLS[part];
    const offset = { melody: 0, comping: 12, pad: 12, bass: 24 }[part];
    for (let step = 0; step < STEPS_PER_QUARTER; step++) {
      for (let i = 0; i < count; i++) {
        const cell = step * CELLS + from + i;
        matrix[cell * PROFILE_CHANNELS + offset + ((low + i) % 12)] = 1 / STEPS_PER_QUARTER;
      }
    }
  });
  return dense(tf, byQuarter(tf, cells), tf.tensor(matrix, [QUARTER_CELLS, PROFILE_CHANNELS]));
}
