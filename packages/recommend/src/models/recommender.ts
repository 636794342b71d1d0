import { AttuneError, isAttuneError, type OnProgress } from '@attune/core';
import {
  readCheckpoint,
  writeCheckpoint,
  type FileMap,
  type JsonObject,
  type NamedArray,
} from '@attune/core/nn';
import type { SparseRow } from './csr-matrix.ts';
import type { Catalogue, Interactions, ItemLiking } from './interactions.ts';
import { checkLiking, createCatalogue, itemNumber, sparseLikes } from './interactions.ts';
import { selectTop } from '../algebra/select-top.ts';

/** What a model made of one listener's likings: all that it needs to rank for them. */
export interface Profile {
  /** Likings above 0, by item number. */
  readonly likes: SparseRow;
  /** Numbers of all items that the listener said something of, liked or not. */
  readonly heard: ReadonlySet<number>;
  /** What the model computed of them; its length and meaning are the model's own. */
  readonly state: Float64Array;
}

/** An item and its score; higher is better, and scores of different models or listeners do not compare. */
export interface ScoredItem {
  readonly item: string;
  readonly score: number;
}

/** Why an item scores as it does: `base` and the `parts` of the liked items sum to `score`. */
export interface ScoreParts {
  readonly score: number;
  readonly base: number;
  /** Largest first. */
  readonly parts: readonly ScoredItem[];
}

/** How many to recommend, and from what. */
export interface TakeOptions {
  readonly take?: number;
  /** Items that are not to be recommended, beside those heard. */
  readonly exclude?: Iterable<string>;
  /** Also recommends what the listener has heard. */
  readonly heardToo?: boolean;
}

/**
 * A fitted recommendation model. It serves listeners it was fitted on and new ones alike, by folding in what they
 * like; nothing is fitted again for that. A listener without a like gets what most listeners like.
 */
export interface Recommender {
  readonly kind: string;
  readonly catalogue: Catalogue;
  /** What the family supplied: what the verbs below are made of. */
  readonly ranker: Ranker;
  /** Of several likings of one item the last counts. @throws `argument/invalid`: a liking outside −1 … 1, an unknown item. */
  foldIn(history: Iterable<ItemLiking>): Profile;
  /** A score for every item of the catalogue: [items]. */
  score(profile: Profile): Float32Array;
  /** The best items that the listener has not heard, best first. */
  recommend(profile: Profile, options?: TakeOptions): ScoredItem[];
  /** Items most like one, best first. @throws `argument/invalid` for an unknown item. */
  similar(item: string, take?: number): ScoredItem[];
  /** What each liked item adds to an item's score. @throws `argument/invalid` for an unknown item. */
  explain(profile: Profile, item: string): ScoreParts;
  /** The model as the files of a checkpoint; `loadRecommender` reads them. */
  save(): Record<string, Uint8Array>;
}

/** What every fit can be told beside its own options. */
export interface FitOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A family of models: how one is fitted and read back. */
export interface RecommenderFamily<Options extends object = object> {
  readonly kind: string;
  /** @throws `model/invalid` for options out of range, `cancelled` */
  fit(interactions: Interactions, options?: Options & FitOptions): Recommender;
  /** @throws `checkpoint/malformed`, `checkpoint/mismatch` (another kind or version) */
  load(files: FileMap): Recommender;
}

/** What a family supplies; `createRecommender` makes the verbs of it. Only listeners with a like come here. */
export interface Ranker {
  readonly kind: string;
  fold(likes: SparseRow): Float64Array;
  /** [items] */
  score(profile: Profile): Float32Array;
  /** What each like adds to the score of item number `item`: [likes]; the rest of the score is `base`. */
  partsOf(profile: Profile, item: number): { readonly base: number; readonly parts: Float64Array };
  /** How alike each item is to one: [items]. By default the scores of a listener who likes that one alone. */
  likeness?(item: number): Float32Array;
  readonly config: JsonObject;
  readonly parameters: ReadonlyMap<string, NamedArray>;
  /** Replaces the checkpoint of `config` and `parameters`, for a model of several. */
  files?(base: Record<string, Uint8Array>): Record<string, Uint8Array>;
}

/** A checkpoint's parts as a family's `load` needs them. */
export interface SavedModel {
  readonly config: JsonObject;
  readonly parameters: ReadonlyMap<string, NamedArray>;
  readonly catalogue: Catalogue;
  /** How many listeners like each item: [items]. */
  readonly popularity: Float32Array;
}

