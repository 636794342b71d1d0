import { AttuneError } from '@attune/core';

/** The best rows, best first; of equal scores the lower row first. Both arrays are [min(k, rows not left out)]. */
export interface TopK {
  readonly rows: Int32Array;
  readonly scores: Float64Array;
}

/** What a choice of rows may leave out. */
export interface TopKOptions {
  /** [rows]: a row with anything but 0 is left out. */
  readonly exclude?: Uint8Array;
}

/**
 * The `k` largest of `scores` [rows], exactly: a heap of k that keeps its worst on top, O(rows · log k) at worst and
 * close to one comparison a row. A row of −∞ is left out, as models write it for what they rule out.
 * @throws `argument/invalid` for NaN, for k that is no whole number from 1, or an `exclude` of another length.
 */
export function topK(scores: ArrayLike<number>, k: number, options: TopKOptions = {}): TopK {
  const { exclude } = options;
  checkTake(k);
  if (exclude && exclude.length !== scores.length) {
    const place = { rows: scores.length, exclude: exclude.length };
    throw new AttuneError(
      'argument/invalid',
      `${scores.length} rows cannot leave out by ${exclude.length} marks.`,
      place,
    );
  }
  const heap = createBestHeap(Math.min(k, scores.length));
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    if (score <= heap.threshold() || exclude?.[row]) continue; // rows come in order: an equal later row loses
    if (Number.isNaN(score))
      throw new AttuneError('argument/invalid', `The score of row ${row} is NaN.`, { row });
    heap.offer(row, score);
  }
  return heap.sorted();
}

/**
 * The `k` rows of `vectors` [rows, query.length] (row-major) with the largest dot product with `query`, exactly.
 * @throws `argument/invalid` as `topK`, or where the vectors are not whole rows.
 */
export function topKByDot(
  query: ArrayLike<number>,
  vectors: Float32Array | Float64Array,
  k: number,
  options: TopKOptions = {},
): TopK {
  return topK(dotRows(query, vectors), k, options);
}

/** [rows]: dot product of `query` [d] with each row of `vectors` [rows, d]. */
export function dotRows(query: ArrayLike<number>, vectors: Float32Array | Float64Array): Float64Array {
  const width = query.length;
  if (width === 0 || vectors.length % width !== 0) {
    throw new AttuneError('argument/invalid', `${vectors.length} values are not rows of ${width}.`, {
      width,
      values: vectors.length,
    });
  }
  const q = Float64Array.from(query);
  const scores = new Float64Array(vectors.length / width);
  const whole = width - (width % 4);
  for (let row = 0, at = 0; row < scores.length; row++, at += width) {
    let [a, b, c, d] = [0, 0, 0, 0]; // four sums: no addition waits for the one before
    for (let j = 0; j < whole; j += 4) {
      a += q[j]! * vectors[at + j]!;
      b += q[j + 1]! * vectors[at + j + 1]!;
      c += q[j + 2]! * vectors[at + j + 2]!;
      d += q[j + 3]! * vectors[at + j + 3]!;
    }
    for (let j = whole; j < width; j++) a += q[j]! * vectors[at + j]!;
    scores[row] = a + b + (c + d);
  }
  return scores;
}

/** A heap of the `capacity` best rows seen so far, the worst of them on top. */
export interface BestHeap {
  /** The score that a row must beat to get in: −∞ until the heap is full. */
  threshold(): number;
  /** Takes a row that beats the threshold, or equals it with a lower row. */
  offer(row: number, score: number): void;
  /** The rows best first; the heap is empty afterwards. */
  sorted(): TopK;
}

/** An empty heap for `capacity` rows. */
export function createBestHeap(capacity: number): BestHeap {
  const rows = new Int32Array(capacity);
  const scores = new Float64Array(capacity);
  let size = 0;

  /** Whether `row` with `score` is worse than what stands at `at`. */
  const worse = (row: number, score: number, at: number): boolean =>
    score < scores[at]! || (score === scores[at]! && row > rows[at]!);
  const place = (at: number, row: number, score: number): void => {
    rows[at] = row;
    scores[at] = score;
  };
  const rise = (row: number, score: number): void => {
    let at = size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!worse(row, score, parent)) break;
      place(at, rows[parent]!, scores[parent]!);
      at = parent;
    }
    place(at, row, score);
  };
  const sink = (row: number, score: number): void => {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && worse(rows[child + 1]!, scores[child + 1]!, child)) child++;
      if (!isWorse(child, row, score)) break;
      place(at, rows[child]!, scores[child]!);
      at = child;
    }
    place(at, row, score);
  };
  const isWorse = (at: number, row: number, score: number): boolean =>
    scores[at]! < score || (scores[at]! === score && rows[at]! > row);

  return {
    threshold: () => (size < capacity ? -Infinity : capacity === 0 ? Infinity : scores[0]!),
    offer(row, score) {
      if (size < capacity) rise(row, score);
      else if (capacity > 0 && isWorse(0, row, score)) sink(row, score);
    },
    sorted() {
      const order = Int32Array.from({ length: size }, (_, i) => i).sort(
        (a, b) => scores[b]! - scores[a]! || rows[a]! - rows[b]!,
      );
      const result = {
        rows: order.map((at) => rows[at]!),
        scores: Float64Array.from(order, (at) => scores[at]!),
      };
      size = 0;
      return result;
    },
  };
}

function checkTake(k: number): void {
  if (!Number.isInteger(k) || k < 1) {
    throw new AttuneError('argument/invalid', `The number to take is a whole number from 1, not ${k}.`, {
      k,
    });
  }
}
