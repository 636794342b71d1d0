import { createRng } from '@attune/core';
import { writeCheckpoint, type FileMap, type JsonObject, type NamedArray } from '@attune/core/nn';
import { STYLES } from '@attune/core/style';
import { compoundTokenizer, FIELD_SIZES } from '@attune/core/tokens';
import {
  TRANSFORMER_KIND,
  type Ability,
  type ConditionSpace,
  type StylePrior,
  type TransformerConfig,
  type TransformerShape,
} from './config.ts';
import { createInputLayout } from './input-layout.ts';
import { parameterShapes } from './parameter-shapes.ts';

/** A condition space with round numbers, for tests and demonstrations. */
export const TINY_CONDITIONS: ConditionSpace = {
  styles: [...STYLES],
  meters: ['4/4', '3/4', '6/8'],
  tempoEdges: [80, 120],
  densityEdges: [2, 4, 8],
  moodEdges: { energy: [0.3, 0.6], valence: [0.3, 0.6], tension: [0.3, 0.6] },
};

export const TINY_SHAPE: TransformerShape = {
  width: 16,
  layers: 1,
  heads: 2,
  feedForward: 32,
  headWidth: 8,
  fieldSizes: FIELD_SIZES,
  inputRows: createInputLayout(TINY_CONDITIONS).rows,
  window: 32,
};

const TINY_PRIOR: StylePrior = {
  weight: 1,
  major: [4, 0, 2, 0, 0, 1, 0, 2, 0, 0, 0, 0],
  minor: [0, 0, 1, 0, 1, 0, 0, 0, 0, 2, 0, 0],
  meters: { '4/4': 0.7, '3/4': 0.3 },
  tempoDeciles: [60, 70, 80, 90, 95, 100, 105, 110, 120, 130, 150],
  instrumentSets: [
    { instruments: [0], weight: 0.5 },
    { instruments: [40, 42], weight: 0.5 },
  ],
  pitchRanges: { '0': [36, 84], '40': [55, 88], '42': [36, 72] },
};

/** A checkpoint of random weights: it composes legal nonsense in a moment. */
export function createTinyCheckpoint(
  seed: number,
  sizes: TransformerShape = TINY_SHAPE,
  abilities: readonly Ability[] = [],
): FileMap {
  const shape = { ...sizes, inputRows: createInputLayout(TINY_CONDITIONS, abilities).rows };
  const config: TransformerConfig = {
    version: 'transformer-tiny',
    tokenizer: compoundTokenizer.name,
    shape,
    conditions: TINY_CONDITIONS,
    ...(abilities.length > 0 && { abilities }),
    priors: {
      folk: TINY_PRIOR,
      'drums-rock': {
        ...TINY_PRIOR,
        major: new Array<number>(12).fill(0),
        minor: new Array<number>(12).fill(0),
        instrumentSets: [{ instruments: [128], weight: 1 }],
        pitchRanges: { '128': [163, 185] },
      },
    },
    training: {},
  };
  return writeCheckpoint({
    kind: TRANSFORMER_KIND,
    config: config as unknown as JsonObject,
    parameters: randomParameters(shape, seed),
  });
}

/** Normal with deviation 1/√fan-in, so that logits spread over a few nats. */
export function randomParameters(shape: TransformerShape, seed: number): Map<string, NamedArray> {
  const rng = createRng(seed);
  return new Map(
    [...parameterShapes(shape)].map(([name, size]) => {
      const own = rng.fork(name);
      const deviation =
        name === 'embed' || name === 'head.fields' || size.length < 2 ? 0.3 : 1 / Math.sqrt(size[0]!);
      const count = size.reduce((product, n) => product * n, 1);
      return [
        name,
        { shape: size, data: Float32Array.from({ length: count }, () => own.normal() * deviation) },
      ];
    }),
  );
}
