import type { Rng } from '@attune/core';
import { createEventCounts } from '../ngram/event-counts.ts';
import { GRID_PER_BAR, HOLD, MELODY_CLASSES, REST, type MelodyGrid } from './melody-grid.ts';

/** The baseline: what comes next in a melody by the steps just before it. */
export interface ClassNgram {
  /** Nats of each step [steps] given all before it. */
  nats(grid: MelodyGrid): Float64Array;
  /** The likeliest class of each step given the true steps before it. */
  force(grid: MelodyGrid): MelodyGrid;
  /** A melody of `steps` steps that begins with `start`; drawn, or the likeliest where there is no `rng`. */
  write(start: MelodyGrid, steps: number, rng?: Rng): MelodyGrid;
}

/** Longest context in steps. */
const ORDER = 10;
/** Symbols: held, silent, the first note, and intervals from the note before. */
const [HELD, SILENT, FIRST, UNISON] = [0, 1, 2, 128] as const;
const WIDEST = 60;

/**
 * An n-gram of intervals, holds and rests with the place in the bar, so that it does not know keys; all context lengths
 * up to `ORDER` interpolated as Witten & Bell 1991 do. A first note is drawn by the pitches of training.
 */
export function trainClassNgram(grids: Iterable<MelodyGrid>): ClassNgram {
  const counts = createEventCounts();
  const pitches = new Float64Array(HOLD).fill(1);
  for (const grid of grids) {
    const walk = createWalk();
    for (let step = 0; step < grid.length; step++) {
      const symbol = walk.symbolOf(grid[step]!);
      if (symbol === FIRST) pitches[grid[step]!]!++;
      for (let order = 0; order <= ORDER; order++) {
        const [high, low] = walk.context(order, step);
        counts.add(counts.findOrAdd(high, low, order), symbol);
      }
      walk.push(grid[step]!);
    }
  }
  const pitchTotal = pitches.reduce((a, b) => a + b, 0);
  /** The contexts of a step that were seen, shortest first. */
  const contextsOf = (walk: Walk, step: number): readonly number[] => {
    const found: number[] = [];
    for (let order = 0; order <= ORDER; order++) {
      const [high, low] = walk.context(order, step);
      const context = counts.find(high, low);
      if (context < 0) break;
      found.push(context);
    }
    return found;
  };
  const probability = (walk: Walk, contexts: readonly number[], value: number): number => {
    const symbol = walk.symbolOf(value);
    let p = (symbol === FIRST ? HOLD : 1) / MELODY_CLASSES; // a first note stands for as many classes as pitches
    for (const context of contexts) {
      const [total, types] = [counts.total(context), counts.types(context)];
      p = (counts.count(context, symbol) + types * p) / (total + types);
    }
    return symbol === FIRST ? (p * pitches[value]!) / pitchTotal : p;
  };
  const distribution = (walk: Walk, step: number): Float64Array => {
    const contexts = contextsOf(walk, step);
    return Float64Array.from({ length: MELODY_CLASSES }, (_, value) => probability(walk, contexts, value));
  };
  return {
    nats(grid) {
      const walk = createWalk();
      return Float64Array.from(grid, (value, step) => {
        const nats = -Math.log(probability(walk, contextsOf(walk, step), value));
        walk.push(value);
        return nats;
      });
    },
    force(grid) {
      const walk = createWalk();
      return grid.map((value, step) => {
        const likeliest = argMax(distribution(walk, step));
        walk.push(value);
        return likeliest;
      });
    },
    write(start, steps, rng) {
      const walk = createWalk();
      const grid = new Uint8Array(steps);
      for (let step = 0; step < steps; step++) {
        const all = step < start.length ? undefined : distribution(walk, step);
        grid[step] = all ? (rng ? rng.categorical(all) : argMax(all)) : start[step]!;
        walk.push(grid[step]!);
      }
      return grid;
    },
  };
}

interface Walk {
  symbolOf(value: number): number;
  /** Hash of the last `order` symbols and the place in the bar, in two words; order 0 is the place alone. */
  context(order: number, step: number): [high: number, low: number];
  push(value: number): void;
}

function createWalk(): Walk {
  let pitch = -1;
  const past: number[] = []; // latest first
  const symbolOf = (value: number): number => {
    if (value === HOLD) return HELD;
    if (value === REST) return SILENT;
    return pitch < 0 ? FIRST : UNISON + Math.max(-WIDEST, Math.min(WIDEST, value - pitch));
  };
  return {
    symbolOf,
    context(order, step) {
      let [high, low] = [0x811c9dc5 ^ order, 0x1b873593 ^ (step % GRID_PER_BAR)];
      for (let i = 0; i < order; i++) {
        high = Math.imul(high ^ (past[i] ?? 255), 0x01000193);
        low = Math.imul(low ^ (past[i] ?? 255), 0x85ebca6b);
        low ^= low >>> 13;
      }
      const place = 2 * (step % GRID_PER_BAR) + (pitch < 0 ? 1 : 0); // before the first note there are no intervals
      return [high ^ Math.imul(place + 1, 0x9e3779b1), low];
    },
    push(value) {
      past.unshift(symbolOf(value));
      past.length = Math.min(past.length, ORDER);
      if (value < HOLD) pitch = value;
    },
  };
}

function argMax(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
