import type { Rng } from '@attune/core';
import { createEventCounts } from '../ngram/event-counts.ts';
import { GRID_PER_BAR, gridOfLines, lineOf, type VoiceGrid } from './voice-grid.ts';
import { HOLD, LINE_CLASSES, VOICE_CODES, type Voice } from './voices.ts';

/** The baseline: what comes next by the steps just before it, each voice for itself. */
export interface GridNgram {
  /** Nats of each step [steps] given all before it, all voices together. */
  nats(grid: VoiceGrid): Float64Array;
  /** The likeliest class of each step and voice given the true steps before it. */
  force(grid: VoiceGrid): VoiceGrid;
  /** Music of `steps` steps that begins with `start`; drawn, or the likeliest where there is no `rng`. */
  write(start: VoiceGrid, steps: number, rng?: Rng): VoiceGrid;
}

/** The n-gram of all voices, learned from `grids`. */
export function trainGridNgram(grids: Iterable<VoiceGrid>, voices: readonly Voice[]): GridNgram {
  const lines = voices.map((voice) => createLineNgram(voice === 'drums' ? STROKES : NOTES));
  for (const grid of grids) voices.forEach((voice, v) => lines[v]!.learn(lineOf(grid, voices, voice)));
  return {
    nats(grid) {
      const each = voices.map((voice, v) => lines[v]!.nats(lineOf(grid, voices, voice)));
      return each[0]!.map((_, t) => each.reduce((sum, nats) => sum + nats[t]!, 0));
    },
    force: (grid) => gridOfLines(voices.map((voice, v) => lines[v]!.force(lineOf(grid, voices, voice)))),
    write: (start, steps, rng) =>
      gridOfLines(voices.map((voice, v) => lines[v]!.write(lineOf(start, voices, voice), steps, rng))),
  };
}

/** How a class becomes symbols of the n-gram, one after the other. */
interface LineSymbols {
  /** How many values each part of a class can have. */
  readonly parts: readonly number[];
  /** Longest context in symbols. */
  readonly order: number;
  split(value: number): readonly number[];
  join(parts: readonly number[]): number;
  /** Symbol of a value of a part after a pitch (−1: none yet). */
  symbolOf(value: number, pitch: number): number;
}

/** Symbols of notes: held, silent, the first note, and intervals from the note before. */
const [HELD, SILENT, FIRST, UNISON] = [0, 1, 2, 128] as const;
const WIDEST = 60;
const NOTES: LineSymbols = {
  parts: [LINE_CLASSES],
  order: 10,
  split: (value) => [value],
  join: ([value]) => value!,
  symbolOf(value, pitch) {
    if (value >= HOLD) return value === HOLD ? HELD : SILENT;
    return pitch < 0 ? FIRST : UNISON + Math.max(-WIDEST, Math.min(WIDEST, value - pitch));
  },
};
/** Strokes: first all but the kick, then the kick. */
const STROKES: LineSymbols = {
  parts: [VOICE_CODES.drums.classes / 2, 2],
  order: 20,
  split: (value) => [value >> 1, value & 1],
  join: ([others, kick]) => 2 * others! + kick!,
  symbolOf: (value) => value,
};

interface LineNgram extends GridNgram {
  learn(line: VoiceGrid): void;
}

/**
 * An n-gram of one voice with the place in the bar; of notes the intervals, so that it does not know keys. All context
 * lengths interpolated as Witten & Bell 1991 do. A first note is drawn by the pitches of training.
 */
