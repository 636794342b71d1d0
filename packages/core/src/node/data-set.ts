import { parse } from 'csv-parse/sync';
import { parseTar } from 'nanotar';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AttuneError } from '../foundation/errors.ts';
import type { Style } from '../style/styles.ts';

/** One piece or clip of a data set. `row` is its line of index.csv. */
export interface DataItem {
  readonly id: string;
  /** Name of the set it comes from: the folder's name. */
  readonly set: string;
  readonly row: Readonly<Record<string, string>>;
  /** Pieces of one group never fall on both sides of a split. */
  readonly group: string;
  /** The file: a MIDI or OGG file, read when asked for. */
  bytes(): Uint8Array;
}

/** A folder of pieces with its index file. */
export interface DataSet {
  readonly name: string;
  readonly items: readonly DataItem[];
}

/** The three parts of a data set, fixed by `splitOf`. */
export type Split = 'train' | 'validation' | 'test';

/** The sets whose licences allow shipping weights trained on them, and that hold symbolic music. */
export const SHIPPABLE_SYMBOLIC_SETS = [
  'folk-tunes',
  'freedoom-game',
  'groove',
  'mutopia',
  'openewld',
  'openscore-lieder',
  'openscore-quartets',
] as const;

const FILE_EXTENSIONS = ['.mid', '.midi', '.ogg', '.wav', '.mp3', '.flac'];
const BUCKETS = 10;
/** Picked once, from the counts alone, so that every style has pieces in each part. */
const SPLIT_SALT = 2729;

/**
 * The folder with the data sets: `ATTUNE_DATA_DIR`, else `shared/data` beside the checkout that holds `from`
 * (the first parent folder where it exists). Undefined where there is none: callers then say so and skip.
 */
export function findDataDir(
  env: NodeJS.ProcessEnv = process.env,
  from: string = process.cwd(),
): string | undefined {
  if (env.ATTUNE_DATA_DIR)
    return existsSync(env.ATTUNE_DATA_DIR) ? path.resolve(env.ATTUNE_DATA_DIR) : undefined;
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, '..', 'shared', 'data');
    if (existsSync(candidate)) return path.resolve(candidate);
    if (folder === path.dirname(folder)) return undefined;
  }
}

/**
 * Opens one set: a folder with index.csv and its files, either in `*.tar.gz` or unpacked in sub-folders.
 * @throws `dataset/missing` where the folder or index is not there, `dataset/malformed` where a listed file is not.
 */
export function openDataSet(folder: string): DataSet {
  const name = path.basename(path.resolve(folder));
  const indexPath = path.join(folder, 'index.csv');
  if (!existsSync(indexPath)) {
    throw new AttuneError('dataset/missing', `There is no data set at ${folder}: index.csv is not there.`, {
      folder,
    });
  }
  const rows = parse<Record<string, string>>(readFileSync(indexPath), { columns: true, bom: true });
  const files = openFiles(folder);
  const groupOfSource = readSourceGroups(folder, rows);
  const items = rows.map((row, line): DataItem => {
    const id = row.id;
    if (!id) {
      throw new AttuneError('dataset/malformed', `Line ${line + 2} of ${indexPath} has no id.`, {
        line: line + 2,
      });
    }
    return {
      id,
      set: name,
      row,
      group: row.group || groupOfSource(row) || id,
      bytes: () => {
        const bytes = files().get(id);
        if (bytes) return bytes();
        throw new AttuneError('dataset/malformed', `${name} lists ${id}, but has no file for it.`, {
          set: name,
          id,
        });
      },
    };
  });
  return { name, items };
}

/**
 * A clip made from a piece of another set belongs to that piece's group, so that no piece is heard on one side
 * and read on the other. Where the other set is not beside this one, its name and id stand for the group.
 */
function readSourceGroups(
  folder: string,
  rows: readonly Record<string, string>[],
): (row: Record<string, string>) => string | undefined {
  const groups = new Map<string, string>();
  for (const set of new Set(rows.map((row) => row.source_set ?? ''))) {
    const indexPath = path.join(folder, '..', set, 'index.csv');
    if (set === '' || !existsSync(indexPath)) continue;
    for (const row of parse<Record<string, string>>(readFileSync(indexPath), { columns: true, bom: true })) {
      if (row.id && row.group) groups.set(`${set}/${row.id}`, row.group);
    }
  }
  return (row) => {
    if (!row.source_set || !row.source_id) return undefined;
    const source = `${row.source_set}/${row.source_id}`;
    return groups.get(source) ?? source;
  };
}

