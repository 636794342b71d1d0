import { createRng, isAttuneError, quantiseScore, validateScore, type Rng, type Score } from '@attune/core';
import { readMidi, readMidiLenient } from '@attune/core/midi';
import { findDataDir, openDataSet } from '@attune/core/node';
import { findGrid, notateScore, readAbc, readAbcLenient, writeMusicXml } from '@attune/core/notation';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MIDI_SETS } from './midi-import.ts';

export const summary = 'ABC tunes against MIDI of the same tunes, damaged ABC, MusicXML of every set';

/** `[FILES]`: MusicXML files a set (default 40). */
export function run(args: readonly string[]): void {
  const folder = findDataDir();
  if (!folder) {
    console.log('No data folder: set ATTUNE_DATA_DIR.');
    return;
  }
  const set = path.join(folder, 'folk-tunes');
  if (existsSync(set)) {
    const tunes = readTunes(set);
    compareTunes(set, tunes);
    damageTunes(tunes);
  }
  writeSets(folder, Number(args[0] ?? 40));
}

interface TuneRow {
  readonly id: string;
  readonly abc: string;
}

function readTunes(set: string): TuneRow[] {
  const lines = gunzipSync(readFileSync(path.join(set, 'folk-tunes.abc.jsonl.gz'))).toString('utf8');
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TuneRow);
}

/** Quarters by which starts may differ: the other program spreads chords by 10 ticks a note. */
const TOLERANCE_QUARTERS = 0.06;
/** What the MIDI files play out or shape, and the standard leaves to the player. */
const CLASSES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['grace notes', /\{/],
  ['rolls and trills (~ T)', /[~T]/],
  ['staccato (.)', /\.[A-Ga-g^_=]/],
  ['none of these', /(?:)/],
];

function compareTunes(set: string, tunes: readonly TuneRow[]): void {
  const midi = new Map(openDataSet(set).items.map((item) => [item.id, item]));
  const counts = new Map<string, { all: number; equal: number; starts: number; pitches: number }>();
  let strict = 0;
  for (const { id, abc } of tunes) {
    try {
      readAbc(abc);
      strict++;
    } catch (error) {
      if (!isAttuneError(error)) throw error;
    }
    const ours = rowsOf(readAbcLenient(abc, { graceNotes: 'drop' }).scores[0]!);
    const theirs = rowsOf(readMidi(midi.get(id)!.bytes()));
    const music = abc.replace(/^[A-Za-z]:.*$/gm, '').replace(/"[^"]*"/g, '');
    const isHornpipe = /^R:\s*hornpipe/im.test(abc);
    const name = isHornpipe ? 'hornpipes (R:)' : CLASSES.find(([, pattern]) => pattern.test(music))![0];
    const count = counts.get(name) ?? { all: 0, equal: 0, starts: 0, pitches: 0 };
    counts.set(name, count);
    count.all++;
    if (ours.length !== theirs.length || ours.some((row, i) => row[2] !== theirs[i]![2])) continue;
    count.pitches++;
    if (ours.some((row, i) => Math.abs(row[0] - theirs[i]![0]) > TOLERANCE_QUARTERS)) continue;
    count.starts++;
    if (ours.every((row, i) => Math.abs(row[1] - theirs[i]![1]) <= TOLERANCE_QUARTERS)) count.equal++;
  }
  console.log(`${strict} of ${tunes.length} tunes are read strictly, all of them leniently.\n`);
  console.log(
    '| tunes that have | tunes | pitches equal | and starts | and ends |\n|---|---:|---:|---:|---:|',
  );
  for (const [name, { all, pitches, starts, equal }] of counts)
    console.log(`| ${name} | ${all} | ${pitches} | ${starts} | ${equal} |`);
}

type Row = readonly [start: number, end: number, pitch: number];

