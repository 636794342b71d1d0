import { AttuneError } from '@attune/core';
import { heNormal, zeros, type Initialiser, type NamedArray } from '@attune/core/nn';
import type { SpectralConfig, SpectralNetworkName, SpectralShape } from './config.ts';
import { SPECTRAL_NETWORKS } from './config.ts';
import { BINS } from './frames.ts';
import type { PrincipalComponents } from './principal-components.ts';

/** A parameter by its path, with the shape and the start it has. */
export interface ParameterDefinition {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialise: Initialiser;
}

/** Bins after each convolution, the frame's own first. Throws `model/invalid` where they do not divide. */
export function binsOfLayers({ channels, stride }: SpectralShape): number[] {
  const bins = [BINS];
  for (let i = 0; i < channels.length; i++) {
    const next = bins.at(-1)! / stride;
    if (!Number.isInteger(next)) {
      throw new AttuneError(
        'model/invalid',
        `${BINS} bins cannot be divided ${channels.length} times by ${stride}.`,
        {
          stride,
        },
      );
    }
    bins.push(next);
  }
  return bins;
}

/**
 * Everything that is trained. Each network is a linear path beside a deep one, added to each other, in the encoder and in
 * the decoder. The linear path starts as the principal components, and the deep one's last layer as 0, so that
 * training starts where the best linear code ends.
 */
export function parametersOf(shape: SpectralShape, start?: PrincipalComponents): ParameterDefinition[] {
  return SPECTRAL_NETWORKS.flatMap((network) => [
    ...linearPath(network, shape, start),
    ...(network === 'dense' ? densePath(shape) : convolutionPath(shape)),
  ]);
}

/** [lowest … highest pitch, latents] each: where the sounds of a pitch lie among the latents of a network. */
export function pitchParameterNames(network: SpectralNetworkName): { mean: string; deviation: string } {
  return { mean: `${network}/pitch/mean`, deviation: `${network}/pitch/deviation` };
}

/** Where a checkpoint keeps the linear code that its networks started from, and are measured against. */
const COMPONENTS = {
  mean: 'components/mean',
  directions: 'components/directions',
  deviations: 'components/deviations',
} as const;

/** The components as parameters for a checkpoint. */
export function writeComponents({
  mean,
  directions,
  deviations,
}: PrincipalComponents): Map<string, NamedArray> {
  return new Map([
    [COMPONENTS.mean, { shape: [BINS], data: Float32Array.from(mean) }],
    [COMPONENTS.directions, { shape: [deviations.length, BINS], data: Float32Array.from(directions) }],
    [COMPONENTS.deviations, { shape: [deviations.length], data: Float32Array.from(deviations) }],
  ]);
}

/** The components of a checkpoint. Throws as `requireParameters` does. */
export function readComponents(
  { shape: { latents } }: SpectralConfig,
  parameters: ReadonlyMap<string, NamedArray>,
): PrincipalComponents {
  requireShapes(parameters, [
    [COMPONENTS.mean, [BINS]],
    [COMPONENTS.directions, [latents, BINS]],
    [COMPONENTS.deviations, [latents]],
  ]);
  const read = (name: string): Float64Array => Float64Array.from(parameters.get(name)!.data);
  return {
    mean: read(COMPONENTS.mean),
    directions: read(COMPONENTS.directions),
    deviations: read(COMPONENTS.deviations),
  };
}

/** Throws `checkpoint/mismatch` for parameters of the networks that are missing, of another shape or not finite. */
export function requireParameters(config: SpectralConfig, found: ReadonlyMap<string, NamedArray>): void {
  const pitches = config.pitches.highest - config.pitches.lowest + 1;
  const wanted = [
    ...parametersOf(config.shape).map(({ name, shape }) => [name, shape] as const),
    ...SPECTRAL_NETWORKS.flatMap((network) =>
      Object.values(pitchParameterNames(network)).map(
        (name) => [name, [pitches, config.shape.latents]] as const,
      ),
    ),
  ];
  requireShapes(found, wanted);
}