/** Opens `folder` as one set, or each of its sub-folders that has an index.csv. */
export function openDataSets(folder: string): DataSet[] {
  if (existsSync(path.join(folder, 'index.csv'))) return [openDataSet(folder)];
  const inside = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const sets = inside
    .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, 'index.csv')))
    .map((entry) => openDataSet(path.join(folder, entry.name)));
  if (sets.length > 0) return sets;
  throw new AttuneError('dataset/missing', `There is no data set in ${folder}: no index.csv was found.`, {
    folder,
  });
}

/** A tenth of the groups is test, a tenth validation, the rest train: by hash (FNV-1a), so that it never moves. */
export function splitOf(group: string): Split {
  let hash = 0x811c9dc5 ^ SPLIT_SALT;
  for (let i = 0; i < group.length; i++) hash = Math.imul(hash ^ group.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16; // FNV's low bits mix poorly on short keys
  const bucket = (Math.imul(hash, 0x85ebca6b) >>> 0) % BUCKETS;
  return bucket === 0 ? 'test' : bucket === 1 ? 'validation' : 'train';
}

const MUTOPIA_STYLES: Readonly<Record<string, Style>> = {
  baroque: 'baroque',
  classical: 'classical',
  romantic: 'romantic',
  renaissance: 'renaissance',
  hymn: 'hymn',
  folk: 'folk',
  march: 'march',
  jazz: 'ragtime', // Mutopia's jazz is Joplin, Turpin, Hunter …
};
const GROOVE_STYLES: Readonly<Record<string, Style>> = {
  rock: 'drums-rock',
  funk: 'drums-funk',
  jazz: 'drums-jazz',
  latin: 'drums-latin',
};
const SET_STYLES: Readonly<Record<string, Style>> = {
  'openscore-lieder': 'art-song',
  'openscore-quartets': 'string-quartet',
  'folk-tunes': 'folk',
  'freedoom-game': 'game',
  openewld: 'standards',
};

/** The style that a piece of a symbolic set stands for; undefined where its own label names none of ours. */
export function styleOfRow(set: string, row: Readonly<Record<string, string>>): Style | undefined {
  if (set === 'mutopia') return MUTOPIA_STYLES[row.style ?? ''];
  if (set === 'groove') return GROOVE_STYLES[row.style ?? ''];
  return SET_STYLES[set];
}

/** Finds the files of a set by id on first use: unpacked ones, else those of its archive (held in memory). */
function openFiles(folder: string): () => Map<string, () => Uint8Array> {
  let files: Map<string, () => Uint8Array> | undefined;
  return () => (files ??= listUnpacked(folder) ?? listArchived(folder));
}

function listUnpacked(folder: string): Map<string, () => Uint8Array> | undefined {
  const files = new Map<string, () => Uint8Array>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const extension = path.extname(entry.name).toLowerCase();
    if (!entry.isFile() || !FILE_EXTENSIONS.includes(extension)) continue;
    const file = path.join(entry.parentPath, entry.name);
    files.set(path.basename(entry.name, path.extname(entry.name)), () => new Uint8Array(readFileSync(file)));
  }
  return files.size > 0 ? files : undefined;
}

function listArchived(folder: string): Map<string, () => Uint8Array> {
  const files = new Map<string, () => Uint8Array>();
  for (const archive of readdirSync(folder).filter((name) => name.endsWith('.tar.gz'))) {
    const file = path.join(folder, archive);
    if (!statSync(file).isFile()) continue;
    for (const entry of parseTar(gunzipSync(readFileSync(file)))) {
      const extension = path.extname(entry.name).toLowerCase();
      const data = entry.data;
      if (!data || !FILE_EXTENSIONS.includes(extension)) continue;
      files.set(path.basename(entry.name, path.extname(entry.name)), () => data);
    }
  }
  return files;
}
