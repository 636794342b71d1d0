import { AttuneError } from '@attune/core';
import { findDataDir } from '@attune/core/node';
import type { Interaction, Interactions, RankingCase } from '@attune/recommend';
import { createInteractions } from '@attune/recommend';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Items of each listener: `pairs[listener]` lists item numbers. */
export type Pairs = ReadonlyMap<number, readonly number[]>;

/** The published split of lastfm-hetrec. */
export interface LastFm {
  readonly items: readonly string[];
  readonly train: Pairs;
  readonly validation: Pairs;
  /** Plays of the TRAINING pairs alone, by "listener item". */
  readonly plays: ReadonlyMap<string, number>;
}

const ITEM_COUNT = 17_388;

/** Undefined, with a printed reason, where the set is not at hand. */
export function openLastFm(): LastFm | undefined {
  const root = findDataDir();
  const folder = root && path.join(root, 'lastfm-hetrec');
  if (!folder || !existsSync(folder)) {
    console.log('Skipped: lastfm-hetrec is not in the data folder (ATTUNE_DATA_DIR).');
    return undefined;
  }
  const train = readPairs(path.join(folder, 'train.txt.gz'));
  const plays = new Map<string, number>();
  for (const line of readText(path.join(folder, 'play_counts_train_valid.csv.gz')).split('\n').slice(1)) {
    const [listener, item, count] = line.split(',').map(Number) as [number, number, number];
    if (train.get(listener)?.includes(item)) plays.set(`${listener} ${item}`, count);
  }
  return {
    items: Array.from({ length: ITEM_COUNT }, (_, i) => String(i)),
    train,
    validation: readPairs(path.join(folder, 'valid.txt.gz')),
    plays,
  };
}

/** `listener item item …` a line, gzipped or not. @throws `dataset/missing`, `dataset/malformed` */
export function readPairs(file: string): Pairs {
  if (!existsSync(file)) throw new AttuneError('dataset/missing', `There is no file ${file}.`, { file });
  const pairs = new Map<number, number[]>();
  for (const [index, line] of readText(file).split('\n').entries()) {
    if (line.trim() === '') continue;
    const [listener, ...items] = line.trim().split(/\s+/).map(Number) as [number, ...number[]];
    if (
      ![listener, ...items].every((value) => Number.isInteger(value) && value >= 0) ||
      items.some((i) => i >= ITEM_COUNT)
    ) {
      throw new AttuneError('dataset/malformed', `Line ${index + 1} of ${file} is no list of numbers.`, {
        line: index + 1,
      });
    }
    pairs.set(listener, items);
  }
  return pairs;
}

/** Likes of strength 1, or with `plays` of strength (plays / the listener's most)^power. */
export function interactionsOf({ items, plays }: LastFm, pairs: readonly Pairs[], power = 0): Interactions {
  const interactions: Interaction[] = [];
  for (const part of pairs) {
    for (const [listener, own] of part) {
      const most = Math.max(...own.map((item) => plays.get(`${listener} ${item}`) ?? 1));
      for (const item of own) {
        const strength = ((plays.get(`${listener} ${item}`) ?? 1) / most) ** power;
        interactions.push({ listener: String(listener), item: String(item), liking: strength });
      }
    }
  }
  return createInteractions(interactions, items);
}

/** What each listener of `target` is asked: told their row of `set`, to find `target`, never `heard`. */
export function casesOf(set: Interactions, target: Pairs, heard: readonly Pairs[] = []): RankingCase[] {
  const rows = new Map(set.listeners.map((listener, r) => [listener, r]));
  const { items } = set.catalogue;
  return [...target].map(([listener, relevant]) => {
    const r = rows.get(String(listener))!;
    const [from, to] = [set.likes.offsets[r]!, set.likes.offsets[r + 1]!];
    const history = Array.from(set.likes.indices.subarray(from, to), (item, e) => ({
      item: items[item]!,
      liking: set.likes.values[from + e]!,
    }));
    return {
      history,
      relevant: relevant.map(String),
      exclude: heard.flatMap((part) => part.get(listener) ?? []).map(String),
    };
  });
}

function readText(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
}
