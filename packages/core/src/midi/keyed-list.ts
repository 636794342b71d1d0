/** Items in order of arrival that are found by a number. Most lists hold one item, which needs no index. */
export class KeyedList<T> {
  readonly items: T[] = [];
  private readonly keys: number[] = [];
  private index: Map<number, T> | undefined;

  find(key: number): T | undefined {
    if (this.index) return this.index.get(key);
    const at = this.keys.indexOf(key);
    return at < 0 ? undefined : this.items[at];
  }

  /** `key` must not be there yet. */
  add(key: number, item: T): T {
    this.items.push(item);
    this.keys.push(key);
    if (this.index) this.index.set(key, item);
    else if (this.keys.length > FEW) this.index = new Map(this.keys.map((each, i) => [each, this.items[i]!]));
    return item;
  }
}

const FEW = 8;
