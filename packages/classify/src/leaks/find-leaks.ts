import { fingerprintLikeness } from './contour-fingerprint.ts';

/** One item of a data set, as far as leaks can be told from it. */
export interface LeakItem {
  /** Path or id, as shown in the report. */
  readonly id: string;
  readonly label: string;
  /** Which side of a split it is on; undefined where there is no split yet. */
  readonly side?: string;
  /** What must stay together, as the owner of the data says. */
  readonly group?: string;
  /** Equal for equal bytes (a digest). */
  readonly digest?: string;
  /** Equal for equal notes. */
  readonly notes?: string;
  /** Of a score (`contourFingerprint`). */
  readonly contour?: Uint32Array;
  /** Of sound: [features], compared after standardising over all items. */
  readonly features?: ArrayLike<number>;
}

/** Two items that are the same or nearly so. */
export interface DuplicatePair {
  readonly a: string;
  readonly b: string;
  readonly kind: 'same bytes' | 'same notes' | 'same contour' | 'same sound';
  /** 0 … 1; 1 is the same. */
  readonly likeness: number;
  /** They carry different labels: one of them is wrong. */
  readonly labelsDiffer: boolean;
  /** They are on two sides of the split. */
  readonly acrossSides: boolean;
}

/** What `findLeaks` found; every list is empty in a clean data set. */
export interface LeakReport {
  readonly items: number;
  readonly duplicates: readonly DuplicatePair[];
  /** Groups with items on several sides; left out where no item has a side, as of a folder that is not split yet. */
  readonly dividedGroups?: readonly string[];
  /** Features with one value for all items. */
  readonly constantFeatures: readonly string[];
  /** Features of which each label has a range of values of its own, but for 2 % of the items: the label in disguise. */
  readonly tellingFeatures: readonly string[];
  /** Words of file names that stand in one label only, in at least half of its items. */
  readonly tellingNames: readonly { readonly word: string; readonly label: string; readonly share: number }[];
}

/** From which likeness on two items count as duplicates. */
export interface LeakOptions {
  /** Names of `LeakItem.features`. */
  readonly featureNames?: readonly string[];
  /** Least likeness of contours, default 0.5. */
  readonly contourLikeness?: number;
  /** Greatest root mean square difference of standardised features, in deviations; default 0.15. */
  readonly soundDistance?: number;
}

const TELLING = 0.98;
const LEAST_ITEMS_OF_WORD = 3;

/**
 * Finds what makes a test score look better than it is: duplicates and near-duplicates (by bytes, by notes, by transposition-invariant contour, by features of
 * sound), groups on several sides, columns that are constant or give the label away, names that do. Compares all pairs.
 */
export function findLeaks(items: readonly LeakItem[], options: LeakOptions = {}): LeakReport {
  const { featureNames = [] } = options;
  return {
    items: items.length,
    duplicates: findDuplicates(items, options),
    ...(items.some(({ side }) => side !== undefined) && { dividedGroups: dividedGroups(items) }),
    constantFeatures: featureNames.filter(
      (_, f) => items.length > 1 && items.every(({ features }) => features?.[f] === items[0]!.features?.[f]),
    ),
    tellingFeatures: featureNames.filter((_, f) => tellsLabel(items, f)),
    tellingNames: tellingNames(items),
  };
}

/** The pairs of `LeakReport.duplicates`: each pair once, by the strongest kind. */
export function findDuplicates(
  items: readonly LeakItem[],
  { contourLikeness = 0.5, soundDistance = 0.15 }: LeakOptions = {},
): DuplicatePair[] {
  const rows = standardised(items);
  const pairs: DuplicatePair[] = [];
  for (let i = 0; i < items.length; i++) {
    for (let j = i + 1; j < items.length; j++) {
      const [a, b] = [items[i]!, items[j]!];
      const found = likenessOf(a, b, rows[i], rows[j], contourLikeness, soundDistance);
      if (!found) continue;
      pairs.push({
        a: a.id,
        b: b.id,
        ...found,
        labelsDiffer: a.label !== b.label,
        acrossSides: a.side !== b.side,
      });
    }
  }
  return pairs;
}

/**
 * A group for each item: its own where it has one, joined with those of its duplicates (union–find), so that a split by
 * group keeps them together. [items], equal text for the same group.
 */
