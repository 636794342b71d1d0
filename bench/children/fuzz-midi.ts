import { createRng } from '@attune/core';
import { createMidiMutator, examineMidi, midiCorpus } from '@attune/core/testing';
import { openSync, writeSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';

/** What the parent process sends: inputs `first` to `end` of a seed, without those in `skip`. */
export interface FuzzTask {
  readonly seed: number;
  readonly first: number;
  readonly end: number;
  readonly skip: readonly number[];
  /** Real files to mutate beside the generated ones. */
  readonly corpus: readonly Uint8Array[];
  /** A file that says which input is in work, so that the parent knows which one hangs. */
  readonly progressFile: string;
}

/** Sent every `REPORT` inputs. */
export interface FuzzReport {
  /** Inputs below this one are done. */
  readonly next: number;
  /** How many inputs had `mutation|reader|outcome`. */
  readonly counts: Record<string, number>;
  /** The worst since the last report; processor time of all readers and writers. */
  readonly slowest: { readonly index: number; readonly milliseconds: number };
  readonly largest: { readonly index: number; readonly bytes: number };
  readonly failures: readonly { readonly index: number; readonly message: string }[];
  /** Largest resident size of the process so far, in kilobytes. */
  readonly maxRSS: number;
}

const REPORT = 1000;
export const HANG_MILLISECONDS = 1000;

/** Makes input `index` of a seed without the others before it. */
export function createInputs(
  seed: number,
  real: readonly Uint8Array[],
): (index: number) => { mutation: string; bytes: Uint8Array } {
  const mutate = createMidiMutator([...midiCorpus(createRng(seed)), ...real]);
  return (index) => mutate(createRng(seed).fork(`input ${index}`));
}

if (process.argv[1] === import.meta.filename)
  process.once('message', (task) => {
    work(task as FuzzTask);
  });

function work({ seed, first, end, skip, corpus, progressFile }: FuzzTask): void {
  const inputs = createInputs(seed, corpus);
  const progress = openSync(progressFile, 'w');
  for (let from = first; from < end; from += REPORT) {
    const next = Math.min(end, from + REPORT);
    process.send!(examine(inputs, from, next, new Set(skip), progress));
  }
  process.send!('done', () => {
    process.disconnect(); // not before everything is sent
  });
}

function examine(
  inputs: ReturnType<typeof createInputs>,
  from: number,
  next: number,
  skip: ReadonlySet<number>,
  progress: number,
): FuzzReport {
  const counts: Record<string, number> = {};
  const failures: { index: number; message: string }[] = [];
  let slowest = { index: -1, milliseconds: 0 };
  let largest = { index: -1, bytes: 0 };
  for (let index = from; index < next; index++) {
    if (skip.has(index)) continue;
    writeSync(progress, String(index), 0);
    const { mutation, bytes } = inputs(index);
    const heap = heapBytes();
    const start = process.cpuUsage();
    try {
      for (const [reader, outcome] of Object.entries(examineMidi(bytes))) {
        const key = `${mutation}|${reader}|${outcome}`;
        counts[key] = (counts[key] ?? 0) + 1;
      }
    } catch (error) {
      failures.push({ index, message: String((error as Error).stack ?? error) });
    }
    const { user, system } = process.cpuUsage(start);
    const milliseconds = (user + system) / 1000;
    if (milliseconds > HANG_MILLISECONDS) failures.push({ index, message: `It took ${milliseconds} ms.` });
    if (milliseconds > slowest.milliseconds) slowest = { index, milliseconds };
    const grown = heapBytes() - heap;
    if (grown > largest.bytes) largest = { index, bytes: grown };
  }
  return { next, counts, slowest, largest, failures, maxRSS: process.resourceUsage().maxRSS };
}

/** JavaScript heap and the buffers outside it. */
function heapBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
