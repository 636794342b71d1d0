import { MAX_BINS, type Bins } from './bins.ts';
import { LEAF, type TreeNodes } from './tree-scorer.ts';

/** How far a tree grows. */
export interface TreeSettings {
  /** Levels of splits. */
  readonly depth: number;
  /** L2 penalty on leaf values. */
  readonly lambda: number;
  /** A leaf has at least this much second derivative: about 4 × this many undecided rows of weight 1. */
  readonly leastHessian: number;
}

interface Open {
  /** Index of the node in the tree. */
  readonly node: number;
  readonly rows: Int32Array;
  readonly gradient: number;
  readonly hessian: number;
  readonly histogram: Histogram;
  readonly level: number;
}

/** Sums of gradient and hessian by [sampled feature, bin]. */
interface Histogram {
  readonly g: Float64Array;
  readonly h: Float64Array;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
  readonly g: number;
  readonly h: number;
}

/** Gains at or below this are rounding. */
const LEAST_GAIN = 1e-9;

/**
 * Grows one regression tree on the sampled rows and features. Leaf value: −rate · G / (H + λ); a split's gain is
 * G²ₗ/(Hₗ+λ) + G²ᵣ/(Hᵣ+λ) − G²/(H+λ). `apply(row)` gives the leaf value of any binned row.
 */
export function growTree(
  bins: Bins,
  gradient: Float64Array,
  hessian: Float64Array,
  rows: Int32Array,
  features: Int32Array,
  settings: TreeSettings,
  rate: number,
): { nodes: TreeNodes; apply: (row: number) => number } {
  const feature: number[] = [];
  const bin: number[] = [];
  const left: number[] = [];
  const value: number[] = [];
  const leaf = (g: number, h: number): number => {
    feature.push(LEAF);
    bin.push(0);
    left.push(0);
    value.push(Math.fround((-rate * g) / (h + settings.lambda)));
    return feature.length - 1;
  };

  const root = sums(rows, gradient, hessian);
  const open: Open[] = [
    {
      node: leaf(root.g, root.h),
      rows,
      gradient: root.g,
      hessian: root.h,
      histogram: build(bins, gradient, hessian, rows, features),
      level: 0,
    },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.level >= settings.depth) continue;
    const split = bestSplit(next, bins, features, settings);
    if (!split) continue;
    const column = bins.columns[features[split.feature]!]!;
    const goesLeft = (row: number): boolean => column[row]! <= split.bin;
    const leftRows = next.rows.filter(goesLeft);
    const rightRows = next.rows.filter((row) => !goesLeft(row));
    const right = { g: next.gradient - split.g, h: next.hessian - split.h };
    feature[next.node] = features[split.feature]!;
    bin[next.node] = split.bin;
    left[next.node] = leaf(split.g, split.h);
    leaf(right.g, right.h); // always left + 1
    const level = next.level + 1;
    if (level >= settings.depth) continue;
    // The smaller side is counted, the other is what remains.
    const smaller = leftRows.length <= rightRows.length ? leftRows : rightRows;
    const counted = build(bins, gradient, hessian, smaller, features);
    const rest = subtract(next.histogram, counted);
    const [leftHistogram, rightHistogram] = smaller === leftRows ? [counted, rest] : [rest, counted];
    const first = left[next.node]!;
    open.push({
      node: first,
      rows: leftRows,
      gradient: split.g,
      hessian: split.h,
      histogram: leftHistogram,
      level,
    });
    open.push({
      node: first + 1,
      rows: rightRows,
      gradient: right.g,
      hessian: right.h,
      histogram: rightHistogram,
      level,
    });
  }

  const nodes: TreeNodes = {
    feature: Uint16Array.from(feature),
    threshold: Float32Array.from(feature, (f, i) => (f === LEAF ? value[i]! : bins.edges[f]![bin[i]!]!)),
    left: Uint16Array.from(left),
  };
  const apply = (row: number): number => {
    let node = 0;
    while (feature[node] !== LEAF)
      node = left[node]! + (bins.columns[feature[node]!]![row]! <= bin[node]! ? 0 : 1);
    return value[node]!;
  };
  return { nodes, apply };
}

function sums(rows: Int32Array, gradient: Float64Array, hessian: Float64Array): { g: number; h: number } {
  let g = 0;
  let h = 0;
  for (const row of rows) {
    g += gradient[row]!;
    h += hessian[row]!;
  }
  return { g, h };
}

function build(
  bins: Bins,
  gradient: Float64Array,
  hessian: Float64Array,
  rows: Int32Array,
  features: Int32Array,
): Histogram {
  const g = new Float64Array(features.length * MAX_BINS);
  const h = new Float64Array(features.length * MAX_BINS);
  for (let f = 0; f < features.length; f++) {
    const column = bins.columns[features[f]!]!;
    const start = f * MAX_BINS;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const slot = start + column[row]!;
      g[slot]! += gradient[row]!;
      h[slot]! += hessian[row]!;
    }
  }
  return { g, h };
}

function subtract(whole: Histogram, part: Histogram): Histogram {
  return {
    g: whole.g.map((value, i) => value - part.g[i]!),
    h: whole.h.map((value, i) => value - part.h[i]!),
  };
}

function bestSplit(
  { histogram, gradient, hessian }: Open,
  bins: Bins,
  features: Int32Array,
  { lambda, leastHessian }: TreeSettings,
): Split | undefined {
  const parent = gradient ** 2 / (hessian + lambda);
  let best: Split | undefined;
  for (let f = 0; f < features.length; f++) {
    let g = 0;
    let h = 0;
    const last = bins.edges[features[f]!]!.length; // bins 0 … last; a split leaves at least one on the right
    for (let b = 0; b < last; b++) {
      g += histogram.g[f * MAX_BINS + b]!;
      h += histogram.h[f * MAX_BINS + b]!;
      if (h < leastHessian) continue;
      if (hessian - h < leastHessian) break;
      const gain = g ** 2 / (h + lambda) + (gradient - g) ** 2 / (hessian - h + lambda) - parent;
      if (gain > (best?.gain ?? LEAST_GAIN)) best = { gain, feature: f, bin: b, g, h };
    }
  }
  return best;
}