function requireShapes(
  found: ReadonlyMap<string, NamedArray>,
  wanted: readonly (readonly [name: string, shape: readonly number[]])[],
): void {
  for (const [name, shape] of wanted) {
    const array = found.get(name);
    const fault =
      array === undefined
        ? 'is not there'
        : array.shape.join() !== shape.join()
          ? `has shape [${array.shape.join(', ')}]; [${shape.join(', ')}] is needed`
          : array.data.every(Number.isFinite)
            ? undefined
            : 'has values that are not finite';
    if (fault === undefined) continue;
    throw new AttuneError('checkpoint/mismatch', `Parameter ${name} ${fault}.`, { parameter: name });
  }
}

function linearPath(
  network: SpectralNetworkName,
  { latents }: SpectralShape,
  start: PrincipalComponents | undefined,
): ParameterDefinition[] {
  const fill =
    (value: (start: PrincipalComponents, i: number, shape: readonly number[]) => number): Initialiser =>
    (shape, rng) =>
      start === undefined
        ? (shape.length === 1 ? zeros : heNormal)(shape, rng)
        : Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => value(start, i, shape));
  const scale = ({ deviations }: PrincipalComponents, c: number): number => Math.max(deviations[c]!, 1e-6);
  return [
    {
      name: `${network}/encode/weight`,
      shape: [BINS, latents],
      initialise: fill((pca, i) => {
        const [bin, c] = [Math.floor(i / latents), i % latents];
        return pca.directions[c * BINS + bin]! / scale(pca, c);
      }),
    },
    {
      name: `${network}/encode/bias`,
      shape: [latents],
      initialise: fill((pca, c) => {
        let sum = 0;
        for (let k = 0; k < BINS; k++) sum -= pca.directions[c * BINS + k]! * pca.mean[k]!;
        return sum / scale(pca, c);
      }),
    },
    {
      name: `${network}/decode/weight`,
      shape: [latents, BINS],
      initialise: fill((pca, i) => pca.directions[i]! * scale(pca, Math.floor(i / BINS))),
    },
    { name: `${network}/decode/bias`, shape: [BINS], initialise: fill((pca, k) => pca.mean[k]!) },
  ];
}

function densePath({ latents, hidden }: SpectralShape): ParameterDefinition[] {
  const widths = [BINS, ...hidden, latents];
  const layers = (path: string, sizes: readonly number[]): ParameterDefinition[] =>
    sizes.slice(1).flatMap((out, i) => [
      {
        name: `dense/${path}${i}/weight`,
        shape: [sizes[i]!, out],
        initialise: i === sizes.length - 2 ? zeros : heNormal,
      },
      { name: `dense/${path}${i}/bias`, shape: [out], initialise: zeros },
    ]);
  return [...layers('encoder', widths), ...layers('decoder', [...widths].reverse())];
}

function convolutionPath(shape: SpectralShape): ParameterDefinition[] {
  const { latents, channels, taps } = shape;
  const flat = binsOfLayers(shape).at(-1)! * channels.at(-1)!;
  const chain = [1, ...channels];
  return [
    ...channels.flatMap((out, i) => [
      { name: `convolution/encoder${i}/kernel`, shape: [taps, chain[i]!, out], initialise: heNormal },
      { name: `convolution/encoder${i}/bias`, shape: [out], initialise: zeros },
    ]),
    { name: 'convolution/flat/weight', shape: [flat, latents], initialise: zeros },
    { name: 'convolution/unflat/weight', shape: [latents, flat], initialise: heNormal },
    { name: 'convolution/unflat/bias', shape: [flat], initialise: zeros },
    ...channels.flatMap((into, i) => [
      {
        name: `convolution/decoder${i}/kernel`,
        shape: [taps, chain[i]!, into],
        initialise: i === 0 ? zeros : heNormal,
      },
      { name: `convolution/decoder${i}/bias`, shape: [chain[i]!], initialise: zeros },
    ]),
  ];
}
