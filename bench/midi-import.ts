import { countNotes, isAttuneError, type Score } from '@attune/core';
import { readMidi, readMidiLenient } from '@attune/core/midi';
import { findDataDir, openDataSet, type DataItem } from '@attune/core/node';
import { existsSync } from 'node:fs';
import path from 'node:path';

export const summary = 'reads every MIDI file of the data sets and compares the counts with their indices';

/** The sets of MIDI files in the data folder. */
export const MIDI_SETS = [
  'folk-tunes',
  'freedoom-game',
  'groove',
  'mutopia',
  'openewld',
  'openscore-lieder',
  'openscore-quartets',
  'pop909',
];

/** `[SET …]`: names of sets; all of them without. Prints a Markdown table. */
export function run(args: readonly string[]): void {
  const folder = findDataDir();
  if (!folder) {
    console.log('No data folder: set ATTUNE_DATA_DIR.');
    return;
  }
  const rows: string[][] = [];
  const remarks: string[] = [];
  for (const name of args.length > 0 ? args : MIDI_SETS) {
    if (!existsSync(path.join(folder, name, 'index.csv'))) {
      remarks.push(`${name} is not in the data folder.`);
      continue;
    }
    rows.push(readSet(path.join(folder, name), remarks));
  }
  printTable(
    ['set', 'files', 'refused', 'notes', 'by index', 'equal', 'drum notes', 'by index', 'equal', 'seconds'],
    rows,
  );
  for (const remark of remarks) console.log(`- ${remark}`);
}

/** Counts are compared file by file; `equal` says in how many of the files they agree. */
function readSet(folder: string, remarks: string[]): string[] {
  const { name, items } = openDataSet(folder);
  const sums = { refused: 0, notes: 0, indexNotes: 0, equal: 0, drums: 0, indexDrums: 0, equalDrums: 0 };
  let seconds = 0;
  for (const item of items) {
    const bytes = item.bytes();
    const start = performance.now();
    const { score, refusal } = readItem(bytes);
    seconds += (performance.now() - start) / 1000;
    const notes = countNotes(score);
    const drums = countNotes({ tracks: score.tracks.filter((track) => track.isDrum) });
    const [indexNotes, indexDrums] = [Number(item.row.notes), Number(item.row.drum_notes)];
    sums.notes += notes;
    sums.indexNotes += indexNotes;
    sums.drums += drums;
    sums.indexDrums += indexDrums;
    if (notes === indexNotes) sums.equal++;
    if (drums === indexDrums) sums.equalDrums++;
    if (refusal) {
      sums.refused++;
      remarks.push(refusalRemark(item, refusal, notes));
    } else if (notes !== indexNotes)
      remarks.push(`${name} ${item.id}: ${notes} notes, ${indexNotes} by index.`);
  }
  const { refused, notes, indexNotes, equal, drums, indexDrums, equalDrums } = sums;
  return [
    name,
    items.length,
    refused,
    notes,
    indexNotes,
    equal,
    drums,
    indexDrums,
    equalDrums,
    seconds.toFixed(2),
  ].map(String);
}

function readItem(bytes: Uint8Array): { score: Score; refusal?: string } {
  try {
    return { score: readMidi(bytes) };
  } catch (error) {
    if (!isAttuneError(error)) throw error;
    return { score: readMidiLenient(bytes).score, refusal: error.message };
  }
}

function refusalRemark(item: DataItem, refusal: string, notes: number): string {
  return `${item.set} ${item.id} is refused (${refusal}); the lenient reader keeps ${notes} notes, ${item.row.notes} by index.`;
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  console.log(line(head));
  console.log(line(head.map((_, i) => (i === 0 ? '---' : '---:'))));
  for (const row of rows) console.log(line(row));
  console.log('');
}
