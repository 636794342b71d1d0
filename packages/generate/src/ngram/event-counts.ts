import { AttuneError } from '@attune/core';
import type { NamedArray } from '@attune/core/nn';

/**
 * Counts of symbols (0–255) in contexts, both found by hash: open addressing with linear probing in typed arrays,
 * so that tens of millions of counts take tens of bytes each and no objects.
 */
export interface EventCounts {
  /** The id of a context given by a 64-bit hash in two words; −1 when it was never seen. */
  find(high: number, low: number): number;
  /** As `find`, but a new context gets the next id. `group` (0–255) labels it. */
  findOrAdd(high: number, low: number, group: number): number;
  /** Adds one to a symbol's count in a context and returns the count from before. */
  add(context: number, symbol: number): number;
  count(context: number, symbol: number): number;
  /** Sum of counts in a context, and the number of different symbols. */
  total(context: number): number;
  types(context: number): number;
  /** Events by group and count: `result[group][count − 1]` for counts 1 … `max`. */
  countsOfCounts(groups: number, max: number): readonly Float64Array[];
  /** All counts as arrays, for a checkpoint: a count beyond 65,535 is kept as that. */
  save(): Map<string, NamedArray>;
  /** Contexts and events held. */
  readonly size: { readonly contexts: number; readonly events: number };
}

const EMPTY = 0xffffffff;
const MAX_LOAD = 0.7;
const MOST_SAVED = 0xffff;

export function createEventCounts(): EventCounts {
  return new HashedCounts();
}

/** Counts that `save` gave. Throws `checkpoint/malformed` naming what does not fit. */
export function loadEventCounts(arrays: ReadonlyMap<string, NamedArray>): EventCounts {
  const array = <T extends NamedArray['data']>(name: string, type: new (n: number) => T): T => {
    const data = arrays.get(name)?.data;
    if (data instanceof type) return data;
    throw new AttuneError('checkpoint/malformed', `The counts have no ${name} of the right type.`, {
      array: name,
    });
  };
  const highs = array('highs', Uint32Array);
  const lows = array('lows', Uint32Array);
  const groups = array('groups', Uint8Array);
  const types = array('types', Uint16Array);
  const symbols = array('symbols', Uint8Array);
  const events = array('counts', Uint16Array);
  const total = types.reduce((sum, n) => sum + n, 0);
  const fits = [lows, groups, types].every(({ length }) => length === highs.length);
  if (!fits || symbols.length !== total || events.length !== total || events.includes(0)) {
    throw new AttuneError('checkpoint/malformed', 'The counts do not belong to the contexts.', {
      contexts: highs.length,
    });
  }
  const counts = new HashedCounts();
  let at = 0;
  highs.forEach((high, i) => {
    const context = counts.findOrAdd(high, lows[i]!, groups[i]!);
    for (let k = 0; k < types[i]!; k++, at++) counts.put(context, symbols[at]!, events[at]!);
  });
  return counts;
}

class HashedCounts implements EventCounts {
  private contextSlots = new Uint32Array(1 << 12).fill(EMPTY); // context ids
  private highs = new Uint32Array(1 << 11); // [context]
  private lows = new Uint32Array(1 << 11);
  private totals = new Uint32Array(1 << 11);
  private typeCounts = new Uint16Array(1 << 11);
  private groups = new Uint8Array(1 << 11);
  private contexts = 0;

  private eventContexts = new Uint32Array(1 << 12).fill(EMPTY); // [slot]
  private eventSymbols = new Uint8Array(1 << 12);
  private eventCounts = new Uint32Array(1 << 12);
  private events = 0;

  get size(): { contexts: number; events: number } {
    return { contexts: this.contexts, events: this.events };
  }

  find(high: number, low: number): number {
    const id = this.contextSlots[this.contextSlot(high >>> 0, low >>> 0)]!;
    return id === EMPTY ? -1 : id;
  }

  findOrAdd(high: number, low: number, group: number): number {
    const slot = this.contextSlot(high >>> 0, low >>> 0);
    const found = this.contextSlots[slot]!;
    if (found !== EMPTY) return found;
    const id = this.contexts++;
    if (id === this.highs.length) this.growContexts();
    this.highs[id] = high;
    this.lows[id] = low;
    this.groups[id] = group;
    this.contextSlots[slot] = id;
    if (this.contexts > MAX_LOAD * this.contextSlots.length) this.rehashContexts();
    return id;
  }

  add(context: number, symbol: number): number {
    const slot = this.eventSlot(context, symbol);
    if (this.eventContexts[slot] === EMPTY) return this.put(context, symbol, 1);
    this.totals[context]!++;
    return this.eventCounts[slot]!++;
  }

