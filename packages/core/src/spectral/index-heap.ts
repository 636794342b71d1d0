/** Binary heap of indices into `keys`, the largest key first. Each index may be in it once at a time. */
export class IndexHeap {
  private readonly keys: Float64Array;
  /** [capacity], the first `count` in use; the parent of entry i is entry (i − 1) >> 1. */
  private readonly entries: Int32Array;
  private count = 0;

  constructor(keys: Float64Array) {
    this.keys = keys;
    this.entries = new Int32Array(keys.length);
  }

  get size(): number {
    return this.count;
  }

  push(index: number): void {
    const { entries, keys } = this;
    const key = keys[index]!;
    let at = this.count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (keys[entries[parent]!]! >= key) break;
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = index;
  }

  /** Takes out the index of the largest key; the heap must not be empty. */
  pop(): number {
    const { entries, keys } = this;
    const top = entries[0]!;
    const moved = entries[--this.count]!;
    const key = keys[moved]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.count) break;
      if (child + 1 < this.count && keys[entries[child + 1]!]! > keys[entries[child]!]!) child++;
      if (keys[entries[child]!]! <= key) break;
      entries[at] = entries[child]!;
      at = child;
    }
    entries[at] = moved;
    return top;
  }
}
