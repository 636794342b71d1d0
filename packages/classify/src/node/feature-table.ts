import { AttuneError } from '@attune/core';
import { parse } from 'csv-parse/sync';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ColumnValues } from '../score-features.ts';
import type { LabelledFolder } from './labelled-folder.ts';

/** Columns that something else than this package measured of files: one row a file. */
export interface FeatureTable {
  /** The file it was read from. */
  readonly file: string;
  /** Names of the columns with numbers, in order. */
  readonly columns: readonly string[];
  /** The row of a file, by the digest of its bytes where the table has these, else by its path. */
  rowOf(file: TableKey): ColumnValues | undefined;
}

/** What a row is found by. */
export interface TableKey {
  /** Path as the table names it. */
  readonly name: string;
  /** SHA-256 of the bytes in hexadecimal digits. */
  readonly digest: string;
}

/** What `--features` says of itself. */
export const FEATURES_OPTION =
  'a table of further columns of MIDI files, as attune-generate states writes it (CSV: file, maybe sha256, numbers)';
/** Columns that name the file and hold no number. */
const NAME_COLUMN = 'file';
const DIGEST_COLUMN = 'sha256';
const MOST_NAMED = 3;

/**
 * Reads a table as `attune-generate states` writes it, or one of your own: CSV with a header, a column `file`, maybe a column
 * `sha256` (files are then told by their content, whatever their path), and else numbers only. Throws `dataset/missing` for no
 * file, `dataset/malformed` for another form or a value that is no finite number, with its line and column.
 */
export function readFeatureTable(file: string): FeatureTable {
  const lines = linesOf(file);
  const header = lines[0] ?? [];
  const columns = header.filter((name) => name !== NAME_COLUMN && name !== DIGEST_COLUMN);
  const repeated = header.find((name, i) => header.indexOf(name) !== i);
  if (!header.includes(NAME_COLUMN) || columns.length === 0 || repeated !== undefined) {
    throw new AttuneError(
      'dataset/malformed',
      repeated === undefined
        ? `${file} needs a header with the column file and at least one column of numbers.`
        : `${file} has two columns named ${repeated}.`,
      { file },
    );
  }
  const key = header.includes(DIGEST_COLUMN) ? DIGEST_COLUMN : NAME_COLUMN;
  const rows = new Map<string, ColumnValues>();
  for (const [i, cells] of lines.slice(1).entries()) {
    const line = i + 2;
    if (cells.length !== header.length) {
      throw new AttuneError(
        'dataset/malformed',
        `Line ${line} of ${file} has ${cells.length} values, and its header ${header.length}.`,
        { file, line },
      );
    }
    const values = columns.map((name) => [name, numberIn(cells[header.indexOf(name)]!, file, line, name)]);
    rows.set(pathLike(cells[header.indexOf(key)]!), Object.fromEntries(values) as ColumnValues);
  }
  return {
    file,
    columns,
    rowOf: ({ name, digest }) => rows.get(key === DIGEST_COLUMN ? digest : pathLike(name)),
  };
}

/** The row of a file by its path and bytes. Throws `dataset/malformed` where the table has none. */
export function tableRow(table: FeatureTable, name: string, bytes: Uint8Array): ColumnValues {
  const row = table.rowOf({ name, digest: createHash('sha256').update(bytes).digest('hex') });
  if (row) return row;
  throw new AttuneError('dataset/malformed', `${table.file} has no row for this file.`, { file: name });
}

/**
 * The folder with the columns of the table after its own features. Throws `argument/invalid` for a folder of sound, and
 * `dataset/malformed` for files without a row, naming them.
 */
export function joinTable(folder: LabelledFolder, table: FeatureTable): LabelledFolder {
  if (folder.modality !== 'score')
    throw new AttuneError(
      'argument/invalid',
      `${table.file} adds columns to notes, and these files are sound.`,
    );
  const rows = folder.files.map(({ id, digest = '' }) => table.rowOf({ name: id, digest }));
  const without = folder.files.filter((_, i) => rows[i] === undefined).map(({ id }) => id);
  if (without.length > 0) {
    const more = without.length > MOST_NAMED ? ` and ${without.length - MOST_NAMED} more` : '';
    throw new AttuneError(
      'dataset/malformed',
      `${table.file} has no row for ${without.slice(0, MOST_NAMED).join(', ')}${more}.`,
      { file: without[0]! },
    );
  }
  return {
    ...folder,
    featureNames: [...folder.featureNames, ...table.columns],
    columns: table.columns.length,
    files: folder.files.map((file, i) => {
      const row = Float64Array.from([...file.rows[0]!, ...table.columns.map((name) => rows[i]![name]!)]);
      return { ...file, features: row, rows: [row] };
    }),
  };
}

function linesOf(file: string): string[][] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new AttuneError(
      'dataset/missing',
      `There is no table ${file} that can be read.`,
      { file },
      { cause },
    );
  }
  try {
    return parse(Buffer.from(bytes), { bom: true, skip_empty_lines: true, relax_column_count: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError('dataset/malformed', `${file} is no CSV file: ${reason}`, { file }, { cause });
  }
}

function numberIn(text: string, file: string, line: number, column: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new AttuneError(
    'dataset/malformed',
    `Line ${line} of ${file} has "${text}" in the column ${column}, where a number belongs.`,
    { file, line, column },
  );
}

function pathLike(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\.\//, '');
}