  /** A symbol that the context has not had, with its count; returns 0, the count from before. */
  put(context: number, symbol: number, count: number): number {
    const slot = this.eventSlot(context, symbol);
    this.totals[context]! += count;
    this.typeCounts[context]!++;
    this.eventContexts[slot] = context;
    this.eventSymbols[slot] = symbol;
    this.eventCounts[slot] = count;
    if (++this.events > MAX_LOAD * this.eventContexts.length) this.rehashEvents();
    return 0;
  }

  save(): Map<string, NamedArray> {
    const slots = [...this.eventContexts.keys()].filter((slot) => this.eventContexts[slot] !== EMPTY);
    slots.sort(
      (a, b) =>
        this.eventContexts[a]! - this.eventContexts[b]! || this.eventSymbols[a]! - this.eventSymbols[b]!,
    );
    const whole = <T extends NamedArray['data']>(data: T): NamedArray => ({ shape: [data.length], data });
    return new Map([
      ['highs', whole(this.highs.slice(0, this.contexts))],
      ['lows', whole(this.lows.slice(0, this.contexts))],
      ['groups', whole(this.groups.slice(0, this.contexts))],
      ['types', whole(this.typeCounts.slice(0, this.contexts))],
      ['symbols', whole(Uint8Array.from(slots, (slot) => this.eventSymbols[slot]!))],
      ['counts', whole(Uint16Array.from(slots, (slot) => Math.min(MOST_SAVED, this.eventCounts[slot]!)))],
    ]);
  }

  count(context: number, symbol: number): number {
    const slot = this.eventSlot(context, symbol);
    return this.eventContexts[slot] === EMPTY ? 0 : this.eventCounts[slot]!;
  }

  total(context: number): number {
    return this.totals[context]!;
  }

  types(context: number): number {
    return this.typeCounts[context]!;
  }

  countsOfCounts(groups: number, max: number): readonly Float64Array[] {
    const result = Array.from({ length: groups }, () => new Float64Array(max));
    for (let slot = 0; slot < this.eventContexts.length; slot++) {
      const context = this.eventContexts[slot]!;
      const count = this.eventCounts[slot]!;
      if (context !== EMPTY && count <= max) result[this.groups[context]!]![count - 1]!++;
    }
    return result;
  }

  private contextSlot(high: number, low: number): number {
    const mask = this.contextSlots.length - 1;
    for (let slot = mixWords(high, low) & mask; ; slot = (slot + 1) & mask) {
      const id = this.contextSlots[slot]!;
      if (id === EMPTY || (this.lows[id] === low && this.highs[id] === high)) return slot;
    }
  }

  private eventSlot(context: number, symbol: number): number {
    const mask = this.eventContexts.length - 1;
    for (let slot = mixWords(context, symbol) & mask; ; slot = (slot + 1) & mask) {
      const found = this.eventContexts[slot]!;
      if (found === EMPTY || (found === context && this.eventSymbols[slot] === symbol)) return slot;
    }
  }

  private growContexts(): void {
    const length = this.highs.length * 2;
    const grow = <T extends Uint32Array | Uint16Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.highs = grow(this.highs, new Uint32Array(length));
    this.lows = grow(this.lows, new Uint32Array(length));
    this.totals = grow(this.totals, new Uint32Array(length));
    this.typeCounts = grow(this.typeCounts, new Uint16Array(length));
    this.groups = grow(this.groups, new Uint8Array(length));
  }

  private rehashContexts(): void {
    this.contextSlots = new Uint32Array(this.contextSlots.length * 2).fill(EMPTY);
    const mask = this.contextSlots.length - 1;
    for (let id = 0; id < this.contexts; id++) {
      let slot = mixWords(this.highs[id]!, this.lows[id]!) & mask;
      while (this.contextSlots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.contextSlots[slot] = id;
    }
  }

  private rehashEvents(): void {
    const [contexts, symbols, counts] = [this.eventContexts, this.eventSymbols, this.eventCounts];
    const length = contexts.length * 2;
    this.eventContexts = new Uint32Array(length).fill(EMPTY);
    this.eventSymbols = new Uint8Array(length);
    this.eventCounts = new Uint32Array(length);
    for (let old = 0; old < contexts.length; old++) {
      if (contexts[old] === EMPTY) continue;
      const slot = this.eventSlot(contexts[old]!, symbols[old]!);
      this.eventContexts[slot] = contexts[old]!;
      this.eventSymbols[slot] = symbols[old]!;
      this.eventCounts[slot] = counts[old]!;
    }
  }
}

function mixWords(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