/** The verbs of a recommender. `popularity` [items] is what a listener without likes is ranked by. */
export function createRecommender(
  ranker: Ranker,
  catalogue: Catalogue,
  popularity: Float32Array,
): Recommender {
  const foldLikes = (likes: SparseRow, heard: ReadonlySet<number>): Profile => ({
    likes,
    heard,
    state: likes.indices.length === 0 ? new Float64Array(0) : ranker.fold(likes),
  });
  const score = (profile: Profile): Float32Array =>
    profile.likes.indices.length === 0 ? popularity.slice() : ranker.score(profile);
  const listTop = (scores: Float32Array, take: number, skip: (i: number) => boolean): ScoredItem[] =>
    Array.from(selectTop(scores, take, skip), (i) => ({ item: catalogue.items[i]!, score: scores[i]! }));

  return {
    kind: ranker.kind,
    catalogue,
    ranker,
    score,
    foldIn: (history) => {
      const likings = new Map<string, number>();
      let count = 0;
      for (const { item, liking } of history) {
        checkLiking(liking, item, count++);
        likings.set(item, liking);
      }
      const heard = new Set([...likings.keys()].map((item) => itemNumber(catalogue, item)));
      return foldLikes(sparseLikes(catalogue, likings), heard);
    },
    recommend: (profile, { take = 10, exclude = [], heardToo = false } = {}) => {
      const left = new Set(heardToo ? [] : profile.heard);
      for (const item of exclude) left.add(itemNumber(catalogue, item));
      return listTop(score(profile), take, (i) => left.has(i));
    },
    similar: (item, take = 10) => {
      const number = itemNumber(catalogue, item);
      const alone = { indices: Uint32Array.of(number), values: Float32Array.of(1) };
      const scores = ranker.likeness?.(number) ?? ranker.score(foldLikes(alone, new Set()));
      return listTop(scores, take, (i) => i === number);
    },
    explain: (profile, item) => {
      const number = itemNumber(catalogue, item);
      const { indices } = profile.likes;
      if (indices.length === 0) return { score: popularity[number]!, base: popularity[number]!, parts: [] };
      const { base, parts } = ranker.partsOf(profile, number);
      const named = Array.from(indices, (i, e) => ({ item: catalogue.items[i]!, score: parts[e]! }));
      return {
        base,
        score: base + parts.reduce((sum, part) => sum + part, 0),
        parts: named.sort((a, b) => b.score - a.score),
      };
    },
    save: () => {
      const parameters = new Map(ranker.parameters);
      parameters.set('popularity', { shape: [popularity.length], data: popularity });
      const config = { ...ranker.config, items: catalogue.items };
      const base = writeCheckpoint({ kind: checkpointKind(ranker.kind), config, parameters });
      return ranker.files?.(base) ?? base;
    },
  };
}

/** Reads what `save` wrote. @throws `checkpoint/malformed`, `checkpoint/mismatch` */
export function readModel(files: FileMap, kind: string): SavedModel {
  const { config, parameters } = readCheckpoint(files, { kind: checkpointKind(kind) });
  const items = config['items'];
  if (!Array.isArray(items) || !items.every((item) => typeof item === 'string')) {
    throw new AttuneError('checkpoint/malformed', 'The model does not list its items.', { field: 'items' });
  }
  return {
    config,
    parameters,
    catalogue: createCatalogue(items),
    popularity: floats(parameters, 'popularity', [items.length]),
  };
}

/**
 * A Float32 tensor of this shape.
 * @throws `checkpoint/mismatch` where there is none, `checkpoint/malformed` where a value is not finite
 */
export function floats(
  parameters: ReadonlyMap<string, NamedArray>,
  name: string,
  shape: readonly number[],
): Float32Array {
  const found = parameters.get(name);
  const size = shape.reduce((a, b) => a * b, 1);
  if (found?.data instanceof Float32Array && found.data.length === size) {
    const at = found.data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return found.data;
    const value = found.data[at]!;
    throw new AttuneError('checkpoint/malformed', `Value ${at} of tensor ${name} is ${value}.`, {
      tensor: name,
      at,
    });
  }
  throw new AttuneError(
    'checkpoint/mismatch',
    `Tensor ${name} of shape [${shape.join(', ')}] is needed, not ${found ? `[${found.shape.join(', ')}]` : 'none'}.`,
    { tensor: name },
  );
}

/** A Uint32 tensor of any length. @throws `checkpoint/mismatch` */
export function integers(parameters: ReadonlyMap<string, NamedArray>, name: string): Uint32Array {
  const found = parameters.get(name);
  if (found?.data instanceof Uint32Array) return found.data;
  throw new AttuneError('checkpoint/mismatch', `A tensor ${name} of whole numbers is needed.`, {
    tensor: name,
  });
}

/** A number of the configuration. @throws `checkpoint/malformed` */
export function numberOf(config: JsonObject, name: string): number {
  const value = config[name];
  if (typeof value === 'number') return value;
  throw new AttuneError('checkpoint/malformed', `The configuration has no number ${name}.`, { field: name });
}

/**
 * Makes something of what a checkpoint says by code that is meant for a caller's arguments: the fault is the file's then.
 * @throws `checkpoint/malformed` for what `make` throws as `model/invalid`
 */
export function ofStored<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!isAttuneError(error, 'model/invalid')) throw error;
    throw new AttuneError('checkpoint/malformed', `The configuration does not hold: ${error.message}`, {
      ...error.place,
    });
  }
}

/** @throws `model/invalid` where an option is outside `from` … `to`, or no whole number where one is needed. */
export function checkOption(name: string, value: number, from: number, to = Infinity, whole = false): void {
  if (value >= from && value <= to && value < Infinity && (!whole || Number.isInteger(value))) return;
  const range = to === Infinity ? `from ${from}` : `${from} … ${to}`;
  throw new AttuneError(
    'model/invalid',
    `${name} is ${whole ? 'a whole number ' : ''}${range}, not ${value}.`,
    {
      [name]: value,
    },
  );
}

/** What a checkpoint's `config.json` calls a model of a family: 'recommender/ease' for 'ease'. */
export function checkpointKind(kind: string): string {
  return `recommender/${kind}`;
}