function createLineNgram(symbols: LineSymbols): LineNgram {
  const counts = createEventCounts();
  const pitches = new Float64Array(HOLD).fill(1);
  let pitchTotal = HOLD;
  const isNotes = symbols === NOTES;
  const isFirst = (symbol: number): boolean => isNotes && symbol === FIRST;
  const walkOf = (): Walk => createWalk(symbols, isNotes);
  /** The contexts that were seen, shortest first. */
  const contextsOf = (walk: Walk): readonly number[] => {
    const found: number[] = [];
    for (let order = 0; order <= symbols.order; order++) {
      const context = counts.find(...walk.context(order));
      if (context < 0) break;
      found.push(context);
    }
    return found;
  };
  const probability = (walk: Walk, contexts: readonly number[], value: number): number => {
    const symbol = walk.symbolOf(value);
    // a first note stands for as many classes as pitches
    let p = (isFirst(symbol) ? HOLD : 1) / symbols.parts[walk.part()]!;
    for (const context of contexts) {
      const [total, types] = [counts.total(context), counts.types(context)];
      p = (counts.count(context, symbol) + types * p) / (total + types);
    }
    return isFirst(symbol) ? (p * pitches[value]!) / pitchTotal : p;
  };
  const distribution = (walk: Walk): Float64Array => {
    const contexts = contextsOf(walk);
    return Float64Array.from({ length: symbols.parts[walk.part()]! }, (_, value) =>
      probability(walk, contexts, value),
    );
  };
  /** The class of one step, part after part; the walk is left behind it. */
  const choose = (walk: Walk, pick: (all: Float64Array) => number): number =>
    symbols.join(
      symbols.parts.map(() => {
        const value = pick(distribution(walk));
        walk.push(value);
        return value;
      }),
    );
  return {
    learn(line) {
      const walk = walkOf();
      for (const value of line) {
        for (const part of symbols.split(value)) {
          const symbol = walk.symbolOf(part);
          if (isFirst(symbol)) {
            pitches[part]!++;
            pitchTotal++;
          }
          for (let order = 0; order <= symbols.order; order++) {
            counts.add(counts.findOrAdd(...walk.context(order), order), symbol);
          }
          walk.push(part);
        }
      }
    },
    nats(line) {
      const walk = walkOf();
      return Float64Array.from(line, (value) => {
        let nats = 0;
        for (const part of symbols.split(value)) {
          nats -= Math.log(probability(walk, contextsOf(walk), part));
          walk.push(part);
        }
        return nats;
      });
    },
    force(line) {
      const walk = walkOf();
      return line.map((value) => {
        const likeliest = choose(walk.copy(), argMax);
        for (const part of symbols.split(value)) walk.push(part);
        return likeliest;
      });
    },
    write(start, steps, rng) {
      const walk = walkOf();
      const line = new Uint16Array(steps);
      for (let step = 0; step < steps; step++) {
        if (step < start.length) {
          line[step] = start[step]!;
          for (const part of symbols.split(start[step]!)) walk.push(part);
        } else {
          line[step] = choose(walk, (all) => (rng ? rng.categorical(all) : argMax(all)));
        }
      }
      return line;
    },
  };
}

interface Walk {
  symbolOf(value: number): number;
  /** Which part of a class comes next. */
  part(): number;
  /** Hash of the last `order` symbols and the place in the bar, in two words; order 0 is the place alone. */
  context(order: number): [high: number, low: number];
  push(value: number): void;
  copy(): Walk;
}

function createWalk(
  symbols: LineSymbols,
  isNotes: boolean,
  from?: { past: number[]; at: number; pitch: number },
): Walk {
  const past = [...(from?.past ?? [])]; // latest first
  let [at, pitch] = [from?.at ?? 0, from?.pitch ?? -1];
  const placesInBar = GRID_PER_BAR * symbols.parts.length;
  return {
    symbolOf: (value) => symbols.symbolOf(value, pitch),
    part: () => at % symbols.parts.length,
    context(order) {
      let [high, low] = [0x811c9dc5 ^ order, 0x1b873593 ^ (at % placesInBar)];
      for (let i = 0; i < order; i++) {
        high = Math.imul(high ^ (past[i] ?? 255), 0x01000193);
        low = Math.imul(low ^ (past[i] ?? 255), 0x85ebca6b);
        low ^= low >>> 13;
      }
      const place = 2 * (at % placesInBar) + (isNotes && pitch < 0 ? 1 : 0); // before the first note there are no intervals
      return [high ^ Math.imul(place + 1, 0x9e3779b1), low];
    },
    push(value) {
      past.unshift(symbols.symbolOf(value, pitch));
      past.length = Math.min(past.length, symbols.order);
      at++;
      if (isNotes && value < HOLD) pitch = value;
    },
    copy: () => createWalk(symbols, isNotes, { past, at, pitch }),
  };
}

function argMax(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
