import { AttuneError } from '@attune/core';
import type { JsonObject, NamedArray } from '@attune/core/nn';
import type { Scorer } from './scorer.ts';

/** In `TreeNodes.feature`: the node is a leaf, and `threshold` is its value. */
export const LEAF = 0xffff;

/** One tree as arrays by node, the root first; the right child stands after the left one. */
export interface TreeNodes {
  readonly feature: Uint16Array;
  /** A row goes left when its value is at most this. */
  readonly threshold: Float32Array;
  readonly left: Uint16Array;
}

/** Tree t adds to the score of class t mod classes. */
export interface Forest {
  readonly classes: number;
  readonly features: number;
  readonly bias: Float32Array;
  readonly trees: readonly TreeNodes[];
}

/** The score of a class: its bias and the leaf that the row reaches in each of its trees. Rows have `forest.features` values, as 32-bit numbers. */
export function createTreeScorer(forest: Forest): Scorer {
  const { classes, features, bias } = forest;
  const trees = [...forest.trees];
  const sizes = Uint16Array.from(trees, (tree) => tree.feature.length);
  return {
    kind: 'trees',
    classes,
    features,
    logits: (row) => {
      const values = Float32Array.from(row); // thresholds were cut between 32-bit values
      const scores = Float64Array.from(bias);
      trees.forEach((tree, t) => (scores[t % classes]! += leafValue(tree, values)));
      return scores;
    },
    settings: {},
    get arrays() {
      return new Map<string, NamedArray>([
        ['bias', { shape: [classes], data: bias }],
        ['sizes', { shape: [trees.length], data: sizes }],
        [
          'feature',
          joined(
            trees.map((tree) => tree.feature),
            Uint16Array,
          ),
        ],
        [
          'threshold',
          joined(
            trees.map((tree) => tree.threshold),
            Float32Array,
          ),
        ],
        [
          'left',
          joined(
            trees.map((tree) => tree.left),
            Uint16Array,
          ),
        ],
      ]);
    },
  };
}

/** Trees of a checkpoint. Throws `checkpoint/mismatch` where the arrays do not make whole trees of these features. */
export function readTreeScorer(
  _settings: JsonObject,
  arrays: ReadonlyMap<string, NamedArray>,
  features: number,
): Scorer {
  const bias = arrayOf(arrays, 'bias', Float32Array);
  const sizes = arrayOf(arrays, 'sizes', Uint16Array);
  const feature = arrayOf(arrays, 'feature', Uint16Array);
  const threshold = arrayOf(arrays, 'threshold', Float32Array);
  const left = arrayOf(arrays, 'left', Uint16Array);
  const trees: TreeNodes[] = [];
  let start = 0;
  for (const size of sizes) {
    const end = start + size;
    trees.push({
      feature: feature.subarray(start, end),
      threshold: threshold.subarray(start, end),
      left: left.subarray(start, end),
    });
    start = end;
  }
  const whole =
    start === feature.length &&
    feature.length === threshold.length &&
    feature.length === left.length &&
    bias.length > 0;
  if (!whole || !trees.every((tree) => isTree(tree, features))) {
    throw new AttuneError(
      'checkpoint/mismatch',
      `The tree arrays do not make trees over ${features} features.`,
      { features },
    );
  }
  return createTreeScorer({ classes: bias.length, features, bias, trees });
}

/** Children come after their parent and inside the tree, so that a walk always ends. */
function isTree({ feature, left }: TreeNodes, features: number): boolean {
  return (
    feature.length > 0 &&
    feature.every(
      (f, node) => f === LEAF || (f < features && left[node]! > node && left[node]! + 1 < feature.length),
    )
  );
}

function leafValue({ feature, threshold, left }: TreeNodes, row: Float32Array): number {
  let node = 0;
  while (feature[node] !== LEAF) node = left[node]! + (row[feature[node]!]! <= threshold[node]! ? 0 : 1);
  return threshold[node]!;
}

function joined<A extends Uint16Array | Float32Array>(
  parts: readonly A[],
  type: new (length: number) => A,
): NamedArray {
  const data = new type(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part, offset);
    offset += part.length;
  }
  return { shape: [data.length], data };
}

/** The named array with elements of this type; throws `checkpoint/mismatch` where it is absent or another. */
export function arrayOf<A extends NamedArray['data']>(
  arrays: ReadonlyMap<string, NamedArray>,
  name: string,
  type: new (length: number) => A,
): A {
  const data = arrays.get(name)?.data;
  if (data instanceof type) return data;
  throw new AttuneError('checkpoint/mismatch', `The checkpoint has no ${type.name} called ${name}.`, {
    array: name,
  });
}
