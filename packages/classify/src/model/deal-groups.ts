import { AttuneError, type Rng } from '@attune/core';

/** Something that is dealt into a fold with all that shares its group. */
export interface GroupedRow {
  readonly group: string;
  readonly label: string | number;
}

/**
 * How groups are dealt into folds. `by label`: so that every fold has its share of each label, which few pieces need. `by chance`: whatever
 * their labels, as the shipped models of sound were cross-validated; a small label may then miss in some folds.
 */
export type Dealing = 'by label' | 'by chance';

/** The fold of each group, 0 … folds − 1, by chance alone. */
export function dealByChance(
  rows: readonly Pick<GroupedRow, 'group'>[],
  folds: number,
  rng: Rng,
): Map<string, number> {
  const groups = [...new Set(rows.map(({ group }) => group))].sort();
  return new Map(rng.shuffle(groups).map((group, i) => [group, i % folds]));
}

/**
 * The fold of each group, 0 … folds − 1: the groups of each label are shuffled and dealt out in turn, one label after the other, so that
 * every fold has as many of it as any other but for one. A group of several labels is dealt first, to where its labels are fewest. Of a
 * label with two groups that has one of its own, no fold has both.
 */
export function dealByLabel(rows: readonly GroupedRow[], folds: number, rng: Rng): Map<string, number> {
  const labelsOf = new Map<string, Set<string | number>>();
  for (const { group, label } of rows) labelsOf.set(group, (labelsOf.get(group) ?? new Set()).add(label));
  const dealt = rng
    .shuffle([...labelsOf])
    .map(([group, labels]) => ({ group, labels: [...labels].sort(ascending) }))
    .sort((a, b) => b.labels.length - a.labels.length || ascending(a.labels[0]!, b.labels[0]!));
  const sizes = new Array<number>(folds).fill(0);
  const counts = new Map<string | number, number[]>();
  const foldOf = new Map<string, number>();
  for (const { group, labels } of dealt) {
    const own = labels.map((label) => counts.get(label) ?? new Array<number>(folds).fill(0));
    const ofLabels = sizes.map((_, fold) => own.reduce((sum, count) => sum + count[fold]!, 0));
    let fold = 0;
    for (let f = 1; f < folds; f++) {
      const more = ofLabels[f]! - ofLabels[fold]!;
      if (more < 0 || (more === 0 && sizes[f]! < sizes[fold]!)) fold = f;
    }
    labels.forEach((label, i) => {
      own[i]![fold]!++;
      counts.set(label, own[i]!);
    });
    sizes[fold]!++;
    foldOf.set(group, fold);
  }
  return foldOf;
}

/**
 * The fold of each group of a cross-validation, dealt as asked for. Throws `dataset/malformed` where a label would be learned from nothing,
 * since all of it fell into one fold: such a label would be judged wrong throughout.
 */
export function dealFolds(
  rows: readonly (GroupedRow & { readonly label: number })[],
  folds: number,
  { labels, dealing = 'by label', rng }: { readonly labels: readonly string[]; readonly dealing?: Dealing; readonly rng: Rng }, // prettier-ignore
): Map<string, number> {
  const deal = dealing === 'by label' ? dealByLabel : dealByChance;
  const foldOf = deal(rows, folds, rng.fork('folds'));
  const seen = new Map<number, Set<number>>();
  for (const { group, label } of rows)
    seen.set(label, (seen.get(label) ?? new Set()).add(foldOf.get(group)!));
  for (const [label, own] of seen) {
    if (own.size >= Math.min(2, folds)) continue;
    const name = labels[label] ?? 'no label';
    throw new AttuneError(
      'dataset/malformed',
      `All pieces of ${name} fell into one of ${folds} parts, so that nothing is left to learn it from: it needs more groups that it shares with no other label.`,
      { label: name },
    );
  }
  return foldOf;
}

function ascending(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