/** Notes in quarters by start (to the sixteenth of a quarter), then pitch. */
function rowsOf({ tracks, ticksPerQuarter }: Score): Row[] {
  const rows = tracks.flatMap(({ notes }) =>
    notes.map((note): Row => [
      note.start / ticksPerQuarter,
      (note.start + note.duration) / ticksPerQuarter,
      note.pitch,
    ]),
  );
  return rows.sort((a, b) => Math.round(16 * a[0]) - Math.round(16 * b[0]) || a[2] - b[2]);
}

const SIGNS = [...'|:[](){}"!+<>-&^_=,\'/0123456789zxZABCdefg %\\\n\u0000é~.KMLQPVwX'];

function damageTunes(tunes: readonly TuneRow[]): void {
  const rng = createRng(1);
  let [refused, read] = [0, 0];
  let slowest = 0;
  for (const { abc } of tunes) {
    const text = damage(abc, rng);
    const start = performance.now();
    try {
      for (const score of readAbcLenient(text).scores) validateScore(score);
      read++;
    } catch (error) {
      if (!isAttuneError(error)) throw error;
      refused++;
    }
    slowest = Math.max(slowest, performance.now() - start);
  }
  console.log(
    `\nDamaged tunes: ${read} read, ${refused} refused by a limit, no other error; slowest ${slowest.toFixed(0)} ms.\n`,
  );
}

function damage(abc: string, rng: Rng): string {
  const text = [...abc];
  for (let edit = 1 + rng.integer(12); edit > 0; edit--) {
    const at = rng.integer(text.length);
    const sign = SIGNS[rng.integer(SIGNS.length)]!;
    if (rng.integer(3) === 0) text.splice(at, 1 + rng.integer(9));
    else text.splice(at, rng.integer(2), ...sign.repeat(1 + rng.integer(rng.integer(9) === 0 ? 99 : 3)));
  }
  return text.join('');
}

function writeSets(folder: string, files: number): void {
  console.log('| set | files | notes | as quantised | bars a file | kB a file | ms a file |');
  console.log('|---|---:|---:|---:|---:|---:|---:|');
  for (const set of MIDI_SETS) {
    if (!existsSync(path.join(folder, set))) continue;
    const { items } = openDataSet(path.join(folder, set));
    const step = Math.max(1, Math.floor(items.length / files));
    const sample = items.filter((_, i) => i % step === 0).slice(0, files);
    let [notes, same, bars, bytes, cpu] = [0, 0, 0, 0, 0];
    for (const item of sample) {
      const { score } = readMidiLenient(item.bytes());
      const start = process.cpuUsage();
      const xml = writeMusicXml(score, { durations: 'exact' });
      cpu += process.cpuUsage(start).user / 1000;
      const notated = notateScore(score, { durations: 'exact' });
      const counts = pitchedNotes(notated);
      notes += counts.length;
      const quantised = new Set(
        pitchedNotes(quantiseScore(score, Math.min(findGrid(score), score.ticksPerQuarter))),
      );
      same += counts.filter((note) => quantised.has(note)).length;
      bars += xml.match(/<measure /g)!.length / xml.match(/<part /g)!.length;
      bytes += xml.length;
    }
    const each = (sum: number): string => (sum / sample.length).toFixed(0);
    const share = notes > 0 ? `${((100 * same) / notes).toFixed(1)} %` : '–';
    console.log(
      `| ${set} | ${sample.length} | ${notes} | ${share} | ${each(bars)} | ${each(bytes / 1000)} | ${each(cpu)} |`,
    );
  }
}

/** Pitched notes by track as text, in quarters; drums are notated by their starts alone. */
function pitchedNotes({ tracks, ticksPerQuarter }: Score): string[] {
  const quarters = (ticks: number): string => (ticks / ticksPerQuarter).toFixed(2);
  return tracks.flatMap((track, i) =>
    track.isDrum
      ? []
      : track.notes.map((note) => `${i} ${quarters(note.start)} ${quarters(note.duration)} ${note.pitch}`),
  );
}
