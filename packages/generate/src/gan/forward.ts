import type { NamedArray } from '@attune/core/nn';
import { checkedParameters } from '../family/checked-parameters.ts';
import { applyDense, rectify, type DenseLayer } from '../family/dense-layer.ts';
import { BAND_PARTS } from '../performance/band-parts.ts';
import { CHORD_VALUES, WINDOW_QUARTERS } from './band-roll.ts';
import type { GanConfig } from './config.ts';
import { encoderLayers, generatorLayers, HEARD_CHANNELS, LATENT_CHANNELS, QUARTER_CELLS } from './layers.ts';

/**
 * Generator and encoder without a tensor library. Sums run in one order in double precision and activations are
 * piecewise linear, so that every engine computes the same bits and the threshold falls the same way everywhere.
 */
export interface BandNetworks {
  /**
   * One window: `latent` [latent], `given` [steps × CELLS] 0 and 1, `chords` [quarters × CHORD_VALUES] 0 and 1, `facts`
   * [styles + parts] → scores [steps × CELLS]; a cell is on above 0. The result is overwritten by the next call.
   */
  generate(latent: Float32Array, given: Uint8Array, chords: Uint8Array, facts: Float32Array): Float32Array;
  /** Mean of the random numbers that a window looks played by: [latent], overwritten by the next call. */
  encode(cells: Uint8Array, chords: Uint8Array): Float32Array;
}

/** Throws `checkpoint/mismatch` naming the first parameter that is missing, unknown, of another shape or not finite. */
export function createBandNetworks(
  { shape, styles }: Pick<GanConfig, 'shape' | 'styles'>,
  parameters: ReadonlyMap<string, NamedArray>,
): BandNetworks {
  const layers = readLayers(
    { ...generatorLayers(shape, styles.length), ...encoderLayers(shape) },
    parameters,
  );
  const { latent: latentSize, width } = shape;
  const facts = styles.length + BAND_PARTS.length;
  const coarse = LATENT_CHANNELS + CHORD_VALUES + HEARD_CHANNELS;
  const rows = (width: number): Float32Array => new Float32Array(WINDOW_QUARTERS * width);

  const told = new Float32Array(latentSize + facts);
  const [noise, heard, entry, seen] = [
    rows(LATENT_CHANNELS),
    rows(HEARD_CHANNELS),
    rows(coarse),
    rows(3 * coarse),
  ];
  const [x, y, wide, scores] = [rows(width), rows(width), rows(3 * width), rows(QUARTER_CELLS)];
  const [joined, whole] = [rows(HEARD_CHANNELS + CHORD_VALUES), new Float32Array(2 * HEARD_CHANNELS)];
  const posterior = new Float32Array(2 * latentSize);
  const apply = (name: string, from: ArrayLike<number>, to: Float32Array): void =>
    applyDense(layers.get(name)!, from, to);

  return {
    generate(latent, given, chords, factValues) {
      told.set(latent);
      told.set(factValues, latentSize);
      apply('generator/latent', told, noise);
      apply('generator/heard', given, heard);
      rectify(heard);
      interleave(entry, [
        [noise, LATENT_CHANNELS],
        [chords, CHORD_VALUES],
        [heard, HEARD_CHANNELS],
      ]);
      apply('generator/enter', withNeighbours(entry, seen), x);
      rectify(x);
      for (const name of ['generator/first', 'generator/second']) {
        apply(name, withNeighbours(x, wide), y);
        rectify(y);
        for (let i = 0; i < x.length; i++) x[i]! += y[i]!;
      }
      apply('generator/cells', x, scores);
      return scores;
    },
    encode(cells, chords) {
      apply('encoder/heard', cells, heard);
      rectify(heard);
      interleave(joined, [
        [heard, HEARD_CHANNELS],
        [chords, CHORD_VALUES],
      ]);
      apply('encoder/whole', joined, whole);
      rectify(whole);
      apply('encoder/latent', whole, posterior);
      return posterior.subarray(0, latentSize);
    },
  };
}

/** [quarters, C] → [quarters, 3 C]: the quarter before, itself, the one after; zeros beyond the window. */
function withNeighbours(x: Float32Array, to: Float32Array): Float32Array {
  const channels = x.length / WINDOW_QUARTERS;
  to.fill(0);
  for (let q = 0; q < WINDOW_QUARTERS; q++) {
    const from = Math.max(0, q - 1);
    const until = Math.min(WINDOW_QUARTERS, q + 2);
    to.set(x.subarray(from * channels, until * channels), (3 * q + (from - (q - 1))) * channels);
  }
  return to;
}

/** Writes channels of several arrays side by side: [quarters, sum of their channels]. */
function interleave(to: Float32Array, parts: readonly (readonly [ArrayLike<number>, number])[]): void {
  let at = 0;
  for (let q = 0; q < WINDOW_QUARTERS; q++) {
    for (const [values, channels] of parts) {
      for (let c = 0; c < channels; c++) to[at++] = values[q * channels + c]!;
    }
  }
}

function readLayers(
  layers: Readonly<Record<string, readonly [inputs: number, outputs: number]>>,
  parameters: ReadonlyMap<string, NamedArray>,
): Map<string, DenseLayer> {
  const shapes: Record<string, readonly number[]> = {};
  for (const [name, size] of Object.entries(layers)) {
    shapes[`${name}/weight`] = size;
    shapes[`${name}/bias`] = [size[1]];
  }
  const values = checkedParameters(shapes, parameters);
  return new Map(
    Object.entries(layers).map(([name, [inputs, outputs]]) => [
      name,
      { inputs, outputs, weight: values.get(`${name}/weight`)!, bias: values.get(`${name}/bias`)! },
    ]),
  );
}
