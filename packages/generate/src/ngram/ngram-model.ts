import { AttuneError } from '@attune/core';
import type { Rng } from '@attune/core';
import {
  BAR,
  COMPOUND_FIELDS,
  createCompoundGrammar,
  END,
  FIELD_COUNT,
  FIELD_SIZES,
} from '@attune/core/tokens';
import type { NamedArray } from '@attune/core/nn';
import type { CompoundField, Meter } from '@attune/core/tokens';
import type { EncodedPiece, NoteModel } from '../evaluate/note-model.ts';
import { createEventCounts, loadEventCounts } from './event-counts.ts';
import type { EventCounts } from './event-counts.ts';
import { FEATURES, FeatureTracker, featureIndex, visitFeatures } from './features.ts';
import type { FeatureName } from './features.ts';

/**
 * For each field the features of its longest context, most telling first: the context of order k is the first k.
 */
export type ContextChains = Readonly<Record<CompoundField, readonly FeatureName[]>>;

/**
 * Interpolated Kneser–Ney over compound notes: each field is predicted from the fields before it in its note and
 * from the notes before, by contexts of falling length down to the uniform distribution.
 *
 *   p_k(s | c_k) = (max(n(c_k, s) − D_k, 0) + D_k · T(c_k) · p_{k−1}(s | c_{k−1})) / n(c_k)
 *
 * Kneser & Ney 1995 in the interpolated form of Chen & Goodman 1999 with one discount an order,
 * D = n₁ / (n₁ + 2 n₂); the counts of a shorter context are numbers of different longer contexts. Counting is
 * incremental: a count goes to a shorter context only when it is new to the longer one.
 */
export interface NgramModel extends NoteModel {
  /** Counts one piece more. */
  observe(piece: EncodedPiece): void;
  natsOf(piece: EncodedPiece): Float64Array;
  /** [steps × FIELD_COUNT] nats of each field; fields of `END` steps after the first are 0. */
  fieldNatsOf(piece: EncodedPiece): Float64Array;
  /**
   * [notes × FIELD_COUNT] a piece in the canonical key, drawn note by note among what the grammar lets through: the bars
   * and instruments that are asked for, as the composer has them.
   */
  sample(wish: NgramWish): number[];
  /** The counts, for a checkpoint. */
  save(): Map<string, NamedArray>;
  readonly size: EventCounts['size'];
}

/** What a sample is to be. */
export interface NgramWish {
  readonly style: string;
  readonly meter: Meter;
  readonly bars: number;
  readonly instruments: readonly number[];
  readonly rng: Rng;
}

/** A sample that has not ended by then is cut. */
const MOST_NOTES = 4000;

const MAX_ORDER = 15;
const CERTAIN = 1e-300;

/**
 * A model without counts, or with those that `save` gave. Throws `argument/invalid` for a chain that looks at a field
 * not yet known, or is too long, `checkpoint/malformed` for counts that do not fit together.
 */
