import { countNotes, EXACTLY, isAttuneError, scoresEqual, type Score } from '@attune/core';
import {
  firstMidiDifference,
  midiFileToScore,
  readMidi,
  readMidiFile,
  readMidiLenient,
  writeMidi,
  writeMidiFile,
} from '@attune/core/midi';
import { findDataDir, openDataSet, type DataItem } from '@attune/core/node';
import { existsSync } from 'node:fs';
import path from 'node:path';

export const summary =
  'reads, writes and reads again every MIDI file of the data sets; compares counts with the indices';

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
    [
      'set',
      'files',
      'refused',
      'notes',
      'by index',
      'equal',
      'drum notes',
      'by index',
      'equal',
      'events',
      'scores again equal',
      'files again equal',
      'seconds',
    ],
    rows,
  );
  for (const remark of remarks) console.log(`- ${remark}`);
}

/**
 * Counts are compared file by file; `equal` says in how many of the files they agree. `again equal`: how many
 * are the same after writing and reading, as a Score, and event by event.
 */
function readSet(folder: string, remarks: string[]): string[] {
  const { name, items } = openDataSet(folder);
  const sums = {
    refused: 0,
    notes: 0,
    indexNotes: 0,
    equal: 0,
    drums: 0,
    indexDrums: 0,
    equalDrums: 0,
    events: 0,
    scores: 0,
    files: 0,
  };
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
    if (!refusal) {
      const file = readMidiFile(bytes);
      for (const track of file.tracks) sums.events += track.count;
      const again = readMidiFile(writeMidiFile(file));
      if (
        firstMidiDifference(file, again) === undefined &&
        scoresEqual(score, midiFileToScore(again), EXACTLY)
      )
        sums.files++;
      else remarks.push(`${name} ${item.id}: its events differ after writing and reading.`);
      if (scoresEqual(score, readMidi(writeMidi(score)), EXACTLY)) sums.scores++;
      else remarks.push(`${name} ${item.id}: its Score differs after writing and reading.`);
    }
    if (refusal) {
      sums.refused++;
      remarks.push(refusalRemark(item, refusal, notes));
    } else if (notes !== indexNotes)
      remarks.push(`${name} ${item.id}: ${notes} notes, ${indexNotes} by index.`);
  }
  const { refused, notes, indexNotes, equal, drums, indexDrums, equalDrums, events, scores, files } = sums;
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
    events,
    scores,
    files,
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
