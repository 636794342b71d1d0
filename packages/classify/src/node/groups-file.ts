import { AttuneError } from '@attune/core';
import { CsvError, parse } from 'csv-parse/sync';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const GROUPS_FILE = 'groups.csv';

interface GroupsRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/**
 * The groups that `groups.csv` of a folder names: columns `file` (path from the folder, with either slash) and `group`; a file without a group
 * stands alone. Empty where there is no such file. Throws `dataset/malformed` for other columns and, with the line, for a row that names no
 * file or one that is not among `files`, and for a file with two groups: what was meant to stay together would be divided.
 */
export function readGroups(folder: string, files: readonly string[]): Map<string, string> {
  const source = path.join(folder, GROUPS_FILE);
  const groups = new Map<string, string>();
  if (!existsSync(source)) return groups;
  const known = new Set(files);
  for (const { record, info } of parseRows(source)) {
    const fail = (what: string): never => {
      throw new AttuneError('dataset/malformed', `Line ${info.lines} of ${source} ${what}.`, {
        file: source,
        line: info.lines,
      });
    };
    if (record.file === undefined || record.group === undefined)
      throw new AttuneError('dataset/malformed', `${source} needs the columns file and group.`, {
        file: source,
      });
    const name = record.file.trim().replaceAll('\\', '/').replace(/^\.\//, '');
    const group = record.group.trim();
    if (name === '') fail('names no file');
    if (!known.has(name)) fail(`names ${name}, and there is no such file below a label of the folder`);
    const before = groups.get(name);
    if (before !== undefined && before !== group)
      fail(`puts ${name} into ${group}, and a line before it into ${before}`);
    if (group !== '') groups.set(name, group);
  }
  return groups;
}

function parseRows(source: string): GroupsRow[] {
  try {
    return parse(readFileSync(source), {
      columns: true,
      bom: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count_more: true,
    }) as unknown as GroupsRow[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new AttuneError('dataset/malformed', `${source} is no table of commas: ${error.message}.`, {
      file: source,
    });
  }
}
