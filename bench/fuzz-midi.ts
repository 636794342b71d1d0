import { findDataDir, openDataSet } from '@attune/core/node';
import { MIDI_MUTATIONS } from '@attune/core/testing';
import { fork } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MIDI_SETS } from './midi-import.ts';
import { createInputs, type FuzzReport, type FuzzTask } from './children/fuzz-midi.ts';

export const summary = 'hostile MIDI: mutated files through every reader and back, under a watchdog';

/** An input that is still in work after two looks hangs; the child itself reports those above a second of processor time. */
const WATCH_MILLISECONDS = 10_000;
const HEAP_MEGABYTES = 256;
/** Real files among the corpus, and the most that one of them may weigh. */
const REAL_FILES = 60;
const REAL_BYTES = 4000;

interface Totals {
  readonly counts: Map<string, number>;
  readonly skip: number[];
  slowest: FuzzReport['slowest'];
  largest: FuzzReport['largest'];
  maxRSS: number;
  failures: number;
  next: number;
}

interface Fault {
  readonly index: number;
  readonly message: string;
}

/**
 * `[COUNT [SEED [FIRST]]]`: inputs FIRST to FIRST + COUNT of a seed (20,000, 1, 0). An input that hangs, runs out
 * of memory or breaks a promise is written to the temporary folder, and the run goes on behind it.
 */
export async function run(args: readonly string[]): Promise<void> {
  const [count = 20_000, seed = 1, first = 0] = args.map(Number);
  const real = realFiles();
  console.log(
    `Inputs ${first} to ${first + count} of seed ${seed}; ${real.length} real files in the corpus.\n`,
  );
  const none = { index: -1, milliseconds: 0, bytes: 0 };
  const totals: Totals = {
    counts: new Map(),
    skip: [],
    slowest: none,
    largest: none,
    maxRSS: 0,
    failures: 0,
    next: first,
  };
  while (totals.next < first + count) {
    const fault = await runChild(totals, first + count, seed, real);
    if (!fault) break;
    totals.skip.push(fault.index);
    keep(totals, seed, real, fault);
    if (fault.index < 0) break; // it did not even start
  }
  printTable(totals);
  process.exitCode = totals.failures === 0 ? 0 : 1;
}

/** Resolves at the end, or with the input that stopped the child. */
function runChild(
  totals: Totals,
  end: number,
  seed: number,
  real: readonly Uint8Array[],
): Promise<Fault | undefined> {
  const progressFile = path.join(tmpdir(), `attune-fuzz-${process.pid}`);
  writeFileSync(progressFile, '-1');
  const child = fork(path.join(import.meta.dirname, 'children/fuzz-midi.ts'), {
    execArgv: [...process.execArgv, `--max-old-space-size=${HEAP_MEGABYTES}`],
    serialization: 'advanced',
  });
  child.send({
    seed,
    first: totals.next,
    end,
    skip: totals.skip,
    corpus: real,
    progressFile,
  } satisfies FuzzTask);
  return new Promise((resolve) => {
    let watched = '';
    const watchdog = setInterval(() => {
      const index = readFileSync(progressFile, 'utf8');
      if (index === watched && index !== '-1') child.kill('SIGKILL');
      watched = index;
    }, WATCH_MILLISECONDS);
    child.on('message', (report: FuzzReport | 'done') => {
      if (report === 'done') return;
      add(totals, report, seed, real);
    });
    child.on('exit', (code, signal) => {
      clearInterval(watchdog);
      const index = Number(readFileSync(progressFile, 'utf8'));
      rmSync(progressFile);
      resolve(totals.next >= end ? undefined : { index, message: `the process ended (${signal ?? code})` });
    });
  });
}

function add(totals: Totals, report: FuzzReport, seed: number, real: readonly Uint8Array[]): void {
  totals.next = report.next;
  for (const [key, count] of Object.entries(report.counts))
    totals.counts.set(key, (totals.counts.get(key) ?? 0) + count);
  if (report.slowest.milliseconds > totals.slowest.milliseconds) totals.slowest = report.slowest;
  if (report.largest.bytes > totals.largest.bytes) totals.largest = report.largest;
  totals.maxRSS = Math.max(totals.maxRSS, report.maxRSS);
  for (const failure of report.failures) keep(totals, seed, real, failure);
  if (report.next % 50_000 === 0) console.error(`  ${report.next} done, ${totals.failures} failures`);
}

/** Counts and saves an input that broke a promise. */
function keep(totals: Totals, seed: number, real: readonly Uint8Array[], { index, message }: Fault): void {
  totals.failures++;
  const file = path.join(tmpdir(), `attune-fuzz-${seed}-${index}.mid`);
  if (index >= 0) writeFileSync(file, createInputs(seed, real)(index).bytes);
  console.log(`FAILED: input ${index}, kept as ${file}: ${message}`);
}

function printTable({ counts, slowest, largest, maxRSS, failures }: Totals): void {
  const of = (mutation: string, reader: string, outcome: RegExp): number =>
    [...counts].reduce((sum, [key, count]) => {
      const [m, r, o] = key.split('|') as [string, string, string];
      return (mutation === '' || m === mutation) && r === reader && outcome.test(o) ? sum + count : sum;
    }, 0);
  const columns: [string, string, RegExp][] = [
    ['inputs', 'score', /./],
    ['readMidi accepts', 'score', /accepted/],
    ['malformed', 'score', /malformed/],
    ['limit', 'score', /limit/],
    ['readMidiLenient repairs', 'lenient', /repaired/],
    ['refuses', 'lenient', /midi/],
    ['readMidiFile accepts', 'file', /accepted/],
    ['rewritten equal', 'rewritten', /equal/],
    ['not writable', 'rewritten', /invalid/],
  ];
  console.log(`| mutation | ${columns.map(([name]) => name).join(' | ')} |`);
  console.log(`|---${'|--:'.repeat(columns.length)}|`);
  for (const mutation of [...MIDI_MUTATIONS, ''])
    console.log(
      `| ${mutation || 'all'} | ${columns.map(([, reader, outcome]) => of(mutation, reader, outcome)).join(' | ')} |`,
    );
  console.log(`\nBroken promises, hangs and crashes: ${failures}.`);
  console.log(
    `Slowest input: ${slowest.index}, ${slowest.milliseconds.toFixed(1)} ms CPU for all readers and writers.`,
  );
  console.log(
    `Largest growth of heap and buffers over one input: ${(largest.bytes / 1e6).toFixed(1)} MB (input ${largest.index}).`,
  );
  console.log(`Largest resident size of the process: ${(maxRSS / 1000).toFixed(0)} MB.`);
}

/** Small pieces of all sets. */
function realFiles(): Uint8Array[] {
  const folder = findDataDir();
  if (!folder) return [];
  const present = MIDI_SETS.filter((name) => existsSync(path.join(folder, name, 'index.csv')));
  const each = Math.ceil(REAL_FILES / Math.max(1, present.length));
  return present
    .flatMap((name) => {
      const small: Uint8Array[] = [];
      for (const item of openDataSet(path.join(folder, name)).items) {
        if (small.length === each) break;
        const bytes = item.bytes();
        if (bytes.length <= REAL_BYTES) small.push(Uint8Array.from(bytes));
      }
      return small;
    })
    .slice(0, REAL_FILES);
}
