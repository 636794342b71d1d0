import { AttuneError } from '@attune/core';
import type { Classification } from '../classification.ts';

/** Labels under broader ones. A label that stands under none is a root of its own. */
export interface LabelTree {
  /** Label → the broader label right above it. */
  readonly parents: Readonly<Record<string, string>>;
}

/** The most precise label that is still probable enough, with the broader ones above it. */
export interface BroadAnswer {
  readonly label: string;
  /** Sum of the probabilities of the labels below it, or its own. */
  readonly probability: number;
  /** From the broadest to the label itself. */
  readonly path: readonly string[];
}

/**
 * `branches`: broader label → labels right below it. Throws `argument/invalid` for a label below two others, or below itself.
 */
export function createLabelTree(branches: Readonly<Record<string, readonly string[]>>): LabelTree {
  let tree: LabelTree = { parents: {} };
  for (const [parent, labels] of Object.entries(branches))
    for (const label of labels) tree = placeLabel(tree, label, parent);
  return tree;
}

/** The tree with one label more below `parent`, such as one that was added by examples. Throws as `createLabelTree`. */
export function placeLabel(tree: LabelTree, label: string, parent: string): LabelTree {
  const taken = parentOf(tree, label);
  if (taken !== undefined && taken !== parent) {
    throw new AttuneError('argument/invalid', `The label ${label} stands below ${taken} already.`, { label });
  }
  if (pathTo(tree, parent).includes(label)) {
    throw new AttuneError('argument/invalid', `The label ${label} would stand below itself.`, { label });
  }
  return { parents: { ...tree.parents, [label]: parent } };
}

/** From the broadest label above it to the label itself. */
export function pathTo(tree: LabelTree, label: string): string[] {
  const path = [label];
  for (let parent = parentOf(tree, label); parent !== undefined; parent = parentOf(tree, parent))
    path.unshift(parent);
  return path;
}

/**
 * From the broadest labels down, always to the most probable one, as long as it has at least the probability `least`. Undefined
 * where no broad label has it, or where the music is unlike all that the model learned from.
 */
export function broadAnswer(
  tree: LabelTree,
  { probabilities, unsure }: Pick<Classification, 'probabilities' | 'unsure'>,
  least = 0.8,
): BroadAnswer | undefined {
  if (unsure === 'unfamiliar') return undefined;
  const paths = probabilities.map(({ label, probability }) => ({ path: pathTo(tree, label), probability }));
  let found: BroadAnswer | undefined;
  for (let depth = 0; ; depth++) {
    const sums = new Map<string, number>();
    for (const { path, probability } of paths) {
      const label = path[depth];
      const inside = depth === 0 || path[depth - 1] === found?.label;
      if (label !== undefined && inside) sums.set(label, (sums.get(label) ?? 0) + probability);
    }
    const best = [...sums].reduce<readonly [string, number] | undefined>(
      (a, b) => (a === undefined || b[1] > a[1] ? b : a),
      undefined,
    );
    if (best === undefined || best[1] < least) return found;
    found = { label: best[0], probability: Math.min(1, best[1]), path: [...(found?.path ?? []), best[0]] };
  }
}

function parentOf({ parents }: LabelTree, label: string): string | undefined {
  return Object.hasOwn(parents, label) ? parents[label] : undefined;
}

/** The styles of Attune, and the labels of the shipped model of sound, under broader ones. */
export const STYLE_TREE: LabelTree = createLabelTree({
  'concert music': ['early music', 'baroque', 'classical', 'romantic', 'art-song', 'string-quartet'],
  'early music': ['renaissance'],
  'popular music': ['jazz and swing', 'pop', 'rock', 'latin', 'funk', 'electronic'],
  'jazz and swing': ['jazz', 'standards', 'jazz-standard', 'ragtime'],
  'traditional music': ['folk', 'hymn', 'march'],
  'drum kit alone': ['drums-funk', 'drums-jazz', 'drums-latin', 'drums-rock'],
  'game music': ['game'],
});
