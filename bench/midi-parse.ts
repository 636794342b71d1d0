import { countNotes, createScore } from '@attune/core';
import { readMidi, readMidiFile, writeMidi } from '@attune/core/midi';
import { findDataDir, openDataSet } from '@attune/core/node';
import { midiFile, midiTrack, noteOff, noteOn } from '@attune/core/testing';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { MIDI_SETS } from './midi-import.ts';

export const summary = 'MIDI bytes to notes: our reader beside @tonejs/midi and midi-file, interleaved';

const FILES = 300;
const ROUNDS = 9;
/** Passes of every reader over all files before timing: until the compiler has settled. */
const WARM_UP = 6;
const LARGE_NOTES = 40_000;

interface Reader {
  readonly name: string;
  /** Notes that were read; NaN for a reader that does not pair notes. */
  readonly read: (bytes: Uint8Array) => number;
}

/** `[ROUNDS]`: prints the files a second and the ratio of each rival's time to ours, both for the same bytes. */
export function run(args: readonly string[]): void {
  const rounds = Number(args[0] ?? ROUNDS);
  const readers = loadReaders();
  const files = realFiles();
  if (files.length > 0) {
    const bytes = files.reduce((sum, file) => sum + file.length, 0);
    compare(`${files.length} real files, ${(bytes / 1e6).toFixed(1)} MB`, files, readers, rounds);
  } else console.log('No data folder, so no real files: set ATTUNE_DATA_DIR.\n');
  const plain = plainFile();
  const size = `${LARGE_NOTES} notes, ${Math.round(plain.length / 1000)} kB`;
  compare(`one file of ${size}`, [plain], readers, rounds);
  compare(`one file of ${size}, two pitches, the later ends first`, [adverseFile()], readers, 1);
  scaling();
}

function loadReaders(): Reader[] {
  const require = createRequire(import.meta.url);
  const { Midi } = require('@tonejs/midi') as typeof import('@tonejs/midi');
  const readers: Reader[] = [
    { name: 'attune readMidi', read: (bytes) => countNotes(readMidi(bytes)) },
    { name: 'attune readMidiFile', read: (bytes) => (readMidiFile(bytes), NaN) },
    {
      name: '@tonejs/midi 2.0.28',
      read: (bytes) => new Midi(bytes).tracks.reduce((sum, track) => sum + track.notes.length, 0),
    },
  ];
  try {
    const { parseMidi } = require('midi-file') as { parseMidi: (bytes: Uint8Array) => unknown };
    readers.push({ name: 'midi-file 1.2.4 (events)', read: (bytes) => (parseMidi(bytes), NaN) });
  } catch {
    console.log('midi-file is not installed: left out.');
  }
  return readers;
}

/** Every k-th piece of all sets together, so that each set has its share. */
function realFiles(): Uint8Array[] {
  const folder = findDataDir();
  if (!folder) return [];
  const present = MIDI_SETS.filter((name) => existsSync(path.join(folder, name, 'index.csv')));
  const items = present.flatMap((name) => openDataSet(path.join(folder, name)).items);
  return Array.from({ length: Math.min(FILES, items.length) }, (_, i) =>
    items[Math.floor((i * items.length) / FILES)]!.bytes(),
  );
}

/** One track, 8 bytes a note, in four voices. */
function plainFile(): Uint8Array {
  const events = Array.from({ length: LARGE_NOTES }, (_, i) => {
    const [pitch, previous] = [48 + ((i * 7) % 36), 48 + (((i + 35) * 7) % 36)];
    return i === 0 ? noteOn(0, pitch) : [...noteOn(1, pitch), ...noteOff(1, previous)];
  });
  return midiFile(0, 480, [midiTrack(events.flat(), noteOff(1, 48 + (((LARGE_NOTES - 1) * 7) % 36)))]);
}

/** The same size: half of the notes on one pitch, half on another, which ends first: long searches for a pairing by search. */
function adverseFile(): Uint8Array {
  const half = LARGE_NOTES / 2;
  const ons = (pitch: number): number[] => Array.from({ length: half }, () => noteOn(1, pitch)).flat();
  const offs = (pitch: number): number[] => Array.from({ length: half }, () => noteOff(1, pitch)).flat();
  return midiFile(0, 480, [midiTrack(ons(60), ons(62), offs(62), offs(60))]);
}

function compare(
  title: string,
  files: readonly Uint8Array[],
  readers: readonly Reader[],
  rounds: number,
): void {
  const times = readers.map((): number[] => []);
  const notes = readers.map(() => 0);
  for (let round = 0; round < WARM_UP && files.length > 1; round++)
    for (const { read } of readers) for (const file of files) read(file); // compiled before the clock starts
  for (let round = 0; round < rounds; round++) {
    readers.forEach(({ read }, i) => {
      notes[i] = 0;
      times[i]!.push(
        cpuMilliseconds(() => {
          for (const file of files) notes[i]! += read(file);
        }),
      );
    });
  }
  const ours = median(times[0]!);
  console.log(`${title}, median of ${rounds}`);
  readers.forEach(({ name }, i) => {
    const time = median(times[i]!);
    const rate = ((files.length * 1000) / time).toFixed(files.length > 1 ? 0 : 2);
    const count = Number.isNaN(notes[i]) ? '' : `${notes[i]} notes`;
    console.log(
      `  ${name.padEnd(26)} ${time.toFixed(1).padStart(9)} ms CPU ${rate.padStart(8)} files/s ${(time / ours).toFixed(1).padStart(8)}× our time   ${count}`,
    );
  });
  console.log('');
}

/** Time a note as a file grows: linear reading keeps it level. */
function scaling(): void {
  console.log('CPU nanoseconds a note of our reader as the file grows');
  for (const count of [10_000, 40_000, 160_000, 640_000]) {
    const notes = Array.from({ length: count }, (_, i) => ({
      start: i,
      duration: 10,
      pitch: 36 + (i % 60),
      velocity: 64,
    }));
    const bytes = writeMidi(createScore({ tracks: [{ notes }] }));
    const times = Array.from({ length: 5 }, () => {
      return cpuMilliseconds(() => readMidi(bytes));
    });
    console.log(
      `  ${String(count).padStart(7)} notes ${((median(times) * 1e6) / count).toFixed(0).padStart(6)} ns`,
    );
  }
}

/** Processor time of this process, so that other work on the machine does not count. */
function cpuMilliseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
