import { writeMidi } from '@attune/core/midi';
import { findDataDir, type Split } from '@attune/core/node';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { arrangedPieces } from '../packages/generate/src/arrangement/node/arranged-corpus.ts';

export const summary = 'arrangements of lead sheets as a data set, for training classifiers';

const HELP = `npm run bench -- arranged-corpus --out FOLDER [--split train] [--split validation] [--split test]

Writes FOLDER/index.csv (id, style, group) and FOLDER/STYLE/ID.mid: each lead sheet of OpenEWLD arranged in each of the
styles that play its meter. Groups are those of the lead sheets, so that every split keeps to theirs; all splits where none
is named. attune-classify train --also FOLDER reads it.`;

const SPLITS: readonly Split[] = ['train', 'validation', 'test'];

export function run(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string' },
      split: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const dataDir = findDataDir();
  if (values.help || values.out === undefined) return console.log(HELP);
  if (!dataDir) return console.log('Left out: no data sets (ATTUNE_DATA_DIR).');
  const splits = SPLITS.filter((split) => values.split?.includes(split) ?? true);
  const lines = ['id,style,group'];
  const counts = new Map<string, number>();
  for (const split of splits) {
    for (const { id, style, group, score } of arrangedPieces(dataDir, split)) {
      mkdirSync(path.join(values.out, style), { recursive: true });
      writeFileSync(path.join(values.out, style, `${id}.mid`), writeMidi(score));
      lines.push(`${id},${style},${group}`);
      counts.set(`${split} ${style}`, (counts.get(`${split} ${style}`) ?? 0) + 1);
    }
  }
  mkdirSync(values.out, { recursive: true });
  writeFileSync(path.join(values.out, 'index.csv'), `${lines.join('\n')}\n`);
  for (const [name, count] of counts) console.log(`${name}: ${count}`);
}
