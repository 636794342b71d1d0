/** At most this many bins a feature, so that a bin number fits a byte and a histogram stays small. */
export const MAX_BINS = 64;

/** Rows as bin numbers: value ≤ edges[f][b] and above edges[f][b − 1] is bin b; above all edges the last bin. */
export interface Bins {
  readonly rows: number;
  /** [feature][row]. */
  readonly columns: readonly Uint8Array[];
  /** [feature]: ascending 32-bit values between neighbouring bins. */
  readonly edges: readonly Float32Array[];
}

/** Edges halfway between neighbouring distinct values, at quantiles where there are more than `MAX_BINS` values. */
export function binRows(rows: readonly Float32Array[]): Bins {
  const features = rows[0]?.length ?? 0;
  const columns: Uint8Array[] = [];
  const edges: Float32Array[] = [];
  for (let f = 0; f < features; f++) {
    const values = Float32Array.from(rows, (row) => row[f]!);
    const cuts = edgesOf(values);
    edges.push(cuts);
    columns.push(Uint8Array.from(values, (value) => binOf(value, cuts)));
  }
  return { rows: rows.length, columns, edges };
}

function edgesOf(values: Float32Array): Float32Array {
  const sorted = values.slice().sort();
  const places = Array.from({ length: MAX_BINS - 1 }, (_, b) =>
    Math.floor(((b + 1) * sorted.length) / MAX_BINS),
  );
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const few = distinct.length <= MAX_BINS;
  const uppers = few
    ? distinct.subarray(1)
    : Float32Array.from(new Set(places.map((i) => sorted[i]!))).filter((v) => v > distinct[0]!);
  // An edge lies between an upper value and the largest value below it.
  const cuts: number[] = [];
  let at = 0;
  for (const upper of uppers) {
    while (distinct[at + 1]! < upper) at++;
    const middle = Math.fround((distinct[at]! + upper) / 2);
    cuts.push(middle < upper ? middle : distinct[at]!);
  }
  return Float32Array.from(cuts);
}

function binOf(value: number, edges: Float32Array): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