export function createNgramModel(
  chains: ContextChains,
  styles: readonly string[],
  saved?: ReadonlyMap<string, NamedArray>,
): NgramModel {
  const counts = saved ? loadEventCounts(saved) : createEventCounts();
  const columns = COMPOUND_FIELDS.map((field, index) =>
    chains[field].map((name) => columnOf(field, index, name)),
  );
  const contexts = new Int32Array(MAX_ORDER + 1);
  let discounts: Float64Array | undefined;

  /** Context ids of every order of a field into `contexts`; returns the longest order known. */
  const lookUp = (field: number, values: Int32Array, add: boolean): number => {
    let high = Math.imul(field + 1, 0x9e3779b1);
    let low = Math.imul(field + 1, 0x85ebca6b);
    const chain = columns[field]!;
    for (let order = 0; order <= chain.length; order++) {
      if (order > 0) {
        const value = values[chain[order - 1]!]! + 1;
        high = mix(high ^ Math.imul(value, 0xc2b2ae35), order);
        low = mix(low + Math.imul(value, 0x27d4eb2f), order + 101);
      }
      const group = field * (MAX_ORDER + 1) + order;
      const id = add ? counts.findOrAdd(high, low, group) : counts.find(high, low);
      if (id < 0) return order - 1;
      contexts[order] = id;
    }
    return chain.length;
  };

  const fieldNatsOf = (piece: EncodedPiece): Float64Array => {
    discounts ??= discountsOf(counts);
    const { steps } = piece.sequence;
    const nats = new Float64Array(steps.length);
    visitFeatures(piece, styles, (values, step, field) => {
      const longest = lookUp(field, values, false);
      const p = probabilityOf(field, steps[step * FIELD_COUNT + field]!, longest);
      nats[step * FIELD_COUNT + field] = -Math.log(Math.max(p, CERTAIN));
    });
    return nats;
  };

  /** Of a symbol in the contexts that `lookUp` has just found. */
  const probabilityOf = (field: number, symbol: number, longest: number): number => {
    let p = 1 / FIELD_SIZES[field]!;
    for (let order = 0; order <= longest; order++) {
      const context = contexts[order]!;
      const discount = discounts![field * (MAX_ORDER + 1) + order]!;
      const own = Math.max(0, counts.count(context, symbol) - discount);
      p = (own + discount * counts.types(context) * p) / counts.total(context);
    }
    return p;
  };

  return {
    name: 'interpolated n-gram',
    observe(piece) {
      discounts = undefined;
      const { steps } = piece.sequence;
      visitFeatures(piece, styles, (values, step, field) => {
        const symbol = steps[step * FIELD_COUNT + field]!;
        for (let order = lookUp(field, values, true); order >= 0; order--) {
          if (counts.add(contexts[order]!, symbol) > 0) break;
        }
      });
    },
    natsOf(piece) {
      const fields = fieldNatsOf(piece);
      const nats = new Float64Array(fields.length / FIELD_COUNT);
      fields.forEach((value, i) => {
        nats[Math.floor(i / FIELD_COUNT)]! += value;
      });
      return nats;
    },
    fieldNatsOf,
    sample({ style, meter, bars, instruments, rng }) {
      discounts ??= discountsOf(counts);
      const tracker = new FeatureTracker(meter, styles.indexOf(style));
      const grammar = createCompoundGrammar({ meter, instruments, minBars: bars, maxBars: bars });
      const mask = new Uint8Array(Math.max(...FIELD_SIZES));
      const steps: number[] = [];
      let state = grammar.start();
      while (!state.ended && steps.length < MOST_NOTES * FIELD_COUNT) {
        const step = new Int16Array(FIELD_COUNT);
        for (let field = 0; field < FIELD_COUNT; field++) {
          grammar.mask(field, state, step, mask);
          const longest = lookUp(field, tracker.values, false);
          const weights = Float64Array.from({ length: FIELD_SIZES[field]! }, (_, symbol) =>
            mask[symbol] === 1 ? probabilityOf(field, symbol, longest) : 0,
          );
          const value = rng.categorical(weights);
          step[field] = value;
          if (field === BAR && value === END) break;
          tracker.tell(field, value);
        }
        state = grammar.accept(state, step);
        if (!state.ended) steps.push(...step);
      }
      return steps;
    },
    save: () => counts.save(),
    get size() {
      return counts.size;
    },
  };
}

function columnOf(field: CompoundField, index: number, name: FeatureName): number {
  const column = featureIndex(name);
  const feature = FEATURES[column];
  if (!feature || feature.needs >= index) {
    throw new AttuneError('argument/invalid', `The context of ${field} cannot look at ${name}.`, {
      field,
      name,
    });
  }
  return column;
}

function discountsOf(counts: EventCounts): Float64Array {
  const groups = FIELD_COUNT * (MAX_ORDER + 1);
  return Float64Array.from(counts.countsOfCounts(groups, 2), ([once, twice]) =>
    once! > 0 && twice! > 0 ? once! / (once! + 2 * twice!) : 0.5,
  );
}

function mix(h: number, salt: number): number {
  h = Math.imul(h ^ (h >>> 16) ^ salt, 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
}