export function groupDuplicates(
  items: readonly LeakItem[],
  duplicates: readonly Pick<DuplicatePair, 'a' | 'b'>[],
): string[] {
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root))
      root = next;
    parent.set(key, root);
    return root;
  };
  const keys = new Map(
    items.map((item) => [item.id, item.group === undefined ? `item ${item.id}` : `group ${item.group}`]),
  );
  for (const { a, b } of duplicates) {
    const [left, right] = [rootOf(keys.get(a)!), rootOf(keys.get(b)!)];
    if (left !== right) parent.set(left < right ? right : left, left < right ? left : right);
  }
  return items.map((item) => rootOf(keys.get(item.id)!));
}

function likenessOf(
  a: LeakItem,
  b: LeakItem,
  left: Float64Array | undefined,
  right: Float64Array | undefined,
  contourLikeness: number,
  soundDistance: number,
): Pick<DuplicatePair, 'kind' | 'likeness'> | undefined {
  if (a.digest !== undefined && a.digest === b.digest) return { kind: 'same bytes', likeness: 1 };
  if (a.notes !== undefined && a.notes === b.notes) return { kind: 'same notes', likeness: 1 };
  if (a.contour && b.contour) {
    const likeness = fingerprintLikeness(a.contour, b.contour);
    if (likeness >= contourLikeness) return { kind: 'same contour', likeness };
  }
  if (!left || !right || a.contour || b.contour) return undefined;
  let square = 0;
  for (let f = 0; f < left.length; f++) square += (left[f]! - right[f]!) ** 2 / left.length;
  const distance = Math.sqrt(square);
  return distance <= soundDistance ? { kind: 'same sound', likeness: 1 - distance } : undefined;
}

function standardised(items: readonly LeakItem[]): (Float64Array | undefined)[] {
  const known = items.flatMap(({ features }) => (features ? [features] : []));
  const width = known[0]?.length ?? 0;
  const scale = Float64Array.from({ length: width }, (_, f) => {
    const mean = known.reduce((sum, row) => sum + row[f]!, 0) / known.length;
    return Math.sqrt(known.reduce((sum, row) => sum + (row[f]! - mean) ** 2, 0) / known.length);
  });
  return items.map(
    ({ features }) =>
      features && Float64Array.from(features, (value, f) => (scale[f]! > 1e-9 ? value / scale[f]! : 0)),
  );
}

function dividedGroups(items: readonly LeakItem[]): string[] {
  const sides = new Map<string, Set<string>>();
  for (const { group, side } of items) {
    if (group !== undefined && side !== undefined)
      sides.set(group, (sides.get(group) ?? new Set()).add(side));
  }
  return [...sides].flatMap(([group, found]) => (found.size > 1 ? [group] : []));
}

/** Sorted by the value, the items fall into one run of each label, but for few: the value is the label in disguise. */
function tellsLabel(items: readonly LeakItem[], f: number): boolean {
  const labels = new Set(items.map((item) => item.label));
  const known = items.filter((item) => item.features !== undefined);
  if (labels.size < 3 || known.length < 5 * labels.size) return false;
  const values = new Map<number, Map<string, number>>();
  for (const { label, features } of known) {
    const counts = values.get(features![f]!) ?? new Map<string, number>();
    values.set(features![f]!, counts.set(label, (counts.get(label) ?? 0) + 1));
  }
  let mistakes = 0;
  const runs: string[] = [];
  for (const value of [...values.keys()].sort((a, b) => a - b)) {
    const [[label, count]] = [...values.get(value)!].sort((a, b) => b[1] - a[1]) as [[string, number]];
    mistakes += [...values.get(value)!.values()].reduce((sum, n) => sum + n, 0) - count;
    if (runs.at(-1) !== label) runs.push(label);
  }
  return (
    new Set(runs).size === labels.size && mistakes + runs.length - labels.size <= (1 - TELLING) * known.length
  );
}

function tellingNames(items: readonly LeakItem[]): LeakReport['tellingNames'] {
  const sizes = new Map<string, number>();
  const words = new Map<string, Map<string, number>>();
  for (const { id, label } of items) {
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const name = id
      .split('/')
      .at(-1)!
      .replace(/\.[^.]*$/, '');
    for (const word of new Set(name.toLowerCase().match(/\p{L}{2,}/gu))) {
      const counts = words.get(word) ?? new Map<string, number>();
      words.set(word, counts.set(label, (counts.get(label) ?? 0) + 1));
    }
  }
  if (sizes.size < 2) return [];
  return [...words].flatMap(([word, counts]) => {
    const [label, count] = [...counts][0]!;
    const share = count / sizes.get(label)!;
    return counts.size === 1 && count >= LEAST_ITEMS_OF_WORD && share >= 0.5 ? [{ word, label, share }] : [];
  });
}
